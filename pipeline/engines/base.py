"""The protocol of an engine: a speech recogniser that decodes windows of sound, whichever library it comes from."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol

import numpy as np

from audio.errors import UsageError, correct_input
from audio.samples import SAMPLE_RATE, WINDOW_SAMPLES, Samples
from index.transcript import Word
from pipeline.errors import ModelError, choose_model, name_english_or_choose_model

HOP_SAMPLES = 160  # 10 ms, one frame of the spectrogram
ENCODER_STEP = 2 * HOP_SAMPLES  # the encoder halves the frames
SHORTEST_WINDOW = SAMPLE_RATE // 10  # samples: 0.1 s is too short for a word
PROMPT_TOKENS = 223  # the longest prompt that Whisper takes (openai-whisper, decoding.py: n_ctx // 2 - 1)
BEST_OF = 5  # candidates sampled at a temperature above 0 (openai-whisper, transcribe.py)
# Samples of silence that follow a window, and the least that is encoded. The encoder's time grows faster than its input
# (tiny.en, CTranslate2, one core): 0.77 s for 30 s, 0.5 s for 25 s, 0.31 s for 20 s. With 0.2 s of silence at the end
# Whisper repeats itself; with 2 s words are as good as with 30 s in all, but for clips of 5 to 10 s, which need 20 s in
# all (docs/transcription-benchmark.md, Shorter input).
SILENT_TAIL = 2 * SAMPLE_RATE
LEAST_ENCODED = 20 * SAMPLE_RATE
MOST_SCORED_TOKENS = (
    440  # of a text: the decoder holds 448 with its start sequence (openai-whisper, model.py: n_text_ctx)
)
LEAST_PROBABILITY = 1e-30  # of a token, for its logarithm
SILENT_PEAK = 1e-4  # -80 dB of full scale, three steps of 16-bit samples: dither, not a voice


NoteKind = Literal["low confidence", "possible hallucination", "loop removed", "language change", "no text"]


@dataclass(frozen=True, slots=True)
class Note:
    """A remark for the reader on a span of a window, in seconds from its first sample."""

    kind: NoteKind
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class WindowText:
    """The words that an engine decoded from one window, and what the quality checks need to know of them.

    Times of ``words`` are seconds from the window's first sample. ``mean_log_probability`` is per token,
    natural logarithm; ``compression_ratio`` is bytes of text over bytes of its zlib compression;
    ``no_speech_probability`` is that of Whisper's no-speech token before the first token of text. ``spoken_language``
    and its probability are the result of language identification, if that was asked for. An engine leaves ``notes``
    empty: the quality checks add them.
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
class TextScore:
    """How well a given text fits a window: the natural logarithm of each token's probability, given those before it."""

    log_probabilities: tuple[float, ...]

    @property
    def total(self) -> float:
        """The log-probability of the whole text."""
        return sum(self.log_probabilities)


@dataclass(frozen=True, slots=True)
class DecodingOptions:
    """How a window is decoded. ``beam_size`` None is the engine's own choice; at a ``temperature`` above 0 tokens are
    sampled, seeded with ``seed``; ``prompt`` is text that the model takes for what was said before (Radford et al.
    2022, section 2.3), or None; ``detect_language`` adds language identification for each window."""

    beam_size: int | None = None
    temperature: float = 0.0
    seed: int = 0
    prompt: str | None = None
    detect_language: bool = False


DEFAULT_DECODING = DecodingOptions()
"""Beam search of the engine's own width, without a prompt."""


class Engine(Protocol):
    """A loaded model. Windows are at most 30 s each; the result has one WindowText a window, in order."""

    @property
    def name(self) -> str:
        """``faster-whisper`` or ``openai-whisper``."""

    @property
    def model(self) -> str:
        """The model's name or path, as the user gave it."""

    @property
    def device(self) -> str:
        """``cpu`` or ``cuda``."""

    @property
    def settings(self) -> dict[str, str | int | float]:
        """What shapes the words in addition to engine and model: beam width, compute type and the like."""

    @property
    def multilingual(self) -> bool:
        """Whether the model knows languages other than English."""

    @property
    def batch_size(self) -> int:
        """How many windows are decoded at once."""

    @property
    def files_at_once(self) -> int:
        """Of how many files windows may be decoded at the same time, from as many threads, so that no core is idle."""

    def detect_language(self, windows: Sequence[Samples]) -> str:
        """The most probable language (ISO 639-1) of these windows, taken together."""

    def transcribe_windows(
        self, windows: Sequence[Samples], language: str, decoding: DecodingOptions = DEFAULT_DECODING
    ) -> list[WindowText]:
        """The words of each window, decoded as ``language``."""

    def score_texts(
        self, windows: Sequence[Samples], texts: Sequence[Sequence[str]], language: str
    ) -> list[list[TextScore]]:
        """How well each of a window's ``texts`` fits it, by teacher forcing: the same shape as ``texts``.

        A window need not be audible. Without most of the padding that decoding needs tiny.en encodes ten seconds in
        0.1 s instead of 0.5 s, and the difference between two texts' scores stays within 4 %.
        """


