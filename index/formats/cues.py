"""Cues, and word times interpolated over them in proportion to the words' lengths."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from index.formats.word_split import split_words
from index.transcript import Segment, Transcript, Word

ENGINE = "import"
MAX_SECONDS = 10_000 * 3600
"""A later time is a corrupt number, not a podcast; below it floats represent milliseconds exactly."""


class MalformedError(ValueError):
    """A transcript file violates its format at ``place`` (a line, or a path in JSON).

    index/formats/reading.py adds the file's path and re-raises it as a TranscriptFileError.
    """

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(f"{place}: {problem}")
        self.place = place
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Cue:
    """Text between two times in seconds, verbatim, with its leading space."""

    start: float
    end: float
    text: str
    speaker: str | None = None


def checked_span(start: float, end: float, place: str) -> tuple[float, float]:
    """Return both times; raises MalformedError if they are negative, not finite, above MAX_SECONDS or out of order."""
    for seconds in (start, end):
        if not math.isfinite(seconds) or not 0 <= seconds <= MAX_SECONDS:
            raise MalformedError(place, f"expected a time between 0 and {MAX_SECONDS} seconds, found {seconds}")
    if end < start:
        raise MalformedError(place, f"expected an end after the start, found {start} to {end}")
    return start, end


def spread_words(texts: Sequence[str], start: float, end: float) -> tuple[Word, ...]:
    """Return words with times interpolated from ``start`` to ``end`` seconds, in proportion to their lengths."""
    return tuple(Word(text, *times) for text, times in zip(texts, _shares(texts, start, end), strict=True))


def spread_cues(parts: Sequence[tuple[str | None, str]], start: float, end: float) -> list[Cue]:
    """Split ``start`` to ``end`` seconds into one cue for each (speaker, text), in proportion to the texts' lengths."""
    shares = _shares([text for _, text in parts], start, end)
    return [Cue(*times, text, speaker) for (speaker, text), times in zip(parts, shares, strict=True)]


def _shares(texts: Sequence[str], start: float, end: float) -> list[tuple[float, float]]:
    weights = [max(1, len(text.strip())) for text in texts]
    total = sum(weights)
    borders = [min(end, start + (end - start) * done / total) for done in accumulate(weights, initial=0)]
    borders[-1] = end
    return list(pairwise(borders))


def join_segments(
    segments: Iterable[tuple[Sequence[Word], str | None]],
) -> tuple[tuple[Word, ...], tuple[Segment, ...]]:
    """Concatenate segments, given as (words, speaker), into words and ranges of them; skip segments without words."""
    words: list[Word] = []
    numbered: list[Segment] = []
    for own, speaker in segments:
        if own:
            numbered.append(Segment(len(words), len(words) + len(own) - 1, speaker))
            words.extend(own)
    return tuple(words), tuple(numbered)


def cues_to_transcript(cues: Iterable[Cue], *, model: str, language: str | None) -> Transcript:
    """Return a transcript with one segment for each cue that has text, sorted by start.

    Where cues overlap, word starts are limited to the next cue's start, so that they never decrease; ends stay.
    """
    ordered = sorted((cue for cue in cues if cue.text.strip()), key=lambda cue: cue.start)
    limits = [*(cue.start for cue in ordered[1:]), math.inf]
    words, segments = join_segments(
        (_cue_words(cue, limit), cue.speaker) for cue, limit in zip(ordered, limits, strict=False)
    )
    return Transcript(language, ENGINE, model, "{}", "interpolated", words, segments)


def _cue_words(cue: Cue, limit: float) -> tuple[Word, ...]:
    spread = spread_words(split_words(cue.text), cue.start, cue.end)
    return tuple(Word(word.text, min(word.start, limit), word.end) for word in spread)
