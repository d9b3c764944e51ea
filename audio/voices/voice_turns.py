"""The values of diarization: the voices of a recording, and their turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audio.timecode import Span
from audio.voices.voice_count import VoiceCount as VoiceCount  # of the values of diarization it alone needs no NumPy

Vector = NDArray[np.float32]
"""What a voice sounds like: float32, (192,), of length 1. The cosine of two is high where it is the same voice."""


@dataclass(frozen=True, slots=True)
class VoiceTurn:
    """A time range in seconds in which a voice speaks. Turns of different voices may overlap, those of one do not."""

    start: float
    end: float
    voice: int

    @property
    def span(self) -> Span:
        """Time range of the turn."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True, eq=False)
class Voice:
    """A voice of a recording: its number, from 1 in the order in which they first speak, and the seconds it speaks.

    ``vector`` is None where too little of it is heard alone to tell what it sounds like.
    """

    number: int
    seconds: float
    vector: Vector | None


@dataclass(frozen=True, slots=True, eq=False)
class Diarization:
    """Who speaks when: the ``voices``, by number, and their ``turns``, by start."""

    voices: tuple[Voice, ...]
    turns: tuple[VoiceTurn, ...]


def find_overlaps(turns: Sequence[VoiceTurn]) -> tuple[Span, ...]:
    """Return the time ranges in which two voices or more speak at once, in order."""
    borders = sorted((moment, step) for turn in turns for moment, step in ((turn.start, 1), (turn.end, -1)))
    overlaps: list[Span] = []
    speaking, begin = 0, 0.0
    for moment, step in borders:
        if speaking >= 2 and moment > begin:
            joined = overlaps and overlaps[-1].end == begin
            overlaps[-1:] = [Span(overlaps[-1].start, moment)] if joined else [*overlaps[-1:], Span(begin, moment)]
        speaking, begin = speaking + step, moment
    return tuple(overlaps)
