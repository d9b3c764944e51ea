"""Measure whether verdicts are right as often as their confidence says, on shows and damage not used for fitting."""

from __future__ import annotations

import random
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from bench.quotes_drawing import Made, collect_substitutes
from bench.quotes_judging import Judged, ask, judge_all
from bench.quotes_kinds import KINDS, NOWHERE, make_elsewhere, make_kind, without_said
from bench.quotes_libraries import SEED, Material
from bench.quotes_scoring import score_place
from bench.quotes_spoken import SpokenTokens

from index.verification.confidence import MatchFacts, confidence_of, confidence_word

BINS = 10
LEAST_CASES = 200  # of a kind, for a bar of its own
WITHOUT_PLACE = ("not found",)


@dataclass(frozen=True, slots=True)
class Case:
    """A verdict, the facts that its confidence follows from, and whether its kind and place are right."""

    kind: str
    facts: MatchFacts
    right: bool

    @property
    def confidence(self) -> float:
        """The probability that is stated."""
        return confidence_of(self.kind, self.facts)


def collect_cases(what: str, material: Material, each: int, processes: int) -> list[Case]:
    """Judge ``each`` made quotations of every kind, and of what is not in the library."""
    talks = material.speech.talks
    spoken = SpokenTokens(talks)
    substitutes = collect_substitutes([talks[number] for number in material.quoted])
    made = [one for how in KINDS for one in make_kind(how, talks, material.quoted, each, SEED, substitutes)]
    made = [*without_said(made, spoken), *make_elsewhere(material.elsewhere, each, SEED, spoken)]
    answers = judge_all(what, material.library, [ask(one.text) for one in made], "facts", processes)
    pairs = sorted(((one, judged) for one, (judged,) in zip(made, answers, strict=True)), key=lambda pair: pair[0].talk)
    return [
        Case(judged.kind, MatchFacts(**judged.facts), is_right(one, judged, material))
        for one, judged in pairs
        if judged.facts is not None
    ]


def is_right(made: Made, judged: Judged, material: Material) -> bool:
    """Whether a verdict is right by how its quotation was made.

    "cannot tell" is right where it names the place: that words there are doubtful is what it says.
    """
    if judged.kind in WITHOUT_PLACE:
        return judged.kind in made.kinds
    if made.talk == NOWHERE or not judged.places:
        return False
    right_place = score_place(made, judged.places[0], material.speech)[0]
    return right_place and (judged.kind in made.kinds or judged.kind == "cannot tell")


def expected_calibration_error(confidences: Sequence[float], right: Sequence[bool], bins: int = BINS) -> float:
    """Return the mean difference of stated and true probability over bins of equally many cases."""
    order = list(range(len(confidences)))
    random.Random(SEED).shuffle(order)  # equal confidences are in no order
    order.sort(key=lambda number: confidences[number])
    stated, true = np.array(confidences, float)[order], np.array(right, float)[order]
    parts = zip(np.array_split(stated, bins), np.array_split(true, bins), strict=True)
    return sum(abs(float(one.sum() - other.sum())) for one, other in parts) / max(1, len(order))


def brier_score(confidences: Sequence[float], right: Sequence[bool]) -> float:
    """Return the mean squared difference of stated probability and outcome."""
    return float(np.mean((np.array(confidences, float) - np.array(right, float)) ** 2))


def measure(cases: Sequence[Case]) -> Iterator[tuple[str, float, float, str]]:
    """Print the tables; yield each measurement with its bar, and "most" or "least"."""
    by_kind: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        by_kind[case.kind].append(case)
    print(
        "\n| verdict | cases | right, % | mean confidence, % | calibration error | Brier | of the base rate |\n|"
        + " --- |" * 7
    )
    base_total = 0.0
    for kind, group in sorted(by_kind.items()):
        stated, right = [case.confidence for case in group], [case.right for case in group]
        rate = float(np.mean(right))
        error, score, base = expected_calibration_error(stated, right), brier_score(stated, right), rate * (1 - rate)
        base_total += base * len(group)
        print(
            f"| {kind} | {len(group)} | {100 * rate:.1f} | {100 * np.mean(stated):.1f} | {error:.3f} "
            f"| {score:.4f} | {base:.4f} |"
        )
        if len(group) >= LEAST_CASES:
            yield f"calibration error, {kind}", error, 0.05, "most"
    stated, right = [case.confidence for case in cases], [case.right for case in cases]
    yield "calibration error, all", expected_calibration_error(stated, right), 0.05, "most"
    below = 100 * (1 - brier_score(stated, right) * len(cases) / max(1e-9, base_total))
    yield "Brier score below each kind's base rate, %", below, 30.0, "least"
    words: dict[str, list[bool]] = defaultdict(list)
    for case in cases:
        words[confidence_word(case.confidence)].append(case.right)
    print("\n| said to be | verdicts, % | right, % |\n| --- | --- | --- |")
    for word in ("sure", "likely", "unsure"):
        print(f"| {word} | {100 * len(words[word]) / len(cases):.1f} | {100 * np.mean(words[word] or [False]):.2f} |")
    yield "called sure: right, %", 100 * float(np.mean(words["sure"] or [False])), 98.0, "least"
    yield "called sure, % of verdicts", 100 * len(words["sure"]) / len(cases), 70.0, "least"
    print(f"{len(cases)} verdicts.", file=sys.stderr)
