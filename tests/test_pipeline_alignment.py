"""Alignment of imported text with its recording: laws with a perfect recogniser, and the sample with a real one."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from fake_engine import FakeEngine, airquote, speak, stored
from hypothesis import given, settings
from hypothesis import strategies as st
from measuring import INTERVIEW, load_utterances, start_errors
from test_pipeline_clock import write_srt

from audio.timecode import join_near
from index.storage.store import Store
from index.transcript import Word
from pipeline.alignment.placement import Placement, place_words
from pipeline.alignment.stretches import STRETCH
from pipeline.alignment.token_matching import match_tokens

LARGEST_SHIFT = 2.0
"""Seconds: no word may be placed further from where it is said."""


def spoken_words(count: int, seed: int, vocabulary: int = 400) -> list[Word]:
    """Words of a made language as they are spoken: 0.3 s each, and a pause after about every tenth."""
    chance = random.Random(seed)
    names = [f"word{number}" for number in range(vocabulary)]
    words, now = [], 1.0
    for _ in range(count):
        ends = chance.random() < 0.1
        words.append(Word(f" {chance.choice(names)}{'.' if ends else ''}", now, now + 0.25))
        now += 0.3 + (0.6 if ends else 0.0)
    return words


def align(text: Sequence[Word], heard: Sequence[Word], spoken: Sequence[Word] = ()) -> Placement:
    """Place a text by what was ``heard`` of what is ``spoken``, or of all that is, without errors."""
    speech = join_near([word.span for word in spoken or heard], 0.1)
    return place_words(text, heard, speech, heard[-1].end + 1.0)


def shifted(words: Sequence[Word], seconds: float) -> list[Word]:
    """The words so many seconds later."""
    return [replace(word, start=word.start + seconds, end=word.end + seconds) for word in words]


def as_other_cut(words: Sequence[Word], insert_at: int, inserted: Sequence[Word], cut: range) -> list[Word | None]:
    """The words where another cut has them: None for those ``cut`` out, later ones moved by what was inserted."""
    gained = inserted[-1].end - inserted[0].start + 1.0
    lost = words[cut.stop - 1].end - words[cut.start].start + 0.05
    return [
        None if number in cut
        else shifted([word], (gained if number >= insert_at else 0.0) - (lost if number >= cut.stop else 0.0))[0]
        for number, word in enumerate(words)
    ]  # fmt: skip


@given(st.integers(0, 10_000), st.integers(1, 400))
@settings(max_examples=30)
def test_a_text_that_is_heard_as_it_is_written_keeps_its_times(seed: int, count: int) -> None:
    words = spoken_words(count, seed)
    placed = align(words, words)
    assert [span and (span.start, span.end) for span in placed.times] == [(word.start, word.end) for word in words]
    assert (placed.inserted, placed.missing, placed.matched) == ((), (), 1.0)


@given(st.integers(0, 10_000), st.floats(-0.9, 500))
@settings(max_examples=20)
def test_what_times_the_file_states_is_of_no_account(seed: int, seconds: float) -> None:
    words = spoken_words(200, seed)
    placed = align(shifted(words, seconds), words)
    assert [span and span.start for span in placed.times] == [word.start for word in words]
    assert placed.missing == ()


@given(
    st.integers(0, 10_000), st.integers(20, 130), st.integers(40, 120), st.integers(200, 280), st.integers(40, 100),
    st.sampled_from([0.0, 0.05]),
)  # fmt: skip
@settings(max_examples=60)
def test_another_cut_is_placed_where_it_is_said_and_its_stretches_are_named(
    seed: int, insert_at: int, inserted: int, cut_at: int, cut: int, wrong: float
) -> None:
    words = spoken_words(420, seed)
    # Stretches begin in pauses, as the cuts of a programme do.
    while not words[insert_at - 1].text.endswith("."):
        insert_at += 1
    chance = random.Random(seed)
    added = [replace(word, text=word.text.replace("word", "other")) for word in spoken_words(inserted, seed + 1)]
    removed = range(cut_at, cut_at + cut)
    truth = as_other_cut(words, insert_at, added, removed)
    begins = words[insert_at - 1].end + 0.5
    heard = [word for word in truth if word] + shifted(added, begins - added[0].start)
    heard.sort(key=lambda word: word.start)
    # A wrong word at a border leaves open on which side of what was inserted it is said.
    text = [
        replace(w, text=f" wrong{n}") if chance.random() < wrong and abs(n - insert_at) > 5 else w
        for n, w in enumerate(words)
    ]
    placed = align(text, heard)
    for number, (span, true) in enumerate(zip(placed.times, truth, strict=True)):
        if true is not None and text[number] is words[number] and span is not None:
            assert abs(span.start - true.start) <= LARGEST_SHIFT
    unplaced = sum(span is None for n, span in enumerate(placed.times) if n not in removed)
    assert unplaced <= 0.02 * len(words)
    (stretch,) = placed.inserted
    (missing,) = placed.missing
    assert stretch.span.start == pytest.approx(begins, abs=1.0)
    assert stretch.span.end == pytest.approx(begins + added[-1].end - added[0].start, abs=1.0)
    assert missing.span.start == pytest.approx(words[cut_at].start, abs=1.0)
    assert missing.span.end == pytest.approx(words[cut_at + cut - 1].end, abs=1.0)


def test_music_that_was_inserted_is_named_too() -> None:
    words = spoken_words(200, 1)
    heard = [*words[:100], *shifted(words[100:], 30.0)]
    (stretch,) = align(words, heard).inserted
    assert stretch.span.duration == pytest.approx(30.0, abs=0.1)
    assert stretch.span.start == pytest.approx(words[99].end, abs=1.0)
    assert align(words, [*words[:100], *shifted(words[100:], STRETCH - 1)]).inserted == ()


def test_speech_that_was_not_understood_still_has_its_words() -> None:
    words = spoken_words(200, 1)
    placed = align(words, [*words[:80], *words[120:]], spoken=words)
    assert placed.missing == ()
    for span, word in zip(placed.times, words, strict=True):
        assert span is not None
        assert abs(span.start - word.start) <= LARGEST_SHIFT


@given(st.integers(0, 10_000))
@settings(max_examples=20)
def test_another_text_has_hardly_a_word_in_common(seed: int) -> None:
    assert align(spoken_words(300, seed), spoken_words(300, seed + 1)).matched < 0.1


@given(st.lists(st.sampled_from("abc"), max_size=60), st.lists(st.sampled_from("abc"), max_size=60))
@settings(max_examples=200)
def test_matched_tokens_are_equal_or_beside_a_border_and_never_cross(text: list[str], heard: list[str]) -> None:
    reached = (0, 0)
    for run in match_tokens(text, heard):
        assert run.length > 0
        assert run.text >= reached[0]
        assert run.heard >= reached[1]
        reached = run.text_end, run.heard_end
    assert reached[0] <= len(text)
    assert reached[1] <= len(heard)


# Through the command line


@pytest.fixture
def hearing(monkeypatch: pytest.MonkeyPatch, engine: FakeEngine) -> FakeEngine:
    """The fake engine, which aligning loads."""
    monkeypatch.setattr("pipeline.alignment.listening_model.load_named_or_smallest", lambda *_: engine)
    return engine


SPOKEN = ("We never stopped at all.", "There is more to come.", "It begins this winter, they say.")


def test_an_aligned_import_has_the_times_of_the_sound(tmp_path: Path, library: Path, hearing: FakeEngine) -> None:
    hearing.answers.extend(SPOKEN)
    sound = speak(tmp_path / "talk.wav", 3)
    file = write_srt(tmp_path / "talk.srt", [(60.0 + n, 61.0 + n, text) for n, text in enumerate(SPOKEN)])
    run = airquote("import", file, "--audio", sound, "--align", "--json")
    assert run.code == 0, run.err
    assert "16 of 16 words placed" in run.answer["reason"]
    _, transcript = stored(library)
    assert transcript.timing == "aligned"
    assert transcript.words[0].start == pytest.approx(3.0, abs=0.1)
    assert transcript.text == " ".join(["", *SPOKEN])
    assert airquote("search", "winter", "--json").answer["start"] > 12.0


def test_words_that_are_not_in_the_sound_are_left_out_and_told(
    tmp_path: Path, library: Path, hearing: FakeEngine
) -> None:
    hearing.answers.extend(SPOKEN)
    advertisement = "Buy the new sponge of our friends in town and save a lot of money this week only."
    cues = [(3.0, 4.5, SPOKEN[0]), (5.0, 9.0, advertisement), (10.0, 12.0, SPOKEN[1]), (13.0, 15.0, SPOKEN[2])]
    sound = speak(tmp_path / "talk.wav", 3)
    run = airquote("import", write_srt(tmp_path / "talk.srt", cues), "--audio", sound, "--align", "--json")
    assert "not in the sound" in run.answer["reason"]
    assert "Buy the new sponge" in run.answer["reason"]
    assert airquote("search", "sponge").code == 1
    _, transcript = stored(library)
    (missing,) = json.loads(transcript.settings)["aligned"]["missing"]
    assert missing["words"] == len(advertisement.split())
    assert (missing["start"], missing["end"]) == pytest.approx((5.0, 9.0), abs=1.0)


def test_the_text_of_another_recording_is_refused(tmp_path: Path, library: Path, hearing: FakeEngine) -> None:
    hearing.answers.extend(SPOKEN)
    cues = [(1.0 + n, 2.0 + n, f"Quite other words number {n} are written in this file.") for n in range(5)]
    file = write_srt(tmp_path / "talk.srt", cues)
    run = airquote("import", file, "--audio", speak(tmp_path / "talk.wav", 3), "--align", "--json")
    assert (run.code, run.answer["status"]) == (3, "failed")
    assert "another recording" in run.answer["reason"]
    with Store.open(library) as store:
        assert store.episodes() == []


def test_an_import_is_aligned_later_and_keeps_its_episode(tmp_path: Path, library: Path, hearing: FakeEngine) -> None:
    hearing.answers.extend(SPOKEN)
    file = write_srt(tmp_path / "talk.srt", [(60.0 + n, 61.0 + n, text) for n, text in enumerate(SPOKEN)])
    assert airquote("import", file, "--show", "A Show").code == 0
    run = airquote("import", file, "--audio", speak(tmp_path / "talk.wav", 3), "--align", "--json")
    assert (run.code, run.answer["episode"], run.answer["status"]) == (0, "talk", "done")
    assert stored(library)[1].words[0].start == pytest.approx(3.0, abs=0.1)
    (row,) = airquote("list", "--json").answers
    assert (row["show"], row["duration"]) == ("A Show", 16.5)
    assert airquote("import", file, "--json").answer["status"] == "skipped"


@pytest.mark.parametrize(
    "options", [("--align",), ("--audio", "x.wav", "--align", "--offset", "1"), ("--model", "tiny.en")]
)
def test_options_that_do_not_go_together_are_wrong_usage(options: tuple[str, ...], tmp_path: Path) -> None:
    file = write_srt(tmp_path / "talk.srt", [(3.0, 4.5, "We never stopped.")])
    run = airquote("import", file, *options)
    assert (run.code, run.out) == (2, "")


def test_without_a_model_aligning_says_how_to_get_one(tmp_path: Path) -> None:
    file = write_srt(tmp_path / "talk.srt", [(3.0, 4.5, "We never stopped.")])
    run = airquote("import", file, "--audio", speak(tmp_path / "talk.wav", 1), "--align")
    assert (run.code, run.out) == (4, "")
    assert "--model" in run.err


@pytest.mark.weights
def test_the_sample_is_aligned_by_a_real_model(tmp_path: Path, library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.models.weights import list_models

    monkeypatch.setattr("pipeline.alignment.listening_model.list_models", list_models)
    utterances = load_utterances()
    # On another clock, and with a sentence that nobody says.
    cues = [(u.start * 1.01 + 40, u.end * 1.01 + 40, u.text) for u in utterances]
    extra = "This part was taken out of the programme before it was ever on the air, as you may well imagine."
    half = len(cues) // 2
    cues.insert(half, (cues[half - 1][1], cues[half][0], extra))
    run = airquote("import", write_srt(tmp_path / "sample.srt", cues), "--audio", INTERVIEW, "--align", "--json")
    assert run.code == 0, run.err
    assert "This part was taken" in run.answer["reason"]
    _, transcript = stored(library)
    assert "This part was taken" not in transcript.text
    errors = sorted(map(abs, start_errors(utterances, transcript.words)))
    assert errors[len(errors) // 2] <= 0.1
    assert errors[-1] <= LARGEST_SHIFT
