"""Match a query tree against the tokens of a passage, with the semantics of index/query/tree.py."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.fulltext.passages import OVERLAP_TOKENS
from index.language.tokens import find_token_runs
from index.query.tree import AllOf, AnyOf, Filter, Near, Phrase, Query, Within, WordQuery, condition_of, is_condition


@dataclass(frozen=True, slots=True, order=True)
class TokenPlace:
    """A *place* of index/query/tree.py: a range of tokens, both ends included.

    ``asked`` are the tokens that the query asks for, in the query's order.
    """

    first: int
    last: int
    asked: tuple[int, ...]

    @property
    def length(self) -> int:
        """The number of tokens."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class PassageContext:
    """A passage to match: ``first`` to ``last`` of the ``tokens`` that were read, and how query nodes resolve there.

    ``forms`` returns the words that match one query word. ``bound`` returns which tokens satisfy a condition, None for
    all. ``near`` returns the places of a Near under conditions in the whole episode; ``tokens`` are then all of it.
    """

    tokens: Sequence[str]
    first: int
    last: int
    forms: Callable[[WordQuery], frozenset[str]]
    bound: Callable[[AllOf], Sequence[bool] | None]
    near: Callable[[Near, tuple[AllOf, ...]], Sequence[TokenPlace]]


def find_places(query: Query, context: PassageContext, conditions: tuple[AllOf, ...] = ()) -> list[TokenPlace]:
    """Return the places of a query in a passage whose words all satisfy all ``conditions``, in order."""
    match query:
        case AllOf(children, excluded):
            if any(find_places(child, context) for child in excluded if not is_condition(child)):
                return []
            condition = condition_of(query)
            inner = (*conditions, condition) if condition else conditions
            each = [find_places(child, context, inner) for child in children if not is_condition(child)]
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
        case Phrase(wanted):
            inside = min(len(wanted), OVERLAP_TOKENS)
            reach = last + 1 - inside + len(wanted)
            return [
                TokenPlace(start, start + len(wanted) - 1, tuple(range(start, start + len(wanted))))
                for start in (first + found for found in find_token_runs(tokens[first:reach], wanted))
            ]
        case Within(wanted, distance):
            longest = len(wanted) + distance
            if len(wanted) > last + 1 - first:
                return []  # cannot match; counting the words of a query of ten thousand in each passage took 16 s
            return [place for place in _smallest_ranges(tokens, first, last, wanted) if place.length <= longest]
        case _:
            forms = context.forms(leaf)  # type: ignore[arg-type]
            return [TokenPlace(at, at, (at,)) for at in range(first, last + 1) if tokens[at] in forms]


def _smallest_ranges(tokens: Sequence[str], first: int, last: int, wanted: Sequence[str]) -> list[TokenPlace]:
    """Return the minimal ranges that contain the wanted tokens, each as often as it is wanted."""
    needed = Counter(wanted)
    missing = len(wanted)
    found: list[TokenPlace] = []
    held: list[int] = []  # positions of wanted tokens from the start of the range
    for at in range(first, last + 1):
        token = tokens[at]
        if token not in needed:
            continue
        held.append(at)
        missing -= needed[token] > 0
        needed[token] -= 1
        if missing:
            continue
        while needed[tokens[held[0]]] < 0:
            needed[tokens[held.pop(0)]] += 1
        found.append(TokenPlace(held[0], at, tuple(held)))
        # The next range excludes the first one, else it would contain this range.
        needed[tokens[held.pop(0)]] += 1
        missing += 1
    return found


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
        covers.append(TokenPlace(start, max(place.last for place in reached), asked))
    return covers


def _earliest_ends(places: list[TokenPlace]) -> list[TokenPlace]:
    """Return, for each place, which of it and the following ones ends first."""
    ends = places[:]
    for at in range(len(ends) - 2, -1, -1):
        if ends[at + 1].last < ends[at].last:
            ends[at] = ends[at + 1]
    return ends
