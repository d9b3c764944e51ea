"""What the readers of all layouts return: a transcript file's cues and its flaws."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from audio.errors import WayOut
from index.transcript import Cue, Flaw, Word

MAX_SECONDS = 10_000 * 3600
"""A later time is a corrupt number, not a podcast; below it floats represent milliseconds exactly."""

_SHOWN_LENGTH = 60
"""Characters shown of a text that was left out."""


class MalformedError(ValueError):
    """A transcript file violates its format at ``place`` (a line, or a path in JSON).

    ``way_out`` is what to do, None for the usual. In a cue it is a flaw of the file. Else index/formats/reading.py adds
    the file's path and re-raises it as a TranscriptFileError.
    """

    def __init__(self, place: str, problem: str, way_out: WayOut | None = None) -> None:
        super().__init__(f"{place}: {problem}")
        self.place = place
        self.problem = problem
        self.way_out = way_out


@dataclass(frozen=True, slots=True)
class TranscriptFile:
    """The content of a transcript file in a ``layout``, as its reader returns it; ``cues`` in the order of the file.

    ``language`` is a code, None where the file states none, or the file's own text where that is not a language.
    """

    layout: str
    cues: tuple[Cue, ...]
    language: str | None = None
    flaws: tuple[Flaw, ...] = ()


@dataclass(slots=True)
class CueCollector:
    """Collects the cues of a file. A cue that is bad is left out and named, so that the others are not lost to it."""

    cues: list[Cue] = field(default_factory=list)
    flaws: list[Flaw] = field(default_factory=list)

    @contextmanager
    def leaving_out(self, text: str = "") -> Iterator[None]:
        """Make a MalformedError that is raised inside a flaw of the file; ``text`` is what is left out with it."""
        try:
            yield
        except MalformedError as error:
            self.flaws.append(Flaw(error.place, error.problem, shorten(text)))

    def left_out(self, place: str, problem: str, text: str) -> None:
        """Name a text that is no cue and is left out."""
        self.flaws.append(Flaw(place, problem, shorten(text)))

    def repaired(self, place: str, problem: str, text: str = "") -> None:
        """Name a flaw with which the text can still be read."""
        self.flaws.append(Flaw(place, problem, shorten(text), left_out=False))

    def file(self, layout: str, language: str | None = None) -> TranscriptFile:
        """Return the content of the file. Raises MalformedError for the first bad cue if there is no good one."""
        lost = [flaw for flaw in self.flaws if flaw.left_out]
        if lost and not self.cues:
            raise MalformedError(lost[0].place, lost[0].problem)
        return TranscriptFile(layout, tuple(self.cues), language, tuple(self.flaws))


def shorten(text: str) -> str:
    """Return a text on one line, cut to what is shown of it."""
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN_LENGTH else f"{line[: _SHOWN_LENGTH - 1]}…"


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
    """Split ``start`` to ``end`` seconds into one cue for each (speaker, text), in proportion to the texts' lengths.

    Those after the first are marked as ``continued``.
    """
    shares = _shares([text for _, text in parts], start, end)
    return [
        Cue(*times, text, speaker, continued=row > 0)
        for row, ((speaker, text), times) in enumerate(zip(parts, shares, strict=True))
    ]


def _shares(texts: Sequence[str], start: float, end: float) -> list[tuple[float, float]]:
    weights = [max(1, len(text.strip())) for text in texts]
    total = max(1, sum(weights))
    borders = [min(end, start + (end - start) * done / total) for done in accumulate(weights, initial=0)]
    borders[-1] = end
    return list(pairwise(borders))
