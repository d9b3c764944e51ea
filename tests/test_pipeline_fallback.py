"""What is heard again because a sentence repeats itself, or because of the prompt; and what that costs the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from fake_engine import FakeEngine

from audio.decode import SAMPLE_RATE, Samples
from audio.timecode import Span
from index.transcript import Word
from pipeline.engines.base import DEFAULT_DECODING, DecodingOptions, WindowText
from pipeline.transcription.fallback import WIDE_BEAM, hear_windows

PACE = 0.3
ONCE = "which also was printed at Mainz by Peter Schoeffer in the year 1462"
THEN = "and of which no more than forty seven copies are known to be left"
SPEECH = [Span(0.0, PACE * len((ONCE + " " + THEN).split()))]
SOUND = np.zeros(9 * SAMPLE_RATE, np.float32)
PROMPT = "Gutenberg, Fust, Schoeffer"


def tell(*sentences: str, log_probability: float = -0.2) -> WindowText:
    """A text whose words are sure and take their time."""
    said = " ".join(sentences).split()
    words = tuple(Word(f" {word}", n * PACE, (n + 1) * PACE, 0.95) for n, word in enumerate(said))
    return WindowText(words, "en", log_probability, 1.3, 0.0, 0.0)


REPEATED = tell(ONCE, ONCE)
GOOD = tell(ONCE, THEN, log_probability=-0.3)


class Answering(FakeEngine):
    """An engine whose answer is a function of the decoding and of a window's first sample."""

    def __init__(self, **answers: WindowText) -> None:
        super().__init__()
        self.texts = answers
        self.heard: list[tuple[DecodingOptions, int]] = []

    def transcribe_windows(
        self, windows: Sequence[Samples], language: str, decoding: DecodingOptions = DEFAULT_DECODING
    ) -> list[WindowText]:
        self.heard.append((decoding, len(windows)))
        kind = "prompted" if decoding.prompt else "wide" if decoding.beam_size else "first"
        fallback = self.texts.get("wide", REPEATED)
        texts = [GOOD if window[0] else self.texts.get(kind, fallback) for window in windows]
        return [replace(text, language=language) for text in texts]


def test_a_long_sentence_said_twice_is_heard_again_and_the_hearing_without_it_is_taken() -> None:
    engine = Answering(first=REPEATED, wide=GOOD)
    (text,) = hear_windows(engine, [SOUND], [SPEECH], "en", [7])
    assert text == GOOD, "sure as the first hearing was"
    assert engine.heard == [(DecodingOptions(), 1), (DecodingOptions(beam_size=WIDE_BEAM), 1)]


def test_a_long_sentence_that_every_hearing_repeats_stays_and_is_flagged() -> None:
    engine = Answering(first=REPEATED, wide=REPEATED)
    (text,) = hear_windows(engine, [SOUND], [SPEECH], "en", [7])
    assert text.words == REPEATED.words
    assert [note.kind for note in text.notes] == ["possible hallucination"]
    assert len(engine.heard) == 2, "people do repeat themselves: nothing is drawn by chance"


def test_a_window_that_stumbles_over_the_prompt_is_heard_without_it() -> None:
    for stumbled in (REPEATED, tell("Gutenberg Fust Schoeffer", log_probability=-1.3)):
        engine = Answering(prompted=stumbled, wide=GOOD)
        (text,) = hear_windows(engine, [SOUND], [SPEECH], "en", [7], PROMPT)
        assert text == GOOD
        assert [decoding.prompt for decoding, _ in engine.heard] == [PROMPT, PROMPT, None]


def test_what_one_window_stumbles_over_costs_the_others_nothing() -> None:
    engine = Answering(prompted=tell("Fust", log_probability=-1.3), wide=replace(GOOD, no_speech_probability=0.1))
    # A window that begins with another sample than zero is heard well at once.
    clear = np.ones_like(SOUND)
    texts = hear_windows(engine, [clear, SOUND, clear], [SPEECH] * 3, "en", [7, 8, 9], PROMPT)
    assert texts == [GOOD, replace(GOOD, no_speech_probability=0.1), GOOD]
    assert [(decoding.prompt, count) for decoding, count in engine.heard] == [(PROMPT, 3), (PROMPT, 1), (None, 1)]
