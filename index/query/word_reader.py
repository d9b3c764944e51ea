"""Words of a query in a row -> query nodes: their numbers, and the other ways to write them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from index.language.capitals import without_shouts
from index.language.other_writings import Writings, find_writings
from index.query.query_numbers import PlacedPart, read_parts
from index.query.tree import AllOf, AnyOf, Numeral, Part, Phrase, Query, Term

MOST_WRITINGS = 16
"""Ways to write a phrase that are asked for: four words of it in two ways each."""
Equal = tuple[tuple[str, ...], tuple[str, ...]]
"""Words between quotation marks, and others that are found for them."""


class WordReader:
    """Reads words in each of some languages. ``equal`` are the writings that are equal in the phrases it has read."""

    def __init__(self, languages: tuple[str | None, ...]) -> None:
        self._languages = languages
        self.equal: list[Equal] = []

    def words(self, texts: Sequence[str]) -> list[Query]:
        """Return the queries for words in a row, each of them in any of the ways to write it."""
        texts = without_shouts(texts)
        queries: list[Query] = []
        done = 0
        for one in self._other_writings(texts):
            given = _all_of(self._row(texts[one.first : one.last + 1]))
            others = (self._phrase(words) if len(words) > 1 else _all_of(self._row(words)) for words in one.others)
            queries += [*self._row(texts[done : one.first]), _any_of([given, *others])]
            done = one.last + 1
        return queries + self._row(texts[done:])

    def _phrase(self, texts: Sequence[str]) -> Query:
        (parts, *_) = read_parts(texts, self._languages)
        return Phrase(tuple(one.part for one in parts))

    def _other_writings(self, texts: Sequence[str]) -> list[Writings]:
        """Return the other ways to write words of a row, but not those of numbers, which are found in any notation."""
        found = find_writings(texts)
        parts = [one for way in read_parts(texts, self._languages) for one in way] if found else []
        numbers = {
            word: one for one in parts if isinstance(one.part, Numeral) for word in range(one.first, one.last + 1)
        }
        beside = {one.first for one in parts if isinstance(one.part, str)}
        return [one for one in found if not _is_number(one, numbers, beside)]

    def _row(self, texts: Sequence[str]) -> list[Query]:
        """Return the queries for words in a row: terms, numbers, and phrases for words of several tokens."""
        if not texts:
            return []
        ways = [_join_parts(parts) for parts in read_parts(texts, self._languages)]
        return ways[0] if len(ways) == 1 else [AnyOf(tuple(map(_all_of, ways)))]

    def parts(self, text: str, leaf: Callable[[tuple[Part, ...]], Query]) -> Query | None:
        """Return the ``leaf`` of what stands between quotation marks, one for each way to read its numbers."""
        read = [
            parts
            for texts in self._phrase_writings(without_shouts(text.split()))
            for parts in read_parts(texts, self._languages, exactly=True)
        ]
        ways = [leaf(tuple(one.part for one in parts)) for parts in read if parts]
        return _any_of(ways) if ways else None

    def _phrase_writings(self, texts: Sequence[str]) -> list[list[str]]:
        """Return a phrase in the ways to write its words, the given one first; at most MOST_WRITINGS."""
        writings: list[list[str]] = [[]]
        done = 0
        for one in self._other_writings(texts):
            given = tuple(texts[one.first : one.last + 1])
            options = (given, *one.others)[: MOST_WRITINGS // len(writings)]
            if len(options) > 1:
                between = texts[done : one.first]
                writings = [[*way, *between, *words] for words in options for way in writings]
                self.equal += [(given, words) for words in options[1:]]
                done = one.last + 1
        return [[*way, *texts[done:]] for way in writings]


def _is_number(one: Writings, numbers: Mapping[int, PlacedPart], beside: set[int]) -> bool:
    """Whether words are a number or a part of one; with a word ``beside`` it they are a name, as F 16 and 3-D are."""
    words = range(one.first, one.last + 1)
    within = [numbers[word] for word in words if word in numbers]
    crossing = any(part.first < one.first or one.last < part.last for part in within)
    return bool(within) and (crossing or beside.isdisjoint(words))


def _join_parts(parts: Sequence[PlacedPart]) -> list[Query]:
    """Return one query for each word: a term or a number, or a phrase where it has several parts."""
    words: list[list[PlacedPart]] = []
    for part in parts:
        if words and part.first == words[-1][-1].last:
            words[-1].append(part)
        else:
            words.append([part])
    return [_leaf([one.part for one in word]) for word in words]


def _leaf(parts: Sequence[Part]) -> Query:
    if len(parts) > 1:
        return Phrase(tuple(parts))
    (part,) = parts
    return Term(part) if isinstance(part, str) else part


def _all_of(queries: Sequence[Query]) -> Query:
    return queries[0] if len(queries) == 1 else AllOf(tuple(queries))


def _any_of(queries: Iterable[Query]) -> Query:
    """Return the alternatives of some queries, without those that are alternatives themselves."""
    flat = dict.fromkeys(one for query in queries for one in (query.children if isinstance(query, AnyOf) else (query,)))
    return AnyOf(tuple(flat)) if len(flat) > 1 else next(iter(flat))
