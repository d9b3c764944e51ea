"""Where a quotation may stand: passages that hold its rare words and common grams, before any word is compared.

Every stem and gram of the quotation votes for the passages that hold it, the more the rarer it is. The lists of
passages are read once; so any part of the quotation can be asked for, which finds what was said apart.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from index.fulltext.maintenance import OpenIndex
from index.fulltext.passages import Passage
from index.fulltext.reader import IndexField
from index.language.common_words import common_grams
from index.language.phonetics import sound_of
from index.language.tokens import stem_token

MOST_POSTINGS = 120_000
"""Postings read for one quotation, rarest first: 0.3 us each."""

MOST_ALIKE = 8
"""Words of the same sound that stand in for one that the library does not hold."""

OTHER_WEIGHT = 0.5
"""Votes of a word that is not quoted, but may be what was heard or how it was written."""


@dataclass(frozen=True, slots=True)
class VotedPassage:
    """A passage in which a quotation may stand, and its votes."""

    passage: Passage
    votes: float


@dataclass(frozen=True, slots=True)
class _Ballot:
    """A key's votes: its place in the quotation, its weight, and the passages that hold it."""

    place: int
    weight: float
    passages: NDArray[np.int64]


class Proposals:
    """The passages that hold something of one quotation's tokens."""

    def __init__(
        self,
        tokens: Sequence[tuple[str, int]],
        others: Sequence[tuple[str, int]],
        index: OpenIndex,
        within: Collection[int] | None = None,
    ) -> None:
        """``tokens``: the quotation's, each with the number of its word; ``others``: what could be said for them.

        ``within``: numbers of the only transcripts to look at; None for all. Raises IndexDamagedError.
        """
        self._fulltext = index.fulltext
        self._within = None if within is None else index.fulltext.inside(within)
        self._ballots = _read_ballots(tokens, others, index)

    def best(self, limit: int, first: int = 0, stop: int | None = None) -> list[VotedPassage]:
        """Up to ``limit`` passages for the tokens from ``first`` to ``stop``, the most votes first."""
        votes = np.zeros(self._fulltext.numbers())
        for ballot in self._ballots:
            if first <= ballot.place < (stop if stop is not None else math.inf):
                votes[ballot.passages] += ballot.weight
        if self._within is not None:
            votes[~self._within] = 0.0
        count = min(limit, len(votes))
        if not count:
            return []
        top = np.argpartition(-votes, count - 1)[:count]
        order = top[np.argsort(-votes[top], kind="stable")]
        return [VotedPassage(self._fulltext.passage(int(n)), float(votes[n])) for n in order if votes[n] > 0]


def _read_ballots(
    tokens: Sequence[tuple[str, int]], others: Sequence[tuple[str, int]], index: OpenIndex
) -> list[_Ballot]:
    fulltext, lexicon = index.fulltext, index.lexicon
    keys: dict[tuple[IndexField, str], tuple[int, float]] = {}
    for language in lexicon.languages():
        for token, place in tokens:
            keys.setdefault(("stems", stem_token(token, language)), (place, 1.0))
        for (token, place), (following, _) in pairwise(tokens):
            for gram in common_grams([token, following], language):
                keys.setdefault(("grams", gram), (place, 1.0))
            keys.setdefault(("stems", stem_token(token + following, language)), (place, OTHER_WEIGHT))
        unheard = [(token, place) for token, place in tokens if sound_of(token) and not lexicon.count(token)]
        alike = [(word, place) for token, place in unheard for word in lexicon.same_sound(token, MOST_ALIKE)]
        for token, place in (*others, *alike):
            keys.setdefault(("stems", stem_token(token, language)), (place, OTHER_WEIGHT))
    counted = sorted((frequency, key) for key in keys if (frequency := fulltext.frequency(*key)))
    ballots: list[_Ballot] = []
    left = MOST_POSTINGS
    for frequency, key in counted:
        if frequency > left and ballots:
            break
        left -= frequency
        place, share = keys[key]
        ballots.append(_Ballot(place, share * math.log((fulltext.numbers() + 1) / frequency), fulltext.postings(*key)))
    return ballots
