"""Which texts pass the quality checks, what is decoded again, and how the rest is flagged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from fake_engine import FakeEngine, airquote, install, speak, transcribe
from hypothesis import given
from hypothesis import strategies as st

from audio.samples import SAMPLE_RATE, Samples
from audio.timecode import Span
from audio.windows import Window
from index.transcript import Segment, Word
from pipeline.engines.base import DEFAULT_DECODING, DecodingOptions, WindowText
from pipeline.transcription.assembly import flag_segment
from pipeline.transcription.decoding import WindowSound
from pipeline.transcription.fallback import TEMPERATURES, WIDE_BEAM, decode_windows
from pipeline.transcription.quality import STOCK_PHRASES, find_failed_checks, find_gaps, find_loops

SENTENCE = "which also was printed at Mainz by Peter Schoeffer in the year 1462"


def say(text: str, start: float = 0.0, pace: float = 0.3, probability: float = 0.9) -> tuple[Word, ...]:
    """Words spoken one after the other, each ``pace`` seconds long."""
    return tuple(
        Word(f" {word}", start + n * pace, start + (n + 1) * pace, probability) for n, word in enumerate(text.split())
    )


def window(*words: Word, log_probability: float = -0.2, no_speech: float = 0.0, ratio: float = 1.2) -> WindowText:
    return WindowText(words, "en", log_probability, ratio, no_speech, 0.0)


GOOD = window(*say(SENTENCE))
SPOKEN = [Span(0.0, 13 * 0.3)]


def test_a_plain_sentence_passes_every_check() -> None:
    assert find_failed_checks(GOOD, SPOKEN) == ()


@pytest.mark.parametrize(
    ("text", "speech", "check"),
    [
        (replace(GOOD, compression_ratio=2.5), SPOKEN, "compression ratio"),
        (replace(GOOD, mean_log_probability=-1.1), SPOKEN, "log-probability"),
        (replace(GOOD, mean_log_probability=-1.1, no_speech_probability=0.7), SPOKEN, "no speech"),
        (GOOD, [Span(0.0, 9.0)], "ends early"),
        (window(), [Span(0.0, 1.0)], "uncovered speech"),
        (window(*say("Was there", pace=1.8), *say(SENTENCE, 3.6)), [Span(0.0, 7.5)], "uncovered speech"),
        (window(*say(SENTENCE, pace=0.05)), [Span(0.0, 0.7)], "too fast"),
        (window(*say(SENTENCE), *say(SENTENCE, 3.9, pace=0.1)), [Span(0.0, 5.2)], "repetition loop"),
        (window(*say("Thanks for watching!"), log_probability=-0.6), [Span(0.0, 0.9)], "stock phrase"),
        (window(*say("Thank you.")), [Span(0.0, 0.1)], "stock phrase"),
    ],
)
def test_each_check_can_fail(text: WindowText, speech: list[Span], check: str) -> None:
    assert check in find_failed_checks(text, speech)


def test_a_long_word_may_take_its_time() -> None:
    """A word over a pause, a year of ten syllables and a drawn-out "well" are no sign of a missing sentence."""
    assert find_failed_checks(window(*say("there", pace=2.0)), [Span(0.0, 0.4), Span(1.9, 2.0)]) == ()
    assert find_failed_checks(window(*say("1958", pace=1.5)), [Span(0.0, 1.5)]) == ()
    assert find_failed_checks(window(*say("Well,", pace=1.2)), [Span(0.0, 1.2)]) == ()


def test_people_may_repeat_themselves() -> None:
    assert find_loops((*say(SENTENCE), *say(SENTENCE, 3.9))) == []
    assert find_loops(say("no no no no")) == []
    assert find_loops(say("very " * 5)) == []


def test_a_sentence_repeated_without_support_is_a_loop() -> None:
    hurried = (*say(SENTENCE), *say(SENTENCE, 3.9, pace=0.1), *say("and then", 6.0))
    unsure = (*say(SENTENCE), *say(SENTENCE, 3.9, probability=0.1))
    assert find_loops(hurried) == find_loops(unsure) == [(13, 26)]
    assert find_loops(say("bye " * 30)) == [(1, 30)]


def test_thanks_that_were_said_pass() -> None:
    assert find_failed_checks(window(*say("Thank you.")), [Span(0.0, 0.6)]) == ()


def test_stock_phrases_are_known_in_their_language() -> None:
    for language, phrases in STOCK_PHRASES.items():
        for phrase in phrases:
            text = replace(window(*say(phrase + "!")), language=language, mean_log_probability=-0.9)
            assert "stock phrase" in find_failed_checks(text, [Span(0.0, 1.0)])


@given(
    st.lists(st.tuples(st.floats(0, 30), st.floats(0.1, 0.5)), max_size=12),
    st.lists(st.floats(0, 30), min_size=2, max_size=8, unique=True),
)
def test_gaps_lie_in_speech_and_hold_no_word(words: list[tuple[float, float]], edges: list[float]) -> None:
    said = [Word(" a", start, start + length) for start, length in sorted(words)]
    cuts = sorted(edges)[: len(edges) // 2 * 2]
    speech = [Span(start, end) for start, end in zip(cuts[::2], cuts[1::2], strict=True)]
    gaps = find_gaps(said, speech)
    assert all(first.end <= second.start for first, second in pairwise(gaps))
    for gap in gaps:
        assert speech[0].start <= gap.start <= gap.end <= speech[-1].end
        assert not any(word.start < gap.end and gap.start < word.end for word in said)


@given(st.lists(st.floats(0, 100).map(lambda t: round(t, 2)), min_size=2, max_size=12, unique=True))
def test_speech_in_a_window_is_the_speech_in_its_pieces(edges: list[float]) -> None:
    cuts = sorted(edges)[: len(edges) // 2 * 2]
    spans = [Span(start, end) for start, end in zip(cuts[::2], cuts[1::2], strict=True)]
    pieces = (Span(10.0, 30.0), Span(50.0, 60.0))
    inside = Window(0, pieces).window_spans(spans)
    expected = sum(max(0.0, min(s.end, p.end) - max(s.start, p.start)) for s in spans for p in pieces)
    assert sum(span.duration for span in inside) == pytest.approx(expected)
    assert all(0 <= span.start <= span.end <= 30 + 1e-9 for span in inside)


# Fallback


class Scripted(FakeEngine):
    """An engine whose answers follow from the decoding options alone; a short window is a gap decoded alone."""

    def __init__(self, good_from: float | None, alone: WindowText) -> None:
        super().__init__()
        self.good_from, self.alone = good_from, alone

    def transcribe_windows(
        self, windows: Sequence[Samples], language: str, decoding: DecodingOptions = DEFAULT_DECODING
    ) -> list[WindowText]:
        self.decodings.append(decoding)
        bad = replace(
            GOOD,
            language=language,
            mean_log_probability=-1.5 + decoding.temperature / 10,
            temperature=decoding.temperature,
        )
        good = self.good_from is not None and decoding.temperature >= self.good_from and decoding != DEFAULT_DECODING
        decoded = replace(GOOD, temperature=decoding.temperature) if good else bad
        return [self.alone if len(window) < 3 * SAMPLE_RATE else decoded for window in windows]


class Queued(FakeEngine):
    """An engine that gives one queued text after the other."""

    def __init__(self, *texts: WindowText) -> None:
        super().__init__()
        self.texts = list(texts)

    def transcribe_windows(
        self, windows: Sequence[Samples], language: str, decoding: DecodingOptions = DEFAULT_DECODING
    ) -> list[WindowText]:
        self.decodings.append(decoding)
        return [replace(self.texts.pop(0), language=language) for _ in windows]


class Deaf(FakeEngine):
    """An engine that finds no words."""

    def transcribe_windows(
        self, windows: Sequence[Samples], language: str, decoding: DecodingOptions = DEFAULT_DECODING
    ) -> list[WindowText]:
        return [replace(window(), language=language, temperature=decoding.temperature) for _ in windows]


def decode(engine: FakeEngine, speech: list[Span]) -> WindowText:
    (text,) = decode_windows(engine, [WindowSound(np.zeros(8 * SAMPLE_RATE, np.float32), tuple(speech), "en", 7)])
    return text


def test_a_bad_window_is_decoded_with_a_wider_beam_and_then_sampled_at_rising_temperatures() -> None:
    engine = Scripted(good_from=0.4, alone=window())
    assert decode(engine, SPOKEN) == replace(GOOD, temperature=0.4)
    assert engine.decodings == [
        DecodingOptions(), DecodingOptions(beam_size=WIDE_BEAM),
        DecodingOptions(temperature=0.2, seed=7), DecodingOptions(temperature=0.4, seed=7),
    ]  # fmt: skip


def test_what_stays_bad_is_the_best_there_was_and_is_flagged() -> None:
    engine = Scripted(good_from=None, alone=window())
    text = decode(engine, SPOKEN)
    assert text.temperature == TEMPERATURES[-1]
    assert [note.kind for note in text.notes] == ["low confidence"]


def test_speech_without_words_is_decoded_alone_and_put_in_its_place() -> None:
    before, after = say("one two three four five six", 0.0), say("nine ten eleven twelve and so on and on", 3.6)
    whole = window(*before, *after)
    alone = window(*say("seven eight", 0.6, pace=0.6))
    text = decode(Queued(whole, whole, alone), [Span(0.0, 6.0)])  # once more, with a wider beam, and then the gap alone
    told = "".join(word.text for word in text.words)
    assert told == " one two three four five six seven eight nine ten eleven twelve and so on and on"
    assert text.notes == ()
    starts = [word.start for word in text.words]
    assert starts == sorted(starts)


def test_a_gap_that_remains_is_noted() -> None:
    whole = window(*say("one two three four five six"), *say("nine ten eleven twelve and so on and on", 3.6))
    (note,) = decode(Queued(whole, whole, window()), [Span(0.0, 6.0)]).notes
    assert (note.kind, round(note.start, 1), round(note.end, 1)) == ("no text", 2.0, 3.4)


def test_a_word_covers_no_more_than_it_can_fill() -> None:
    (gap,) = find_gaps([Word(" goat?", 0.0, 3.0)], [Span(0.0, 3.0)])
    assert gap.start == pytest.approx(1.1)
    assert gap.end == 3.0


class Skipping(FakeEngine):
    """An engine that skips most of a whole window, whatever the decoding options, and decodes its halves well."""

    def transcribe_windows(
        self, windows: Sequence[Samples], language: str, decoding: DecodingOptions = DEFAULT_DECODING
    ) -> list[WindowText]:
        self.decodings.append(decoding)
        whole, half = window(*say("one two"), *say("and so on", 7.0)), window(*say(SENTENCE, 0.3, pace=0.28))
        return [replace(whole if len(sound) == 8 * SAMPLE_RATE else half, language=language) for sound in windows]


def test_what_is_skipped_in_a_window_is_decoded_in_its_halves() -> None:
    engine = Skipping()
    text = decode(engine, [Span(0.3, 3.9), Span(4.2, 8.0)])
    assert "".join(word.text for word in text.words) == 2 * f" {SENTENCE}"
    assert [word.start for word in text.words] == sorted(word.start for word in text.words)
    assert engine.decodings == [
        DecodingOptions(),
        DecodingOptions(beam_size=WIDE_BEAM),
        DecodingOptions(beam_size=WIDE_BEAM),
    ]


class Foreign(FakeEngine):
    """An engine with low probabilities throughout."""

    def transcribe_windows(
        self, windows: Sequence[Samples], language: str, decoding: DecodingOptions = DEFAULT_DECODING
    ) -> list[WindowText]:
        self.decodings.append(decoding)
        return [replace(GOOD, language=language, mean_log_probability=-1.4) for _ in windows]


@pytest.mark.usefixtures("library")
def test_a_language_that_is_not_understood_stops_the_run_unless_forced(tmp_path: Path) -> None:
    engine = Foreign()
    with pytest.MonkeyPatch.context() as patch:
        install(patch, engine)
        patch.setattr("pipeline.transcription.plan.GROUP_WINDOWS", 4)
        file = speak(tmp_path / "talk.wav", 4)
        stopped = transcribe(file)
        assert stopped.code == 3
        assert "--language" in stopped.answer["reason"]
        assert "--force" in stopped.answer["reason"]
        assert engine.decodings == [DecodingOptions()]
        assert transcribe(file, "--force").answer["status"] == "done"
    assert airquote("show", "talk", "--json").answers[0]["flags"] == ["low confidence"]


def test_a_sentence_says_what_is_doubtful_in_it() -> None:
    words = (*say("sure of this", probability=0.9), *say("not of that", 5.0, probability=0.2))
    notes = [("loop removed", Span(0.5, 0.6)), ("no text", Span(5.0, 6.0))]
    assert flag_segment(Segment(0, 2), words, notes).flags == ("loop removed",)
    assert flag_segment(Segment(3, 5), words, notes).flags == ("low confidence",)


@pytest.mark.usefixtures("library")
def test_gaps_are_shown_everywhere(tmp_path: Path) -> None:
    # 3.0 to 4.5 s is speech, in which the engine never finds a word.
    deaf = Deaf()
    with pytest.MonkeyPatch.context() as patch:
        install(patch, deaf)
        transcribe(speak(tmp_path / "talk.wav", 1))
    (shown,) = airquote("show", "talk", "--gaps", "--json").answers
    assert (shown["start"], shown["end"], shown["text"]) == (3.0, 4.5, None)
    assert "(speech here, no text)" in airquote("show", "talk", "--gaps").out
    assert "(speech here, no text)" in airquote("at", "talk", "3.5").out
    moment = airquote("at", "talk", "3.5", "--json").answer
    assert moment["text"] is None
    assert "(no speech here)" in airquote("at", "talk", "1").out
    assert "talk: 1 gap without text, 1.5 s" in airquote("doctor").out
