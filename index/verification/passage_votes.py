"""Candidate passages for a quotation, by its rare words and common n-grams, before the alignment.

Every stem and gram of the quotation votes for the passages that contain it, weighted by inverse document frequency. The
postings are read once, so that any part of the quotation can be looked up; splices are found this way.
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
"""Words of the same sound that replace one that is not in the lexicon."""

OTHER_WEIGHT = 0.5
"""Relative weight of a word that is not quoted, but may be its transcription or another spelling."""


@dataclass(frozen=True, slots=True)
class VotedPassage:
    """A candidate passage and its votes."""

    passage: Passage
    votes: float


@dataclass(frozen=True, slots=True)
class _Ballot:
    """The votes of a stem or gram: its word number in the quotation, its weight, and its postings."""

    place: int
    weight: float
    passages: NDArray[np.int64]


class Proposals:
    """The candidate passages of one quotation."""

    def __init__(
        self,
        tokens: Sequence[tuple[str, int]],
        others: Sequence[tuple[str, int]],
        index: OpenIndex,
        within: Collection[int] | None = None,
    ) -> None:
        """``tokens``: the quotation's, each with its word number; ``others``: their variants in speech.

        ``within`` restricts the candidates to transcripts of these numbers; None for all. Raises IndexDamagedError.
        """
        self._fulltext = index.fulltext
        self._within = None if within is None else index.fulltext.inside(within)
        self._ballots = _read_ballots(tokens, others, index)

    def best(
        self, limit: int, first: int = 0, stop: int | None = None, transcripts: Collection[int] | None = None
    ) -> list[VotedPassage]:
        """Return up to ``limit`` passages for the words from ``first`` to ``stop``, exclusive, most votes first.

        ``transcripts`` restricts this call further.
        """
        votes = np.zeros(self._fulltext.numbers())
        for ballot in self._ballots:
            if first <= ballot.place < (stop if stop is not None else math.inf):
                votes[ballot.passages] += ballot.weight
        if self._within is not None:
            votes[~self._within] = 0.0
        if transcripts is not None:
            votes[~self._fulltext.inside(transcripts)] = 0.0
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
        unknown = [(token, place) for token, place in tokens if sound_of(token) and not lexicon.count(token)]
        alike = [(word, place) for token, place in unknown for word in lexicon.same_sound(token, MOST_ALIKE)]
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
