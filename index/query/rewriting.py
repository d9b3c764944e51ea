"""Rewrite query trees: widen them, add conditions, remove conditions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.query.tree import (
    AllOf,
    AnyOf,
    Fuzzy,
    Near,
    Numeral,
    Part,
    Phrase,
    Query,
    Sounds,
    Term,
    Within,
    is_condition,
)

_SHORTEST_WIDENED = 4
"""Minimum length for widening: one edit turns most shorter words into other common ones."""
_TWO_EDITS = 8
"""Minimum length for an edit distance of 2."""


def widen(query: Query) -> Query:
    """Return the query with each word also as a fuzzy and a sound query, and phrases as their words in any order.

    Exclusions are unchanged.
    """
    match query:
        case Term(token):
            return _widened(token)
        case Numeral():
            return _widened(query)
        case Phrase(parts) | Within(parts):
            words = tuple(map(_widened, dict.fromkeys(parts)))
            return words[0] if len(words) == 1 else AllOf(words)
        case AllOf(children, excluded):
            return AllOf(tuple(map(widen, children)), excluded)
        case AnyOf(children):
            return AnyOf(tuple(map(widen, children)))
        case Near(children):
            return replace(query, children=tuple(map(_widen_part, children)))
        case _:
            return query


def _widen_part(part: Query) -> Query:
    """Widen a part of a Near, which must not become an AllOf."""
    return widen(part) if isinstance(part, Term | Numeral) else part


def _widened(part: Part) -> Query:
    """Return a part of a query with what is spelled or sounds nearly like it: a number in figures has nothing such."""
    asked, token = (part, part.word or "") if isinstance(part, Numeral) else (Term(part), part)
    if len(token) < _SHORTEST_WIDENED:
        return asked
    return AnyOf((asked, Fuzzy(token, 2 if len(token) >= _TWO_EDITS else 1), Sounds(token)))


def with_filters(query: Query, filters: Sequence[Query]) -> Query:
    """Return the query with these conditions added."""
    if not filters:
        return query
    if isinstance(query, AllOf):
        return AllOf((*query.children, *filters), query.excluded)
    return AllOf((query, *filters))


def without_filters(query: Query) -> Query:
    """Return the query without its conditions."""
    match query:
        case AllOf(children, excluded):
            wanted = tuple(without_filters(child) for child in children if not is_condition(child))
            unwanted = tuple(child for child in excluded if not is_condition(child))
            return wanted[0] if len(wanted) == 1 and not unwanted else AllOf(wanted, unwanted)
        case AnyOf(children):
            return AnyOf(tuple(map(without_filters, children)))
        case _:
            return query
