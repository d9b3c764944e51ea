"""Validated access to the fields of a JSON document; errors name the path of the field."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any

from index.formats.cues import MalformedError, checked_span
from index.formats.word_split import writable


def parse_document(text: str) -> Any:
    """Parse a JSON document; raises MalformedError for invalid or too deeply nested JSON."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise MalformedError(f"line {error.lineno}, column {error.colno}", f"not JSON: {error.msg}") from None
    except RecursionError:
        raise MalformedError("line 1", "JSON nested too deeply for a transcript") from None
    except ValueError as error:  # an integer of thousands of digits
        raise MalformedError("line 1", f"not a transcript's JSON: {error}") from None


def parse_lines(text: str) -> list[Any]:
    """Parse a JSON document on each line; raises MalformedError, for the whole text, if there are not several."""
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) < 2 or not all(line.strip().startswith("{") and line.strip().endswith("}") for line in lines):
        return [parse_document(text)]
    return [parse_document(line) for line in lines]


def number(value: object) -> float | None:
    """Return ``value`` as a float if it is a number (infinite if too large for one), else None."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def probability(value: object) -> float | None:
    """Return ``value`` as a float if it is a probability, else None."""
    known = number(value)
    return known if known is not None and 0 <= known <= 1 else None


def optional_text(value: object) -> str:
    """Return ``value`` if it is a string, with unencodable characters replaced, else an empty string."""
    return writable(value) if isinstance(value, str) else ""


@dataclass(frozen=True, slots=True)
class Fields:
    """One object of the document and its path, such as ``segments[3]``."""

    values: dict[str, Any]
    place: str

    @staticmethod
    def children(document: dict[str, Any], key: str) -> list[Fields]:
        """Return the objects in the document's list ``key``; raises MalformedError for anything else there."""
        items = document.get(key)
        if not isinstance(items, list):
            raise MalformedError(key, f"expected a list, found {_kind(items)}")
        for row, item in enumerate(items):
            if not isinstance(item, dict):
                raise MalformedError(f"{key}[{row}]", f"expected an object, found {_kind(item)}")
        return [Fields(item, f"{key}[{row}]") for row, item in enumerate(items)]

    def text(self, key: str) -> str:
        """Return the required string under ``key``."""
        value = self.values.get(key)
        if not isinstance(value, str):
            raise MalformedError(f"{self.place}.{key}", f"expected text, found {_kind(value)}")
        return writable(value)

    def speaker(self, key: str) -> str | None:
        """Return the name or integer under ``key`` as text, None if missing or blank."""
        value = self.values.get(key)
        name = writable(value) if isinstance(value, str) else str(value) if type(value) is int else ""
        return name if name.strip() else None

    def items(self, key: str) -> list[dict[str, Any]]:
        """Return the objects in the optional list ``key``; other items are ignored."""
        value = self.values.get(key)
        return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []

    def span(self, start: str, end: str, per_second: int = 1) -> tuple[float, float]:
        """Return two required times in seconds, from numbers in units of 1 / ``per_second`` s."""
        times = [self._time(key) / per_second for key in (start, end)]
        return checked_span(times[0], times[1], self.place)

    def _time(self, key: str) -> float:
        value = number(self.values.get(key))
        if value is None:
            raise MalformedError(f"{self.place}.{key}", f"expected a time, found {_kind(self.values.get(key))}")
        return value


def _kind(value: object) -> str:
    if isinstance(value, (str, int, float)):
        return repr(value)[:40]
    return {type(None): "nothing", list: "a list", dict: "an object"}.get(type(value), "something else")
