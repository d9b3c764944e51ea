"""Reader of the Tantivy index: the postings of its terms, and the words of its passages.

What Tantivy returns is a Python object for each passage, at 0.3 us, so few are asked for: counts of a term only where
they are above one, and common terms only in passages whose postings no file holds (common_postings.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
import tantivy
from numpy.typing import NDArray

from index.fulltext.query_terms import IndexField
from index.fulltext.ranking import Postings
from index.fulltext.reader import FullText
from index.fulltext.tantivy.common_postings import CommonPostings, count_deleted, stale_blocks
from index.fulltext.tantivy.stored_words import read_words
from index.fulltext.tantivy.tantivy_files import (
    DELETED,
    bit_terms,
    damage_noticed,
    opened_for_reading,
    read_columns,
    repeated_term,
    segment_sizes,
    write_term,
)

_RANGE_POSTINGS = 8_192
"""Postings that Tantivy reads in the time that it takes to look for a term in a range of passages: 5 ms."""
_PASSAGE = "passage"


class TantivyFullText(FullText):
    """A Tantivy index, open for reading."""

    def __init__(self, folder: Path) -> None:
        """Open the index in a numbered folder. Raises IndexDamagedError."""
        super().__init__()
        self._folder = folder
        with damage_noticed(folder), opened_for_reading(folder) as index:
            self._schema = index.schema
            self._searcher = index.searcher()
            self._columns = read_columns(folder)
            self._dead = np.flatnonzero(self._columns.transcripts == DELETED)
            if self.passages() != self.numbers() - len(self._dead):
                raise ValueError("it has other passages than their columns")
            self._common = CommonPostings(folder, self.numbers())

    def close(self) -> None:
        """See FullText."""
        del self._searcher, self._common

    def passages(self) -> int:
        """See FullText."""
        return self._searcher.num_docs

    def frequency(self, field: IndexField, key: str) -> int:
        """See FullText."""
        with self._damage_noticed():
            return self._searcher.doc_freq(field, write_term(key))

    def tokens(self, number: int) -> tuple[list[str], Sequence[int]]:
        """See CandidateIndex."""
        columns = self._columns
        with self._damage_noticed():
            term = tantivy.Query.term_query(self._schema, _PASSAGE, number, "basic")
            ((_, address),) = self._searcher.search(term, limit=1, count=False).hits
            stored: Any = self._searcher.doc(address).get_first("words")
            return read_words(stored, int(columns.firsts[number]), int(columns.lasts[number]))

    def transcripts_beside_deleted(self) -> list[int] | None:
        """Return the transcripts in the segments that hold deleted passages, None if no file does."""
        live = [size - deleted for size, deleted in segment_sizes(self._folder) if deleted]
        if not live:
            return [] if stale_blocks(self._folder, count_deleted(self._columns.transcripts)) else None
        hits = self._searcher.search(tantivy.Query.all_query(), limit=max(1, self.numbers()), count=False).hits
        addresses = [address for _, address in hits]
        segments = np.array([address.segment_ord for address in addresses], dtype=np.int64)
        numbers = np.array(self._searcher.fast_field_values(_PASSAGE, addresses), dtype=np.int64)
        # The order of the searcher's segments is not that of the file: those of the same size are taken too.
        found = np.flatnonzero(np.isin(np.bincount(segments, minlength=1), live))
        return sorted(set(self._columns.transcripts[numbers[np.isin(segments, found)]].tolist()))

    def _deleted(self) -> NDArray[np.int64]:
        return self._dead

    def _damage_noticed(self) -> AbstractContextManager[None]:
        return damage_noticed(self._folder)

    def _read_postings(self, field: str, text: str) -> Postings:
        frequency = self._searcher.doc_freq(field, write_term(text))
        known, common = self._common.read(field, text) if frequency > _RANGE_POSTINGS else ([], None)
        ends = [0, *(one.stop for one in known)]
        begins = [*(one.start for one in known), self.numbers()]
        outside = [range(first, end) for first, end in zip(ends, begins, strict=True) if first < end]
        if common is None or frequency <= _RANGE_POSTINGS * len(outside):
            return self.read_within(field, text, None)
        if len(self._dead):
            live = self._columns.transcripts[common.passages] != DELETED
            common = Postings(common.passages[live], common.counts[live])
        if not outside:
            return common
        return join_postings(common, self.read_within(field, text, outside))

    def _inside(self, passages: range) -> tantivy.Query:
        kind = tantivy.FieldType.Unsigned
        return tantivy.Query.range_query(self._schema, _PASSAGE, kind, passages.start, passages.stop - 1)

    def languages(self, passages: range) -> list[str | None]:
        """Return the language of each of some passages; that of deleted ones is None."""
        found = self._searcher.terms_with_prefix("language", "")
        named: list[str | None] = [None] * len(passages)
        for language, _ in found:
            query = self._all([self._inside(passages), self._term("language", language)])
            for number in self.find(query, len(passages)).tolist():
                named[number - passages.start] = None if language == "none" else language
        return named

    def _all(self, each: Sequence[tantivy.Query]) -> tantivy.Query:
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, one) for one in each])

    def _term(self, field: str, text: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, field, write_term(text), "basic")

    def find(self, query: tantivy.Query, most: int) -> NDArray[np.int64]:
        """Return the numbers of the passages that match a query of Tantivy, ascending; at ``most`` so many match."""
        if not most:
            return np.empty(0, np.int64)
        found = self._searcher.search(
            query, limit=most, count=False, order_by_field=_PASSAGE, order=tantivy.Order.Asc
        ).hits
        return np.fromiter(map(itemgetter(0), found), np.int64, len(found))

    def read_within(self, field: str, text: str, ranges: Sequence[range] | None) -> Postings:
        """Read the postings of a term in some ranges of passages, None for all."""
        query = tantivy.Query
        needed = []
        if ranges is not None:
            inside = query.boolean_query([(tantivy.Occur.Should, self._inside(passages)) for passages in ranges])
            needed = [query.const_score_query(inside, 0.0)]
        numbers = self.find(
            self._all([*needed, self._term(field, text)]), self._searcher.doc_freq(field, write_term(text))
        )
        counts = np.ones(len(numbers), np.float32)
        if len(numbers) and self._searcher.doc_freq(field, repeated_term(text)):
            more, added = self._read_counts(field, text, needed, len(numbers))
            counts[np.searchsorted(numbers, more)] += added
        return Postings(numbers, counts)

    def _read_counts(
        self, field: str, text: str, needed: Sequence[tantivy.Query], most: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the passages that hold a term more than once, and how often besides: the sum of the bits' scores."""
        query = tantivy.Query
        bits = query.boolean_query(
            [
                (tantivy.Occur.Should, query.const_score_query(self._term(field, term), float(2**bit)))
                for bit, term in enumerate(bit_terms(text))
            ]
        )
        hits = self._searcher.search(self._all([*needed, bits]), limit=most, count=False).hits
        numbers = self._searcher.fast_field_values(_PASSAGE, [address for _, address in hits])
        return np.array(numbers, dtype=np.int64), np.fromiter(map(itemgetter(0), hits), np.float32, len(hits))


def join_postings(one: Postings, other: Postings) -> Postings:
    """Return the postings of a term in different passages, in order."""
    if not len(one.passages) or not len(other.passages):
        return one if len(one.passages) else other
    passages, counts = np.concatenate([one.passages, other.passages]), np.concatenate([one.counts, other.counts])
    if one.passages[-1] < other.passages[0]:
        return Postings(passages, counts)
    order = np.argsort(passages, kind="stable")
    return Postings(passages[order], counts[order])
