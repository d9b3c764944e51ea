"""Workers of a cluster that sleep as long as decoding would take, where there are too few cores.

They import it by its name.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from fake_engine import FakeEngine
from numpy.typing import NDArray

from audio.decode import BLOCK_SECONDS, DecodeReport
from audio.recording.sound_choice import FIRST_SOUND, SoundChoice
from audio.samples import SAMPLE_RATE, Samples
from audio.timecode import Span
from audio.voice_activity import FRAME, SpeechPart
from index.transcript import Word
from pipeline.batch.cluster.sent_bytes import SentWeights
from pipeline.batch.running.executor import LoadEngine, Transcription
from pipeline.engines.base import DEFAULT_DECODING, DecodingOptions, Engine, WindowText
from pipeline.engines.choose import EngineSpec
from pipeline.transcription.plan import GROUP_WINDOWS, Group

SECONDS_A_WINDOW = "AIRQUOTE_BENCH_SECONDS_A_WINDOW"
"""The variable of a node that says how long a window takes."""
SCAN_SECONDS = 17 / 3600
"""Of a second of sound: an hour was decoded and scanned in 17 s of processor time on a core of an AMD EPYC."""
DECODE_SECONDS = 10 / 3600
"""Of those, for decoding alone, which a worker does that goes on with a file that is scanned."""
BYTES_A_SECOND = 45_355 / 8
"""Of the files: MP3 of 45 kbit/s."""
SECONDS_A_GROUP = 0.02
"""Between two groups of SleepingGroups."""
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


def decode_silence(
    path: Path, _sound: SoundChoice = FIRST_SOUND, *, allow_truncated: bool = False, report: DecodeReport | None = None
) -> Iterator[Samples]:
    """Replaces audio.decode.decode_audio: silence as long as the file; with a ``report`` the scan takes the time."""
    assert allow_truncated
    left = path.stat().st_size / BYTES_A_SECOND  # a part of a file has the header of the whole
    while left > 0:
        seconds = min(BLOCK_SECONDS, left)
        left -= seconds
        if report is not None:
            report.duration += seconds
        else:
            time.sleep(seconds * DECODE_SECONDS)
        yield np.zeros(round(seconds * SAMPLE_RATE), np.float32)


@dataclass(frozen=True, slots=True)
class SleepingGroups(Transcription):
    """Work on a planned file, whose groups are texts of as many words as speech has, each after a fixed time."""

    def results(self, load: LoadEngine) -> Iterator[Group]:  # noqa: ARG002 - of the protocol
        """See Work."""
        assert self.plan is not None
        texts = tuple(_text_of(SPEECH, "en", DEFAULT_DECODING) for _ in range(GROUP_WINDOWS))
        for number in range(self.plan.groups):
            if number not in self.done:
                time.sleep(SECONDS_A_GROUP)
                yield Group(number, texts, self.plan.duration)


def load_sleeping(_spec: EngineSpec, _threads: int, _sent: SentWeights | None) -> Engine:
    """See LoadOnWorker."""
    patch = pytest.MonkeyPatch()
    patch.setattr("pipeline.transcription.surveying.scanning.SpeechStream", SleepingStream)
    patch.setattr("pipeline.transcription.surveying.scanning.decode_audio", decode_silence)
    patch.setattr("pipeline.transcription.transcribe.decode_audio", decode_silence)
    return SleepingEngine()
