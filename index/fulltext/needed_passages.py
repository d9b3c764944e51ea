"""The passages that hold what a query needs, found by their postings: only these are ranked.

Where a query needs nothing that the index has, all passages are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, reduce
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from index.fulltext.alike import NO_PAIRS, WordPairs
from index.fulltext.candidates import Meaning
from index.fulltext.query_terms import IndexTerm, terms_of_leaf
from index.fulltext.ranking import Postings, owned_by
from index.language.tokens import stem_token
from index.query.rewriting import in_language
from index.query.tree import Alike, AllOf, AnyOf, Near, Query, condition_of, is_condition, parts_of

_MANY = 16
"""How many times as many passages a list has, where the other's are looked for in it one by one."""


class KeptPostings(Protocol):
    """An index that keeps the postings that it has read."""

    def kept_postings(self, field: Literal["stems", "grams", "numbers", "language"], text: str) -> Postings:
        """Return the postings of a term. Raises IndexDamagedError."""


class NeededPassages:
    """The passages of an index that are ranked for a query, and their postings: see TermSource."""

    def __init__(self, index: KeptPostings, transcripts: NDArray[np.int64], query: Query, meaning: Meaning) -> None:
        """``transcripts`` are those of all passages of the index. Raises IndexDamagedError."""
        self._index = index
        self._transcripts = transcripts
        self._meaning = meaning
        self._unions: dict[tuple[IndexTerm, ...], NDArray[np.int64]] = {}
        # What is near, in a Near, is told by the passages around one.
        is_near = any(isinstance(part, Near) for part in parts_of(query))
        self.numbers = None if is_near else self._find(query)
        """The numbers of the passages, ascending; None for all of the index."""

    def postings(self, field: Literal["stems", "grams", "numbers", "language"], text: str) -> Postings:
        """See TermSource."""
        found = self._index.kept_postings(field, text)
        if self.numbers is None:
            return found
        if self.numbers is found.passages:
            return Postings(np.arange(len(self.numbers)), found.counts)
        if len(found.passages) > _MANY * len(self.numbers):
            held = np.minimum(np.searchsorted(found.passages, self.numbers), len(found.passages) - 1)
            here = np.flatnonzero(found.passages[held] == self.numbers)
            return Postings(here, found.counts[held[here]])
        places = self._places[found.passages]
        ranked = places >= 0
        return Postings(places[ranked], found.counts[ranked])

    def frequency(self, terms: Sequence[IndexTerm]) -> int:
        """See TermSource."""
        return len(self._with_any(terms))

    @cached_property
    def _places(self) -> NDArray[np.int64]:
        """The place of each passage of the index among those that are ranked, -1 for others."""
        assert self.numbers is not None
        places = np.full(len(self._transcripts), -1)
        places[self.numbers] = np.arange(len(self.numbers))
        return places

    def _find(self, query: Query) -> NDArray[np.int64] | None:
        """Return the passages that hold what a query or a part of it needs, None for all."""
        match query:
            case AllOf(children):
                held = _intersect(self._find(child) for child in children if not is_condition(child))
                condition = condition_of(query)
                if held is None or condition is None:
                    return held
                return held[owned_by(self._meaning.transcripts(condition), self._transcripts[held])]
            case AnyOf(children):
                return self._unite_known(map(self._find, children))
            case _:
                return self._unite_known(self._find_leaf(query, language) for language in self._meaning.languages)

    def _find_leaf(self, query: Query, language: str | None) -> NDArray[np.int64] | None:
        leaf = in_language(query, language)
        groups = terms_of_leaf(leaf, language)
        if groups is not None:
            held = _intersect(self._with_any(terms) for terms in groups)
        else:
            words = self._with_any_word(self._meaning.words(leaf, language), language)  # type: ignore[arg-type]
            pairs = self._meaning.pairs(leaf.token) if isinstance(leaf, Alike) else NO_PAIRS
            held = self._unite([words, *self._with_pairs(pairs, language)])
        if len(self._meaning.languages) == 1:
            return held
        return _intersect([held, self._index.kept_postings("language", language or "none").passages])

    def _with_pairs(self, pairs: WordPairs, language: str | None) -> Iterator[NDArray[np.int64]]:
        """Yield the passages that hold both halves of a pair, one of them a rare word."""
        for first, second in pairs.splits:
            for one, other in ((first.rare, second.edits), (first.edits, second.rare)):
                if one and other:
                    yield shared_passages(self._with_any_word(one, language), self._with_any_word(other, language))

    def _with_any_word(self, words: Iterable[str], language: str | None) -> NDArray[np.int64]:
        return self._with_any([("stems", stem) for stem in sorted({stem_token(word, language) for word in words})])

    def _with_any(self, terms: Sequence[IndexTerm]) -> NDArray[np.int64]:
        """Return the passages of the index that hold one of the terms."""
        key = tuple(terms)
        if key not in self._unions:
            self._unions[key] = self._unite([self._index.kept_postings(*term).passages for term in terms])
        return self._unions[key]

    def _unite_known(self, each: Iterable[NDArray[np.int64] | None]) -> NDArray[np.int64] | None:
        """Return the passages of any of some lists; None, which is all, if that is one of these."""
        lists = list(each)
        known = [passages for passages in lists if passages is not None]
        return self._unite(known) if len(known) == len(lists) else None

    def _unite(self, lists: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
        if len(lists) == 1:
            return lists[0]
        marked = np.zeros(len(self._transcripts), bool)
        for passages in lists:
            marked[passages] = True
        return np.flatnonzero(marked)


def _intersect(each: Iterable[NDArray[np.int64] | None]) -> NDArray[np.int64] | None:
    """Return the passages that all lists have, None for all of the index."""
    known = sorted((passages for passages in each if passages is not None), key=len)
    return reduce(shared_passages, known) if known else None


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