EMPTY_WINDOW = WindowText((), "", 0.0, 0.0, 1.0, 0.0)
"""The text of a window that is not audible, without its language."""


def is_audible(window: Samples) -> bool:
    """Whether a window is long and loud enough to hold a word; on silence Whisper hallucinates."""
    return len(window) >= SHORTEST_WINDOW and float(np.abs(window).max()) >= SILENT_PEAK


def pad_window(window: Samples, length: int = WINDOW_SAMPLES) -> Samples:
    """The window padded with silence to ``length``, by default that of Whisper's encoder input: float32, (length,)."""
    if len(window) > length:
        raise ValueError(f"a window holds {length} samples at most, not {len(window)}")
    padded = np.zeros(length, dtype=np.float32)
    padded[: len(window)] = window
    return padded


def plan_batches(windows: Sequence[Samples], size: int, parts: int = 1) -> list[list[int]]:
    """The numbers of the audible windows in batches of at most ``size``, longest first, so that those of one batch
    end at about the same time. Few windows are spread over ``parts`` batches instead, which can run side by side.
    """
    audible = [number for number, window in enumerate(windows) if is_audible(window)]
    audible.sort(key=lambda number: -len(windows[number]))
    size = max(1, min(size, -(-len(audible) // parts)))
    return [audible[first : first + size] for first in range(0, len(audible), size)]


def encoded_length(windows: Sequence[Samples]) -> int:
    """The samples that windows which are decoded together are padded to, whole steps of the encoder: as many as the
    longest has, and silence after it; at most 30 s."""
    longest = max(LEAST_ENCODED, *(len(window) + SILENT_TAIL for window in windows))
    return min(WINDOW_SAMPLES, -(-longest // ENCODER_STEP) * ENCODER_STEP)


def start_tokens(tokenizer: Any, prompt: str | None = None) -> list[int]:
    """The tokens that a text without timestamps begins after, those of the ``prompt`` first; either library's
    tokenizer has them."""
    start = [*tokenizer.sot_sequence, tokenizer.no_timestamps]
    if not prompt:
        return start
    return [tokenizer.sot_prev, *tokenizer.encode(" " + prompt.strip())[-PROMPT_TOKENS:], *start]


def scored_length(window: Samples) -> int:
    """The samples that a window is padded to for scoring: whole seconds, one of them or more silent at its end."""
    return min(WINDOW_SAMPLES, (len(window) // SAMPLE_RATE + 2) * SAMPLE_RATE)


def score_tokens(probabilities: Iterable[float]) -> TextScore:
    """The score of a text from the probability of each of its tokens."""
    return TextScore(tuple(math.log(max(LEAST_PROBABILITY, one)) for one in probabilities))


def place_texts(
    windows: Sequence[Samples],
    batches: Iterable[Sequence[int]],
    decoded: Iterable[Sequence[WindowText]],
    language: str,
    decoding: DecodingOptions,
) -> list[WindowText]:
    """A text for each window: that ``decoded`` for it in its batch, or an empty one if it is in no batch."""
    texts = [replace(EMPTY_WINDOW, language=language, temperature=decoding.temperature) for _ in windows]
    for batch, of_batch in zip(batches, decoded, strict=True):
        for number, text in zip(batch, of_batch, strict=True):
            texts[number] = text
    return texts


def check_language(model: str, multilingual: bool, language: str, known: bool) -> None:
    """Raise ModelError if the model knows only English, UsageError for a language without a token in its vocabulary."""
    if not multilingual and language != "en":
        raise ModelError(f"{model} knows only English.", choose_model(multilingual_name(model)), where=model)
    if not known:
        raise UsageError(
            f"{model} does not know the language {language!r}.",
            correct_input("Write it as en, es, de, fr, ja ..."),
            where=language,
        )


def refuse_to_detect(model: str) -> ModelError:
    """The error that ``detect_language`` of an English-only model raises."""
    return ModelError(
        f"{model} knows only English and cannot detect a language.",
        name_english_or_choose_model(multilingual_name(model)),
        where=model,
    )


def multilingual_name(model: str) -> str:
    """The multilingual model of the same size as an English-only one."""
    return model.removesuffix(".en") if model.endswith(".en") and "/" not in model else "small"
