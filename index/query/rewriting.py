"""Rewrite query trees: widen them, add conditions, remove conditions, and fit them to a language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.language.capitals import TOLD_APART
from index.query.tree import (
    Alike,
    AllOf,
    AnyOf,
    Near,
    Numeral,
    Part,
    Phrase,
    Query,
    Term,
    Within,
    is_condition,
)

_JOINED = 2
"""The words of a query that may also have been heard as one: a name such as Ann Arbor."""


def widen(query: Query) -> Query:
    """Return the query with each word as one that is alike, and phrases as their words in any order.

    Two words are also one, as a name may be heard. Exclusions are unchanged.
    """
    match query:
        case Term(token):
            return _word_alike(token)
        case Phrase(parts) if all(isinstance(part, str) and len(part) == 1 for part in parts):
            return query  # an abbreviation by its letters
        case Numeral():
            return _widened(query)
        case Phrase(parts) | Within(parts):
            words = tuple(map(_widened, dict.fromkeys(parts)))
            return words[0] if len(words) == 1 else AllOf(words)
        case AllOf(children, excluded):
            widened = AllOf(tuple(map(widen, children)), excluded)
            together = [child.token for child in children if isinstance(child, Term)]
            others = tuple(child for child in children if not isinstance(child, Term))
            if len(together) != _JOINED or not all(map(is_condition, others)):
                return widened
            return AnyOf((widened, AllOf((Alike("".join(together)), *others), excluded)))
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
    if isinstance(part, str):
        return _word_alike(part)
    return AnyOf((part, Alike(part.word))) if part.word else part


def _word_alike(token: str) -> Query:
    """Return a word as one that is alike; nothing is nearly an abbreviation."""
    return Term(token) if token.isupper() else Alike(token)


def in_language(query: Query, language: str | None) -> Query:
    """Return the query as it is for transcripts in one language: without capitals where they tell no words apart."""
    if language in TOLD_APART:
        return query
    match query:
        case Term(token):
            return Term(token.lower())
        case Phrase(parts) | Within(parts):
            return replace(query, parts=tuple(part.lower() if isinstance(part, str) else part for part in parts))
        case AllOf(children, excluded):
            return AllOf(_each_in(children, language), _each_in(excluded, language))
        case AnyOf(children) | Near(children):
            return replace(query, children=_each_in(children, language))
        case _:
            return query


def _each_in(queries: Sequence[Query], language: str | None) -> tuple[Query, ...]:
    return tuple(in_language(query, language) for query in queries)


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
