"""An engine for workers of a cluster that sleeps as long as decoding would take, where there are too few cores.

Workers import it by its name.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Sequence

import numpy as np
import pytest
from fake_engine import FakeEngine
from numpy.typing import NDArray

from audio.samples import SAMPLE_RATE
from audio.timecode import Span
from audio.voice_activity import FRAME, SpeechPart
from index.transcript import Word
from pipeline.batch.cluster.sent_bytes import SentWeights
from pipeline.engines.base import DEFAULT_DECODING, DecodingOptions, Engine, WindowText
from pipeline.engines.choose import EngineSpec

SECONDS_A_WINDOW = "AIRQUOTE_BENCH_SECONDS_A_WINDOW"
"""The variable of a node that says how long a window takes."""
SCAN_SECONDS = 17 / 3600
"""Of a second of sound: an hour was decoded and scanned in 17 s of processor time on a core of an AMD EPYC."""
SPEECH, TURN = 24.0, 25.0  # seconds


class SleepingEngine(FakeEngine):
    """Takes a fixed time for each window, in which the processor is free."""

    def transcribe_windows(
        self, windows: Sequence[NDArray[np.float32]], language: str, decoding: DecodingOptions = DEFAULT_DECODING
    ) -> list[WindowText]:
        """See Engine."""
        time.sleep(float(os.environ[SECONDS_A_WINDOW]) * len(windows))
        return [_text_of(len(window) / SAMPLE_RATE, language, decoding) for window in windows]


def _text_of(seconds: float, language: str, decoding: DecodingOptions) -> WindowText:
    """A text that passes all checks, so that no window is decoded again: each word once, 2.5 of them a second."""
    count = max(1, int(seconds * 2.5))
    words = tuple(Word(f" w{n}", n * seconds / count, (n + 1) * seconds / count, 0.5) for n in range(count))
    return WindowText(words, language, -0.1, 1.0, 0.0, decoding.temperature)


class SleepingStream:
    """Replaces audio.voice_activity.SpeechStream: speech of 24 s and a pause of 1 s in turn, in the time of a scan."""

    def __init__(self) -> None:
        self._samples = self._frames = self._told = 0

    @property
    def duration(self) -> float:
        """See SpeechStream."""
        return self._samples / SAMPLE_RATE

    def feed(self, block: NDArray[np.float32]) -> SpeechPart:
        """See SpeechStream."""
        time.sleep(len(block) / SAMPLE_RATE * SCAN_SECONDS)
        self._samples += len(block)
        begun, into = divmod(self.duration, TURN)
        ended = int(begun) + (into > SPEECH)
        return self._part(ended, self._samples // FRAME, self.duration if into > SPEECH else begun * TURN)

    def end(self) -> SpeechPart:
        """See SpeechStream."""
        return self._part(math.ceil(self.duration / TURN), -(-self._samples // FRAME), self.duration)

    def _part(self, ended: int, frames: int, settled: float) -> SpeechPart:
        numbers = range(self._told, ended)
        regions = tuple(Span(n * TURN, min(n * TURN + SPEECH, self.duration)) for n in numbers)
        level = np.zeros(frames - self._frames, np.float32)
        self._told, self._frames = ended, frames
        return SpeechPart(regions, level, level, settled)


def load_sleeping(_spec: EngineSpec, _threads: int, _sent: SentWeights | None) -> Engine:
    """See LoadOnWorker."""
    pytest.MonkeyPatch().setattr("pipeline.transcription.surveying.scanning.SpeechStream", SleepingStream)
    return SleepingEngine()
