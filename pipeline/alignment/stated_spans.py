"""The spans of speech that a transcript file states, and how they fit a sound: the values of the check."""

from __future__ import annotations

from dataclasses import dataclass

from index.formats.spoken.spoken_cues import read_spoken_cues
from index.language.tokens import tokenize
from index.transcript import Transcript

HABIT = 0.1
"""Seconds by which speech may begin before its cue, or end after it, in a transcript that fits.

By habit cues begin before the speech and end after it, by half a second and more. The other way round only by
errors: in the median of a file at most 0.04 s on made interviews with cues of seven habits.
"""


@dataclass(frozen=True, slots=True)
class StatedSpan:
    """Text between two times in seconds that a file states: a cue or, where words have times, a sentence."""

    start: float
    end: float
    tokens: tuple[str, ...]


def read_spans(transcript: Transcript) -> list[StatedSpan]:
    """Return the spans with words of a transcript as it was read from its file, in order."""
    if transcript.timing == "interpolated":
        cues = read_spoken_cues(transcript.cues)
        spans = [StatedSpan(cue.start, cue.end, tokenize(cue.text)) for cue in cues]
    else:
        spans = [
            StatedSpan(span.start, span.end, tokenize(transcript.segment_text(segment)))
            for segment in transcript.segments
            for span in (transcript.segment_span(segment),)
        ]
    return [span for span in spans if span.tokens]


@dataclass(frozen=True, slots=True)
class EdgeLag:
    """By how many seconds the sound lies after what is stated, and how sharply that is seen: a weight, 0 for not."""

    seconds: float
    weight: float


@dataclass(frozen=True, slots=True)
class ClockFit:
    """How stated times fit a sound of ``duration`` seconds, by the line through all of it that fits best.

    In the middle of the sound, speech begins ``starts`` after the start of its cue and ends ``ends`` after its end. A
    second later both are larger by ``drift``. ``method`` says what was compared.
    """

    starts: EdgeLag
    ends: EdgeLag
    drift: float
    duration: float
    method: str

    @property
    def lag(self) -> float:
        """The seconds in the middle of the sound: those of starts and ends, the sharper one counting more."""
        weight = self.starts.weight + self.ends.weight
        if not weight:
            return (self.starts.seconds + self.ends.seconds) / 2
        return (self.starts.seconds * self.starts.weight + self.ends.seconds * self.ends.weight) / weight

    @property
    def first_and_last(self) -> tuple[float, float]:
        """The seconds at the beginning of the sound and at its end."""
        half = self.drift * self.duration / 2
        return self.lag - half, self.lag + half

    def is_right(self, shift: float = 0.0) -> bool:
        """Whether times that are moved by ``shift`` seconds fit as well as cues do by habit."""
        return not self.drift and self.starts.seconds - shift >= -HABIT and self.ends.seconds - shift <= HABIT
