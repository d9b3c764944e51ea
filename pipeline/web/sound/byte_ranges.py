"""The part of a resource that a request asks for (RFC 9110, section 14)."""

from __future__ import annotations

import re
from collections.abc import Mapping

_RANGE = re.compile(r"bytes=([0-9]*)-([0-9]*)", re.IGNORECASE)
_MOST_DIGITS = 18


class UnsatisfiableRangeError(Exception):
    """A range begins past the end of the resource."""


def requested_range(headers: Mapping[str, str], size: int, tag: str) -> tuple[int, int] | None:
    """Return the bytes ``[start, end)`` that a request asks for; None for all, without a range that is understood.

    A range is of a resource with another ``tag`` if If-Range has that: all is sent then. Of several ranges, too, which
    a server may ignore. Raises UnsatisfiableRangeError.
    """
    asked = _RANGE.fullmatch(headers.get("range", "").strip())
    if asked is None or headers.get("if-range", tag) != tag or not any(asked.groups()):
        return None
    first, last = (int(digits[:_MOST_DIGITS]) if digits else None for digits in asked.groups())
    if first is None:
        first, last = max(0, size - (last or 0)), size - 1
    if last is not None and last < first < size:
        return None
    if first >= size:
        raise UnsatisfiableRangeError
    return first, size if last is None else min(last + 1, size)
