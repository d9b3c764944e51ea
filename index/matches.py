"""Which passages match a part of a query and what they score, and how parts are put together.

Parts are taken one after the other: a query may have ten thousand words, and each takes 9 bytes a passage.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Matches:
    """Which passages match, and what they score: bool and float64, (all passages,)."""

    held: NDArray[np.bool_]
    scores: NDArray[np.float64]


def match_all(each: Iterable[Matches], passages: int) -> Matches:
    """The passages that match every part, their scores added up."""
    held, scores = np.ones(passages, dtype=bool), np.zeros(passages)
    for matches in each:
        held &= matches.held
        scores += matches.scores
        if not held.any():
            break
    return Matches(held, scores)


def match_any(each: Iterable[Matches], passages: int) -> Matches:
    """The passages that match any part, their scores added up."""
    held, scores = np.zeros(passages, dtype=bool), np.zeros(passages)
    for matches in each:
        held |= matches.held
        scores += matches.scores
    return Matches(held, scores)
