"""Code-switching: each window is decoded in its own language if that is certain and better, and is flagged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
from audio_samples import write_wav
from fake_engine import FakeEngine, airquote, install, make_speech, raise_at, speak, stored, transcribe
from hypothesis import given
from hypothesis import strategies as st

from audio.samples import SAMPLE_RATE, Samples
from audio.timecode import Span
from audio.windows import Window
from index.transcript import Word
from pipeline.engines.base import DEFAULT_DECODING, DecodingOptions, Note, WindowText
from pipeline.transcription.assembly import assemble_transcript
from pipeline.transcription.code_switching import LIKELY_LANGUAGE, SHORTEST_PART, SURE_WINDOW, split_languages
from pipeline.transcription.decoding import DecodedWindow, WindowSound
from pipeline.transcription.fallback import GAP_PAD, WIDE_BEAM, decode_windows
from pipeline.transcription.options import TranscriptionOptions
from pipeline.transcription.plan import Plan

QUIET = 0.2
"""The peak below which a window is spoken in Spanish, for the engine below."""
LANGUAGES = ("en", "es", "es", "en", "en", "es", "en")
ANY_LANGUAGE = DecodingOptions(detect_language=True)


@dataclass(slots=True)
class Bilingual(FakeEngine):
    """Quiet windows are Spanish, the others English; every word names the language that it was decoded in."""

    multilingual: bool = True
    sure: float = 0.95
    wrong: float = -0.4
    """Mean log-probability of a text decoded in another language than is spoken."""
    right: float = -0.2
    """Mean log-probability of a text decoded in the language that is spoken."""
    right_from: float = 0.0
    """The temperature from which Spanish is decoded at all."""
    unsure: float = 0.6
    """The probability of the language that is loudest in a window that holds both."""
    asked_for: list[tuple[str, DecodingOptions, int]] = field(default_factory=list)

    def detect_language(self, windows: Sequence[Samples]) -> str:
        return "en" if windows else ""

    def transcribe_windows(
        self, windows: Sequence[Samples], language: str, decoding: DecodingOptions = DEFAULT_DECODING
    ) -> list[WindowText]:
        self.asked_for.append((language, decoding, len(windows)))
        # Named, for a dataclass with slots is a new class, which super() does not know.
        texts = FakeEngine.transcribe_windows(self, windows, language, decoding)
        return [self._tell(window, text, decoding) for window, text in zip(windows, texts, strict=True)]

    def _tell(self, window: Samples, text: WindowText, decoding: DecodingOptions) -> WindowText:
        spoken = "es" if np.abs(window).max() < QUIET else "en"
        probability = self.right if spoken == text.language else self.wrong
        if spoken == "es" and decoding.temperature < self.right_from:
            probability -= 1.3
        text = replace(
            text,
            words=tuple(replace(word, text=f" {text.language}{n}") for n, word in enumerate(text.words)),
            mean_log_probability=probability,
            temperature=decoding.temperature,
        )
        if not decoding.detect_language:
            return text
        peaks = [peak for part in np.array_split(np.abs(window), 20) if (peak := part.max()) > 0]
        both = min(peaks) < QUIET < max(peaks)
        return replace(text, spoken_language=spoken, spoken_probability=self.unsure if both else self.sure)


def speak_both(path: Path, languages: Sequence[str] = LANGUAGES) -> Path:
    """A file with a window in each of these languages."""
    sound = make_speech(len(languages))
    for part, language in zip(np.array_split(sound[3 * SAMPLE_RATE :], len(languages)), languages, strict=True):
        if language == "es":
            part //= 2
    return write_wav(path, sound, SAMPLE_RATE)


def speak_both_in_each_window(path: Path) -> Path:
    """A file with three windows, each half in English and half in Spanish."""
    chance = np.random.default_rng(0)
    loud = [chance.integers(9000, 16000, round(0.7 * SAMPLE_RATE)).astype(np.int16) for _ in range(3)]
    pause, silence = (np.zeros(round(seconds * SAMPLE_RATE), np.int16) for seconds in (0.5, 3.0))
    parts = [part for sound in loud for part in (silence, sound, pause, sound // 4)]
    return write_wav(path, np.concatenate([*parts, silence]), SAMPLE_RATE)


@pytest.fixture
def bilingual(monkeypatch: pytest.MonkeyPatch) -> Bilingual:
    engine = Bilingual()
    install(monkeypatch, engine)
    return engine


def decoded_in(library: Path) -> list[str]:
    """The language that each window of the only episode was decoded in, in order."""
    words = [word.text.strip() for word in stored(library)[1].words]
    return [word[:2] for word in words if word.endswith("0")]


@pytest.mark.usefixtures("bilingual")
def test_each_window_is_decoded_in_its_own_language_and_the_other_one_is_flagged(tmp_path: Path, library: Path) -> None:
    assert transcribe(speak_both(tmp_path / "talk.wav"), "--model", "base").answer["status"] == "done"
    assert decoded_in(library) == list(LANGUAGES)
    assert stored(library)[1].language == "en"
    shown = airquote("show", "talk", "--json").answers
    assert shown
    for sentence in shown:
        assert sentence["flags"] == (["language change"] if " es" in f" {sentence['text'].strip()}" else [])


def test_a_language_that_was_asked_for_is_the_only_one(tmp_path: Path, library: Path, bilingual: Bilingual) -> None:
    transcribe(speak_both(tmp_path / "talk.wav"), "--model", "base", "--language", "en")
    assert set(decoded_in(library)) == {"en"}
    assert not any(decoding.detect_language for _, decoding, _ in bilingual.asked_for)
    assert not any(segment.flags for segment in stored(library)[1].segments)


def test_an_english_only_model_is_never_asked_for_a_language(
    tmp_path: Path, library: Path, bilingual: Bilingual
) -> None:
    bilingual.multilingual = False
    transcribe(speak_both(tmp_path / "talk.wav"))
    assert set(decoded_in(library)) == {"en"}
    assert bilingual.asked_for
    assert not any(decoding.detect_language for _, decoding, _ in bilingual.asked_for)


def test_a_language_that_is_not_even_likely_is_left(tmp_path: Path, library: Path, bilingual: Bilingual) -> None:
    bilingual.sure = LIKELY_LANGUAGE - 0.01
    transcribe(speak_both(tmp_path / "talk.wav"), "--model", "base")
    assert set(decoded_in(library)) == {"en"}
    assert {language for language, _, _ in bilingual.asked_for} == {"en"}


def test_a_much_less_probable_text_is_not_taken(tmp_path: Path, library: Path, bilingual: Bilingual) -> None:
    bilingual.right, bilingual.wrong = -0.9, -0.2
    transcribe(speak_both(tmp_path / "talk.wav"), "--model", "base")
    assert set(decoded_in(library)) == {"en"}
    assert not any("language change" in segment.flags for segment in stored(library)[1].segments)


Alternation = list[tuple[str, float]]
"""Languages in turn, each with the seconds for which it is spoken."""
PAUSE = 0.5


def alternate(spoken: Alternation) -> WindowSound:
    """A window of these languages with pauses between them, assumed to be English."""
    parts: list[Samples] = []
    speech: list[Span] = []
    for language, seconds in spoken:
        start = sum(map(len, parts)) / SAMPLE_RATE
        speech.append(Span(start, start + seconds))
        parts.append(np.full(round(seconds * SAMPLE_RATE), 0.1 if language == "es" else 0.5, np.float32))
        parts.append(np.zeros(round(PAUSE * SAMPLE_RATE), np.float32))
    return WindowSound(np.concatenate(parts), tuple(speech), "en", 7)


@pytest.mark.parametrize(
    "spoken",
    [
        [("en", 6.0), ("es", 5.0)],
        [("es", 5.0), ("en", 6.0)],
        [("en", 8.0), ("es", 4.0), ("en", 8.0)],
        [("es", 3.0), ("en", 3.0), ("es", 3.0), ("en", 3.0)],
    ],
)
def test_a_window_in_two_languages_is_decoded_in_both_at_their_times(spoken: Alternation) -> None:
    window = alternate(spoken)
    (text,) = decode_windows(Bilingual(), [window], ANY_LANGUAGE)
    assert [word.start for word in text.words] == sorted(word.start for word in text.words)
    for (language, _), span in zip(spoken, window.speech, strict=True):
        inside = [word for word in text.words if span.start <= (word.start + word.end) / 2 <= span.end]
        assert inside
        assert {word.text[:3] for word in inside} == {f" {language}"}
    changes = [note for note in text.notes if note.kind == "language change"]
    foreign = [span for (language, _), span in zip(spoken, window.speech, strict=True) if language == "es"]
    assert [edge for note in changes for edge in (note.start, note.end)] == pytest.approx(
        [edge for span in foreign for edge in (span.start, span.end)], abs=PAUSE
    )


def test_a_window_that_is_sure_of_its_language_is_not_split() -> None:
    engine = Bilingual(unsure=SURE_WINDOW)
    decode_windows(engine, [alternate([("en", 6.0), ("es", 5.0)])], ANY_LANGUAGE)
    assert len(engine.asked_for) == 1


def test_a_doubt_that_proves_unfounded_changes_nothing() -> None:
    window = alternate([("en", 4.0), ("en", 5.0)])
    (sure,) = decode_windows(Bilingual(), [window], ANY_LANGUAGE)
    (doubted,) = decode_windows(Bilingual(sure=SURE_WINDOW - 0.1), [window], ANY_LANGUAGE)
    assert doubted.words == sure.words
    assert doubted.notes == sure.notes == ()


@given(
    st.lists(st.tuples(st.sampled_from(["en", "es"]), st.sampled_from([0.4, 1.0, 2.5, 4.0])), min_size=1, max_size=7)
)
def test_parts_are_the_whole_window_and_no_moment_of_speech_is_cut(spoken: Alternation) -> None:
    window = alternate(spoken)
    engine = Bilingual()
    (text,) = engine.transcribe_windows([window.samples], "en", ANY_LANGUAGE)
    (parts,) = split_languages(engine, [DecodedWindow(window, text)])
    sounds = [part.sound for part in parts]
    assert np.array_equal(np.concatenate([sound.samples for sound in sounds]), window.samples)
    assert [sound.offset for sound in sounds] == [
        sum(len(sound.samples) for sound in sounds[:number]) / SAMPLE_RATE for number in range(len(sounds))
    ]
    moved = [edge + sound.offset for sound in sounds for span in sound.speech for edge in (span.start, span.end)]
    assert moved == pytest.approx([edge for span in window.speech for edge in (span.start, span.end)])
    if len(parts) > 1:
        assert all(sum(span.duration for span in sound.speech) >= SHORTEST_PART - 1e-6 for sound in sounds)
        assert any(part.text.language == "es" for part in parts)
        assert all(part.text.language == part.sound.language for part in parts)


def decode_one(engine: Bilingual) -> WindowText:
    """The texts of six seconds of Spanish."""
    window = WindowSound(np.full(6 * SAMPLE_RATE, QUIET / 2, np.float32), (Span(0.0, 6.0),), "en", 7)
    (text,) = decode_windows(engine, [window], ANY_LANGUAGE)
    return text


def test_such_a_window_is_decoded_again_in_its_language() -> None:
    engine = Bilingual(right_from=0.4)
    text = decode_one(engine)
    assert (text.language, text.temperature) == ("es", 0.4)
    assert [(language, decoding.beam_size, decoding.temperature) for language, decoding, _ in engine.asked_for] == [
        ("en", None, 0.0), ("es", None, 0.0), ("es", WIDE_BEAM, 0.0), ("es", None, 0.2), ("es", None, 0.4)
    ]  # fmt: skip
    assert [note.kind for note in text.notes] == ["language change"]


class Forgetful(Bilingual):
    """An engine that decodes nothing in the last two seconds of a long window, unless it decodes those alone."""

    def transcribe_windows(
        self, windows: Sequence[Samples], language: str, decoding: DecodingOptions = DEFAULT_DECODING
    ) -> list[WindowText]:
        texts = super().transcribe_windows(windows, language, decoding)
        return [
            replace(text, words=tuple(word for word in text.words if len(window) < 4 * SAMPLE_RATE or word.end < 4.9))
            for window, text in zip(windows, texts, strict=True)
        ]


def test_a_gap_is_decoded_alone_in_the_language_of_its_window() -> None:
    engine = Forgetful()
    text = decode_one(engine)
    assert text.language == "es"
    assert {word.text[:3] for word in text.words} == {" es"}
    assert text.words[-1].end > 6 - GAP_PAD - 0.3
    assert engine.asked_for[-1] == ("es", DEFAULT_DECODING, 1)


@pytest.mark.parametrize("within", [False, True])
def test_stopped_anywhere_a_file_in_two_languages_ends_the_same(
    within: bool, tmp_path: Path, library: Path, bilingual: Bilingual, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.transcription.code_switching.SHORTEST_PART", 0.5)
    file = (speak_both_in_each_window if within else speak_both)(tmp_path / "talk.wav")
    transcribe(file, "--model", "base")
    expected, calls = stored(library), bilingual.calls
    assert "es" in {word.text[1:3] for word in expected[1].words}
    for call in range(calls):
        again = tmp_path / f"library{call}"
        bilingual.before = raise_at(bilingual.calls + call)
        assert transcribe(file, "--model", "base", "--library", again).code == 3
        assert transcribe(file, "--model", "base", "--library", again).answer["status"] == "done"
        assert stored(again) == expected


@given(st.booleans())
def test_a_plan_that_was_saved_still_says_whether_languages_may_change(mixed: bool) -> None:
    plan = Plan(3.0, (), "en", {}, mixed=mixed)
    assert Plan.from_json(plan.to_json()) == plan


def test_a_file_in_one_language_is_asked_once_a_group(tmp_path: Path, bilingual: Bilingual) -> None:
    transcribe(speak(tmp_path / "talk.wav", 4), "--model", "base")
    assert [(language, decoding.detect_language) for language, decoding, _ in bilingual.asked_for] == [("en", True)] * 2


def test_a_note_reaches_over_all_pieces_of_its_window() -> None:
    window = Window(0, (Span(1.0, 3.0), Span(10.0, 15.0)))
    words = (Word(" Hola.", 0.5, 1.0, 0.9), Word(" Adi\u00f3s.", 4.0, 4.5, 0.9))
    text = WindowText(words, "es", -0.1, 1.0, 0.0, 0.0, notes=(Note("language change", 0.5, 4.5),))
    transcript = assemble_transcript(Plan(20.0, (window,), "en", {}), [text], TranscriptionOptions())
    assert [segment.flags for segment in transcript.segments] == [("language change",)] * 2
