"""What the pipeline asks of a speech recogniser, whichever library it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

import numpy as np

from audio.decode import SAMPLE_RATE, Samples
from audio.errors import ModelError, UsageError
from index.transcript import Word

HOP_SAMPLES = 160  # 10 ms, one frame of the spectrogram
WINDOW_SAMPLES = 30 * SAMPLE_RATE  # what Whisper's encoder takes at once
SHORTEST_WINDOW = SAMPLE_RATE // 10  # samples: in 0.1 s nobody says a word
PROMPT_TOKENS = 223  # of text said before, the most that Whisper takes (openai-whisper, decoding.py: n_ctx // 2 - 1)
BEST_OF = 5  # samples drawn at a temperature above 0 (openai-whisper, transcribe.py)
SILENT_PEAK = 1e-4  # -80 dB of full scale, three steps of 16-bit sound: no voice, only dither


NoteKind = Literal["low confidence", "possible hallucination", "loop removed", "language change", "no text"]


@dataclass(frozen=True, slots=True)
class Note:
    """What a reader must know about a stretch of a window, in seconds from its first sample."""

    kind: NoteKind
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class WindowText:
    """What an engine heard in one window, and the facts by which that can be judged.

    Times of ``words`` are seconds from the window's first sample. ``mean_log_probability`` is per token,
    natural logarithm; ``compression_ratio`` is bytes of text over bytes of its zlib compression;
    ``no_speech_probability`` is that of Whisper's no-speech token before the first token of text. ``spoken_language``
    is what the window most probably is in, with its probability, if that was asked for. ``notes`` are no engine's: they
    are made when the text is judged.
    """

    words: tuple[Word, ...]
    language: str
    mean_log_probability: float
    compression_ratio: float
    no_speech_probability: float
    temperature: float
    spoken_language: str = ""
    spoken_probability: float = 0.0
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Search:
    """How a window is decoded. ``beam_size`` None is the engine's own choice; at a ``temperature`` above 0 tokens are
    sampled, seeded with ``seed``; ``prompt`` is text that the model is told was said before (Radford et al. 2022,
    section 2.3), None for nothing; ``detect_language`` asks what each window is spoken in, beside its words."""

    beam_size: int | None = None
    temperature: float = 0.0
    seed: int = 0
    prompt: str | None = None
    detect_language: bool = False


PLAIN_SEARCH = Search()


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

    def transcribe_windows(
        self, windows: Sequence[Samples], language: str, search: Search = PLAIN_SEARCH
    ) -> list[WindowText]:
        """The words of each window."""


EMPTY_WINDOW = WindowText((), "", 0.0, 0.0, 1.0, 0.0)
"""What an engine gives, with its language put in, for a window that ``is_audible`` denies."""


def is_audible(window: Samples) -> bool:
    """Whether a window is long and loud enough to hold a word; shown silence, Whisper makes words up."""
    return len(window) >= SHORTEST_WINDOW and float(np.abs(window).max()) >= SILENT_PEAK


def pad_window(window: Samples) -> Samples:
    """A window as Whisper's encoder takes it: float32, (WINDOW_SAMPLES,), silent after its end."""
    if len(window) > WINDOW_SAMPLES:
        raise ValueError(f"a window holds {WINDOW_SAMPLES} samples at most, not {len(window)}")
    padded = np.zeros(WINDOW_SAMPLES, dtype=np.float32)
    padded[: len(window)] = window
    return padded


def plan_batches(windows: Sequence[Samples], size: int, parts: int = 1) -> list[list[int]]:
    """The numbers of the audible windows in batches of at most ``size``, longest first: those of one batch end at
    about one time. Few windows too make so many ``parts``, which can run side by side.
    """
    audible = [number for number, window in enumerate(windows) if is_audible(window)]
    audible.sort(key=lambda number: -len(windows[number]))
    size = max(1, min(size, -(-len(audible) // parts)))
    return [audible[first : first + size] for first in range(0, len(audible), size)]


def place_texts(
    windows: Sequence[Samples],
    batches: Iterable[Sequence[int]],
    heard: Iterable[Sequence[WindowText]],
    language: str,
    search: Search,
) -> list[WindowText]:
    """A text for each window: what was ``heard`` in those of each batch, nothing in the others."""
    texts = [replace(EMPTY_WINDOW, language=language, temperature=search.temperature) for _ in windows]
    for batch, of_batch in zip(batches, heard, strict=True):
        for number, text in zip(batch, of_batch, strict=True):
            texts[number] = text
    return texts


def check_language(model: str, multilingual: bool, language: str, known: bool) -> None:
    """Raises ModelError where English is all that is known, UsageError for a language without a token."""
    if not multilingual and language != "en":
        raise ModelError(f"{model} knows only English; choose --model {multilingual_name(model)}")
    if not known:
        raise UsageError(f"{model} knows no language {language!r}.", "Write it as en, es, de, fr, ja ...")


def refuse_to_detect(model: str) -> ModelError:
    """What ``detect_language`` of an English-only model raises."""
    return ModelError(
        f"{model} knows only English and cannot detect a language.",
        f"Say --language en, or choose --model {multilingual_name(model)}.",
    )


def multilingual_name(model: str) -> str:
    """The multilingual model of the size of an English-only one."""
    return model.removesuffix(".en") if model.endswith(".en") and "/" not in model else "small"
