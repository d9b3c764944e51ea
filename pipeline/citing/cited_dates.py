"""The dates of publication and the times of a citation, in the notations of its styles."""

from __future__ import annotations

import math
import re

from audio.timecode import format_time

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
"""Not those of calendar or strftime, which follow the locale."""

_DATE = re.compile(r"([0-9]{4})(?:-(0[1-9]|1[0-2])(?:-([0-9]{2}))?)?", re.ASCII)


def read_parts(published: str | None) -> list[int]:
    """Return year, month and day of a date, as many as are known."""
    found = _DATE.fullmatch(published or "")
    return [int(part) for part in found.groups() if part] if found else []


def day_first(published: str | None) -> str | None:
    """Return ``12 December 2024``, ``December 2024`` or ``2024``; what is not a date as it is."""
    match read_parts(published):
        case [year, month, day]:
            return f"{day} {MONTHS[month - 1]} {year}"
        case [year, month]:
            return f"{MONTHS[month - 1]} {year}"
        case _:
            return published


def month_first(published: str | None) -> str | None:
    """Return ``December 12, 2024``, ``December 2024`` or ``2024``; what is not a date as it is."""
    match read_parts(published):
        case [year, month, day]:
            return f"{MONTHS[month - 1]} {day}, {year}"
        case _:
            return day_first(published)


def year_first(published: str | None) -> str:
    """Return ``2024, December 12``, ``2024, December`` or ``2024``; ``n.d.`` where no date is known."""
    match read_parts(published):
        case [year, month, *days]:
            return f"{year}, {' '.join([MONTHS[month - 1], *map(str, days)])}"
        case [year]:
            return str(year)
        case _:
            return "n.d."


def time_range(start: float, end: float) -> str:
    """Return the whole seconds between which everything was said, such as ``1:02:33–1:02:41``."""
    # Rounded to milliseconds first: 3753.0 may be stored as 3752.9999999.
    first, last = math.floor(round(start, 3)), math.ceil(round(end, 3))
    return format_time(first, 0) if end <= start else f"{format_time(first, 0)}–{format_time(last, 0)}"


def begin_time(start: float) -> str:
    """Return the whole second at which it begins."""
    return time_range(start, start)
