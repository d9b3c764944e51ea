"""Count the operations of a function and the steps of a pattern: unlike seconds, they are the same on every machine."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from re import _constants as code
from re import _parser
from typing import Any

Node = Any
_CHARACTERS = frozenset((code.LITERAL, code.NOT_LITERAL, code.ANY, code.IN))
"""The kinds of nodes that match one character."""
_KNOWN: dict[tuple[int, str], bool] = {}
Continuation = Callable[[int], int | None]

# What the module regex has and the module re lacks, with letters that stand for the whole class.
_PROPERTIES = {
    "L": "a-zA-Z", "Lu": "A-Z", "Lt": "A-Z", "Ll": "a-z", "Lo": "\u4e00-\u9fff", "N": "0-9", "M": "\u0300-\u036f",
}  # fmt: skip


def count_lines(function: Callable[[], object]) -> int:
    """Return how many lines of Python a call executes, in this project and in the packages that it uses."""
    lines = 0

    def trace(_frame: object, event: str, _argument: object) -> Callable[..., Any]:
        nonlocal lines
        lines += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        function()
    finally:
        sys.settrace(before)
    return lines


def count_steps(pattern: str, flags: int, text: str) -> int:
    """Return the steps of a backtracking matcher that looks for all matches of ``pattern`` in ``text``."""
    nodes = _parse(pattern, flags)
    matcher = _Matcher(text)
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(100_000)
    try:
        place = 0
        while place <= len(text):
            end = matcher.match(nodes, place, lambda end: end)
            place = max(place + 1, end or 0)
    finally:
        sys.setrecursionlimit(limit)
    return matcher.steps


@cache
def _parse(pattern: str, flags: int) -> tuple[Node, ...]:
    """Return the nodes of a pattern: always the same objects, so that what they match can be remembered."""
    nodes: tuple[Node, ...] = _frozen(_parser.parse(_without_properties(pattern), flags & ~re.UNICODE & ~re.LOCALE))
    return nodes


def _frozen(value: Any) -> Any:
    """Return lists and nodes in them as tuples."""
    return tuple(map(_frozen, value)) if isinstance(value, list | tuple | _parser.SubPattern) else value


def _without_properties(pattern: str) -> str:
    """Return a pattern of the module regex as one that the module re parses."""
    inside = False
    written = ""
    place = 0
    while place < len(pattern):
        found = re.compile(r"\\p\{(\w+)\}|\\.|[\[\]]", re.DOTALL).match(pattern, place)
        piece = found[0] if found else pattern[place]
        if found and found[1]:
            letters = _PROPERTIES.get(found[1], "\u4e00-\u9fff")
            written += letters if inside else f"[{letters}]"
        else:
            inside = piece == "[" or (inside and piece != "]")
            written += piece
        place += len(piece)
    return re.sub(r"\?P<\w+>", "", written)


class _Matcher:
    """Matches the parsed pattern of the module re, without the optimizations of its C code, and counts its steps."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.steps = 0

    def match(self, nodes: Sequence[Node], place: int, then: Continuation) -> int | None:
        """Return what ``then`` returns for the first place after ``nodes`` for which it is not None."""
        self.steps += 1
        if not nodes:
            return then(place)
        node, rest = nodes[0], nodes[1:]
        kind, value = node
        if kind in _CHARACTERS:
            # Not by ``follow``: most nodes are characters, and most of them do not fit.
            if place < len(self.text) and _fits(node, self.text[place]):
                return self.match(rest, place + 1, then)
            return None

        def follow(end: int) -> int | None:
            return self.match(rest, end, then)

        if kind is code.BRANCH:
            return next((end for branch in value[1] if (end := self.match(branch, place, follow)) is not None), None)
        if kind is code.SUBPATTERN:
            return self.match(value[-1], place, follow)
        if kind is code.ATOMIC_GROUP:
            end = self.match(value, place, lambda end: end)
            return None if end is None else follow(end)
        if kind in (code.MAX_REPEAT, code.MIN_REPEAT, code.POSSESSIVE_REPEAT):
            return self._repeat(kind, value, place, follow)
        if kind in (code.ASSERT, code.ASSERT_NOT):
            direction, inner = value
            starts = [place] if direction > 0 else range(place, max(-1, place - 20), -1)
            holds = any(
                self.match(inner, start, lambda end: end if direction > 0 or end == place else None) is not None
                for start in starts
            )
            return follow(place) if holds == (kind is code.ASSERT) else None
        if kind is code.AT:
            return follow(place) if self._is_at(value, place) else None
        raise NotImplementedError(f"{kind} in a pattern")

    def _repeat(self, kind: Any, value: Any, place: int, follow: Continuation) -> int | None:
        least, most, inner = value
        if len(inner) == 1 and inner[0][0] in _CHARACTERS:
            stop, node, text = place, inner[0], self.text
            last = min(len(text), place + most)
            while stop < last and _fits(node, text[stop]):
                stop += 1
            self.steps += stop - place
            if kind is code.POSSESSIVE_REPEAT:
                return follow(stop) if stop - place >= least else None
            ends = range(place + least, stop + 1)
            return next(
                (
                    end
                    for at in (reversed(ends) if kind is code.MAX_REPEAT else ends)
                    if (end := follow(at)) is not None
                ),
                None,
            )
        if kind is code.POSSESSIVE_REPEAT:
            end = self._rounds(code.MAX_REPEAT, inner, least, most, place, lambda end: end)
            return None if end is None else follow(end)
        return self._rounds(kind, inner, least, most, place, follow)

    def _rounds(
        self, kind: Any, inner: Sequence[Node], least: int, most: int, place: int, follow: Continuation
    ) -> int | None:
        def again() -> int | None:
            if most <= 0:
                return None
            return self.match(
                inner,
                place,
                lambda end: None if end == place else self._rounds(kind, inner, least - 1, most - 1, end, follow),
            )

        if least > 0:
            return again()
        ways = (again, lambda: follow(place)) if kind is code.MAX_REPEAT else (lambda: follow(place), again)
        return _first(way() for way in ways)

    def _is_at(self, where: Any, place: int) -> bool:
        if where in (code.AT_BEGINNING, code.AT_BEGINNING_STRING):
            return place == 0
        if where in (code.AT_END, code.AT_END_STRING):
            return place == len(self.text)
        before, after = (_is_letter(self.text[at : at + 1]) if at >= 0 else False for at in (place - 1, place))
        return (before != after) == (where is code.AT_BOUNDARY)


