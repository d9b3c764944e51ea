"""Which words of a text recur in another: those in 12 words in a row of which 9 stand in 12 words of the other.

The first and the last of the nine bound what recurs, so that a passage ends where both texts stop saying the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import LCSseq

_TOKENS = 12
_ALIKE = 9
"""Of 12: the fewest that are at least 70 %."""


@dataclass(frozen=True, slots=True)
class Recurrence:
    """For each token of a text the token of the other that it is aligned with (-1: none), and whether it ``recurs``."""

    aligned: NDArray[np.int64]
    recurs: NDArray[np.bool_]


def find_recurrence(own: Sequence[str], other: Sequence[str]) -> Recurrence:
    """Align two texts by their longest common subsequence, and return which tokens of ``own`` recur in ``other``."""
    aligned = np.full(len(own), -1)
    for block in LCSseq.opcodes(own, other):
        if block.tag == "equal":
            aligned[block.src_start : block.src_end] = range(block.dest_start, block.dest_end)
    return Recurrence(aligned, _recurring(aligned))


def _recurring(aligned: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which tokens recur, by the tokens of the other text that they are aligned with."""
    places = np.flatnonzero(aligned >= 0)
    first, last = places[: 1 - _ALIKE], places[_ALIKE - 1 :]
    dense = (last - first < _TOKENS) & (aligned[last] - aligned[first] < _TOKENS)
    changes = np.zeros(len(aligned) + 1, np.int64)
    np.add.at(changes, first[dense], 1)
    np.add.at(changes, last[dense] + 1, -1)
    return np.cumsum(changes)[:-1] > 0
