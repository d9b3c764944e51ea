"""Match a query tree against the tokens of a passage, with the semantics of index/query/tree.py."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress, pairwise
from math import prod

from index.fulltext.alike import WordPairs
from index.fulltext.passages import OVERLAP_TOKENS
from index.language.numbers.number_readings import NumberReading, answers
from index.language.tokens import find_token_runs
from index.query.tree import (
    Alike,
    AllOf,
    AnyOf,
    Filter,
    Near,
    Numeral,
    Part,
    Phrase,
    Query,
    Term,
    Within,
    WordQuery,
    condition_of,
    is_condition,
)

_SCATTERED = (0.2, 0.45)
"""Proximity factors of scattered words, from far apart to nearly adjacent. BM25 of a passage with all words is between
1 and 2.2 times that of a passage with each once: so a phrase ranks before scattered words."""
_OTHER_ORDER = 0.9


@dataclass(frozen=True, slots=True, order=True)
class TokenPlace:
    """A *place* of index/query/tree.py: a range of tokens, both ends included.

    ``asked`` are the tokens that the query asks for, in the query's order. ``likeness`` is how alike they are to its
    words, above 0 to 1, multiplied.
    """

    first: int
    last: int
    asked: tuple[int, ...]
    likeness: float = 1.0

    @property
    def length(self) -> int:
        """The number of tokens."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class PassageContext:
    """A passage to match: ``first`` to ``last`` of the ``tokens`` that were read, and how query nodes resolve there.

    ``forms`` returns the words that match one query word, and how well;
    ``pairs`` the pairs of words that sound like one. ``bound`` returns which tokens satisfy a
    condition, None for all. ``near`` returns the places of a Near under conditions in the whole episode; ``tokens`` are
    then all of it.
    ``numbers`` returns the readings that share a token with ``tokens``; at both ends they may lie partly outside.
    """

    tokens: Sequence[str]
    first: int
    last: int
    forms: Callable[[WordQuery], Mapping[str, float]]
    pairs: Callable[[str], WordPairs]
    bound: Callable[[AllOf], Sequence[bool] | None]
    near: Callable[[Near, tuple[AllOf, ...]], Sequence[TokenPlace]]
    numbers: Callable[[], Sequence[NumberReading]]


def find_places(query: Query, context: PassageContext, conditions: tuple[AllOf, ...] = ()) -> list[TokenPlace]:
    """Return the places of a query in a passage whose words all satisfy all ``conditions``, in order."""
    match query:
        case AllOf(children, excluded):
            if any(find_places(child, context) for child in excluded if not is_condition(child)):
                return []
            condition = condition_of(query)
            inner = (*conditions, condition) if condition else conditions
            each: list[list[TokenPlace]] = []
            for child in children:
                if not is_condition(child):
                    each.append(find_places(child, context, inner))
                    if not each[-1]:
                        return []
            return each[0] if len(each) == 1 else tightest_places(each)
        case AnyOf(children):
            return sorted({place for child in children for place in find_places(child, context, conditions)})
        case Near():
            return [place for place in context.near(query, conditions) if context.first <= place.first <= context.last]
        case Filter():
            raise ValueError("a condition has no places")
        case _:
            return _allowed(_leaf_places(query, context), context, conditions)


def _allowed(places: list[TokenPlace], context: PassageContext, conditions: tuple[AllOf, ...]) -> list[TokenPlace]:
    for condition in conditions:
        satisfied = context.bound(condition)
        if satisfied is not None:
            places = [place for place in places if all(satisfied[place.first : place.last + 1])]
    return places


