"""Timestamps of subtitle files, in whole milliseconds."""

from __future__ import annotations

import re

from index.formats.cues import MalformedError, checked_span

_TIME = r"(?:([0-9]{1,6}):)?([0-9]{1,2}):([0-9]{1,2})(?:[.,]([0-9]{1,9}))?"
_TIMING = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?:\s(.*))?")
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


def is_timing(line: str) -> bool:
    """Whether a line is ``time --> time``."""
    return "-->" in line and _TIMING.fullmatch(line) is not None


def parse_timing(line: str, number: int) -> tuple[float, float]:
    """Parse start and end in seconds from ``00:00:01,000 --> 00:00:02.500 settings``; hours may be missing.

    Raises MalformedError, with line ``number``, for anything else and for an end before its start.
    """
    match = _TIMING.fullmatch(line)
    place = f"line {number}"
    if match is None:
        found = line.strip()[:_FOUND_LENGTH]
        raise MalformedError(place, f"expected 00:00:01,000 --> 00:00:02,500, found {found!r}")
    fields = match.groups()
    start, end = _seconds(fields[:4]), _seconds(fields[4:8])
    if start is None or end is None:
        raise MalformedError(place, "expected minutes and seconds below 60")
    return checked_span(start, end, place)


def parse_clock(text: str) -> float:
    """Parse ``1:02:33.420`` or ``02:33.420`` to seconds, whatever its minutes and seconds are."""
    seconds = 0.0
    for field in text.split(":"):
        seconds = seconds * 60 + float(field)
    return seconds


def cue_settings(line: str) -> str | None:
    """Return what stands behind the times of a cue, None if nothing does."""
    match = _TIMING.fullmatch(line)
    return " ".join(match[9].split()) or None if match and match[9] else None


def _seconds(fields: tuple[str | None, ...]) -> float | None:
    hours, minutes, seconds = (int(field or 0) for field in fields[:3])
    if minutes > 59 or seconds > 59:
        return None
    digits = fields[3] or "0"
    milliseconds = round(float(f"0.{digits}") * 1000)
    return (((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds) / 1000
