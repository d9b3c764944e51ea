"""Reference implementation of queries: plain Python over all words of the library, slow and easy to read.

Written from the docstrings of the nodes in index/query/tree.py. It shares only that tree, the tokenizer, the stemmer,
the codes of sounds and the reader of numbers with the search that it checks, and reads the numbers of a whole episode
at once.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from bench.search_conditions import Bound, Conditions
from bench.search_corpus import Corpus, Spoken
from bench.search_expansion import Expansion

from index.language.numbers.number_readings import Number, NumberReading, equal_numbers
from index.language.tokens import stem_token
from index.query.rewriting import in_language
from index.query.tree import Alike, AllOf, AnyOf, Near, Numeral, Part, Phrase, Query, Term, Within, is_condition

LONGEST_NUMBER = 30
"""Tokens of a number at most."""
PHRASE_WHOLE = 30
"""Tokens of a phrase that must lie in one passage; the rest of a longer phrase may lie outside."""

Place = tuple[str, int, int]
"""An episode, and the first and last word of a match."""

Range = tuple[int, int]
"""First and last token in an episode."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """The ranges of a leaf or Near in one episode, in order; a passage must hold their first ``whole`` tokens.

    A passage of fewer tokens than ``least`` has none.
    """

    ranges: list[Range]
    whole: int | None = None
    least: int = 0


@dataclass(frozen=True, slots=True)
class Every:
    """An AllOf in one episode."""

    children: tuple[Resolved, ...]
    excluded: tuple[Resolved, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """An AnyOf in one episode."""

    children: tuple[Resolved, ...]


Resolved = Leaf | Every | Either


class Truth:
    """Finds all places of any query in a library."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._expansion = Expansion(corpus.counts)
        self._conditions = Conditions(corpus)
        self._positions: list[dict[str, list[int]]] = []
        for spoken in corpus.episodes:
            positions: dict[str, list[int]] = defaultdict(list)
            for number, token in enumerate(spoken.tokens):
                positions[token].append(number)
            self._positions.append(dict(positions))
        self._stems: dict[str | None, dict[str, set[str]]] = {}
        for language in {spoken.language for spoken in corpus.episodes}:
            stems = self._stems[language] = defaultdict(set)
            for token in corpus.counts:
                stems[stem_token(token, language)].add(token)

    def scan(self, phrase: tuple[str, ...]) -> set[Place]:
        """Return every place of exactly these tokens, by a scan over all words."""
        return {
            _place(spoken, (start, start + len(phrase) - 1))
            for spoken in self._corpus.episodes
            for start in spoken.scan(phrase)
        }

    def places(self, query: Query) -> set[Place]:
        """Return every place of a query, passage by passage."""
        found: set[Place] = set()
        for number, spoken in enumerate(self._corpus.episodes):
            resolved = self._resolve(query, number, Bound())
            for passage in spoken.passages() if _may_match(resolved) else ():
                found.update(_place(spoken, place) for place in _places_in(resolved, passage))
        return found

    def _resolve(self, query: Query, number: int, bound: Bound) -> Resolved:
        """Resolve the query in one episode; ``bound`` are the conditions on its leaves."""
        match query:
            case AllOf(children, excluded):
                inner = bound.under(
                    [child for child in children if is_condition(child)],
                    [child for child in excluded if is_condition(child)],
                )
                return Every(
                    tuple(self._resolve(child, number, inner) for child in children if not is_condition(child)),
                    tuple(self._resolve(child, number, Bound()) for child in excluded if not is_condition(child)),
                )
            case AnyOf(children):
                return Either(tuple(self._resolve(child, number, bound) for child in children))
            case Near(children, seconds):
                each = [_all_ranges(self._resolve(child, number, bound)) for child in children]
                return Leaf(sorted(_apart([c for c in _covers(each) if self._lasts(number, c) <= seconds])), whole=1)
            case _:
                ranges = [found for found in self._leaf_ranges(query, number) if self._allowed(number, found, bound)]
                whole = PHRASE_WHOLE if isinstance(query, Phrase) else None
                return Leaf(sorted(ranges), whole, len(query.parts) if isinstance(query, Within) else 0)

    def _leaf_ranges(self, asked: Query, number: int) -> list[Range]:
        leaf = in_language(asked, self._corpus.episodes[number].language)
        spoken, positions = self._corpus.episodes[number], self._positions[number]
        match leaf:
            case Phrase(parts):
                return self._rows(parts, number)
            case Within(parts, distance):
                if len(parts) > len(spoken.tokens):
                    return []
                return _minimal_ranges(parts, distance, {part: self._part(part, number) for part in parts})
            case Numeral():
                return self._numeral(leaf, number, self._forms(leaf.word, spoken.language) if leaf.word else set())
            case Term(token):
                forms = self._forms(token, spoken.language)
            case Alike(token):
                pairs = enumerate(pairwise(spoken.tokens))
                found = [(at, at + 1) for at, (one, other) in pairs if self._expansion.are_pair(token, one, other)]
                forms = self._forms(token, spoken.language) | self._expansion.words(leaf)
                return found + [(at, at) for form in forms for at in positions.get(form, ())]
            case _:
                forms = self._expansion.words(leaf)
        return [(at, at) for form in forms for at in positions.get(form, ())]

    def _forms(self, token: str, language: str | None) -> set[str]:
        return self._stems[language].get(stem_token(token, language), set())

    def _rows(self, parts: tuple[Part, ...], number: int) -> list[Range]:
        """Return the ranges of parts in a row."""
        tokens = tuple(part for part in parts if isinstance(part, str))
        if tokens == parts:
            return [(at, at + len(tokens) - 1) for at in self._corpus.episodes[number].scan(tokens)]
        rows = self._part(parts[0], number)
        for part in parts[1:]:
            following = dict(self._part(part, number))
            rows = [(start, following[end + 1]) for start, end in rows if end + 1 in following]
        return rows

    def _part(self, part: Part, number: int) -> list[Range]:
        """Return the ranges of a part of a phrase."""
        if isinstance(part, Numeral):
            return self._numeral(part, number, {part.word} if part.word else set(), exactly=True)
        return [(at, at) for at in self._positions[number].get(part, ())]

    def _numeral(self, numeral: Numeral, number: int, forms: set[str], *, exactly: bool = False) -> list[Range]:
        """Return the readings that are this number, and the words that are, where no number is.

        In a phrase, ``exactly``, the digits of a number that are said one by one are words too.
        """
        spoken = self._corpus.episodes[number]
        read = spoken.numbers
        found = [(one.first, one.last) for one in read if _is_found(one.number, numeral.number)]
        if exactly:
            read = [one for one in read if one.number.kind != "digit string" or _has_figure(spoken, one)]
        spots = (at for form in forms for at in self._positions[number].get(form, ()))
        return found + [(at, at) for at in spots if not any(one.first <= at <= one.last for one in read)]

    def _allowed(self, number: int, found: Range, bound: Bound) -> bool:
        owners = self._corpus.episodes[number].owners
        return self._conditions.allow(number, owners[found[0]], owners[found[1]], bound)

    def _lasts(self, number: int, tokens: Range) -> float:
        """Return the seconds from the start of the first word to the latest end of the words."""
        owners = self._corpus.episodes[number].owners
        starts, ends = self._corpus.times(number)
        first, last = owners[tokens[0]], owners[tokens[1]]
        return max(ends[first : last + 1]) - starts[first]


