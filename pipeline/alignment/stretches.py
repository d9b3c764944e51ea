"""Find the stretches that only one of two has: inserted in the sound, or missing in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from audio.timecode import Span
from index.transcript import Word, span_of
from pipeline.alignment.gap_placing import FEW_WORDS

STRETCH = 5.0
"""Seconds of sound that must be inserted to be named; shorter ones are laughter, repetitions, and errors of times."""
SHOWN_WORDS = 6
"""Of a missing stretch."""


@dataclass(frozen=True, slots=True)
class Inserted:
    """A stretch of the sound that the text does not have."""

    span: Span


@dataclass(frozen=True, slots=True)
class Missing:
    """A stretch of the text that the sound does not have: its ``span`` by the file's own times, the second ``at`` which
    it would be in the sound, and its words."""

    span: Span
    at: float
    words: int
    begins: str


def find_stretches(
    words: Sequence[Word], times: Sequence[Span | None], heard: Sequence[Word], duration: float
) -> tuple[list[Inserted], list[Missing]]:
    """Find the stretches between placed words: by their pauses in the sound, and those that the file states."""
    inserted: list[Inserted] = []
    missing: list[Missing] = []
    placed = [(number, span) for number, span in enumerate(times) if span is not None]
    ends = [(-1, Span(0.0, 0.0)), *placed, (len(words), Span(duration, duration))]
    for (before, left), (after, right) in pairwise(ends):
        hole = Span(left.end, max(left.end, right.start))
        lost = words[before + 1 : after]
        if not lost and hole.duration < STRETCH:
            continue
        stated = _stated_hole(words, before, after, hole)
        spoken = [word for word in heard if hole.start <= word.start and word.end <= hole.end]
        pauses = stated.duration
        if lost:
            said = span_of(lost)
            length = said.duration if spoken else max(said.duration, stated.duration - hole.duration)
            missing.append(Missing(_locate(stated, length, said), hole.start, len(lost), _begin(lost)))
            pauses -= missing[-1].span.duration
        added = hole.duration - pauses
        if len(spoken) >= FEW_WORDS and span_of(spoken).duration >= STRETCH:
            inserted.append(Inserted(_locate(hole, added, span_of(spoken))))
        elif added >= STRETCH:
            inserted.append(Inserted(_locate(hole, added, None)))
    return inserted, missing


def _stated_hole(words: Sequence[Word], before: int, after: int, hole: Span) -> Span:
    """Return the time that a file states between two words; after the last one, as much as the sound has."""
    start = words[before].end if before >= 0 else 0.0
    if after < len(words):
        return Span(start, max(start, words[after].start))
    end = max((word.end for word in words[before + 1 :]), default=start)
    return Span(start, max(end, start + hole.duration))


def _locate(hole: Span, length: float, inner: Span | None) -> Span:
    """Return where in a hole a stretch of this length is that holds an inner one: in the middle of what is possible."""
    length = min(hole.duration, max(length, inner.duration if inner else 0.0))
    first, last = hole.start, hole.end - length
    if inner is not None:
        first, last = max(first, inner.end - length), min(last, inner.start)
    start = min(max(hole.start, (first + last) / 2), hole.end - length)
    return Span(start, start + length)


def _begin(words: Sequence[Word]) -> str:
    """Return the first words of a stretch, by which a person finds it."""
    return "".join(word.text for word in words[:SHOWN_WORDS]).strip()
