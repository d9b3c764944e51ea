"""What search asks of an index, whichever it is: passages that may answer a query, and what they score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.query.tree import Query, WordQuery


class Meaning(Protocol):
    """What a query's words and conditions stand for in the library."""

    languages: Sequence[str | None]

    def words(self, asked: WordQuery, language: str | None) -> frozenset[str]:
        """The words that answer one word of a query in a transcript of this language."""

    def transcripts(self, condition: Query) -> frozenset[int]:
        """The transcripts of which some word may satisfy a condition."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Passages that may answer, in columns: words ``firsts`` to ``lasts`` of ``transcripts``, and BM25 ``scores``.

    All are of shape (passages,): int64, int32, int32 and float64.
    """

    transcripts: NDArray[np.int64]
    firsts: NDArray[np.int32]
    lasts: NDArray[np.int32]
    scores: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.scores)


class CandidateIndex(Protocol):
    """What search asks of an index; a second one behind the same query tree needs no more."""

    def propose(self, query: Query, meaning: Meaning) -> Candidates:
        """The passages that may answer, in any order. None is left out."""
