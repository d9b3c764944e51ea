"""Fit the weights of index/verification/confidence.py, and write them there.

    python -m bench.quotes_fit [--each N] [--processes N] [--dry]

Cases are made quotations of the tuned shows at several word error rates, and those of these shows judged by hand.
Nothing that the benchmark reports is among them. ``--dry`` prints the weights instead.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from bench.materials import ROOT
from bench.quotes_calibration import WITHOUT_PLACE, Case, collect_cases
from bench.quotes_judging import PROCESSES, ask, verify_with_facts
from bench.quotes_libraries import TUNED_SHOWS, Material
from judged_quotations import JudgedByHand, excerpt_id, fill_with_excerpts, load_judged
from numpy.typing import NDArray

from index.fulltext.maintenance import open_index
from index.storage.store import Store
from index.verification.confidence import FEATURES, MatchFacts

RATES = (0.0, 0.05, 0.15, 0.25)
EACH = 150  # quotations of each kind at each rate
KINDS = ("verbatim", "cleaned", "altered", "spliced", "paraphrase", "not found", "cannot tell")
PENALTY = 1.0  # of squared weights, in cases: kinds with few cases stay near their base rate
THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95)
STEPS, STEP = 20_000, 0.5
FREE = frozenset({"constant", "probabilities known"})  # features of either sign
AGAINST = frozenset({"bits, few", "bits, many", "similarity"})  # evidence of a place against the kinds that name none
WEIGHTS = re.compile(r"(?<=\n)WEIGHTS: [^\n]*\{\n[^}]*\}")
CONFIDENCE = ROOT / "index" / "verification" / "confidence.py"


def fit_weights(features: NDArray[np.float64], right: NDArray[np.float64], signs: Sequence[int]) -> NDArray[np.float64]:
    """Fit a logistic regression by accelerated projected gradient descent; each weight has its sign (0: either).

    Half a right and half a wrong case are added, so that a kind that is always right is not stated to be certain.
    """
    features = np.vstack([features, features.mean(axis=0)])
    right = np.append(right, 0.5)
    up, down = np.array(signs) > 0, np.array(signs) < 0
    ridge = np.full(features.shape[1], PENALTY / (len(right) + 1))
    ridge[0] = 0.0
    weights = ahead = np.zeros(features.shape[1])
    momentum = 1.0
    for _ in range(STEPS):
        stated = 1 / (1 + np.exp(-features @ ahead))
        following = ahead - STEP * (features.T @ (stated - right) / len(right) + ridge * ahead)
        following[up] = np.maximum(following[up], 0.0)
        following[down] = np.minimum(following[down], 0.0)
        later = (1 + (1 + 4 * momentum**2) ** 0.5) / 2
        ahead = following + (momentum - 1) / later * (following - weights)
        weights, momentum = following, later
    return weights


def signs_of(kind: str) -> list[int]:
    """Return the sign of each weight: evidence is for a kind that names a place, and against one that names none."""
    if kind in WITHOUT_PLACE:
        return [-1 if name in AGAINST else 0 for name in FEATURES]
    return [0 if name in FREE else 1 for name in FEATURES]


def collect_judged_by_hand(shows: Sequence[str]) -> list[Case]:
    """Judge the quotations of these shows that were judged by hand."""
    cases = []
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder, "library"), create=True) as store:
        fill_with_excerpts(store)
        with open_index(store) as opened:
            for one in load_judged():
                (judged,) = verify_with_facts(ask(one.quotation), opened) if one.show in shows else (None,)
                if judged and judged.facts is not None:
                    episodes = [place.episode for place in judged.places]
                    cases.append(Case(judged.kind, MatchFacts(**judged.facts), _is_right(one, judged.kind, episodes)))
    return cases


def _is_right(one: JudgedByHand, kind: str, episodes: Sequence[str]) -> bool:
    placed = not episodes or (one.speech is not None and episodes[0] == excerpt_id(one.speech))
    return kind in one.kinds and placed


def fit_kinds(cases: Sequence[Case]) -> dict[str, NDArray[np.float64]]:
    """Return the weights of each kind; 0 for a kind without cases."""
    by_kind: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        by_kind[case.kind].append(case)
    fitted = {kind: np.zeros(len(FEATURES)) for kind in KINDS}
    for kind, group in by_kind.items():
        features = np.array([case.facts.features for case in group])
        fitted[kind] = fit_weights(features, np.array([case.right for case in group], dtype=float), signs_of(kind))
    return fitted


def write_weights(fitted: Mapping[str, NDArray[np.float64]], cases: Sequence[Case]) -> str:
    """Return the fitted weights as source text."""
    counts = Counter(case.kind for case in cases)
    lines = [
        f'    # {counts[kind]} cases\n    "{kind}": ({", ".join(f"{weight + 0.0:.2f}" for weight in weights)}),'
        for kind, weights in fitted.items()
    ]
    return "\n".join(["WEIGHTS: Mapping[str, tuple[float, ...]] = {", *lines, "}"])


def print_thresholds(fitted: Mapping[str, NDArray[np.float64]], cases: Sequence[Case]) -> None:
    """Print, for thresholds of confidence, how many verdicts are above and how many of these are right."""
    stated = np.array([1 / (1 + np.exp(-np.dot(fitted[case.kind], case.facts.features))) for case in cases])
    right = np.array([case.right for case in cases])
    for threshold in THRESHOLDS:
        above = stated >= threshold
        print(
            f"from {threshold}: {100 * above.mean():.1f} % of verdicts, {100 * right[above].mean():.2f} % of them right"
        )


def main() -> None:
    """Collect the cases, fit, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--each", type=int, default=EACH)
    parser.add_argument("--rates", type=float, nargs="*", default=RATES)
    parser.add_argument("--processes", type=int, default=PROCESSES)
    parser.add_argument("--dry", action="store_true")
    asked = parser.parse_args()
    cases = collect_judged_by_hand((*TUNED_SHOWS, "invented"))
    for rate in asked.rates:
        material = Material(rate, "tuned")
        material.fill()
        cases += collect_cases(f"fit at {rate:.0%}", material, asked.each, asked.processes)
    weights = fit_kinds(cases)
    print_thresholds(weights, cases)
    fitted = write_weights(weights, cases)
    print(fitted)
    if not asked.dry:
        text = CONFIDENCE.read_text(encoding="utf-8")
        CONFIDENCE.write_text(WEIGHTS.sub(lambda _: fitted, text), encoding="utf-8")


if __name__ == "__main__":
    main()