def _leaf_places(leaf: Query, context: PassageContext) -> list[TokenPlace]:
    tokens, first, last = context.tokens, context.first, context.last
    match leaf:
        case Phrase(parts):
            return [_whole(start, end) for start, end in _find_runs(parts, context) if _is_begun(start, end, last)]
        case Within(parts, distance):
            if len(parts) > last + 1 - first:
                return []  # counting the words of a query of ten thousand in each passage took 16 s
            return _smallest_ranges(parts, distance, context)
        case Numeral():
            found = _numeral_places(
                leaf, context.forms(Term(leaf.word)) if leaf.word else (), context.numbers(), context
            )
            return [_whole(start, end) for start, end in sorted(found.items()) if first <= start and end <= last]
        case _:
            forms = context.forms(leaf)  # type: ignore[arg-type]
            # Without a step of Python for each token, which took a fifth of the time of counting common words.
            held = compress(range(first, last + 1), map(forms.__contains__, tokens[first : last + 1]))
            single = [TokenPlace(at, at, (at,), forms[tokens[at]]) for at in held]
            return sorted([*single, *_pair_places(leaf.token, context)]) if isinstance(leaf, Alike) else single


def _pair_places(token: str, context: PassageContext) -> Iterator[TokenPlace]:
    """Yield the places of two tokens in a row that sound like one word."""
    pairs, tokens = context.pairs(token), context.tokens
    for at in range(context.first, context.last) if pairs.splits else ():
        if tokens[at] in pairs.halves and (likeness := pairs.likeness(tokens[at], tokens[at + 1])):
            yield TokenPlace(at, at + 1, (at, at + 1), likeness)


def _whole(first: int, last: int) -> TokenPlace:
    """Return a place of which every token is asked for."""
    return TokenPlace(first, last, tuple(range(first, last + 1)))


def _is_begun(start: int, end: int, last: int) -> bool:
    """Whether a passage that ends at ``last`` holds as much of a phrase as it must."""
    return min(end, start + OVERLAP_TOKENS - 1) <= last


def _numeral_places(
    numeral: Numeral, forms: Collection[str], around: Sequence[NumberReading], context: PassageContext
) -> dict[int, int]:
    """Return the places of a number, first to last: its readings, and ``forms`` outside of the numbers ``around``."""
    tokens = context.tokens
    inside = {at for one in around for at in range(one.first, one.last + 1)} if forms else set()
    readings = [one for one in context.numbers() if answers(one.number, numeral.number)]
    alone = {at: at for at, token in enumerate(tokens) if token in forms and at not in inside} if forms else {}
    return alone | {one.first: one.last for one in readings if one.first >= 0 and one.last < len(tokens)}


def _exact_places(part: Part, context: PassageContext) -> dict[int, int]:
    """Return the places of a part of a phrase among the tokens, first to last."""
    if isinstance(part, Numeral):
        around = [one for one in context.numbers() if not _is_spelled_out(one, context.tokens)] if part.word else ()
        return _numeral_places(part, (part.word,) if part.word else (), around, context)
    return {at: at for at, token in enumerate(context.tokens) if token == part}


def _is_spelled_out(reading: NumberReading, tokens: Sequence[str]) -> bool:
    """Whether a number is digits said one by one: each of them is also a word."""
    said = tokens[max(0, reading.first) : reading.last + 1]
    return reading.number.kind == "digit string" and not any(map(str.isdigit, "".join(said)))


def _find_runs(parts: Sequence[Part], context: PassageContext) -> Iterator[tuple[int, int]]:
    """Yield the places of parts in a row, of which the first begins in the passage."""
    numerals: dict[Part, dict[int, int]] = {
        part: _exact_places(part, context) for part in parts if isinstance(part, Numeral)
    }
    if numerals:
        for start in range(context.first, context.last + 1):
            end = _end_of_run(parts, start, numerals, context.tokens)
            if end is not None:
                yield start, end
        return
    wanted = [part for part in parts if isinstance(part, str)]
    reach = context.last + 1 - min(len(wanted), OVERLAP_TOKENS) + len(wanted)
    for found in find_token_runs(context.tokens[context.first : reach], wanted):
        yield context.first + found, context.first + found + len(wanted) - 1


def _end_of_run(
    parts: Sequence[Part], start: int, numerals: Mapping[Part, Mapping[int, int]], tokens: Sequence[str]
) -> int | None:
    """Return the last token of the parts in a row from ``start``; None if they are not there."""
    at = start
    for part in parts:
        if part in numerals:
            last = numerals[part].get(at)
        elif at < len(tokens) and tokens[at] == part:
            last = at
        else:
            return None
        if last is None:
            return None
        at = last + 1
    return at - 1


