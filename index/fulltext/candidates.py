"""The interface between search and an index: candidate passages for a query, with their scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.fulltext.alike import WordPairs
from index.query.tree import Query, WordQuery


class Meaning(Protocol):
    """Resolves a query's words and conditions against the library."""

    languages: Sequence[str | None]

    def words(self, asked: WordQuery, language: str | None) -> Mapping[str, float]:
        """Return the words that match one word of a query in a transcript of this language, and how well, to 1."""

    def pairs(self, token: str) -> WordPairs:
        """Return the pairs of words that together sound nearly like a word."""

    def transcripts(self, condition: Query) -> frozenset[int]:
        """Return the transcripts in which some word may satisfy a condition."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Passages that may match, in columns: words ``firsts`` to ``lasts`` of ``transcripts``, and BM25 ``scores``.

    ``numbers`` are those of the passages in their index.

    ``sizes`` are about proportional to the numbers of places that are expected in them, and above zero. ``likeness`` is
    that of their places at most, which the scores are for. All are of shape (passages,): int64, int64, int32, int32,
    and float64.
    """

    numbers: NDArray[np.int64]
    transcripts: NDArray[np.int64]
    firsts: NDArray[np.int32]
    lasts: NDArray[np.int32]
    scores: NDArray[np.float64]
    sizes: NDArray[np.float64]
    likeness: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.scores)


class CandidateIndex(Protocol):
    """An index that proposes candidate passages."""

    def propose(self, query: Query, meaning: Meaning) -> Candidates:
        """Return every passage that may match, in any order: false positives are allowed, misses are not."""

    def tokens(self, number: int) -> tuple[list[str], Sequence[int]] | None:
        """Return the tokens of a passage and the word of each; None if the index does not hold them."""
