"""What the pipeline asks of a speech recogniser, whichever library it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.transcript import Word

Samples = NDArray[np.float32]
"""Mono sound at 16 kHz, float32, (samples,), full scale at 1.0."""


@dataclass(frozen=True, slots=True)
class WindowText:
    """What an engine heard in one window, and the facts by which that can be judged.

    Times of ``words`` are seconds from the window's first sample. ``mean_log_probability`` is per token,
    natural logarithm; ``compression_ratio`` is bytes of text over bytes of its zlib compression;
    ``no_speech_probability`` is that of Whisper's no-speech token before the first token of text.
    """

    words: tuple[Word, ...]
    language: str
    mean_log_probability: float
    compression_ratio: float
    no_speech_probability: float
    temperature: float


class Engine(Protocol):
    """A loaded model. Windows are at most 30 s each; the answer has one WindowText a window, in order."""

    @property
    def name(self) -> str:
        """``faster-whisper`` or ``openai-whisper``."""

    @property
    def model(self) -> str:
        """The model as the user named it."""

    @property
    def device(self) -> str:
        """``cpu`` or ``cuda``."""

    @property
    def settings(self) -> dict[str, str | int | float]:
        """What shapes the words beside engine and model: search width, arithmetic and the like."""

    @property
    def multilingual(self) -> bool:
        """Whether the model knows languages other than English."""

    @property
    def batch_size(self) -> int:
        """How many windows it works best on at once."""

    def detect_language(self, windows: Sequence[Samples]) -> str:
        """The language (ISO 639-1) that these windows speak most probably, taken together."""

    def transcribe_windows(self, windows: Sequence[Samples], language: str) -> list[WindowText]:
        """The words of each window."""
