"""Spans of time; parsing and formatting of times, all in one place."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from audio.errors import TimeError, correct_input

_CLOCK = re.compile(r"(?:(?P<hours>\d+):)?(?P<minutes>\d+):(?P<seconds>\d{1,2}(?:\.\d*)?)")
_UNITS = re.compile(
    r"(?=\d)(?:(?P<hours>\d+(?:\.\d+)?)h)?\s*(?:(?P<minutes>\d+(?:\.\d+)?)m)?\s*(?:(?P<seconds>\d+(?:\.\d*)?)s)?"
)
_PLAIN = re.compile(r"\d+(?:\.\d*)?|\.\d+")

LONGEST_SECONDS = 1e9
"""More than 30 years: no recording is longer, and a greater number is not a time."""

_SHOWN_LETTERS = 60

Edge = TypeVar("Edge", int, float)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A time range in seconds, ``start <= end``, on the time line of one file's decoded samples."""

    start: float
    end: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.start) and math.isfinite(self.end) and self.start <= self.end):
            raise ValueError(f"a span must be finite and not end before it starts: {self.start} to {self.end}")

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return self.end - self.start

    @property
    def middle(self) -> float:
        """The time halfway between start and end."""
        return (self.start + self.end) / 2

    def padded(self, before: float, after: float) -> Span:
        """Return this span extended by ``before`` and ``after`` seconds, clipped at zero."""
        return Span(max(0.0, self.start - before), self.end + after)

    def overlaps(self, other: Span) -> bool:
        """Whether the two share more than an end point."""
        return self.start < other.end and other.start < self.end

    def union(self, other: Span) -> Span:
        """Return the shortest span that contains both."""
        return Span(min(self.start, other.start), max(self.end, other.end))


def join_near(spans: Iterable[Span], gap: float) -> list[Span]:
    """Merge spans, sorted by start, that are at most ``gap`` seconds apart."""
    return [Span(*edges) for edges in join_near_ranges(((span.start, span.end) for span in spans), gap)]


def join_near_ranges(ranges: Iterable[tuple[Edge, Edge]], gap: Edge) -> list[tuple[Edge, Edge]]:
    """Merge ranges ``(start, end)`` in any unit, sorted by start, that are at most ``gap`` apart."""
    joined: list[tuple[Edge, Edge]] = []
    for start, end in ranges:
        if joined and start - joined[-1][1] <= gap:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((start, end))
    return joined


def parse_time(text: str) -> float:
    """Parse seconds from ``75``, ``75.5``, ``1:15``, ``1:02:33.4`` or ``1h2m33s``.

    Raises TimeError for anything else, for signs, for seconds, or minutes after hours, of 60 and more in a clock, and
    for more than ``LONGEST_SECONDS``.
    """
    stripped = text.strip().lower()
    seconds = _read_seconds(stripped)
    if seconds is None:
        shown = text if len(text) <= _SHOWN_LETTERS else f"{text[:_SHOWN_LETTERS]}..."
        raise TimeError(
            f"{shown!r} is not a time.", correct_input("Write it as 75, 1:15, 1:02:33.4 or 1h2m33s."), where=text
        )
    return seconds


def parse_end(text: str, start: float) -> float:
    """Parse an end: a time as ``parse_time`` reads it or, behind a plus sign, how long after ``start`` it is."""
    length = text.strip().removeprefix("+")
    return round(start + parse_time(length), 6) if length != text.strip() else parse_time(text)


def parse_times(texts: Sequence[str], after: float | None = None) -> list[float]:
    """Parse times, each of which may be one behind a plus sign: how long after the time before it.

    The first may count from ``after``. Raises TimeError.
    """
    times: list[float] = []
    for text in texts:
        before = times[-1] if times else after
        if before is None and text.strip().startswith("+"):
            raise TimeError(f"{text!r} has no time before it.", correct_input("Write it as 1:15 +5."), where=text)
        times.append(parse_end(text, before or 0.0))
    return times


def _read_seconds(text: str) -> float | None:
    """Return the seconds that a text states, None if it is not a time."""
    seconds = math.inf
    if _PLAIN.fullmatch(text):
        seconds = float(text)
    elif clock := _CLOCK.fullmatch(text):
        if float(clock["seconds"]) < 60 and (clock["hours"] is None or float(clock["minutes"]) < 60):
            seconds = _seconds(clock)
    elif units := _UNITS.fullmatch(text):
        seconds = _seconds(units)
    return seconds if seconds <= LONGEST_SECONDS else None


def _seconds(match: re.Match[str]) -> float:
    parts = (match["hours"], match["minutes"], match["seconds"])
    return sum(float(part or 0) * unit for part, unit in zip(parts, (3600, 60, 1), strict=True))


def format_time(seconds: float, decimals: int = 1) -> str:
    """Format ``3753.42`` as ``1:02:33.4``: hours only if not zero, rounded to ``decimals`` places."""
    scale = 10**decimals
    if not math.isfinite(seconds * scale):
        return str(seconds)  # out of a damaged library
    ticks = math.floor(seconds * scale + 0.5)
    whole, fraction = divmod(ticks, scale)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    clock = f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"
    return f"{clock}.{fraction:0{decimals}}" if decimals else clock
