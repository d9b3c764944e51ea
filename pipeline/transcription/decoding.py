"""The sound of a window, or of a part of one, as one value; what an engine decoded from it; and joining such parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from audio.samples import SAMPLE_RATE, Samples
from audio.timecode import Span
from index.language.compression import compression_ratio
from pipeline.engines.base import DEFAULT_DECODING, DecodingOptions, Engine, WindowText
from pipeline.transcription.quality import Check, find_failed_checks, rank_text


@dataclass(frozen=True, slots=True, eq=False)
class WindowSound:
    """The sound of a window or of a part of one, and what is known of it before it is decoded.

    ``samples`` are float32, (samples,), 16 kHz. ``speech`` is where voice activity detection found speech, in seconds
    from the first sample. ``language`` is the one that it is decoded in; ``seed`` is for sampling. A part begins
    ``offset`` seconds after its window.
    """

    samples: Samples
    speech: tuple[Span, ...]
    language: str
    seed: int = 0
    offset: float = 0.0

    def split(self, cuts: Sequence[float]) -> list[WindowSound]:
        """The parts between ``cuts``: seconds from the first sample, in order, none of them inside speech."""
        parts = np.split(self.samples, [round(cut * SAMPLE_RATE) for cut in cuts])
        edges = pairwise([0.0, *cuts, float("inf")])
        return [
            replace(
                self,
                samples=samples,
                speech=tuple(_shift_span(span, -start) for span in self.speech if start <= span.start < end),
                offset=self.offset + start,
            )
            for samples, (start, end) in zip(parts, edges, strict=True)
        ]


@dataclass(frozen=True, slots=True, eq=False)
class DecodedWindow:
    """A window or a part of one with its text, whose times count from the first sample, as those of the speech do."""

    sound: WindowSound
    text: WindowText

    @property
    def failed_checks(self) -> tuple[Check, ...]:
        """The quality checks that the text fails."""
        return find_failed_checks(self.text, self.sound.speech)

    def or_better(self, other: DecodedWindow) -> DecodedWindow:
        """The one of the two with the better text; this one if they are equal."""
        return max(self, other, key=lambda window: rank_text(window.text, window.sound.speech))


def decode(
    engine: Engine, sounds: Sequence[WindowSound], decoding: DecodingOptions = DEFAULT_DECODING
) -> list[DecodedWindow]:
    """Each sound decoded in its language; those of one language go to the engine together."""
    texts: dict[int, WindowText] = {}
    for language in sorted({sound.language for sound in sounds}):
        numbers = [number for number, sound in enumerate(sounds) if sound.language == language]
        samples = [sounds[number].samples for number in numbers]
        texts |= zip(numbers, engine.transcribe_windows(samples, language, decoding), strict=True)
    return [DecodedWindow(sound, texts[number]) for number, sound in enumerate(sounds)]


def join_sounds(parts: Sequence[WindowSound]) -> WindowSound:
    """The sound of neighbouring parts in one language as one part."""
    if len(parts) == 1:
        return parts[0]
    speech = tuple(_shift_span(span, part.offset - parts[0].offset) for part in parts for span in part.speech)
    return replace(parts[0], samples=np.concatenate([part.samples for part in parts]), speech=speech)


def join_texts(parts: Sequence[DecodedWindow]) -> WindowText:
    """The text of neighbouring parts as one text, whose times count from the first part's first sample."""
    if len(parts) == 1:
        return parts[0].text
    moved = [_shift_text(part.text, part.sound.offset - parts[0].sound.offset) for part in parts]
    words = tuple(word for text in moved for word in text.words)
    count = max(1, len(words))
    return replace(
        moved[0],
        words=words,
        notes=tuple(note for text in moved for note in text.notes),
        mean_log_probability=sum(text.mean_log_probability * len(text.words) for text in moved) / count,
        compression_ratio=compression_ratio("".join(word.text for word in words)),
        no_speech_probability=min(text.no_speech_probability for text in moved),
    )


def _shift_text(text: WindowText, seconds: float) -> WindowText:
    words = tuple(replace(word, start=word.start + seconds, end=word.end + seconds) for word in text.words)
    notes = tuple(replace(note, start=note.start + seconds, end=note.end + seconds) for note in text.notes)
    return replace(text, words=words, notes=notes)


def _shift_span(span: Span, seconds: float) -> Span:
    return Span(span.start + seconds, span.end + seconds)
