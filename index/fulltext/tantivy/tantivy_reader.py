"""Reader of the Tantivy index: it finds the passages that hold what a query needs, and only these are ranked.

What Tantivy returns is a Python object for each passage, at 0.3 us, so few are asked for: counts of a term only where
they are above one, and of all passages only if a query needs a large part of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from operator import itemgetter
from pathlib import Path
from typing import Any, Literal

import numpy as np
import tantivy
from numpy.typing import NDArray

from index.fulltext.alike import NO_PAIRS, WordPairs
from index.fulltext.candidates import Meaning
from index.fulltext.query_terms import IndexField, IndexTerm, terms_of_leaf
from index.fulltext.ranking import PassageRanking, Postings, ScoredPassages
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
from index.language.tokens import stem_token
from index.query.rewriting import in_language
from index.query.tree import (
    Alike,
    AllOf,
    AnyOf,
    Near,
    Query,
    condition_of,
    is_condition,
    parts_of,
)

_LARGE_PART = 1 / 16
"""Share of an index's passages above which all are ranked instead of those that hold what a query needs."""
_RANGE_POSTINGS = 8_192
"""Postings that Tantivy reads in the time that it takes to look for a term in a range of passages: 5 ms."""
_FEW_POSTINGS = 4_000
"""Postings of a term that are read whole, and kept, even for fewer passages."""
_FEW_TRANSCRIPTS = 2_000
"""Transcripts of a condition that Tantivy is asked for; of more, passages of others are ranked too and dropped."""
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
        self._frequencies: dict[tuple[IndexTerm, ...], int] = {}

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

    def frequency_of_any(self, terms: Sequence[IndexTerm]) -> int:
        """Return how many passages hold one of the terms."""
        key = tuple(terms)
        if len(key) == 1 and not len(self._dead):
            return self.frequency(*key[0])
        if key not in self._frequencies:
            self._frequencies[key] = self.count(self.any_term(terms))
        return self._frequencies[key]

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
        known, common = self._common.read(field, text)
        ends = [0, *(one.stop for one in known)]
        begins = [*(one.start for one in known), self.numbers()]
        outside = [range(first, end) for first, end in zip(ends, begins, strict=True) if first < end]
        if not known or self._searcher.doc_freq(field, write_term(text)) <= _RANGE_POSTINGS * len(outside):
            return self.read_within(field, text, None)
        if len(self._dead):
            live = self._columns.transcripts[common.passages] != DELETED
            common = Postings(common.passages[live], common.counts[live])
        if not outside:
            return common
        rest = self.read_within(field, text, self._either(list(map(self._inside, outside))), sum(map(len, outside)))
        return join_postings(common, rest)

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

    def passages_beside(self, stem: str, terms: Sequence[IndexTerm]) -> NDArray[np.int64]:
        """See FullText."""
        frequency = self.frequency("stems", stem)
        if frequency <= _FEW_POSTINGS:
            return super().passages_beside(stem, terms)
        most = min(frequency, self.frequency_of_any(terms))
        return self.find(self._all([self._term("stems", stem), self.any_term(terms)]), most)

    def rank_passages(self, query: Query, meaning: Meaning) -> tuple[NDArray[np.int64] | None, ScoredPassages]:
        needed = self._needed(query, meaning)
        held = self.numbers() if needed is None else self.count(needed)
        if needed is None or held > _LARGE_PART * self.numbers():
            return super().rank_passages(query, meaning)
        numbers = self.find(needed, held)
        columns = self._columns
        ranking = PassageRanking(
            _NeededPassages(self, needed, numbers, asked_often=any(isinstance(one, Alike) for one in parts_of(query))),
            columns.transcripts[numbers],
            columns.tokens[numbers],
            self.passages(),
        )
        return numbers, ranking.match(query, meaning)

    # What a query needs, as Tantivy's query; None where that is not known: then all passages are ranked.

    def _needed(self, query: Query, meaning: Meaning) -> tantivy.Query | None:
        if any(isinstance(part, Near) for part in parts_of(query)):
            return None
        return self._needed_part(query, meaning)

    def _needed_part(self, query: Query, meaning: Meaning) -> tantivy.Query | None:
        match query:
            case AllOf(children):
                each = [self._needed_part(child, meaning) for child in children if not is_condition(child)]
                known = [one for one in each if one is not None]
                condition = condition_of(query)
                inside = meaning.transcripts(condition) if condition else ()
                if condition and len(inside) <= _FEW_TRANSCRIPTS:
                    known.append(tantivy.Query.term_set_query(self._schema, "transcript", sorted(inside)))
                return self._all(known) if known else None
            case AnyOf(children):
                return self._any([self._needed_part(child, meaning) for child in children])
            case _:
                each = [self._needed_leaf(query, language, meaning) for language in meaning.languages]
                return self._any(each)

    def _needed_leaf(self, query: Query, language: str | None, meaning: Meaning) -> tantivy.Query:
        leaf = in_language(query, language)
        groups = terms_of_leaf(leaf, language)
        if groups is not None:
            each = [self.any_term(terms) for terms in groups]
        else:
            words = self._any_word(meaning.words(leaf, language), language)  # type: ignore[arg-type]
            pairs = meaning.pairs(leaf.token) if isinstance(leaf, Alike) else NO_PAIRS
            each = [self._either([words, *self._needed_pairs(pairs, language)])]
        if len(meaning.languages) > 1:
            each.append(self._term("language", language or "none"))
        return self._all(each)

    def _needed_pairs(self, pairs: WordPairs, language: str | None) -> Iterator[tantivy.Query]:
        """Yield queries for the passages that hold both halves of a pair, one of them a rare word."""
        for first, second in pairs.splits:
            for one, other in ((first.rare, second.edits), (first.edits, second.rare)):
                if one and other:
                    yield self._all([self._any_word(one, language), self._any_word(other, language)])

    def _any_word(self, words: Iterable[str], language: str | None) -> tantivy.Query:
        return self.any_term([("stems", stem) for stem in sorted({stem_token(word, language) for word in words})])

    def any_term(self, terms: Sequence[IndexTerm]) -> tantivy.Query:
        """Return a query for the passages that hold one of the terms."""
        fields: dict[IndexField, list[str]] = {}
        for field, text in terms:
            fields.setdefault(field, []).append(text)
        each = [
            self._term(field, texts[0])
            if len(texts) == 1
            else tantivy.Query.term_set_query(self._schema, field, list(map(write_term, texts)))
            for field, texts in fields.items()
        ]
        return self._either(each)

    def _any(self, each: Sequence[tantivy.Query | None]) -> tantivy.Query | None:
        known = [one for one in each if one is not None]
        return self._either(known) if len(known) == len(each) else None

    def _either(self, each: Sequence[tantivy.Query]) -> tantivy.Query:
        if len(each) == 1:
            return each[0]
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, one) for one in each])

    def _all(self, each: Sequence[tantivy.Query]) -> tantivy.Query:
        if len(each) == 1:
            return each[0]
        if not each:
            return tantivy.Query.all_query()
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, one) for one in each])

    def _term(self, field: str, text: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, field, write_term(text), "basic")

    # Reading

    def count(self, query: tantivy.Query) -> int:
        """Return the number of passages that match a query of Tantivy."""
        found: Any = self._searcher.search(query, limit=1, count=True, order_by_field=_PASSAGE)
        count: int = found.count
        return count

    def find(self, query: tantivy.Query, most: int) -> NDArray[np.int64]:
        """Return the numbers of the passages that match a query of Tantivy, ascending; at ``most`` so many match."""
        if not most:
            return np.empty(0, np.int64)
        found = self._searcher.search(
            query, limit=most, count=False, order_by_field=_PASSAGE, order=tantivy.Order.Asc
        ).hits
        return np.fromiter(map(itemgetter(0), found), np.int64, len(found))

    def read_within(self, field: str, text: str, needed: tantivy.Query | None, most: int | None = None) -> Postings:
        """Read the postings of a term, of all passages or of those that match a query of Tantivy, ``most`` or fewer."""
        frequency = min(self._searcher.doc_freq(field, write_term(text)), self.numbers() if most is None else most)
        term = self._term(field, text)
        numbers = self.find(self._all([needed, term] if needed else [term]), frequency)
        counts = np.ones(len(numbers), np.float32)
        repeated = self._searcher.doc_freq(field, repeated_term(text))
        if repeated and len(numbers):
            more, added = self._read_counts(field, text, needed, min(repeated, len(numbers)))
            counts[np.searchsorted(numbers, more)] += added
        return Postings(numbers, counts)

    def _read_counts(
        self, field: str, text: str, needed: tantivy.Query | None, most: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the passages that hold a term more than once, and how often besides: the sum of the bits' scores."""
        query = tantivy.Query
        bits = query.boolean_query(
            [
                (
                    tantivy.Occur.Should,
                    query.const_score_query(query.term_query(self._schema, field, term, "basic"), float(2**bit)),
                )
                for bit, term in enumerate(bit_terms(text))
            ]
        )
        if needed is not None:
            bits = query.boolean_query(
                [(tantivy.Occur.Must, query.const_score_query(needed, 0.0)), (tantivy.Occur.Must, bits)]
            )
        hits = self._searcher.search(bits, limit=most, count=False).hits
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


class _NeededPassages:
    """The passages that hold what a query needs, as PassageRanking reads them."""

    def __init__(
        self, fulltext: TantivyFullText, needed: tantivy.Query, numbers: NDArray[np.int64], *, asked_often: bool
    ) -> None:
        """``asked_often``: what is needed has hundreds of terms, so it is not to be looked for with each of them."""
        self._fulltext = fulltext
        self._asked_often = asked_often
        self._needed = needed
        self._numbers = numbers

    def postings(self, field: Literal["stems", "grams", "numbers", "language"], text: str) -> Postings:
        """See TermSource."""
        few = max(_FEW_POSTINGS, len(self._numbers))
        if field != "language" and (self._asked_often or self._fulltext.frequency(field, text) <= few):
            found = self._fulltext.kept_postings(field, text)
        else:
            found = self._fulltext.read_within(field, text, self._needed, len(self._numbers))
        if not len(found.passages):
            return Postings(np.empty(0, np.int64), np.empty(0, np.float32))
        places = np.minimum(np.searchsorted(found.passages, self._numbers), len(found.passages) - 1)
        here = np.flatnonzero(found.passages[places] == self._numbers)
        return Postings(here, found.counts[places[here]])

    def passages(self, stem: str, beside: object) -> NDArray[np.int64]:  # noqa: ARG002 - there are few passages
        """See TermSource."""
        return self.postings("stems", stem).passages

    def frequency(self, terms: Sequence[IndexTerm]) -> int:
        """See TermSource."""
        return self._fulltext.frequency_of_any(terms)
