"""Read the dates, lengths and numbers of feeds in the many ways in which feeds write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from audio.headers import LONGEST
from audio.recording.tag_dates import YEARS, read_date

_LONGEST_VALUE = 100

# The first letters of months, in lower case: English, German, French, Spanish, Italian, Portuguese, Dutch, Scandinavian
# languages, Polish, Hungarian, Russian, Greek. Four letters where three would be two months (juin, juillet).
_MONTHS = {
    stem: number
    for number, stems in enumerate(
        ("jan jän ene gen sty янв ιαν", "feb fév fev lut фев φεβ", "mar mär mrz maa már мар μαρ μάρ",
         "apr avr abr kwi ápr апр απρ", "may mai mei mag maj máj май мая μάι μαϊ μαΐ",
         "jun juin giu cze jún июн ιού ιουν",
         "jul juil lug lip júl июл ιούλ ιουλ", "aug aoû ago sie авг αύγ αυγ", "sep set wrz sze сен σεπ",
         "oct okt out ott paź окт οκτ", "nov lis ноя νοέ νοε", "dec dez déc dic gru дек δεκ"),
        start=1,
    )
    for stem in stems.split()
}  # fmt: skip

_ZONES = {
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "akst": -9, "akdt": -8,
    "hst": -10, "brt": -3, "art": -3, "bst": 1, "cet": 1, "mez": 1, "wat": 1, "cest": 2, "mesz": 2, "eet": 2, "sast": 2,
    "eest": 3, "msk": 3, "pkt": 5, "ist": 5.5, "ict": 7, "wib": 7, "awst": 8, "hkt": 8, "sgt": 8, "jst": 9, "kst": 9,
    "acst": 9.5, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13,
}  # fmt: skip
"""Hours before UTC of named zones; one that is not known is read as UTC."""

_TIME = re.compile(r"(?<![0-9])([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?(?:[.,][0-9]+)?\s?([ap]\.?m\b)?", re.IGNORECASE)
_OFFSET = re.compile(r"([+-])([0-9]{2}):?([0-9]{2})?(?![0-9])")
_YEAR_FIRST = re.compile(r"([0-9]{4})\s?[-/.年년]\s?([0-9]{1,2})\s?[-/.月월]\s?([0-9]{1,2})(?![0-9])")
_WORD = re.compile(r"[^\W\d_]+")
_DIGITS = re.compile(r"[0-9]+")
_SECONDS_SINCE_1970 = re.compile(r"[0-9]{9,10}")
_CLOCK = re.compile(r"[0-9]{1,9}(?::[0-9]{1,6}){0,2}(?:[.,][0-9]*)?")
_UNIT = re.compile(r"(?<![0-9])([0-9]{1,6})(?:[.,]([0-9]{1,6}))?\s?([hms])")
_UNITS = {"h": 3600, "m": 60, "s": 1}
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}")
_NUMBER = re.compile(r"0*([0-9]{1,6}(?:\.[0-9]{1,3})?)")


def read_time(text: str) -> datetime | None:
    """Return the time in UTC that a feed states, midnight if it states only a day; None if it can be read in no way.

    RFC 822 and 2822, ISO 8601, seconds since 1970, and what programs make of these: other orders, names of months in
    other languages, long names, zones with a colon or none.
    """
    text = text.strip()[:_LONGEST_VALUE]
    if _SECONDS_SINCE_1970.fullmatch(text):
        return datetime.fromtimestamp(int(text), UTC)
    clock = _TIME.search(text)
    before, after = (text[: clock.start()], text[clock.end() :]) if clock else (text, "")
    offset = _OFFSET.search(after)
    day = _read_day(before) or _read_day(before + _OFFSET.sub(" ", after))
    if day is None or not clock:
        return day
    hours, minutes, seconds = (int(part or 0) for part in clock.groups()[:3])
    if clock[4]:
        hours = hours % 12 + 12 * (clock[4][0] in "pP")
    try:
        return day + timedelta(hours=hours, minutes=minutes, seconds=seconds) - _zone(offset, after)
    except OverflowError:
        return None


def _zone(offset: re.Match[str] | None, after: str) -> timedelta:
    if offset:
        ahead = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        return ahead if offset[1] == "+" else -ahead
    named = (_ZONES[word.lower()] for word in _WORD.findall(after) if word.lower() in _ZONES)
    return timedelta(hours=next(named, 0))


def _read_day(text: str) -> datetime | None:
    if found := _YEAR_FIRST.search(text):
        return _day(*map(int, found.groups()))
    words = (word.lower() for word in _WORD.findall(text))
    months = [month for word in words if (month := _MONTHS.get(word[:4]) or _MONTHS.get(word[:3]))]
    numbers = _DIGITS.findall(text)[:2]
    if months and len(numbers) == 2:
        day, year = numbers if len(numbers[0]) < 3 else reversed(numbers)
        century = (2000 if int(year) < 69 else 1900) if len(year) == 2 else 0
        # The last, since "mar" is also a Tuesday, in front of the date.
        return _day(int(year) + century, months[-1], int(day))
    plain = read_date(text)
    return _day(*map(int, plain.split("-"))) if plain and len(plain) == 10 else None


def _day(year: int, month: int, day: int) -> datetime | None:
    try:
        return datetime(year, month, day, tzinfo=UTC) if year in YEARS else None
    except ValueError:
        return None


def read_length(text: str) -> float | None:
    """Return the seconds of ``1:02:03``, ``62:03``, ``3723``, ``3723.5``, ``1h 2m 3s``, ``62 min`` or ``PT62M3S``.

    None for anything else, and for zero, which programs write for an unknown length.
    """
    text = text.strip()[:_LONGEST_VALUE].lower()
    seconds = read_seconds(text)
    if seconds is None:
        seconds = sum(float(f"{whole}.{part or 0}") * _UNITS[unit] for whole, part, unit in _UNIT.findall(text))
    return round(seconds, 3) if 0 < seconds <= LONGEST else None


def read_seconds(value: object) -> float | None:
    """Return a time in a recording, as text or as a number of JSON; None if it is none."""
    text = str(value).strip()[:_LONGEST_VALUE] if isinstance(value, str | int | float) else ""
    if not _CLOCK.fullmatch(text):
        return None
    seconds = 0.0
    for part in text.replace(",", ".").split(":"):
        seconds = seconds * 60 + float(part)
    return round(seconds, 3) if seconds <= LONGEST else None


def read_number(text: str) -> str | None:
    """Return the number of an episode or a season, without leading zeros; None if it is none, or zero."""
    found = _NUMBER.fullmatch(text.strip()[:_LONGEST_VALUE])
    return found[1] if found and float(found[1]) else None


def read_count(text: str) -> int | None:
    """Return a number of bytes; None if it is none, or zero, which programs write for an unknown one."""
    text = text.strip()
    return int(text) or None if text.isascii() and text.isdecimal() and len(text) <= 15 else None


def read_language(text: str) -> str | None:
    """Return the code of a language as a feed states it, such as ``en-US``; None for what is no code."""
    text = text.strip().replace("_", "-")
    return text if _LANGUAGE.fullmatch(text) else None


def read_type(text: str) -> str | None:
    """Return a media type in lower case, without its parameters."""
    return text.partition(";")[0].strip().lower()[:_LONGEST_VALUE] or None
