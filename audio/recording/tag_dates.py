"""Read dates from tags and from names of files: only those that can be read in one way."""

from __future__ import annotations

import re
from datetime import date
from email.utils import parsedate_to_datetime

YEARS = range(1900, 2100)
"""Years of recordings: eight digits that begin otherwise are no date."""

_YEAR_FIRST = re.compile(r"([0-9]{4})[-/._ ]([0-9]{1,2})[-/._ ]([0-9]{1,2})(?![0-9])", re.ASCII)
_MONTH = re.compile(r"([0-9]{4})[-/.]([0-9]{2})", re.ASCII)
_YEAR = re.compile(r"[0-9]{4}", re.ASCII)
_DIGITS = re.compile(r"(?<![0-9])([0-9]{4})([0-9]{2})([0-9]{2})(?![0-9])", re.ASCII)
_YEAR_LAST = re.compile(r"(?<![0-9])([0-9]{1,2})([-/._])([0-9]{1,2})\2([0-9]{4})(?![0-9])", re.ASCII)
_IN_NAME = re.compile(r"(?<![0-9])([0-9]{4})([-._ ])([0-9]{2})\2([0-9]{2})(?![0-9])", re.ASCII)


def read_date(text: str) -> str | None:
    """Return the date that a tag states: YYYY-MM-DD, or YYYY-MM or YYYY where it says no more; None if none."""
    text = text.strip()
    if found := _YEAR_FIRST.match(text):
        return _iso(*found.groups())
    if found := _MONTH.fullmatch(text):
        first = _iso(found[1], found[2], "1")
        return first[:7] if first else None
    if _YEAR.fullmatch(text):
        return text if int(text) in YEARS else None
    return find_date(text) or _read_mail_date(text)


def find_date(name: str) -> str | None:
    """Return the only date in the name of a file, YYYY-MM-DD; None if there is none, or it can be read in two ways."""
    found = {_iso(year, month, day) for year, _, month, day in _IN_NAME.findall(name)}
    found |= {_iso(*parts) for parts in _DIGITS.findall(name)}
    found |= {_day_and_month(first, second, year) for first, _, second, year in _YEAR_LAST.findall(name)}
    found.discard(None)
    return found.pop() if len(found) == 1 else None


def _day_and_month(first: str, second: str, year: str) -> str | None:
    """Return the date of 25.06.2021 and 06/25/2021, and none for 05.06.2021, which is in May or in June."""
    readings = {_iso(year, second, first), _iso(year, first, second)} - {None}
    return readings.pop() if len(readings) == 1 else None


def _iso(year: str, month: str, day: str) -> str | None:
    try:
        return date(int(year), int(month), int(day)).isoformat() if int(year) in YEARS else None
    except ValueError:
        return None


def _read_mail_date(text: str) -> str | None:
    """Return the date of what feeds write: Sat, 05 Jun 2021 07:00:00 +0000."""
    try:
        day = parsedate_to_datetime(text).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return day.isoformat() if day.year in YEARS else None
