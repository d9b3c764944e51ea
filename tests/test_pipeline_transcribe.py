"""Transcription in saved groups: stopped anywhere, it resumes and ends with the same transcript."""

from __future__ import annotations

import json
import signal
from dataclasses import replace
from pathlib import Path

import pytest
from fake_engine import (
    ENGINE,
    GROUP_WINDOWS,
    FakeEngine,
    airquote,
    finish,
    raise_at,
    speak,
    start,
    states,
    stored,
    transcribe,
    write_driver,
)
from hypothesis import given
from hypothesis import strategies as st

from audio.timecode import Span
from audio.windows import Window
from index.storage.store import Store
from index.transcript import Word
from pipeline.engines.base import WindowText
from pipeline.transcription.assembly import assemble_transcript
from pipeline.transcription.options import TranscriptionOptions
from pipeline.transcription.plan import Group, Plan, texts_from_json

pytestmark = pytest.mark.usefixtures("engine")

WINDOWS = 7
GROUPS = -(-WINDOWS // GROUP_WINDOWS)

TIMES = st.floats(0, 1e5)
SPANS = st.tuples(TIMES, TIMES).map(lambda pair: Span(min(pair), max(pair)))
WORDS = st.builds(
    Word,
    text=st.text(max_size=12),
    start=TIMES,
    end=TIMES,
    probability=st.none() | st.floats(0, 1),
    heard=st.none() | st.text(max_size=5),
)
TEXTS = st.builds(
    WindowText,
    words=st.lists(WORDS, max_size=4).map(tuple),
    language=st.sampled_from(["en", "es", ""]),
    mean_log_probability=st.floats(-10, 0),
    compression_ratio=st.floats(0, 10),
    no_speech_probability=st.floats(0, 1),
    temperature=st.floats(0, 1),
)
TWO_SECONDS = (Window(0, (Span(1.0, 2.0), Span(10.0, 11.0))), Window(1, (Span(20.0, 22.0),)))


@given(
    st.floats(0, 1e5),
    st.lists(st.lists(SPANS, min_size=1, max_size=3).map(tuple), max_size=4),
    st.text(max_size=3),
    st.booleans(),
)
def test_a_plan_is_what_it_was_after_json(
    duration: float, pieces: list[tuple[Span, ...]], language: str, complete: bool
) -> None:
    windows = tuple(Window(number, spans) for number, spans in enumerate(pieces))
    plan = Plan(duration, windows, language, {"beam_size": 3}, complete=complete)
    assert Plan.from_json(plan.to_json()) == plan


@given(st.integers(0, 40))
def test_the_group_of_a_window_does_not_depend_on_those_after_it(count: int) -> None:
    windows = tuple(Window(number, (Span(number, number + 1),)) for number in range(count))
    plan = Plan(100.0, windows, "en", {})
    groups = [plan.group_of(window) for window in windows]
    assert groups == [replace(plan, windows=windows[: n + 1]).group_of(window) for n, window in enumerate(windows)]
    assert sorted(set(groups)) == list(range(plan.groups))
    assert groups == sorted(groups)
    first, *others = [groups.count(number) for number in range(plan.groups)] or [0]
    assert first == min(count, 4, GROUP_WINDOWS)
    assert all(size == GROUP_WINDOWS for size in others[:-1])


@given(st.lists(TEXTS, max_size=3).map(tuple))
def test_a_group_is_what_it_was_after_json(texts: tuple[WindowText, ...]) -> None:
    assert tuple(texts_from_json(Group(3, texts, 1.0).to_json())) == texts


@given(st.lists(st.lists(st.tuples(st.floats(0, 2.5), st.floats(0, 2.5)), max_size=6), min_size=2, max_size=2))
def test_whatever_an_engine_says_words_keep_order_and_lie_within_the_windows(
    times: list[list[tuple[float, float]]],
) -> None:
    texts = [
        WindowText(
            tuple(Word(f" w{n}.", min(pair), max(pair)) for n, pair in enumerate(sorted(window))), "en", 0, 0, 0, 0
        )
        for window in times
    ]
    transcript = assemble_transcript(Plan(30.0, TWO_SECONDS, "en", {}), texts, TranscriptionOptions())
    starts = [word.start for word in transcript.words]
    assert starts == sorted(starts)
    pieces = [piece for window in TWO_SECONDS for piece in window.pieces]
    for word in transcript.words:
        assert word.start <= word.end
        assert any(piece.start - 1e-9 <= word.start <= word.end <= piece.end + 1e-9 for piece in pieces)
    assert "".join(map(transcript.segment_text, transcript.segments)) == transcript.text
    assert transcript.text == "".join(word.text for text in texts for word in text.words)


def test_words_lie_where_they_were_heard(tmp_path: Path, library: Path, engine: FakeEngine) -> None:
    engine.answers.extend(["one two three.", "four five six."])
    transcribe(speak(tmp_path / "talk.wav", 2))
    times = [(word.text, word.start, word.end) for word in stored(library)[1].words]
    assert [text for text, _, _ in times] == [" one", " two", " three.", " four", " five", " six."]
    assert [round(start, 1) for _, start, _ in times] == [3.0, 3.5, 4.0, 7.5, 8.0, 8.5]
    assert [round(end, 1) for _, _, end in times] == [3.5, 4.0, 4.5, 8.0, 8.5, 9.0]


@pytest.mark.parametrize("groups", range(GROUPS))
@pytest.mark.parametrize("fault", [KeyboardInterrupt(), RuntimeError("the model broke")])
def test_a_run_that_was_stopped_after_any_group_goes_on_and_ends_the_same(
    groups: int, fault: BaseException, tmp_path: Path, library: Path, engine: FakeEngine
) -> None:
    file = speak(tmp_path / "talk.wav", WINDOWS)
    whole = tmp_path / "whole"
    transcribe(file, "--library", whole)
    expected, windows = stored(whole), list(engine.asked)

    def stop(call: int) -> None:
        if call == GROUPS + groups:
            raise fault

    engine.before = stop
    engine.asked.clear()
    stopped = transcribe(file)
    assert stopped.code == (130 if isinstance(fault, KeyboardInterrupt) else 3)
    assert states(library) == ["transcribing"]
    assert airquote("search", expected[1].words[0].text.strip()).code == 1, "half an episode is not searchable"
    assert engine.asked == windows[: groups * GROUP_WINDOWS]
    engine.asked.clear()
    assert transcribe(file).answer["status"] == "done"
    assert engine.asked == windows[groups * GROUP_WINDOWS :], "only what was missing is asked for"
    assert stored(library) == expected
    assert states(library) == ["transcribed"]


@pytest.mark.parametrize("groups", [0, 1, GROUPS - 1])
def test_a_killed_process_loses_at_most_the_group_in_hand(
    groups: int, tmp_path: Path, library: Path, engine: FakeEngine
) -> None:
    file = speak(tmp_path / "talk.wav", WINDOWS)
    transcribe(file, "--library", tmp_path / "whole")
    windows = list(engine.asked)
    engine.asked.clear()
    setup = f"""
    def kill(call):
        if call == {groups}:
            os.kill(os.getpid(), signal.SIGKILL)
    engine.before = kill
    """
    driver = write_driver(tmp_path / "driver.py", tmp_path / "log", setup)
    killed = finish(start(driver, "transcribe", *ENGINE, file))
    assert killed.code == -signal.SIGKILL
    assert [row["state"] for row in airquote("list", "--json").answers] == ["transcribing"]
    assert transcribe(file).answer["status"] == "done"
    assert engine.asked == windows[groups * GROUP_WINDOWS :]
    assert stored(library) == stored(tmp_path / "whole")


def test_another_model_starts_anew(tmp_path: Path, library: Path, engine: FakeEngine) -> None:
    file = speak(tmp_path / "talk.wav", WINDOWS)
    engine.before = raise_at(1)
    transcribe(file)
    engine.asked.clear()
    assert transcribe(file, "--model", "base").answer["status"] == "done"
    assert len(engine.asked) == WINDOWS
    assert stored(library)[1].model == "base"
    with Store.open(library) as store:
        assert store.draft("talk", "anything") is None


def test_windows_made_with_other_settings_are_not_mixed_in(
    tmp_path: Path, library: Path, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = speak(tmp_path / "talk.wav", WINDOWS)
    engine.before = raise_at(1)
    assert transcribe(file).code == 3
    engine.asked.clear()
    monkeypatch.setattr(FakeEngine, "settings", {"fake": 2})
    assert transcribe(file).code == 0
    assert len(engine.asked) == WINDOWS
    assert json.loads(stored(library)[1].settings)["fake"] == 2


def test_the_old_transcript_stays_until_the_new_one_is_whole(tmp_path: Path, library: Path, engine: FakeEngine) -> None:
    file = speak(tmp_path / "talk.wav", WINDOWS)
    engine.answers.extend(["old words here"] * WINDOWS)
    transcribe(file)
    engine.answers.extend(["new words here"] * WINDOWS)
    engine.before = raise_at(GROUPS + 2)
    assert transcribe(file, "--force").code == 3
    assert stored(library)[1].text.startswith(" old words here")
    assert airquote("search", "old").code == 0
    assert airquote("search", "new").code == 1
    assert transcribe(file, "--force").code == 0
    assert set(stored(library)[1].text.split()) == {"new", "words", "here"}
    assert airquote("search", "old").code == 1


def test_the_language_is_heard_by_a_model_that_knows_several(tmp_path: Path, library: Path, engine: FakeEngine) -> None:
    engine.multilingual = True
    transcribe(speak(tmp_path / "talk.wav", 2), "--model", "base")
    assert stored(library)[1].language == "es"
    transcribe(tmp_path / "talk.wav", "--model", "base", "--language", "fr", "--force")
    assert stored(library)[1].language == "fr", "another language is another transcript"
