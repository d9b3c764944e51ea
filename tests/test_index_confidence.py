"""Confidence as a probability: its laws, its words, and how its calibration is measured and fitted."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from bench.materials import ROOT
from bench.quotes_calibration import Case, brier_score, expected_calibration_error, measure
from bench.quotes_fit import KINDS, fit_kinds, fit_weights, signs_of, write_weights
from bench.quotes_fit import WEIGHTS as WEIGHTS_BLOCK
from hypothesis import given
from hypothesis import strategies as st

from index.verification.confidence import FEATURES, WEIGHTS, MatchFacts, confidence_of, confidence_word

SHARES = st.floats(0, 1)
FACTS = st.builds(
    MatchFacts,
    similarity=SHARES,
    bits=st.floats(-100, 300),
    margin=SHARES,
    words=st.integers(1, 200),
    changed=st.integers(0, 20),
    alike=st.integers(0, 20),
    mean=SHARES,
    surest=SHARES,
)
"""Facts of places with known probabilities of words."""


@given(st.sampled_from(KINDS), FACTS)
def test_a_confidence_is_a_probability_and_never_certain(kind: str, facts: MatchFacts) -> None:
    for known in (facts, replace(facts, mean=None, surest=None)):
        assert 0 < confidence_of(kind, known) < 1


@given(
    st.sampled_from(KINDS),
    FACTS,
    st.sampled_from(("similarity", "bits", "margin", "mean", "surest")),
    st.floats(0, 50),
)
def test_more_evidence_of_a_place_is_never_less_confidence(
    kind: str, facts: MatchFacts, what: str, more: float
) -> None:
    better = replace(facts, **{what: getattr(facts, what) + more})
    if kind != "not found":
        assert confidence_of(kind, better) >= confidence_of(kind, facts)
    elif what in ("similarity", "bits"):
        assert confidence_of(kind, better) <= confidence_of(kind, facts)


def test_weights_have_the_signs_that_the_laws_ask_for() -> None:
    for kind in KINDS:
        assert len(WEIGHTS[kind]) == len(FEATURES)
        for weight, sign in zip(WEIGHTS[kind], signs_of(kind), strict=True):
            assert weight * sign >= 0


def test_words_follow_the_probability() -> None:
    said = [confidence_word(number / 100) for number in range(101)]
    assert list(dict.fromkeys(said)) == ["unsure", "likely", "sure"]


def test_the_calibration_error_is_that_of_a_plain_count() -> None:
    stated = [0.1] * 10 + [0.6] * 10
    right = [True] + [False] * 9 + [True] * 9 + [False]
    assert expected_calibration_error(stated, right, bins=2) == pytest.approx((abs(0.1 - 0.1) + abs(0.6 - 0.9)) / 2)
    assert brier_score([1.0, 0.5], [True, False]) == pytest.approx(0.125)


@given(st.lists(st.tuples(SHARES, st.booleans()), min_size=20, max_size=60))
def test_the_calibration_error_is_between_the_total_bias_and_the_mean_error(cases: list[tuple[float, bool]]) -> None:
    stated, right = [one for one, _ in cases], [one for _, one in cases]
    error = expected_calibration_error(stated, right)
    bias = abs(sum(stated) - sum(right)) / len(cases)
    assert bias - 1e-9 <= error <= sum(abs(one - two) for one, two in cases) / len(cases) + 1e-9


def test_a_fit_finds_the_probabilities_that_cases_were_drawn_with() -> None:
    choose = random.Random(1)
    features = np.array([[1.0, choose.random(), choose.random()] for _ in range(5000)])
    true = 1 / (1 + np.exp(-(features @ np.array([-2.0, 4.0, 0.0]))))
    right = np.array([choose.random() < chance for chance in true], dtype=float)
    fitted = 1 / (1 + np.exp(-(features @ fit_weights(features, right, [0, 1, 1]))))
    assert float(np.abs(fitted - true).mean()) < 0.02
    assert fit_weights(features, right, [0, -1, 1])[1] == 0


def test_a_kind_that_was_always_right_is_not_stated_to_be_certain() -> None:
    few, many = (np.ones((count, 1)) for count in (9, 999))
    stated = [1 / (1 + np.exp(-fit_weights(one, np.ones(len(one)), [0])[0])) for one in (few, many)]
    assert stated == pytest.approx([0.95, 0.9995], abs=1e-3)


def test_fitted_weights_replace_those_in_the_source() -> None:
    cases = [Case("altered", MatchFacts(similarity=0.9, bits=20.0, words=8), number % 4 > 0) for number in range(40)]
    source = (ROOT / "index/verification/confidence.py").read_text(encoding="utf-8")
    written = WEIGHTS_BLOCK.sub(lambda _: write_weights(fit_kinds(cases), cases), source)
    assert written != source
    found: dict[str, object] = {"__name__": "written"}
    exec(compile(written.replace("@dataclass", "#"), "written", "exec"), found)
    assert set(found["WEIGHTS"]) == set(KINDS)  # type: ignore[call-overload]


def test_measurements_name_each_kind_with_many_cases() -> None:
    facts = MatchFacts(similarity=1.0, bits=30.0, words=10)
    cases = [Case("verbatim", facts, True)] * 250 + [Case("spliced", facts, True)] * 50
    measured = {what for what, *_ in measure(cases)}
    assert "calibration error, verbatim" in measured
    assert "calibration error, spliced" not in measured
    assert "calibration error, all" in measured