def _smallest_ranges(parts: Sequence[Part], distance: int, context: PassageContext) -> list[TokenPlace]:
    """Return the minimal ranges that contain the parts, each as often as it is wanted, and are short enough."""
    needed = Counter(parts)
    places: dict[Part, list[tuple[int, int]]] = {}
    for part, times in needed.items():
        found = sorted(_exact_places(part, context).items())
        places[part] = [place for place in found if context.first <= place[0] and place[1] <= context.last]
        if len(places[part]) < times:
            return []
    ends: dict[int, int] = {}  # of two ranges with one end only the later is minimal
    for start in sorted({start for found in places.values() for start, _ in found}):
        nexts = [(found, bisect_left(found, (start, start)) + needed[part] - 1) for part, found in places.items()]
        if any(at >= len(found) for found, at in nexts):
            break
        ends[max(found[at][1] for found, at in nexts)] = start
    held = sorted({place for found in places.values() for place in found})
    ranges = (_cover(held, start, end) for end, start in ends.items())
    longest = len(parts) + distance
    return [place for place, length in ranges if length <= longest]


def _cover(held: Sequence[tuple[int, int]], start: int, end: int) -> tuple[TokenPlace, int]:
    """Return the range with those of the places that it holds, and its length if each of them is one token."""
    inside = [(first, last) for first, last in held if start <= first and last <= end]
    asked = sorted({at for first, last in inside for at in range(first, last + 1)})
    return TokenPlace(start, end, tuple(asked)), end - start + 1 - sum(last - first for first, last in inside)


def tightest_places(
    each: Sequence[list[TokenPlace]], fits: Callable[[TokenPlace], bool] | None = None
) -> list[TokenPlace]:
    """Select greedily the shortest ranges with one place of each list that do not overlap; return them in order.

    Only ranges for which ``fits`` is true are considered.
    """
    if not all(each):
        return []
    covers = _covers(each)
    chosen: list[TokenPlace] = []
    for cover in sorted(covers, key=lambda cover: (cover.length, cover.first)):
        if fits is not None and not fits(cover):
            continue
        at = bisect_left(chosen, cover)
        if (at == 0 or chosen[at - 1].last < cover.first) and (at == len(chosen) or cover.last < chosen[at].first):
            chosen.insert(at, cover)
    return chosen


def _covers(each: Sequence[list[TokenPlace]]) -> list[TokenPlace]:
    """Return, for every start of a place, the shortest range from there with one place of each list."""
    earliest = [_earliest_ends(places) for places in each]
    begins = [[place.first for place in places] for places in each]
    covers = []
    for start in sorted({begin for listed in begins for begin in listed}):
        places = [bisect_left(listed, start) for listed in begins]
        if any(at == len(listed) for at, listed in zip(places, begins, strict=True)):
            break
        reached = [ends[at] for at, ends in zip(places, earliest, strict=True)]
        asked = tuple(dict.fromkeys(token for place in reached for token in place.asked))
        likeness = prod(place.likeness for place in reached)
        covers.append(TokenPlace(start, max(place.last for place in reached), asked, likeness))
    return covers


def _earliest_ends(places: list[TokenPlace]) -> list[TokenPlace]:
    """Return, for each place, which of it and the following ones ends first."""
    ends = places[:]
    for at in range(len(ends) - 2, -1, -1):
        if ends[at + 1].last < ends[at].last:
            ends[at] = ends[at + 1]
    return ends


def closeness(place: TokenPlace) -> float:
    """Return the proximity factor of the words that were asked for, from 0 to 1: 1 if they form a phrase."""
    if len(place.asked) == place.length:
        return 1.0 if all(first < second for first, second in pairwise(place.asked)) else _OTHER_ORDER
    furthest, nearest = _SCATTERED
    return furthest + (nearest - furthest) * min(1.0, len(place.asked) / place.length)
