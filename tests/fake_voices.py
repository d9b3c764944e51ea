"""A diarizer without models: each burst of sound is a turn, and the voices take turns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from audio.samples import SAMPLE_RATE
from audio.voices.voice_count import VoiceCount
from audio.voices.voice_turns import Diarization, Voice, VoiceTurn

VOICES = 2
"""How many take turns where no number is asked for."""

MODELS = tuple(
    f"pipeline.{place}.find_voice_models"
    for place in (
        "batch.voicing.batch_voices",
        "batch.voicing.voice_finding",
        "batch.running.executor",
        "models.voice_weights",
    )
)
"""What looks for the models of voices."""


@dataclass(slots=True)
class FakeDiarizer:
    """See audio.voices.diarizer.Diarizer."""

    count: VoiceCount
    voices: int = VOICES
    before: Callable[[int], None] = lambda _: None
    """Called with the number of the block, from 0, before it is taken: may raise, wait or kill."""
    blocks: list[NDArray[np.float32]] = field(default_factory=list)

    def feed(self, block: NDArray[np.float32]) -> None:
        self.before(len(self.blocks))
        self.blocks.append(block)

    def finish(self) -> Diarization:
        voices = max(self.count.fewest or 0, min(self.voices, self.count.most or self.voices))
        if not voices:
            return Diarization((), ())
        turns = [
            VoiceTurn(start, end, number % voices + 1)
            for number, (start, end) in enumerate(find_bursts(np.concatenate([np.zeros(0, np.float32), *self.blocks])))
        ]
        found = sorted({turn.voice for turn in turns})
        return Diarization(tuple(_describe(number, turns) for number in found), tuple(turns))


def find_bursts(sound: NDArray[np.float32]) -> list[tuple[float, float]]:
    """Return start and end in seconds of whatever is not silent, to a tenth of a second."""
    step = SAMPLE_RATE // 10
    frames = [float(np.abs(sound[at : at + step]).max()) > 0.01 for at in range(0, len(sound), step)]
    edges = np.flatnonzero(np.diff([0, *map(int, frames), 0])).tolist()
    return [(first / 10, last / 10) for first, last in zip(edges[::2], edges[1::2], strict=True)]


def vector_of(number: int) -> NDArray[np.float32]:
    """Return what a voice sounds like: unlike all others."""
    vector = np.zeros(192, np.float32)
    vector[number] = 1.0
    return vector


def _describe(number: int, turns: list[VoiceTurn]) -> Voice:
    seconds = sum(turn.end - turn.start for turn in turns if turn.voice == number)
    return Voice(number, round(seconds, 3), vector_of(number))


@dataclass(slots=True)
class FakeVoices:
    """How the diarizers of this test behave, and all that were made so far."""

    voices: int = VOICES
    before: Callable[[int], None] = lambda _: None
    made: list[FakeDiarizer] = field(default_factory=list)

    def load(self, count: VoiceCount) -> FakeDiarizer:
        """Return a diarizer for so many voices."""
        self.made.append(FakeDiarizer(count, self.voices, self.before))
        return self.made[-1]


def install_voices(patch: pytest.MonkeyPatch, voices: FakeVoices) -> FakeVoices:
    """Replace the diarizer and its models by fakes."""
    patch.setattr("pipeline.transcription.diarization.load_diarizer", voices.load)
    for place in MODELS:
        patch.setattr(place, Path)
    return voices
