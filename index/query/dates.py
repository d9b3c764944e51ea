"""Parse dates in a query: a day, a month, a year, and ranges of these."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from audio.errors import UsageError

FIRST_DAY, LAST_DAY = date.min.isoformat(), date.max.isoformat()
"""The bounds that replace an open end of a range."""

_PART = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)


def parse_days(text: str) -> tuple[str, str]:
    """Return the first and the last day of ``text``, as YYYY-MM-DD.

    ``2024-05-31``, ``2024-05`` and ``2024`` are a day, a month and a year; ``2023..2024``, ``2023-05..`` and
    ``..2024-05-31`` go from the first day of one to the last of the other. Raises ValueError, with a
    message for the user, for anything else.
    """
    begin, dots, end = text.strip().partition("..")
    if not dots:
        return _days_of(begin)
    if not begin and not end:
        raise ValueError("a range of dates needs at least one end, such as 2023..2024 or 2023-05..")
    first = _days_of(begin)[0] if begin else FIRST_DAY
    last = _days_of(end)[1] if end else LAST_DAY
    if last < first:
        raise ValueError(f"{end} lies before {begin}")
    return first, last


def lies_between(day: str, first: str, last: str) -> bool:
    """Whether a date lies between two days; a year or a month alone does if any of its days does."""
    known = day[: len(FIRST_DAY)]
    return first[: len(known)] <= known <= last[: len(known)]


def read_date_range(since: str | None, until: str | None) -> tuple[str, str] | None:
    """Return the first day of ``since`` and the last of ``until``; None if both are None.

    Raises UsageError, with the name of the one at fault, for what is no day, month or year, and for a reversed range.
    """
    if since is None and until is None:
        return None
    first = _read_days("since", since)[0] if since is not None else FIRST_DAY
    last = _read_days("until", until)[1] if until is not None else LAST_DAY
    if last < first:
        raise UsageError(f"until: {until} lies before {since}.", where=until)
    return first, last


def _read_days(name: str, text: str) -> tuple[str, str]:
    try:
        if ".." in text:
            raise ValueError(f"{text!r} is a range: write its one end, such as 2023 or 2023-05")
        return _days_of(text.strip())
    except ValueError as error:
        raise UsageError(f"{name}: {error}.", where=text) from None


def _days_of(text: str) -> tuple[str, str]:
    written = _PART.fullmatch(text)
    if written is None:
        raise ValueError(f"{text!r} is not a date: write 2024, 2024-05 or 2024-05-31")
    year, month, day = (int(part) if part else None for part in written.groups())
    try:
        assert year is not None
        first = date(year, month or 1, day or 1)
        last = date(year, month or 12, day or monthrange(year, month or 12)[1])
    except ValueError:
        raise ValueError(f"{text!r} is not a calendar date") from None
    return first.isoformat(), last.isoformat()
