"""Windows that are decoded again for a repetition or because of the prompt, and the effect on the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from fake_engine import FakeEngine

from audio.samples import SAMPLE_RATE, Samples
from audio.timecode import Span
from index.transcript import Word
from pipeline.engines.base import DEFAULT_DECODING, DecodingOptions, WindowText
from pipeline.transcription.decoding import WindowSound
from pipeline.transcription.fallback import WIDE_BEAM, decode_windows

PACE = 0.3
ONCE = "which also was printed at Mainz by Peter Schoeffer in the year 1462"
THEN = "and of which no more than forty seven copies are known to be left"
SPEECH = (Span(0.0, PACE * len((ONCE + " " + THEN).split())),)
WINDOW = WindowSound(np.zeros(9 * SAMPLE_RATE, np.float32), SPEECH, "en", 7)
PROMPTED = DecodingOptions(prompt="Gutenberg, Fust, Schoeffer")


def tell(*sentences: str, log_probability: float = -0.2) -> WindowText:
    """A text whose words have a high probability and plausible times."""
    said = " ".join(sentences).split()
    words = tuple(Word(f" {word}", n * PACE, (n + 1) * PACE, 0.95) for n, word in enumerate(said))
    return WindowText(words, "en", log_probability, 1.3, 0.0, 0.0)


REPEATED = tell(ONCE, ONCE)
GOOD = tell(ONCE, THEN, log_probability=-0.3)


class Answering(FakeEngine):
    """An engine whose answer is a function of the decoding options and of a window's first sample."""

    def __init__(self, **answers: WindowText) -> None:
        super().__init__()
        self.texts = answers
        self.asked_for: list[tuple[DecodingOptions, int]] = []

    def transcribe_windows(
        self, windows: Sequence[Samples], language: str, decoding: DecodingOptions = DEFAULT_DECODING
    ) -> list[WindowText]:
        self.asked_for.append((decoding, len(windows)))
        kind = "prompted" if decoding.prompt else "wide" if decoding.beam_size else "first"
        fallback = self.texts.get("wide", REPEATED)
        texts = [GOOD if window[0] else self.texts.get(kind, fallback) for window in windows]
        return [replace(text, language=language) for text in texts]


def test_a_long_sentence_said_twice_is_decoded_again_and_the_text_without_the_repetition_is_taken() -> None:
    engine = Answering(first=REPEATED, wide=GOOD)
    (text,) = decode_windows(engine, [WINDOW])
    assert text == GOOD, "sure as the first decoding was"
    assert engine.asked_for == [(DecodingOptions(), 1), (DecodingOptions(beam_size=WIDE_BEAM), 1)]


def test_a_long_sentence_that_every_decoding_repeats_stays_and_is_flagged() -> None:
    engine = Answering(first=REPEATED, wide=REPEATED)
    (text,) = decode_windows(engine, [WINDOW])
    assert text.words == REPEATED.words
    assert [note.kind for note in text.notes] == ["possible hallucination"]
    assert len(engine.asked_for) == 2, "people do repeat themselves: nothing is sampled"


def test_a_window_that_fails_because_of_the_prompt_is_decoded_without_it() -> None:
    for failing in (REPEATED, tell("Gutenberg Fust Schoeffer", log_probability=-1.3)):
        engine = Answering(prompted=failing, wide=GOOD)
        (text,) = decode_windows(engine, [WINDOW], PROMPTED)
        assert text == GOOD
        assert [decoding.prompt for decoding, _ in engine.asked_for] == [PROMPTED.prompt, PROMPTED.prompt, None]


def test_a_window_that_fails_costs_the_others_nothing() -> None:
    engine = Answering(prompted=tell("Fust", log_probability=-1.3), wide=replace(GOOD, no_speech_probability=0.1))
    # A window that begins with another sample than zero passes the checks at once.
    clear = replace(WINDOW, samples=np.ones_like(WINDOW.samples))
    texts = decode_windows(engine, [clear, WINDOW, clear], PROMPTED)
    assert texts == [GOOD, replace(GOOD, no_speech_probability=0.1), GOOD]
    assert [(decoding.prompt, count) for decoding, count in engine.asked_for] == [
        (PROMPTED.prompt, 3), (PROMPTED.prompt, 1), (None, 1)
    ]  # fmt: skip
