"""Timestamps of subtitle files, in whole milliseconds."""

from __future__ import annotations

import re

from index.formats.cues import CueCollector, MalformedError, checked_span

_TIME = r"(-?)(?:([0-9]{1,6}):)?([0-9]{1,2}):([0-9]{1,2})(?:([.,:])\s?([0-9]{1,9})(\.[0-9]{1,20})?)?"
_ARROW = r"(?:[-–—]{1,3}>|-->|→|--&gt;)"
_TIMING = re.compile(rf"\s*{_TIME}\s*{_ARROW}\s*{_TIME}(?:\s(.*))?")
_ARROWS = ("->", "→", "–>", "—>", "--&gt;")
_FIELDS = 7
_FOUND_LENGTH = 60


def format_clock(seconds: float, *, hours: bool, mark: str) -> str:
    """Format ``3753.42`` as ``01:02:33.420``, rounded as Whisper does (openai-whisper utils.py, format_timestamp).

    ``hours`` is whether zero hours are written, ``mark`` the decimal mark.
    """
    minutes, milliseconds = divmod(round(seconds * 1000.0), 60_000)
    hour, minute = divmod(minutes, 60)
    second, millisecond = divmod(milliseconds, 1000)
    prefix = f"{hour:02}:" if hours or hour else ""
    return f"{prefix}{minute:02}:{second:02}{mark}{millisecond:03}"


def has_arrow(line: str) -> bool:
    """Whether a line may be ``time --> time``; some programs write another arrow."""
    return (">" in line and any(arrow in line for arrow in _ARROWS)) or "→" in line or "--&gt;" in line


def is_timing(line: str) -> bool:
    """Whether a line is ``time --> time``."""
    return has_arrow(line) and _TIMING.fullmatch(line) is not None


def parse_timing(line: str, number: int, collected: CueCollector | None = None) -> tuple[float, float]:
    """Parse start and end in seconds from ``00:00:01,000 --> 00:00:02.500 settings``; hours may be missing.

    A start before zero is read as zero, 60 seconds as a minute, and a fraction of a millisecond is rounded, which
    ``collected`` is told. Raises MalformedError, with line ``number``, for anything else and for an end before its
    start.
    """
    match = _TIMING.fullmatch(line)
    place = f"line {number}"
    found = line.strip()[:_FOUND_LENGTH]
    if match is None:
        raise MalformedError(place, f"expected 00:00:01,000 --> 00:00:02,500, found {found!r}")
    fields = match.groups()
    start, start_repaired = _seconds(fields[:_FIELDS], place)
    end, end_repaired = _seconds(fields[_FIELDS : 2 * _FIELDS], place)
    if negative := start < 0 < end:
        start = 0.0
    span = checked_span(start, end, place)
    if collected is not None and (negative or start_repaired or end_repaired):
        collected.repaired(place, f"read as {span[0]:g} to {span[1]:g} seconds", found)
    return span


def parse_clock(text: str) -> float:
    """Parse ``1:02:33.420`` or ``02:33.420`` to seconds, whatever its minutes and seconds are."""
    seconds = 0.0
    for field in text.split(":"):
        seconds = seconds * 60 + float(field)
    return seconds


def cue_settings(line: str) -> str | None:
    """Return what stands behind the times of a cue, None if nothing does."""
    match = _TIMING.fullmatch(line)
    settings = match.groups()[-1] if match else None
    return " ".join(settings.split()) or None if settings else None


def _seconds(fields: tuple[str | None, ...], place: str) -> tuple[float, bool]:
    """Return the seconds of one time, and whether it was read with a repair."""
    sign, hours, minutes, seconds, mark, digits, fraction = (field or "" for field in fields)
    whole = int(hours or 0), int(minutes), int(seconds)
    if max(whole[1:]) > 60:
        raise MalformedError(place, "expected minutes and seconds below 60")
    if mark == ":" and len(digits) < 3:
        raise MalformedError(place, "expected milliseconds, found frames, whose rate is unknown")
    # Rounding may have made 1000 milliseconds of 0.9999 s, and numbers that were not rounded have a fraction.
    counted = digits == "1000" or bool(fraction)
    milliseconds = round(float(digits + fraction)) if counted else round(float(f"0.{digits or 0}") * 1000)
    if milliseconds > 1000:
        raise MalformedError(place, "expected milliseconds below 1000")
    total = ((whole[0] * 60 + whole[1]) * 60 + whole[2]) * 1000 + milliseconds
    return (-total if sign else total) / 1000, counted or max(whole[1:]) == 60
