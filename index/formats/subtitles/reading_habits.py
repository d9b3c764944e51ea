"""Cut a transcript into subtitles that can be read while it is heard: few characters, two lines, slow enough.

The limits are those that broadcasters publish (docs/exports.md names them). Among all ways to cut the words that keep
to them, the one of least cost is taken, by dynamic programming over the words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from typing import NamedTuple

from index.formats.subtitles.line_breaks import Unit, break_costs, is_wide, list_units
from index.transcript import Transcript

LINE_CHARACTERS, WIDE_LINE_CHARACTERS = 42, 16
"""The most characters of a line; the second of one that is at least half Han, kana or Hangul."""

MOST_PER_SECOND, WIDE_MOST_PER_SECOND = 20, 12
PREFERRED_PER_SECOND, WIDE_PREFERRED_PER_SECOND = 17, 9
"""Characters a second: the most, and those from which a subtitle stays longer if there is time."""

LEAST_MS, MOST_MS = 834, 7000
"""A subtitle stays from 5/6 to 7 seconds."""

GAP_MS = 84
"""Two frames of film (24 a second) between subtitles, without which a change is not seen."""

MOST_LATE_MS = 4000
"""Where people speak faster than can be read, subtitles come up to this much after the words; then the speed gives.

Podcasts with times of a recogniser (ten episodes of one show) need up to 3.7 s to keep to the speed."""

_CLOSED_GAP_MS = 500
"""A shorter gap flickers, and is closed to GAP_MS."""

_DASH = 2
"""Characters of the dash before the words of another speaker."""

# The weights were set by reading the subtitles of one episode; the limits do not depend on them.
_CUE_COST = 3.0
_CUE_BREAK = 1.5  # times the cost of the break between two subtitles; one between lines counts once
_IMBALANCE = 4.0  # for lines that differ by a whole line
_SENTENCE_INSIDE = 2.0
_PAUSE_INSIDE = 3.0  # a second of pause after its first half
_LATE = 4.0  # a second by which a subtitle begins late
_FAST = 1.0  # a second that is missing at the preferred speed


@dataclass(frozen=True, slots=True)
class SubtitleLine:
    """A line with its speaker, and whether somebody else spoke before it."""

    text: str
    speaker: str | None
    turn: bool


@dataclass(frozen=True, slots=True)
class Subtitle:
    """One or two lines, between two times in milliseconds."""

    start: int
    end: int
    lines: tuple[SubtitleLine, ...]


@dataclass(frozen=True, slots=True)
class Subtitles:
    """The subtitles of a transcript, and notes of what does not keep to the limits or comes late."""

    cues: tuple[Subtitle, ...]
    notes: tuple[str, ...]


class _CutTo(NamedTuple):
    """The cheapest way to the words before some number: its cost, the end of its last cue, where that begins, breaks
    into lines (-1: one line) and starts in time."""

    cost: float
    end: int
    first: int
    line_end: int
    start: int


def make_subtitles(transcript: Transcript) -> Subtitles:
    """Return the words of a transcript as subtitles; joined lines are the words, and times rise."""
    units = list_units(transcript)
    if not units:
        return Subtitles((), ())
    cutter = _Cutter(units, transcript.language)
    cues = list(_close_gaps(cutter.subtitle(step, last) for step, last in cutter.cut()))
    return Subtitles(tuple(cues), tuple(_describe_misfits(cues, cutter.latest)))


class _Cutter:
    """The words with what the costs of a subtitle are computed from: sums over the words before each."""

    def __init__(self, units: Sequence[Unit], language: str | None) -> None:
        self.units = units
        self.breaks = break_costs(units, language)
        self.latest = 0
        self._text = "".join(unit.text for unit in units)
        ends = list(accumulate(len(unit.text) for unit in units))
        self._stops = ends
        self._begins = [end - len(unit.text.lstrip()) for unit, end in zip(units, ends, strict=True)]
        self._wide = [0, *accumulate(sum(map(is_wide, unit.text)) for unit in units)]
        self._turns = [0, *accumulate(int(unit.turn) for unit in units)]
        pauses = [max(0, after.start - before.end) for before, after in pairwise(units)]
        inside = [
            _PAUSE_INSIDE * max(0, pause - 500) / 1000 + _SENTENCE_INSIDE * unit.ends_sentence
            for pause, unit in zip(pauses, units, strict=False)
        ]
        self._inside = [0.0, *accumulate(inside)]
        self._limits = [*(unit.start - GAP_MS for unit in units[1:]), units[-1].end + MOST_MS]

    def cut(self) -> list[tuple[_CutTo, int]]:
        """Return the cheapest subtitles in order, each with the number of its last word."""
        best: list[_CutTo | None] = [_CutTo(0.0, -GAP_MS, 0, -1, 0), *[None] * len(self.units)]
        for first in range(len(self.units)):
            reached = best[first]
            assert reached is not None  # a word alone always makes a subtitle
            for last, line_end, cost in self._spans_from(first):
                step = self._step(reached, first, last, line_end, cost)
                known = best[last + 1]
                if known is None or step.cost < known.cost:
                    best[last + 1] = step
        steps: list[tuple[_CutTo, int]] = []
        after = len(self.units)
        while after:
            chosen = best[after]
            assert chosen is not None
            steps.append((chosen, after - 1))
            after = chosen.first
        return steps[::-1]

    def _spans_from(self, first: int) -> Iterator[tuple[int, int, float]]:
        """Yield the last words of the subtitles that may begin with a word, each with its line break and their cost."""
        units = self.units
        start, begin, turns = units[first].start, self._begins[first], self._turns[first + 1]
        for last in range(first, len(units)):
            length = self._stops[last] - begin
            changes = self._turns[last + 1] - turns
            too_long = length > 2 * LINE_CHARACTERS or units[last].end - start > MOST_MS or changes > 1
            if too_long and last > first:
                return
            if last == first or (changes == 0 and self._fits(first, last)):
                line_end, cost = -1, 0.0
            else:
                line_end, cost = self._break_line(first, last, changes)
                if line_end < 0:
                    continue
            yield last, line_end, cost + self._inside[last] - self._inside[first]

    def _fits(self, first: int, last: int) -> bool:
        length = self._stops[last] - self._begins[first] + _DASH * self.units[first].turn
        wide = self._wide[last + 1] - self._wide[first]
        return length <= (WIDE_LINE_CHARACTERS if 2 * wide >= length else LINE_CHARACTERS)

    def _break_line(self, first: int, last: int, changes: int) -> tuple[int, float]:
        """Return the last word of the first of two lines, -1 if they cannot both fit, and the cost of the break."""
        best, least = -1, float("inf")
        for row in range(first, last):
            if not self._fits(first, row):
                break
            if changes and not self.units[row + 1].turn:
                continue
            cost = self.breaks[row] - _SENTENCE_INSIDE * self.units[row].ends_sentence
            lengths = self._stops[row] - self._begins[first], self._stops[last] - self._begins[row + 1]
            cost += _IMBALANCE * abs(lengths[0] - lengths[1]) / LINE_CHARACTERS
            if cost < least and self._fits(row + 1, last):
                best, least = row, cost
        return best, least

    def _step(self, reached: _CutTo, first: int, last: int, line_end: int, cost: float) -> _CutTo:
        """Return the step of a subtitle that begins as soon as it can and stays as long as it should."""
        spoken = self.units[first].start
        start = max(spoken, reached.end + GAP_MS)
        narrow, wide = self._count(first, last)
        least = start + max(LEAST_MS, _reading_ms(narrow, wide, MOST_PER_SECOND, WIDE_MOST_PER_SECOND))
        preferred = start + _reading_ms(narrow, wide, PREFERRED_PER_SECOND, WIDE_PREFERRED_PER_SECOND)
        wanted = max(self.units[last].end, preferred)
        latest = max(self._limits[last] + MOST_LATE_MS, start + LEAST_MS)
        end = min(max(least, min(wanted, self._limits[last])), latest, start + MOST_MS)
        cost += _CUE_COST + _CUE_BREAK * self.breaks[last] + _LATE * (start - spoken) / 1000
        cost += _FAST * max(0, preferred - end) / 1000
        return _CutTo(reached.cost + cost, end, first, line_end, start)

    def _count(self, first: int, last: int) -> tuple[int, int]:
        """Return the characters of a subtitle, with spaces and dashes: narrow ones and wide ones."""
        wide = self._wide[last + 1] - self._wide[first]
        dashes = self._turns[last + 1] - self._turns[first]
        return self._stops[last] - self._begins[first] + _DASH * dashes - wide, wide

    def subtitle(self, step: _CutTo, last: int) -> Subtitle:
        """Return the subtitle of a step whose last word is this."""
        self.latest = max(self.latest, step.start - self.units[step.first].start)
        rows = [(step.first, step.line_end), (step.line_end + 1, last)] if step.line_end >= 0 else [(step.first, last)]
        return Subtitle(step.start, step.end, tuple(self._line(first, until) for first, until in rows))

    def _line(self, first: int, last: int) -> SubtitleLine:
        unit = self.units[first]
        return SubtitleLine(self._text[self._begins[first] : self._stops[last]], unit.speaker, unit.turn)


def _reading_ms(narrow: int, wide: int, per_second: int, wide_per_second: int) -> int:
    return -(-1000 * (narrow * wide_per_second + wide * per_second) // (per_second * wide_per_second))


def _close_gaps(cues: Iterator[Subtitle]) -> Iterator[Subtitle]:
    """Yield the subtitles, each until the next begins if that is within _CLOSED_GAP_MS."""
    before: Subtitle | None = None
    for cue in cues:
        if before is not None:
            until = cue.start - GAP_MS
            near = before.end < until < before.end + _CLOSED_GAP_MS
            yield replace(before, end=min(until, before.start + MOST_MS)) if near else before
        before = cue
    if before is not None:
        yield before


def _describe_misfits(cues: Sequence[Subtitle], latest: int) -> Iterator[str]:
    """Yield what does not keep to the limits: words that are too long, and speech that is too fast to be read."""
    long = [line.text for cue in cues for line in cue.lines if len(line.text) > _line_limit(line.text)]
    if long:
        more = f" and {len(long) - 1} more" if len(long) > 1 else ""
        yield f"{long[0][:60]}{more}: a single word is longer than a line"
    fast = sum(cue.end - cue.start < _least_ms(cue) for cue in cues)
    if fast:
        yield f"{fast} of {len(cues)} subtitles go by faster than {MOST_PER_SECOND} characters a second, as was spoken"
    if latest >= 1000:
        yield f"subtitles come up to {latest / 1000:.1f} s late, where people speak faster than that can be read"


def _line_limit(text: str) -> int:
    return WIDE_LINE_CHARACTERS if 2 * sum(map(is_wide, text)) >= len(text) else LINE_CHARACTERS


def _least_ms(cue: Subtitle) -> int:
    """Return the time in which a subtitle can be read."""
    length = sum(len(line.text) + _DASH * line.turn for line in cue.lines) + len(cue.lines) - 1
    wide = sum(is_wide(letter) for line in cue.lines for letter in line.text)
    return _reading_ms(length - wide, wide, MOST_PER_SECOND, WIDE_MOST_PER_SECOND)
