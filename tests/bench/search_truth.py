"""What a query's places are, stated again: plain Python over all words of the library, slow and easy to read.

Written from what the nodes of index/query/tree.py say of themselves. It shares that tree, the tokenizer and the stemmer
with the search that it judges; nothing else.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from bench.search_conditions import Bound, Conditions
from bench.search_corpus import Corpus, Spoken
from bench.search_expansion import Expansion

from index.language.tokens import stem_token
from index.query.tree import AllOf, AnyOf, Near, Phrase, Query, Term, Within, is_condition

PHRASE_WHOLE = 30
"""Tokens of a phrase that lie in one passage; a longer one is where its first thirty are."""

Place = tuple[str, int, int]
"""An episode, and the first and last word of what answers."""

Range = tuple[int, int]
"""First and last token in an episode."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """Where a leaf, or a Near, is said in one episode, in order; and the tokens that must lie in a passage."""

    ranges: list[Range]
    whole: int | None = None


@dataclass(frozen=True, slots=True)
class Every:
    """An AllOf in one episode."""

    children: tuple[Said, ...]
    excluded: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """An AnyOf in one episode."""

    children: tuple[Said, ...]


Said = Leaf | Every | Either


class Truth:
    """All places of any query in a library."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._expansion = Expansion(corpus.counts)
        self._conditions = Conditions(corpus)
        self._said: list[dict[str, list[int]]] = []
        for spoken in corpus.episodes:
            said: dict[str, list[int]] = defaultdict(list)
            for number, token in enumerate(spoken.tokens):
                said[token].append(number)
            self._said.append(dict(said))
        self._stems: dict[str | None, dict[str, set[str]]] = {}
        for language in {spoken.language for spoken in corpus.episodes}:
            stems = self._stems[language] = defaultdict(set)
            for token in corpus.counts:
                stems[stem_token(token, language)].add(token)

    def scan(self, phrase: tuple[str, ...]) -> set[Place]:
        """Every place where exactly these tokens are said, by a scan over all words."""
        return {
            _place(spoken, (start, start + len(phrase) - 1))
            for spoken in self._corpus.episodes
            for start in spoken.scan(phrase)
        }

    def places(self, query: Query) -> set[Place]:
        """Every place that answers, passage by passage."""
        found: set[Place] = set()
        for number, spoken in enumerate(self._corpus.episodes):
            said = self._resolve(query, number, Bound())
            for passage in spoken.passages() if _is_said(said) else ():
                found.update(_place(spoken, place) for place in _answer(said, passage))
        return found

    def _resolve(self, query: Query, number: int, bound: Bound) -> Said:
        """The query in one episode; ``bound`` are the conditions that its leaves stand under."""
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
                ranges = [found for found in self._said_at(query, number) if self._allowed(number, found, bound)]
                whole = PHRASE_WHOLE if isinstance(query, Phrase) else None
                return Leaf(sorted(ranges), whole)

    def _said_at(self, leaf: Query, number: int) -> list[Range]:
        spoken, said = self._corpus.episodes[number], self._said[number]
        match leaf:
            case Phrase(tokens):
                return [(at, at + len(tokens) - 1) for at in spoken.scan(tokens)]
            case Within(tokens, distance):
                return _loose(tokens, distance, said)
            case Term(token):
                forms = self._stems[spoken.language].get(stem_token(token, spoken.language), set())
            case _:
                forms = self._expansion.words(leaf)
        return [(at, at) for form in forms for at in said.get(form, ())]

    def _allowed(self, number: int, found: Range, bound: Bound) -> bool:
        owners = self._corpus.episodes[number].owners
        return self._conditions.allow(number, owners[found[0]], owners[found[1]], bound)

    def _lasts(self, number: int, tokens: Range) -> float:
        """Seconds from the start of the first word to the latest end of the words."""
        owners = self._corpus.episodes[number].owners
        starts, ends = self._corpus.times(number)
        first, last = owners[tokens[0]], owners[tokens[1]]
        return max(ends[first : last + 1]) - starts[first]


def _answer(said: Said, passage: Range) -> list[Range]:
    """The places of one passage."""
    match said:
        case Leaf(ranges, whole):
            return _within(ranges, passage, whole)
        case Either(children):
            return sorted({place for child in children for place in _answer(child, passage)})
        case Every(children, excluded):
            each = []
            for child in children:
                each.append(_answer(child, passage))
                if not each[-1]:
                    return []
            if any(_answer(child, passage) for child in excluded):
                return []
            return each[0] if len(each) == 1 else sorted(_apart(_covers(each)))


def _is_said(said: Said) -> bool:
    """Whether an episode can hold a place at all: only spares the walk through its passages."""
    match said:
        case Leaf(ranges):
            return bool(ranges)
        case Every(children):
            return all(map(_is_said, children))
        case Either(children):
            return any(map(_is_said, children))


def _all_ranges(said: Said) -> list[Range]:
    """Of a leaf, or an AnyOf of leaves, its places in the whole episode."""
    return said.ranges if isinstance(said, Leaf) else sorted({r for child in said.children for r in _all_ranges(child)})


def _within(ranges: list[Range], passage: Range, whole: int | None) -> list[Range]:
    """Those that lie in the passage, with their first ``whole`` tokens at least."""
    first, last = passage
    kept = []
    for at in range(bisect_left(ranges, (first, -1)), len(ranges)):
        begin, end = ranges[at]
        if begin > last:
            break
        if (end if whole is None else min(end, begin + whole - 1)) <= last:
            kept.append(ranges[at])
    return kept


def _loose(tokens: tuple[str, ...], distance: int, said: dict[str, list[int]]) -> list[Range]:
    """Every range with all the tokens and no smaller one with them inside, and at most ``distance`` others."""
    wanted = Counter(tokens)
    spots = sorted((at, token) for token in wanted for at in said.get(token, ()))
    ranges: list[Range] = []
    for number, (start, _) in enumerate(spots):
        left = dict(wanted)
        for at, token in spots[number:]:
            if at - start + 1 > len(tokens) + distance:
                break
            left[token] -= 1
            if not any(missing > 0 for missing in left.values()):
                ranges.append((start, at))
                break
    return [
        (start, end)
        for place, (start, end) in enumerate(ranges)
        # A later start that is complete by the same token is a smaller range inside.
        if not any(other <= end for _, other in ranges[place + 1 : place + 2])
    ]


def _covers(each: Sequence[list[Range]]) -> list[Range]:
    """From wherever one of the places begins, the shortest range that holds a place of every list."""
    if not all(each):
        return []
    earliest = []
    for ranges in each:
        ends, end = [], ranges[-1][1]
        for _, last in reversed(ranges):
            end = min(end, last)
            ends.append(end)
        earliest.append(ends[::-1])  # of all that begin here or later, the end of the first to end
    covers = []
    for start in sorted({first for ranges in each for first, _ in ranges}):
        following = [bisect_left(ranges, (start, -1)) for ranges in each]
        if any(at == len(ranges) for at, ranges in zip(following, each, strict=True)):
            break
        covers.append((start, max(ends[at] for at, ends in zip(following, earliest, strict=True))))
    return covers


def _apart(covers: list[Range]) -> list[Range]:
    """The shortest of them, then the shortest that shares no token with it, and so on; of two, the earlier."""
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
