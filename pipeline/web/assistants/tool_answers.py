"""What a tool answers: results with the keys of ``--json``, what is missing or was read otherwise, the next page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import BaseModel, Field

from pipeline.printable import clean_text
from pipeline.result_json import to_json

MOST_CHARACTERS = 60_000
"""Of the results of one answer as JSON: about 15,000 tokens."""

_CUTS = ((4_000, 200), (1_000, 50), (200, 10), (50, 2))
"""The most characters of a text and the most items of a list in one result: the first that make it short enough."""

_MOST_OF_ONE = MOST_CHARACTERS // 3
_MOST_REMARKS = 30

CUT = "Long texts and lists in a result are cut; cut texts end with […]."
_MARK = " […]"


class ToolAnswer(BaseModel):
    """The structured content of an answer. Each result has the keys of the command line's ``--json``."""

    results: list[dict[str, Any]] = Field(description="The results; their keys are explained in docs/json.md.")
    citations: list[dict[str, Any]] = Field(default=[], description="A citation for results that have none themselves.")
    notes: list[str] = Field(default=[], description="What was not taken literally, was cut or passed over.")
    suggestions: list[str] = Field(default=[], description="What to change where little or nothing was found.")
    not_searched: list[str] = Field(default=[], description="Ids of episodes that have no transcript to search yet.")
    total: int | None = Field(default=None, description="The number of all results; of a search it may be estimated.")
    offset: int = Field(default=0, description="The number of results before these.")
    next_offset: int | None = Field(default=None, description="The offset of the next page; null after the last.")


def make_answer(
    results: Sequence[Any],
    *,
    offset: int = 0,
    total: int | None = None,
    more: bool = False,
    notes: Iterable[str] = (),
    citations: Iterable[Any] = (),
    suggestions: Iterable[str] = (),
    not_searched: Sequence[str] = (),
) -> ToolAnswer:
    """Return the answer with as many of the ``results`` as fit; they are those from ``offset`` on of ``total``.

    ``more``: there may be more than ``total``, which is an estimate.
    """
    total = offset + len(results) if total is None else total
    rows, room, cut = list[dict[str, Any]](), MOST_CHARACTERS, False
    for result in results:
        row, is_cut = _bound(json.loads(to_json(result)))
        room -= _size(row)
        if rows and room < 0:
            break
        rows.append(row)
        cut |= is_cut
    shown = offset + len(rows)
    return ToolAnswer(
        results=rows,
        citations=[_bound(json.loads(to_json(one)))[0] for one in citations],
        notes=_remarks([*notes, *([CUT] if cut else []), *_name_rest(not_searched)]),
        suggestions=_remarks(suggestions),
        not_searched=_remarks(not_searched),
        total=total,
        offset=offset,
        next_offset=shown if rows and (more or shown < total) else None,
    )


def _bound(row: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    """Return a result in which no text and no list is too long, and whether any was."""
    bounded = row
    for letters, items in _CUTS:
        bounded = _shorten(row, letters, items)
        if _size(bounded) <= _MOST_OF_ONE:
            break
    return bounded, bounded != row


def _shorten(value: Any, letters: int, items: int) -> Any:
    if isinstance(value, str):
        return shorten(value, letters)
    if isinstance(value, list):
        return [_shorten(one, letters, items) for one in value[:items]]
    return {name: _shorten(one, letters, items) for name, one in value.items()} if isinstance(value, dict) else value


def shorten(text: str, letters: int) -> str:
    """Return a text of at most so many characters and a sign that it is cut, as it can be sent."""
    sendable = text.encode(errors="replace").decode()  # a file's name may hold what is not Unicode
    return sendable if len(sendable) <= letters else sendable[:letters] + _MARK


def _size(row: dict[str, Any]) -> int:
    return len(json.dumps(row, ensure_ascii=False))


def _remarks(texts: Iterable[str]) -> list[str]:
    return [shorten(clean_text(text), 1_000) for text in list(texts)[:_MOST_REMARKS]]


def _name_rest(not_searched: Sequence[str]) -> list[str]:
    rest = len(not_searched) - _MOST_REMARKS
    return [f"{rest} more episodes that were not searched are not named."] if rest > 0 else []