def _first(ends: Iterable[int | None]) -> int | None:
    return next((end for end in ends if end is not None), None)


def _is_letter(character: str) -> bool:
    return character.isalnum() or character == "_"


def _fits(node: Node, character: str) -> bool:
    """Whether a node of one character matches this one; remembered by the node, which ``_parse`` keeps."""
    known = _KNOWN.get((id(node), character))
    if known is None:
        known = _KNOWN[id(node), character] = _matches(node, character)
    return known


def _matches(node: Node, character: str) -> bool:
    kind, value = node
    if kind is code.LITERAL:
        return bool(ord(character) == value)
    if kind is code.NOT_LITERAL:
        return bool(ord(character) != value)
    if kind is code.ANY:
        return character != "\n"
    if kind is code.RANGE:
        return bool(value[0] <= ord(character) <= value[1])
    if kind is code.CATEGORY:
        inner = str(value).lower().removeprefix("category_")
        tests = {"space": str.isspace, "digit": str.isdecimal, "word": _is_letter}
        return tests[inner.removeprefix("not_")](character) != inner.startswith("not_")
    if kind is code.IN:
        negated = value[0][0] is code.NEGATE
        return any(_matches(item, character) for item in value if item[0] is not code.NEGATE) != negated
    raise NotImplementedError(f"{kind} in a pattern")
