"""A full-text index, open for reading: the columns of its passages, and the postings of its terms.

What is common to all indexes is here; index/fulltext/whoosh and index/fulltext/tantivy read their files.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import REINDEX, IndexDamagedError
from index.fulltext.candidates import Candidates, Meaning
from index.fulltext.needed_passages import NeededPassages
from index.fulltext.passages import Passage
from index.fulltext.query_terms import IndexField
from index.fulltext.ranking import PassageRanking, Postings, owned_by
from index.query.tree import Query

_KEPT_POSTINGS = 4_000_000
"""Size limit of the postings cache: 12 bytes a posting."""


@dataclass(frozen=True, slots=True)
class PassageColumns:
    """The passages by their numbers: words ``firsts`` to ``lasts`` of ``transcripts``, and their lengths in ``tokens``.

    All are of shape (passages,): int64 and three times int32.
    """

    transcripts: NDArray[np.int64]
    firsts: NDArray[np.int32]
    lasts: NDArray[np.int32]
    tokens: NDArray[np.int32]


class FullText(ABC):
    """A full-text index, open for reading. Its passages are numbered from 0; deleted ones keep their numbers."""

    _folder: Path
    _columns: PassageColumns

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], Postings] = OrderedDict()
        self._kept_size = 0

    @abstractmethod
    def close(self) -> None:
        """Close the index's files."""

    @abstractmethod
    def passages(self) -> int:
        """Return the number of passages in the index, without deleted ones."""

    @abstractmethod
    def frequency(self, field: IndexField, key: str) -> int:
        """Return the document frequency of a stem or a gram. Raises IndexDamagedError."""

    @abstractmethod
    def _deleted(self) -> NDArray[np.int64]:
        """Return the numbers of the deleted passages."""

    @abstractmethod
    def _damage_noticed(self) -> AbstractContextManager[None]:
        """Convert what reading raises to IndexDamagedError."""

    @abstractmethod
    def _read_postings(self, field: str, text: str) -> Postings:
        """Read the postings of a term, without deleted passages."""

    def tokens(self, number: int) -> tuple[list[str], Sequence[int]] | None:  # noqa: ARG002 - not every index has them
        """See CandidateIndex."""
        return None

    def check_passages(self, words: Mapping[int, int]) -> None:
        """Raise IndexDamagedError unless each passage lies in a transcript: ``words`` are their numbers of words.

        The index may come from a stranger, and its passages are looked up in the transcripts unseen.
        """
        numbers, counts = (np.fromiter(column, np.int64, len(words)) for column in (words.keys(), words.values()))
        order = np.argsort(numbers)
        numbers, counts = numbers[order], np.append(0, counts[order])
        owners, first, last = self._columns.transcripts, self._columns.firsts, self._columns.lasts
        places = np.searchsorted(numbers, owners, side="right")
        known = np.append(-1, numbers)[places] == owners
        right = known & (first >= 0) & (first <= last) & (last < counts[places])
        right[self._deleted()] = True
        if not right.all():
            raise IndexDamagedError(
                f"The index in {self._folder} names words that its library does not have.", REINDEX, where=self._folder
            )

    def propose(self, query: Query, meaning: Meaning) -> Candidates:
        """See CandidateIndex. Raises IndexDamagedError."""
        columns = self._columns
        with self._damage_noticed():
            needed = NeededPassages(self, columns.transcripts, query, meaning)
            numbers = np.arange(self.numbers()) if needed.numbers is None else needed.numbers
            ranking = PassageRanking(needed, columns.transcripts[numbers], columns.tokens[numbers], self.passages())
            matches = ranking.match(query, meaning)
        held = np.flatnonzero(matches.held)
        passages = numbers[held]
        return Candidates(
            passages,
            columns.transcripts[passages],
            columns.firsts[passages],
            columns.lasts[passages],
            matches.scores[held],
            matches.counts[held],
            matches.likeness[held],
        )

    def numbers(self) -> int:
        """Return the upper bound of passage numbers, exclusive; deleted passages keep theirs."""
        return len(self._columns.transcripts)

    def postings(self, field: IndexField, key: str) -> NDArray[np.int64]:
        """Return the numbers of the passages that contain a stem or a gram, (passages,). Raises IndexDamagedError."""
        with self._damage_noticed():
            return self.kept_postings(field, key).passages

    def passage(self, number: int) -> Passage:
        """Return the passage with this number."""
        columns = self._columns
        return Passage(int(columns.transcripts[number]), int(columns.firsts[number]), int(columns.lasts[number]))

    def passages_of(self, transcript: int) -> NDArray[np.int64]:
        """Return the numbers of the passages of a transcript, ascending."""
        return np.flatnonzero(self._columns.transcripts == transcript)

    def inside(self, transcripts: Collection[int]) -> NDArray[np.bool_]:
        """Return a mask of the passages of these transcripts, (all passages,)."""
        return owned_by(transcripts, self._columns.transcripts)

    def kept_postings(self, field: str, text: str) -> Postings:
        """Return the postings of a term, from the cache if it is there."""
        key = (field, text)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        postings = self._read_postings(field, text)
        self._kept[key] = postings
        self._kept_size += len(postings.counts)
        while self._kept_size > _KEPT_POSTINGS and len(self._kept) > 1:
            self._kept_size -= len(self._kept.popitem(last=False)[1].counts)
        return postings
