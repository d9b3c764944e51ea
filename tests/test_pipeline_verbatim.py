"""Verbatim transcription: fillers, repeated starts and cut-off words are asked for, and stay in the transcript."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from fake_engine import ENGINE, FakeEngine, airquote, speak, stored, transcribe
from hypothesis import given
from hypothesis import strategies as st
from real_sample import real_engine

from audio.decode import decode_audio
from audio.errors import UsageError
from audio.timecode import Span
from index.language.language_codes import WHISPER_CODES
from index.transcript import Word
from pipeline.engines.base import PROMPT_TOKENS, DecodingOptions, WindowText
from pipeline.engines.choose import EngineSpec
from pipeline.settings import load_settings
from pipeline.transcription.decoding import WindowSound
from pipeline.transcription.fallback import decode_windows
from pipeline.transcription.glossary import PROMPT_CHARACTERS, Glossary, GlossaryName, build_prompt
from pipeline.transcription.options import TranscriptionOptions
from pipeline.transcription.quality import find_failed_checks, find_loops
from pipeline.transcription.verbatim import PROMPT_LENGTH, PROMPTS, describe_verbatim

SMALL = EngineSpec("faster-whisper", "small", "cpu")
HESITANT = Path(__file__).parent / "data" / "hesitant.mp3"
HESITANT_FILLERS = 6

words = st.text(st.characters(categories=["Ll", "Lu"]), min_size=1, max_size=12)
glossaries = st.lists(words, max_size=200, unique=True).map(
    lambda names: Glossary(tuple(map(GlossaryName, names))) if names else None
)


# The prompt


@given(st.lists(words, max_size=20).map(" ".join), glossaries, st.sampled_from([None, *PROMPTS.values()]))
def test_a_prompt_holds_both_texts_whole_and_as_many_names_as_fit(
    asked: str, glossary: Glossary | None, verbatim: str | None
) -> None:
    prompt = build_prompt(asked, glossary, verbatim) or ""
    texts = " ".join(text for text in (asked, verbatim) if text)
    assert prompt.startswith(texts)
    assert len(prompt) <= max(PROMPT_CHARACTERS, len(texts))
    names = [name.text for name in glossary.names] if glossary else []
    told = prompt.removeprefix(texts).strip().removesuffix(".").split(", ") if prompt != texts else []
    assert told == names[: len(told)]
    assert len(told) == len(names) or len(f"{prompt} {names[len(told)]}") > PROMPT_CHARACTERS - 2


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Whisper leaves a file open
@pytest.mark.parametrize("language", PROMPTS)
def test_the_longest_prompt_that_is_accepted_fits_whole(language: str) -> None:
    import whisper.tokenizer

    asked = ("The talk of the harbor is about boats. " * 30)[: PROMPT_CHARACTERS - PROMPT_LENGTH]
    options = TranscriptionOptions(SMALL, language, asked, verbatim=True).resolve()
    tokens = whisper.tokenizer.get_tokenizer(multilingual=True).encode(f" {options.window_prompt(language)}")
    assert len(tokens) <= PROMPT_TOKENS
    with pytest.raises(UsageError, match="beside the one for verbatim"):
        replace(options, prompt=f"{asked}and").resolve()
    assert replace(options, prompt=f"{asked}and", verbatim=False).resolve()


def test_the_prompt_is_that_of_the_language_of_the_file() -> None:
    options = TranscriptionOptions(SMALL, verbatim=True)
    assert {language: options.window_prompt(language) for language in PROMPTS} == PROMPTS
    assert options.window_prompt("cy") is None
    assert TranscriptionOptions(SMALL).window_prompt("en") is None
    named = replace(options, prompt="A talk.", glossary=Glossary((GlossaryName("Okafor"),)))
    assert named.window_prompt("de") == f"A talk. {PROMPTS['de']} Okafor."


@pytest.mark.parametrize("language", PROMPTS)
def test_each_prompt_has_repeated_starts_and_cut_off_words(language: str) -> None:
    prompt = PROMPTS[language].lower()
    assert re.search(r"\b(\w+), \1\b", prompt)
    assert re.search(r"\b(\w+)- (\w+ )?\1", prompt)
    assert language in WHISPER_CODES


# The option


def test_it_is_stored_only_if_it_is_asked_for() -> None:
    plain = TranscriptionOptions(SMALL, "en")
    assert "verbatim" not in plain.asked
    assert plain.recipe == replace(plain, verbatim=False).recipe
    assert replace(plain, verbatim=True).asked == {**plain.asked, "verbatim": True}


@pytest.mark.parametrize("language", sorted(WHISPER_CODES - PROMPTS.keys()))
def test_a_language_without_known_fillers_is_refused(language: str) -> None:
    with pytest.raises(UsageError, match="does not know the fillers") as refusal:
        TranscriptionOptions(SMALL, language, verbatim=True).resolve()
    assert "English, French, German" in str(refusal.value)
    assert TranscriptionOptions(SMALL, language).resolve().language == language


def test_every_window_is_told_and_another_choice_is_named(tmp_path: Path, library: Path, engine: FakeEngine) -> None:
    file = speak(tmp_path / "talk.wav", 6)
    assert transcribe(file, "--verbatim", "--prompt", "A talk.").answer["status"] == "done"
    assert engine.prompts == [f"A talk. {PROMPTS['en']}"] * 3
    assert json.loads(stored(library)[1].settings)["asked"]["verbatim"] is True
    assert transcribe(file, "--verbatim", "--prompt", "A talk.").answer["reason"] == "already transcribed"
    assert "done with other options (verbatim)" in transcribe(file, "--prompt", "A talk.").answer["reason"]
    assert transcribe(file, "--force").answer["status"] == "done"
    assert "done with other options (not verbatim)" in transcribe(file, "--verbatim").answer["reason"]


def test_a_language_without_known_fillers_that_is_refused_stops_the_command(tmp_path: Path, engine: FakeEngine) -> None:
    run = airquote("transcribe", *ENGINE[:-1], "small", "--verbatim", "--language", "cy", speak(tmp_path / "a.wav", 1))
    assert run.code == 2
    assert "Welsh" in run.err
    assert engine.asked == []


def test_an_identified_language_without_known_fillers_is_told(
    tmp_path: Path, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.multilingual = True
    monkeypatch.setattr(FakeEngine, "detect_language", lambda *_: "cy")
    answer = transcribe(speak(tmp_path / "talk.wav", 3), "--verbatim").answer
    assert answer["status"] == "done"
    assert "not verbatim, because the fillers of Welsh are not known" in answer["reason"]
    assert set(engine.prompts) == {None}
    assert describe_verbatim(True, "de") == describe_verbatim(False, "cy") == []


@pytest.mark.usefixtures("engine")
def test_it_can_be_a_permanent_setting(tmp_path: Path, library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRQUOTE_VERBATIM", "on")
    transcribe(speak(tmp_path / "first.wav", 1))
    transcribe(speak(tmp_path / "second.wav", 1, seed=1), "--no-verbatim")
    asked = [json.loads(stored(library, number)[1].settings)["asked"] for number in (0, 1)]
    assert [one.get("verbatim") for one in asked] == [True, None]
    with pytest.raises(UsageError, match=r"AIRQUOTE_VERBATIM: 'yes' is not a choice for verbatim"):
        load_settings({}, {"AIRQUOTE_VERBATIM": "yes"})


# The quality checks

SENTENCE = "the boat came back to the harbor before the storm and nobody could say where it had been all night"


@st.composite
def disfluent_texts(draw: st.DrawFn) -> tuple[Word, ...]:
    """A sentence with fillers, cut-off words and restarts: up to three words said up to five times, five three times.

    Restarts are as fast as people say them, and models are less sure of them than of fluent words.
    """
    sentence = SENTENCE.split()
    spoken: list[str] = []
    at = 0
    while at < len(sentence):
        size = draw(st.integers(1, 5))
        start = sentence[at : at + size]
        spoken += start * draw(st.sampled_from([0, 0, 1, 2, 4] if len(start) <= 3 else [0, 1, 2]))
        spoken += draw(st.sampled_from([[], ["um,"], ["uh,", "er,"], [f"{start[0][:1]}-"]]))
        spoken += start
        at += size
    said: list[Word] = []
    now = 0.0
    for text in spoken:
        pace, probability = draw(st.floats(0.12, 0.6)), draw(st.floats(0.05, 1.0))
        said.append(Word(f" {text}", now, now + pace, probability))
        now += pace
    return tuple(said)


@given(disfluent_texts())
def test_repeated_starts_pass_every_check_and_are_no_loop(said: tuple[Word, ...]) -> None:
    assert find_loops(said, only_implausible=False) == []
    text = WindowText(said, "en", -0.4, 1.8, 0.0, 0.0)
    assert find_failed_checks(text, [Span(0.0, said[-1].end)]) == ()


# Real weights


@pytest.fixture(scope="module")
def hesitant() -> WindowSound:
    """Sentences with six fillers, three repeated starts and a cut-off word, spoken by a made voice."""
    import numpy as np

    samples = np.concatenate(list(decode_audio(HESITANT)))
    return WindowSound(samples, (Span(0.3, len(samples) / 16_000 - 0.3),), "en", 0)


def fillers_of(text: WindowText) -> int:
    return sum(bool(re.fullmatch(r"(u+[hm]+|um+|er+m?|m+|hm+)", word.text.strip(" ,.").lower())) for word in text.words)


@pytest.mark.weights
def test_more_fillers_are_kept_than_without(hesitant: WindowSound) -> None:
    engine = real_engine("faster-whisper")
    (plain,) = decode_windows(engine, [hesitant])
    (verbatim,) = decode_windows(engine, [hesitant], DecodingOptions(prompt=PROMPTS["en"]))
    assert fillers_of(verbatim) > fillers_of(plain)
    assert fillers_of(verbatim) >= HESITANT_FILLERS / 2
    assert not [note for note in verbatim.notes if note.kind in ("loop removed", "possible hallucination")]
