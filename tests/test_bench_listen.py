"""The quotations of the benchmark of listening: as they were said, and altered in one word."""

from __future__ import annotations

import random

import pytest
from bench.listen_cases import ALTERED, EXPECTED, TRUE, Alterations, cut_quotations, make_cases, make_unexpected_cases

PASSAGES = (
    "I don't think that Anna wanted 25 builders there, because the roof was never finished that winter.",
    "We asked Robert whether the roof of the theatre was finished, and the builder said seven times that it is.",
    "The winter came early and the builder wanted nothing more than to finish the other roof with Robert.",
) * 3
SOUNDS = {"builder": "bIld@", "builders": "bIld@z", "winter": "wInt@", "roof": "ru:f", "reef": "ri:f", "ruff": "ru:f"}


@pytest.mark.parametrize("how", ALTERED)
def test_an_alteration_changes_one_word(how: str) -> None:
    alterations = Alterations(PASSAGES, SOUNDS)
    for passage in PASSAGES:
        case = alterations.alter(passage, how, random.Random(1))
        if case is None:
            continue
        before, after = passage.split(), case.text.split()
        changed = [(one, other) for one, other in zip(before, after, strict=False) if one != other]
        assert case.how == how
        assert case.change
        assert len(changed) == 1 or len(after) == len(before) - 1
        if how == "nearest word":
            ((one, other),) = changed
            assert SOUNDS[one.strip(",.")] != SOUNDS[other.strip(",.")]


@pytest.mark.parametrize("how", ALTERED)
def test_every_alteration_is_made_somewhere(how: str) -> None:
    alterations = Alterations(PASSAGES, SOUNDS)
    assert any(alterations.alter(passage, how, random.Random(2)) for passage in PASSAGES)


def test_quotations_are_cut_from_the_beginning_without_overlap() -> None:
    text = " ".join(map(str, range(100)))
    cut = list(cut_quotations(text, random.Random(3)))
    assert text.startswith(" ".join(cut))
    assert len(cut) > 5


def test_only_what_was_recognised_right_is_altered() -> None:
    right = list(make_cases(PASSAGES, " ".join(PASSAGES), SOUNDS, 4, 100))
    assert {case.how for case in right} == set(ALTERED)
    wrong = list(make_cases(PASSAGES, "something else altogether", SOUNDS, 4, 100))
    assert {case.how for case in wrong} == {TRUE}


def test_what_one_expects_stands_beside_what_was_said() -> None:
    cases = list(make_unexpected_cases(["we never want the roof back again"], ["we want the roof back again"]))
    assert [(case.how, "never" in case.text) for case in cases] == [(TRUE, True), (EXPECTED, False)]