def _is_found(number: Number, asked: Number) -> bool:
    """Whether a search for one number finds another: it equals it, or is as many of a unit, or cents of a dollar."""
    if equal_numbers(number, asked):
        return True
    if asked.kind in ("range", "ratio"):
        comparable = number.kind == asked.kind
    else:
        bare = asked.kind in ("count", "year", "digit string", "version")
        comparable = bare and number.kind in ("money", "percent")
    wanted, found = (_amounts(asked), _amounts(number)) if comparable else ([], [])
    if not wanted or any(unit for _, unit in wanted) or not all(unit for _, unit in found):
        return False
    cents = [(amount * 100, unit) for amount, unit in found if unit == "dollars"]
    return any([amount for amount, _ in wanted] == [amount for amount, _ in some] for some in (found, cents))


def _amounts(number: Number) -> list[tuple[Decimal, str]]:
    """Return the amounts of a number, each with its unit, "" for none; empty for one that has other parts."""
    value = number.value
    match number.kind:
        case "percent":
            return [(Decimal(str(value)), "percent")]
        case "money":
            return [value]  # type: ignore[list-item]
        case "range" | "ratio":
            sides = [side if isinstance(side, tuple) else (side, "") for side in value]  # type: ignore[union-attr]
            return [] if any(not isinstance(side[0], Decimal) for side in sides) else sides  # type: ignore[return-value]
        case "version":
            return [(Decimal(".".join(map(str, value))), "")] if len(value) == 2 else []  # type: ignore[arg-type]
    return [] if str(value)[0] == "0" and number.kind == "digit string" else [(Decimal(str(value)), "")]


