"""The probability that a verdict is right, its kind and its place, from a few facts about the match.

A logistic regression for each kind. The signs of its weights are fixed, so that more evidence never makes a verdict
less probable: for the kinds that name a place, evidence is for it; for "not found", against it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from index.language.tokens import tokenize
from index.transcript import Word
from index.verification.edits import Difference, Edit
from index.verification.locate import Match

ConfidenceWord = Literal["sure", "likely", "unsure"]

SURE, LIKELY = 0.9, 0.6
"""Least confidence of a verdict that is called sure, and likely.

Of the verdicts that WEIGHTS were fitted on, 98.3 % of the sure ones are right, and 92 % of all that are likely or sure.
"""

LEAST, MOST = 0.01, 0.999
"""Bounds: no number of cases that was measured supports more."""

_ALIKE: frozenset[Difference | None] = frozenset({"misspelling", "sound-alike"})
_CHANGES: frozenset[Difference | None] = _ALIKE | {"content", "name", "number", "negation"}

FEATURES = (
    "constant", "bits, few", "bits, many", "similarity", "margin", "length", "probabilities known", "mean probability",
    "surest change", "share unlike", "some unlike", "few changes", "number or name",
)  # fmt: skip
"""Names of the features, each from 0 to 1."""

WEIGHTS: Mapping[str, tuple[float, ...]] = {
    # 1415 cases
    "verbatim": (4.36, 0.00, 1.56, 0.00, 0.28, 0.02, -0.64, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00),
    # 356 cases
    "cleaned": (-0.62, 0.15, 0.12, 2.54, 0.21, 0.00, -1.72, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00),
    # 3768 cases
    "altered": (-6.88, 0.00, 0.00, 0.00, 1.72, 0.00, -1.91, 0.00, 1.57, 1.04, 5.07, 1.07, 1.46),
    # 549 cases
    "spliced": (5.93, 0.00, 0.00, 0.17, 0.00, 0.00, -0.30, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00),
    # 1 cases
    "paraphrase": (-1.10, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00),
    # 801 cases
    "not found": (2.01, -2.00, -0.33, -3.17, -3.26, -0.31, -0.59, -0.29, 0.25, 2.74, -1.04, -0.63, 0.13),
    # 578 cases
    "cannot tell": (7.05, 0.00, 0.00, 0.00, 0.00, 0.00, -0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00),
}  # fmt: skip
"""Weights of the features for each kind, as bench.quotes_fit writes them: fitted on made quotations of the shows that
constants are tuned on, at word error rates of 0, 5, 15 and 25 %, and on quotations judged by hand."""


@dataclass(frozen=True, slots=True)
class MatchFacts:
    """What the confidence of a verdict follows from.

    ``bits`` is the evidence that is left after all ways to find it by chance; ``margin`` is how much more similar it is
    than the best other place. ``words`` is the number of words quoted, ``changed`` how many of them differ, and
    ``alike`` how many of these sound like what was said. ``mean`` is the mean probability of the words at the place,
    ``surest`` that of the change that was recognised most surely: one that is real is enough for "altered". Both are
    None if probabilities are unknown; ``surest`` is 1 if nothing differs, or something was not said at all.
    ``named`` is whether a number or a name differs: these are misheard less often than words of the same sound.
    """

    similarity: float = 0.0
    bits: float = 0.0
    margin: float = 0.0
    words: int = 0
    changed: int = 0
    alike: int = 0
    mean: float | None = None
    surest: float | None = None
    named: bool = False

    @property
    def features(self) -> tuple[float, ...]:
        """The features of the regression, in the order of FEATURES."""
        return (
            1.0,
            _clip(self.bits / 10),
            _clip(self.bits / 60),
            _clip(2 * self.similarity - 1),
            _clip(4 * self.margin),
            _clip(self.words / 20),
            0.0 if self.mean is None else 1.0,
            self.mean or 0.0,
            self.surest or 0.0,
            1 - self.alike / max(1, self.changed),
            float(self.alike < self.changed),
            1 - _clip((self.changed - 1) / 3),
            float(self.named),
        )


def read_facts(match: Match, bits: float, others: Sequence[Match], words: Sequence[Word]) -> MatchFacts:
    """Read the facts of a match; ``others`` are the other places found, ``words`` the speech at the place."""
    known = [word.probability for word in words if word.probability is not None]
    changes = [edit for edit in match.edits if edit.difference in _CHANGES]
    unlike = [edit for edit in changes if edit.difference not in _ALIKE] or changes
    said = [
        words[edit.first - match.first : edit.last + 1 - match.first]
        for edit in unlike
        if edit.first is not None and edit.last is not None
    ]
    surest = max((min(word.probability or 0.0 for word in part) for part in said), default=1.0)
    return MatchFacts(
        match.similarity,
        bits,
        match.similarity - max((other.similarity for other in others), default=0.0),
        sum(len(tokenize(edit.quoted)) for edit in match.edits),
        sum(map(_count_words, changes)),
        sum(_count_words(edit) for edit in changes if edit.difference in _ALIKE),
        sum(known) / len(known) if known else None,
        (surest if len(said) == len(unlike) else 1.0) if known else None,
        any(edit.difference in ("number", "name") for edit in changes),
    )


def _count_words(edit: Edit) -> int:
    return max(len(tokenize(edit.quoted)), len(tokenize(edit.said)))


def confidence_of(kind: str, facts: MatchFacts) -> float:
    """Return the probability, 0 to 1, that a verdict of this kind is right."""
    score = sum(weight * feature for weight, feature in zip(WEIGHTS[kind], facts.features, strict=True))
    return round(min(MOST, max(LEAST, 1 / (1 + math.exp(-score)))), 3)


def confidence_word(confidence: float) -> ConfidenceWord:
    """Return the word that is shown for a confidence."""
    return "sure" if confidence >= SURE else "likely" if confidence >= LIKELY else "unsure"


def _clip(value: float) -> float:
    return min(1.0, max(0.0, value))
