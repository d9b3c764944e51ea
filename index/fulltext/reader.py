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
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from index.errors import REINDEX, IndexDamagedError
from index.fulltext.candidates import Candidates, Meaning
from index.fulltext.passages import Passage
from index.fulltext.query_terms import IndexField, IndexTerm
from index.fulltext.ranking import PassageRanking, Postings, ScoredPassages, owned_by
from index.query.tree import Query

_MANY = 16
"""How many times as many passages a list has, where the other's are looked for in it one by one."""
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

    def rank_passages(self, query: Query, meaning: Meaning) -> tuple[NDArray[np.int64] | None, ScoredPassages]:
        """Return the numbers of passages among which are all that may match, None for all passages, and how they do."""
        columns = self._columns
        ranking = PassageRanking(_AllTerms(self), columns.transcripts, columns.tokens, self.passages())
        return None, ranking.match(query, meaning)

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
        with self._damage_noticed():
            numbers, matches = self.rank_passages(query, meaning)
        places = np.flatnonzero(matches.held)
        passages = places if numbers is None else numbers[places]
        columns = self._columns
        return Candidates(
            passages,
            columns.transcripts[passages],
            columns.firsts[passages],
            columns.lasts[passages],
            matches.scores[places],
            matches.counts[places],
            matches.likeness[places],
        )

    def numbers(self) -> int:
        """Return the upper bound of passage numbers, exclusive; deleted passages keep theirs."""
        return len(self._columns.transcripts)

    def postings(self, field: IndexField, key: str) -> NDArray[np.int64]:
        """Return the numbers of the passages that contain a stem or a gram, (passages,). Raises IndexDamagedError."""
        with self._damage_noticed():
            return self.kept_postings(field, key).passages

    def passages_beside(self, stem: str, terms: Sequence[IndexTerm]) -> NDArray[np.int64]:  # noqa: ARG002
        """Return the numbers of passages with a stem, at least of those that hold one of the terms too."""
        return self.kept_postings("stems", stem).passages

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


def shared_passages(one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the passages that two lists share, ascending as these are."""
    few, many = sorted((one, other), key=len)
    if not len(few):
        return few
    if len(many) > _MANY * len(few):
        places = np.minimum(np.searchsorted(many, few), len(many) - 1)
        held = many[places] == few
    else:
        marked = np.zeros(int(max(few[-1], many[-1])) + 1, bool)
        marked[many] = True
        held = marked[few]
    shared: NDArray[np.int64] = few[held]
    return shared


class _AllTerms:
    """All passages of an index, as PassageRanking reads them."""

    def __init__(self, fulltext: FullText) -> None:
        self._fulltext = fulltext

    def postings(self, field: Literal["stems", "grams", "numbers", "language"], text: str) -> Postings:
        """See TermSource."""
        return self._fulltext.kept_postings(field, text)

    def passages(self, stem: str, beside: Sequence[IndexTerm] | None) -> NDArray[np.int64]:
        """See TermSource."""
        if beside is None:
            return self._fulltext.kept_postings("stems", stem).passages
        return self._fulltext.passages_beside(stem, beside)

    def frequency(self, terms: object) -> None:  # noqa: ARG002 - all passages are ranked
        """See TermSource."""
        return