def _has_figure(spoken: Spoken, reading: NumberReading) -> bool:
    return any(letter.isdigit() for token in spoken.tokens[reading.first : reading.last + 1] for letter in token)


def _places_in(resolved: Resolved, passage: Range) -> list[Range]:
    """Return the places in one passage."""
    match resolved:
        case Leaf():
            return _within(resolved, passage)
        case Either(children):
            return sorted({place for child in children for place in _places_in(child, passage)})
        case Every(children, excluded):
            each = []
            for child in children:
                each.append(_places_in(child, passage))
                if not each[-1]:
                    return []
            if any(_places_in(child, passage) for child in excluded):
                return []
            return each[0] if len(each) == 1 else sorted(_apart(_covers(each)))


def _may_match(resolved: Resolved) -> bool:
    """Whether an episode can contain a place; if not, its passages are skipped."""
    match resolved:
        case Leaf(ranges):
            return bool(ranges)
        case Every(children):
            return all(map(_may_match, children))
        case Either(children):
            return any(map(_may_match, children))


def _all_ranges(resolved: Resolved) -> list[Range]:
    """Return the places of a leaf, or of an AnyOf of leaves, in the whole episode."""
    return (
        resolved.ranges
        if isinstance(resolved, Leaf)
        else sorted({r for child in resolved.children for r in _all_ranges(child)})
    )


def _within(leaf: Leaf, passage: Range) -> list[Range]:
    """Return the ranges of a leaf in the passage, at least with their first tokens."""
    (first, last), ranges, whole = passage, leaf.ranges, leaf.whole
    if last + 1 - first < leaf.least:
        return []
    kept = []
    for at in range(bisect_left(ranges, (first, -1)), len(ranges)):
        begin, end = ranges[at]
        if begin > last:
            break
        if (end if whole is None else min(end, begin + whole - 1)) <= last:
            kept.append(ranges[at])
    return kept


def _minimal_ranges(parts: tuple[Part, ...], distance: int, places: dict[Part, list[Range]]) -> list[Range]:
    """Return the minimal ranges with all the parts and at most ``distance`` other tokens."""
    wanted = Counter(parts)
    spots = sorted(
        ((end, start, part) for part, listed in places.items() for start, end in listed), key=lambda s: s[:2]
    )
    ranges: list[Range] = []
    for begin in sorted({start for _, start, _ in spots}):
        left = dict(wanted)
        for end, start, part in spots[bisect_left(spots, begin, key=lambda spot: spot[0]) :]:
            if end - begin >= (len(parts) + distance) * LONGEST_NUMBER:
                break
            left[part] -= start >= begin
            if not any(missing > 0 for missing in left.values()):
                ranges.append((begin, end))
                break
    held = {(start, end) for end, start, _ in spots if end > start}
    return [
        (start, end)
        for place, (start, end) in enumerate(ranges)
        # A later start with the same end is a smaller range inside.
        if not any(other <= end for _, other in ranges[place + 1 : place + 2])
        and end - start + 1 - _beyond_one(held, start, end) <= len(parts) + distance
    ]


def _beyond_one(numbers: set[Range], start: int, end: int) -> int:
    """Return the tokens of the numbers in a range, less one for each."""
    return sum(last - first for first, last in numbers if start <= first and last <= end)


def _covers(each: Sequence[list[Range]]) -> list[Range]:
    """Return, for every start of a place, the shortest range from there with one place of every list."""
    if not all(each):
        return []
    earliest = []
    for ranges in each:
        ends, end = [], ranges[-1][1]
        for _, last in reversed(ranges):
            end = min(end, last)
            ends.append(end)
        earliest.append(ends[::-1])  # the earliest end of all that begin here or later
    covers = []
    for start in sorted({first for ranges in each for first, _ in ranges}):
        following = [bisect_left(ranges, (start, -1)) for ranges in each]
        if any(at == len(ranges) for at, ranges in zip(following, each, strict=True)):
            break
        covers.append((start, max(ends[at] for at, ends in zip(following, earliest, strict=True))))
    return covers


def _apart(covers: list[Range]) -> list[Range]:
    """Select greedily the shortest ranges that share no token; of two, the earlier."""
    chosen: list[Range] = []
    taken: set[int] = set()
    for first, last in sorted(covers, key=lambda cover: (cover[1] - cover[0], cover[0])):
        tokens = range(first, last + 1)
        if taken.isdisjoint(tokens):
            chosen.append((first, last))
            taken.update(tokens)
    return chosen


def _place(spoken: Spoken, tokens: Range) -> Place:
    return spoken.episode.id, spoken.owners[tokens[0]], spoken.owners[tokens[1]]
