"""Query text -> query tree, with our own small grammar; an error points at the place.

A query is parsed once. Each index reads the tree to propose passages, and index/search.py reads it to decide.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput, UnexpectedToken

from audio.errors import QueryError
from index.tokens import tokenize

SYNTAX = """\
  ferry harbour          passages that hold both words, in any form (ferries, harbours)
  "there is more"        exactly these words in this order, across any border between sentences
  ferry OR boat          either
  ferry NOT night        passages without the second word; -night says the same
  (ferry OR boat) storm  brackets
Operators are written in capitals; "and", "or" and "not" in small letters are words like any other.
Case, accents and the form of apostrophes make no difference."""
"""What a person can write, for help and error messages."""

MAX_DEPTH = 100
"""Brackets within brackets; the tree is walked by recursion."""

_GRAMMAR = r"""
    ?start: any
    ?any: all (_OR all)*
    ?all: item (_AND? item)*
    ?item: PHRASE | WORD | "(" any ")" | without
    without: (_NOT | _MINUS) item
    _OR.2: /OR(?![^\s()"])/
    _AND.2: /AND(?![^\s()"])/
    _NOT.2: /NOT(?![^\s()"])/
    _MINUS.1: /-(?=["(\w])/
    PHRASE: /"[^"]*"/
    WORD: /[^\s()"]+/
    %ignore /\s+/
"""
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))


@dataclass(frozen=True, slots=True)
class Term:
    """One word in any of its forms."""

    token: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Exactly these tokens in this order."""

    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """Everything in ``children`` within one passage, and nothing of ``excluded``."""

    children: tuple[Query, ...]
    excluded: tuple[Query, ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of ``children``."""

    children: tuple[Query, ...]


Query = Term | Phrase | AllOf | AnyOf


class QuerySyntaxError(QueryError):
    """A query that does not parse, with the column (from 1) at which it stops making sense."""

    def __init__(self, text: str, column: int, reason: str) -> None:
        excerpt = text[max(0, column - 60) : column + 40].replace("\n", " ")
        caret = " " * (min(column - 1, 59) if column > 60 else column - 1) + "^"
        super().__init__(
            f"The query stops making sense at column {column}: {reason}\n    {excerpt}\n    {caret}",
            f"\nA query is written like this:\n{SYNTAX}",
        )
        self.column = column


def parse_query(text: str) -> Query:
    """The tree of a query. Raises QuerySyntaxError, which knows the column."""
    plain = text.translate(_QUOTES)
    _check_brackets(text, plain)
    try:
        tree = _parser().parse(plain)
    except UnexpectedInput as error:
        raise _explain(text, error) from None
    query = _build(text, tree)
    if query is None:
        raise QuerySyntaxError(text, 1, "there is no letter or digit in it to look for.")
    return query


@lru_cache(maxsize=1)
def _parser() -> Lark:
    # The basic lexer knows an operator wherever it stands: so a stray AND is an error, not the word "and".
    return Lark(_GRAMMAR, parser="lalr", lexer="basic", propagate_positions=True)


def _check_brackets(text: str, plain: str) -> None:
    opened: list[int] = []
    quoted = False
    for place, character in enumerate(plain):
        if character == '"':
            quoted = not quoted
        elif character == "(" and not quoted:
            opened.append(place)
            if len(opened) > MAX_DEPTH:
                raise QuerySyntaxError(text, place + 1, f"more than {MAX_DEPTH} brackets within brackets.")
        elif character == ")" and not quoted:
            if not opened:
                raise QuerySyntaxError(text, place + 1, "this bracket was never opened.")
            opened.pop()
    if quoted:
        raise QuerySyntaxError(text, plain.rindex('"') + 1, "this quotation mark is never closed.")
    if opened and plain[opened[-1] + 1 :].strip():
        raise QuerySyntaxError(text, opened[-1] + 1, "this bracket is never closed.")


def _explain(text: str, error: UnexpectedInput) -> QuerySyntaxError:
    token = error.token if isinstance(error, UnexpectedToken) else None
    if token is None or token.type == "$END":
        if not text.strip():
            return QuerySyntaxError(text, 1, "it is empty.")
        return QuerySyntaxError(text, len(text.rstrip()), f"something is missing after {text.split()[-1]!r}.")
    return QuerySyntaxError(text, token.start_pos + 1, f"there is nothing before {token.value!r} to go with it.")


def _build(text: str, node: Tree[Token] | Token) -> Query | None:
    """The tree without words that hold no letter or digit; None if nothing is left."""
    if isinstance(node, Token):
        return _build_leaf(text, node)
    if node.data == "without":
        raise QuerySyntaxError(text, _position(node) + 1, "NOT and - only take away: say beside it what to look for.")
    if node.data == "any":
        found = [query for child in node.children if (query := _build(text, child))]
        return found[0] if len(found) == 1 else AnyOf(tuple(found)) if found else None
    wanted: list[Query] = []
    excluded: list[Query] = []
    for child in node.children:
        negated = isinstance(child, Tree) and child.data == "without"
        query = _build(text, _inside(text, child) if negated and isinstance(child, Tree) else child)
        if query:
            (excluded if negated else wanted).append(query)
    if not wanted:
        return _build(text, node.children[0])
    return wanted[0] if len(wanted) == 1 and not excluded else AllOf(tuple(wanted), tuple(excluded))


def _inside(text: str, without: Tree[Token]) -> Tree[Token] | Token:
    inner = without.children[0]
    if isinstance(inner, Tree) and inner.data == "without":
        raise QuerySyntaxError(text, _position(inner) + 1, "NOT of NOT takes away nothing.")
    return inner


def _position(node: Tree[Token] | Token) -> int:
    return (node.start_pos if isinstance(node, Token) else node.meta.start_pos) or 0


def _build_leaf(text: str, token: Token) -> Query | None:
    start = token.start_pos or 0
    original = text[start : start + len(token)]
    if token.type == "WORD" and any(mark in token for mark in "*~"):
        raise QuerySyntaxError(
            text, start + 1, f"{original!r}: * and ~ are not understood; in quotation marks they are text."
        )
    tokens = tokenize(original)
    if token.type == "PHRASE" or len(tokens) > 1:
        return Phrase(tokens) if tokens else None
    return Term(tokens[0]) if tokens else None
