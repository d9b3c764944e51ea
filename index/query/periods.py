"""Months and years of dates: which of the two to count by, and all of them from one to another."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Literal

Period = Literal["month", "year"]
PERIODS: tuple[Period, ...] = ("month", "year")

_MOST_MONTHS = 36
"""The longest time that is counted by month unless asked for: three years are still seen at once."""
_BEGINNINGS = {"month": re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])"), "year": re.compile(r"[0-9]{4}")}


def period_of(published: str | None, by: Period) -> str | None:
    """Return the month (YYYY-MM) or year of a date; None if it is not known as exactly as that."""
    known = _BEGINNINGS[by].match(published or "")
    return known[0] if known else None


def choose_period(dates: Collection[str | None]) -> Period:
    """Return ``month`` for dates of at most three years, else ``year``; also if no date has a month."""
    months = sorted(filter(None, (period_of(date, "month") for date in dates)))
    return "month" if months and _number(months[-1]) - _number(months[0]) < _MOST_MONTHS else "year"


def periods_between(first: str, last: str) -> list[str]:
    """Return all months, or years, from one to another, both included."""
    if "-" not in first:
        return [f"{year:04}" for year in range(int(first), int(last) + 1)]
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in range(_number(first), _number(last) + 1)]


def _number(month: str) -> int:
    """Return the number of a month, counted from the year 0."""
    year, number = map(int, month.split("-"))
    return year * 12 + number - 1
