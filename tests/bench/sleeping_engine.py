"""An engine for workers of a cluster that sleeps as long as decoding would take, where there are too few cores.

Workers import it by its name.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence

import numpy as np
from fake_engine import FakeEngine
from numpy.typing import NDArray

from audio.samples import SAMPLE_RATE
from index.transcript import Word
from pipeline.batch.cluster.sent_bytes import SentWeights
from pipeline.engines.base import DEFAULT_DECODING, DecodingOptions, Engine, WindowText
from pipeline.engines.choose import EngineSpec

SECONDS_A_WINDOW = "AIRQUOTE_BENCH_SECONDS_A_WINDOW"
"""The variable of a node that says how long a window takes."""


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


def load_sleeping(_spec: EngineSpec, _threads: int, _sent: SentWeights | None) -> Engine:
    """See LoadOnWorker."""
    return SleepingEngine()
