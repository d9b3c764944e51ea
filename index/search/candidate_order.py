"""The order in which candidate passages are verified: sorted only as far as it is asked for.

A search verifies a few hundred of the candidates of a common word, of which a large library has a million: to sort them
all took most of its time.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.fulltext.candidates import Candidates

RERANKED = 200
"""Passages in a block that is reranked by proximity of the words; a block stays ahead of the next one."""
_SORTED_FIRST, _GROWTH = 2_048, 8
"""Candidates that are sorted at first, and how many times as many whenever these are not enough."""

SortKey = tuple[float, ...]
"""The sort key of hits, ascending."""


class CandidateOrder:
    """Candidates whose transcripts exist, in verification order, with bounds on the sort keys of their hits."""

    def __init__(
        self, candidates: Candidates, factors: NDArray[np.float64], ranks: NDArray[np.int64], *, by_score: bool
    ) -> None:
        """``factors`` is the title boost of each candidate, ``ranks`` that of its transcript, below 0 if it is gone."""
        self.candidates = candidates
        self.factors = factors
        self.by_score = by_score
        self._ranks = ranks
        self._lead = -candidates.scores * factors if by_score else np.zeros(len(candidates))
        self.places = np.flatnonzero(ranks >= 0)
        """The candidates whose transcripts exist, in no order."""
        self._keys = (self._lead if by_score else ranks)[self.places]
        self._take(np.empty(0, np.int64))

    def __len__(self) -> int:
        return len(self.places)

    def place(self, number: int) -> int:
        """Return the candidate with this number in the order."""
        while number >= len(self._sorted):
            self._sort_more()
        return self._sorted[number]

    def sorted_places(self) -> list[int]:
        """Return all candidates in order."""
        if len(self):
            self.place(len(self) - 1)
        return self._sorted

    def bound(self, number: int) -> SortKey:
        """Return a lower bound of the keys of all hits of this candidate and of later ones."""
        place = self.place(number)
        block = number // RERANKED if self.by_score else 0
        return block, self._leads[number], self._dated[number], int(self.candidates.firsts[place])

    def _sort_more(self) -> None:
        wanted = max(_SORTED_FIRST, _GROWTH * len(self._sorted))
        chosen = self.places
        if wanted < len(chosen):
            chosen = chosen[self._keys <= np.partition(self._keys, wanted)[wanted]]
        order = np.lexsort((self.candidates.firsts[chosen], self._ranks[chosen], self._lead[chosen]))
        self._take(chosen[order])

    def _take(self, places: NDArray[np.int64]) -> None:
        self._sorted: list[int] = places.tolist()
        self._leads: list[float] = self._lead[places].tolist()
        self._dated: list[int] = self._ranks[places].tolist()


def order_by_position(transcripts: NDArray[np.int64], firsts: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return the order of passages by transcript and position. It is quick where those of a transcript are together."""
    same = transcripts[1:] == transcripts[:-1]
    begins = np.flatnonzero(np.append(True, ~same)[: len(transcripts)])
    owners = transcripts[begins]
    runs = np.argsort(owners)
    if np.any(np.diff(owners[runs]) == 0) or np.any(same & (firsts[1:] < firsts[:-1])):
        return np.lexsort((firsts, transcripts))
    lengths = np.diff(np.append(begins, len(transcripts)))[runs]
    order: NDArray[np.int64] = np.arange(len(transcripts)) + np.repeat(
        begins[runs] - np.cumsum(lengths) + lengths, lengths
    )
    return order
