"""Results as JSON: the same keys on the command line, in the web API and for assistants (docs/json.md)."""

from __future__ import annotations

import json
from dataclasses import Field, fields
from functools import cache
from typing import Any, get_type_hints

from pipeline.printable import escape_json

_HIDDEN = ("marks", "error", "suggestions", "flaws", "notes", "advice", "guess")
"""Fields that only serve printing."""


def shown_fields(kind: Any) -> list[Field[Any]]:
    """Return the fields of a type of results that are in its JSON, in order."""
    return [field for field in fields(kind) if field.name not in _HIDDEN]


def types_of_fields(kind: Any) -> dict[str, Any]:
    """Return the types of those fields by their names."""
    types = get_type_hints(kind, localns=_names_for_type_checkers())
    return {field.name: types[field.name] for field in shown_fields(kind)}


@cache
def _names_for_type_checkers() -> dict[str, Any]:
    """Return the types that modules of results import for type checkers alone."""
    from index.transcript import Flaw, State, WordsFrom
    from index.verification.confidence import ConfidenceWord
    from index.verification.edits import Edit
    from index.verification.verdicts import Sound, VerdictKind

    return {
        "ConfidenceWord": ConfidenceWord, "Edit": Edit, "Flaw": Flaw, "Sound": Sound, "State": State,
        "VerdictKind": VerdictKind, "WordsFrom": WordsFrom,
    }  # fmt: skip


def as_json(answer: Any) -> dict[str, Any]:
    """Return the keys and values of one result, without the fields that only serve printing."""
    # Not asdict of the whole, which copies every value: half the time of printing a hundred thousand hits.
    return {field.name: getattr(answer, field.name) for field in shown_fields(answer)}


def to_json(answer: Any) -> str:
    """Format one result as JSON on one line. Nothing in it controls a terminal or the direction of text."""
    return escape_json(json.dumps(as_json(answer), ensure_ascii=False, default=_all_fields))


def _all_fields(value: Any) -> dict[str, Any]:
    # Not asdict, which copies every word of a transcript.
    return {field.name: getattr(value, field.name) for field in fields(value)}
