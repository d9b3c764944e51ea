"""``airquote voices`` and the commands below it: listing, samples, names, merges, splits, undoing; and wrong usage."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from fake_engine import airquote, speak
from hypothesis import given
from hypothesis import strategies as st
from libraries import add_episode, add_spoken, add_text, search
from made_voices import add_voices, everything_about, make_vector

from audio.media import hash_file
from audio.samples import SAMPLE_RATE, Samples
from audio.timecode import Span
from audio.voices.voice_turns import Vector
from index.storage.store import Store
from pipeline.last_search import LAST_VOICES
from pipeline.voices.sentence_sound import cut_spans, tell_two_apart

INTERVIEW = [("ANN LEE", "The ferry left at noon."), (None, "A horn."), ("BOB", "It came back late.")]


@pytest.fixture
def talk(library: Path) -> Path:
    """A library with an episode of ten sentences, which two voices speak in turn."""
    with Store.open(library, create=True) as store:
        add_voices(store)
    return library


def speakers(episode: str = "talk") -> list[str]:
    return [one["speaker"] for one in airquote("show", episode, "--json").answers]


@pytest.mark.usefixtures("talk")
def test_a_list_says_who_speaks_how_long_from_when_and_where_to_hear_it() -> None:
    rows = airquote("voices", "talk", "--json").answers
    assert [(one["voice"], one["label"], one["speaker"], one["named"]) for one in rows] == [
        (1, "Voice 1", "Voice 1", False),
        (2, "Voice 2", "Voice 2", False),
    ]
    assert [(one["seconds"], one["sentences"], one["start"]) for one in rows] == [(21.0, 5, 0.0), (21.0, 5, 4.2)]
    for one in rows:
        assert 4 <= one["sample_end"] - one["sample_start"] <= 10
        assert one["told_by_sound"] is True
    shown = airquote("voices", "talk")
    assert "Voice 2" in shown.out
    assert "airquote play voice N" in shown.err
    assert "airquote voices name talk 1 NAME" in shown.err


def test_the_library_lists_speakers_by_name_over_episodes(library: Path) -> None:
    with Store.open(library, create=True) as store:
        first, second = add_voices(store, "One"), add_voices(store, "Two", voices=3)
        add_spoken(store, "Read", INTERVIEW)
    assert airquote("voices", "name", first, "1", "Ann Lee").code == 0
    assert airquote("voices", "name", second, "2", "Ann  Lee").code == 0
    rows = airquote("voices", "--json").answers
    assert [(one["speaker"], one["episodes"], one["voice_count"]) for one in rows] == [
        ("Ann Lee", 3, 3),  # ANN LEE of the file is she
        ("BOB", 1, 1),
        (None, 2, 3),
    ]
    shown = airquote("voices")
    assert "Ann Lee" in shown.out
    assert "3 voices without a name in 2 episodes" in shown.err


def test_a_name_is_kept_in_both_ways_and_taken_back_by_an_empty_one_or_undoing(talk: Path) -> None:
    run = airquote("voices", "name", "talk", "2", "Ann Lee", "--json").answer
    assert (run["change"], run["undone"], run["undoable"]) == ("name", False, 1)
    assert [one["speaker"] for one in run["voices"]] == ["Voice 1", "Ann Lee"]
    assert speakers()[:2] == ["Voice 1", "Ann Lee"]
    with Store.open(talk) as store:
        assert [(one.name, one.number) for one in store.profiles()] == [("Ann Lee", 2)]
        assert len(search(store, 'word13 speaker:"ann lee"')) == 1
    assert airquote("edit", "talk", "--speaker", "Ann Lee=Eve").code == 0
    with Store.open(talk) as store:
        assert [(one.name, one.number) for one in store.profiles()] == [("Eve", 2)]
    assert airquote("voices", "name", "talk", "2", "").code == 0
    assert speakers()[1] == "Voice 2"
    for name in ("Eve", "Ann Lee", "Voice 2"):
        assert airquote("voices", "undo", "talk").code == 0
        assert speakers()[1] == name
    none = airquote("voices", "undo", "talk")
    assert (none.code, none.err) == (2, "There is nothing to undo in talk.\n")


@pytest.mark.usefixtures("talk")
def test_a_split_and_a_merge_are_each_others_reverse() -> None:
    before = airquote("show", "talk", "--json").out
    split = airquote("voices", "split", "talk", "1", "--from", "20", "--json").answer
    assert [one["voice"] for one in split["voices"]] == [1, 2, 3]
    assert speakers() == ["Voice 1", "Voice 2"] * 2 + ["Voice 1", "Voice 2"] + ["Voice 3", "Voice 2"] * 2
    assert airquote("voices", "merge", "talk", "1", "3").code == 0
    assert airquote("show", "talk", "--json").out == before
    assert [one["sentences"] for one in airquote("voices", "talk", "--json").answers] == [5, 5]
    assert airquote("voices", "split", "talk", "2", "--from", "0:10", "--to", "+5").code == 0
    assert speakers().count("Voice 3") == 1
    for _ in range(3):
        airquote("voices", "undo", "talk")
    assert airquote("show", "talk", "--json").out == before


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (("name", "talk", "3", "Ann"), "There is no voice 3 in talk. There are: 1 Voice 1, 2 Voice 2."),
        (("name", "talk", "0", "Ann"), "N takes a whole number, 1 or more, not '0'."),
        (("name", "talk", "1", "a\x07b"), "control character U+0007"),
        (("name", "talk", "1", "\u200b\u2060"), "cannot be seen"),
        (("name", "talk", "1", "Voice 2"), "'Voice 2' is what a voice without a name is called."),
        (("name", "talk", "1", "voice 1"), "'voice 1' is what a voice without a name is called."),
        (("name", "talk", "1", "Channel  7"), "'Channel 7' is what a voice without a name is called."),
        (("name", "talk", "1"), "airquote voices name needs NAME"),
        (("merge", "talk", "1"), "Name two voices"),
        (("merge", "talk", "1", "1"), "Name two voices"),
        (("merge", "talk", "1", "9"), "There is no voice 9"),
        (("split", "talk", "1", "--from", "soon"), "soon"),
        (("split", "talk", "1", "--from", "0"), "All that Voice 1 says in talk is in these times."),
        (("split", "talk", "1", "--from", "99999"), "Nothing that Voice 1 says in talk is in these times."),
        (("split", "talk", "2", "--from", "20", "--to", "10"), "before"),
        (("read",), "The voices of read are not told apart yet."),
        (("nobody",), "nobody"),
        (("merge", "scripted", "1", "2"), "ANN LEE in scripted is known from the file or the channel"),
        (("split", "scripted", "1", "--from", "1"), "ANN LEE in scripted is known from the file"),
        (("words",), "not transcribed yet"),
        (("talk", "--jso"), "has no option --jso"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(line: tuple[str, ...], told: str, talk: Path) -> None:
    with Store.open(talk) as store:
        add_text(store, "Read", "It came.")
        add_spoken(store, "Scripted", INTERVIEW)
        add_episode(store, "Words")
        before = store.version()
        run = airquote("voices", *line)
        assert (run.code, run.out) == (2, "")
        assert told in " ".join(run.err.split())
        assert store.version() == before
    if line == ("read",):
        assert "airquote voices find" in run.err


def test_speakers_of_a_file_are_listed_and_named_without_sound(library: Path) -> None:
    with Store.open(library, create=True) as store:
        add_spoken(store, "Read", INTERVIEW)
        add_spoken(store, "Separate", [("Channel 2", "One two three."), ("Channel 1", "Four five.")])
    rows = airquote("voices", "read", "--json").answers
    assert [(one["voice"], one["speaker"], one["named"], one["told_by_sound"]) for one in rows] == [
        (1, "ANN LEE", True, False),
        (2, "BOB", True, False),
    ]
    assert airquote("voices", "name", "separate", "1", "Ann Lee").code == 0
    assert speakers("separate") == ["Ann Lee", "Channel 1"]
    assert airquote("voices", "undo", "separate").code == 0
    assert speakers("separate") == ["Channel 2", "Channel 1"]


def test_an_episode_with_the_name_of_a_command_is_listed_by_list(library: Path) -> None:
    with Store.open(library, create=True) as store:
        add_voices(store, "name")
    assert airquote("voices", "name").code == 2
    assert len(airquote("voices", "list", "name", "--json").answers) == 2
    assert len(airquote("--json", "voices", "list", "name").answers) == 2
    assert airquote("voices", "--json", "--library", library, "name", "name", "1", "Ann").answer["change"] == "name"
    assert airquote("--library", library, "--json", "voices", "undo", "name").answer["undone"] is True


@pytest.mark.parametrize(
    "name", ["عمر الشريف", "Анна Ли", "李安", "a" * 5000, " Ann\u00a0 Lee  ", "Voice 1", "Voice of 2"]
)
@pytest.mark.usefixtures("talk")
def test_names_of_any_script_and_length_are_kept(name: str) -> None:
    assert airquote("voices", "name", "talk", "1", name).code == 0
    assert speakers()[0] == " ".join(name.split())
    assert airquote("voices", "undo", "talk").code == 0
    assert speakers()[0] == "Voice 1"


def test_a_sample_is_played_and_cut_by_the_number_of_its_voice(
    library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRQUOTE_PLAYER", "true")
    sound = speak(tmp_path / "sound.wav", 12)
    with Store.open(library, create=True) as store:
        store.replace_recording(add_voices(store), str(sound), hash_file(sound))
    assert airquote("play", "voice", "2").code == 2
    rows = airquote("voices", "talk", "--json").answers
    played = airquote("play", "voice", "2", "--json").answer
    assert played["episode"] == "talk"
    assert played["start"] == rows[1]["sample_start"]
    assert airquote("play", "talk", "voice", "1", "--json").answer["start"] == rows[0]["sample_start"]
    cut = airquote("clip", "voice", "1", "-o", tmp_path / "a.wav", "--json").answer
    assert (cut["episode"], cut["start"]) == ("talk", max(0.0, rows[0]["sample_start"] - 0.25))
    run = airquote("play", "voice", "7")
    assert (run.code, "There are samples of 1, 2." in run.err) == (2, True)
    assert airquote("edit", "talk", "--id", "roof").code == 0
    assert airquote("play", "voice", "2", "--json").answer["episode"] == "roof"
    airquote("remove", "roof", "--yes")
    assert airquote("play", "voice", "2").code == 2


@pytest.mark.parametrize("content", ["", "[]", "{", '{"1": 2}', '{"x": {}}', '{"1": {"episode": 1, "start": 0}}'])
def test_a_list_that_a_stranger_saved_is_none(content: str, talk: Path) -> None:
    (talk / LAST_VOICES).write_text(content)
    run = airquote("play", "voice", "1")
    assert (run.code, run.out) == (2, "")
    assert "Traceback" not in run.err
    assert airquote("edit", "talk", "--id", "roof").code == 0


def test_searches_know_the_name_that_undoing_brings_back(library: Path) -> None:
    with Store.open(library, create=True) as store:
        add_spoken(store, "Read", INTERVIEW)
    assert airquote("search", "ferry", "--speaker", "Ann Lee").code == 0
    assert airquote("voices", "name", "read", "1", "Cy Moe").code == 0
    assert airquote("search", "ferry", "--speaker", "Moe").code == 0
    assert airquote("voices", "undo", "read").code == 0
    assert airquote("search", "ferry", "--speaker", "Ann Lee").code == 0
    gone = airquote("search", "ferry", "--speaker", "Moe")
    assert gone.code == 2
    assert gone.err.startswith("Nobody who speaks here is called 'moe'. There are ")


def test_an_empty_library_has_no_voices(library: Path) -> None:
    with Store.open(library, create=True):
        pass
    run = airquote("voices")
    assert (run.code, run.out) == (0, "")
    assert run.err == "No voices are told apart yet. Tell those of all episodes apart: airquote voices find\n"
    assert airquote("voices", "find").code == 0, "the way out is one, and there is nothing to do"


def test_a_voice_is_split_by_its_sound(library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sound = speak(tmp_path / "sound.wav", 12)
    with Store.open(library, create=True) as store:
        store.replace_recording(add_voices(store), str(sound), hash_file(sound))
        before = everything_about(store, "talk")

    def hear(_embedder: object, piece: Samples) -> Vector | None:
        heard.append(len(piece))
        return None if len(heard) == 4 else make_vector(7 if len(heard) in (2, 3) else 8)

    heard: list[int] = []
    monkeypatch.setattr("pipeline.voices.sentence_sound.find_voice_models", lambda: SimpleNamespace(embedding=None))
    monkeypatch.setattr("pipeline.voices.sentence_sound.Embedder", lambda _: None)
    monkeypatch.setattr("pipeline.voices.sentence_sound._embed", hear)
    assert airquote("voices", "name", "talk", "1", "Ann Lee").code == 0
    run = airquote("voices", "split", "talk", "1", "--json").answer
    assert len(heard) == 5
    assert [one["sentences"] for one in run["voices"]] == [2, 5, 3]
    assert [one for one in speakers() if one != "Voice 2"] == ["Ann Lee", "Voice 3", "Voice 3", "Voice 3", "Ann Lee"]
    with Store.open(library) as store:
        found = store.voices_of("talk")
        assert found is not None
        old, _, new = (one.vector for one in found.voices)
        assert np.allclose(old, make_vector(8), atol=1e-5)  # type: ignore[arg-type]
        assert np.allclose(new, make_vector(7), atol=1e-5)  # type: ignore[arg-type]
        (profile,) = store.profiles()
        assert np.allclose(profile.vector, make_vector(8), atol=1e-5)
    assert airquote("voices", "undo", "talk").code == 0
    assert airquote("voices", "undo", "talk").code == 0
    with Store.open(library) as store:
        assert everything_about(store, "talk") == before
    monkeypatch.setattr("pipeline.voices.sentence_sound._embed", lambda *_: None)
    refused = airquote("voices", "split", "talk", "1")
    assert (refused.code, "says too little to tell two voices apart" in refused.err) == (2, True)


@pytest.mark.usefixtures("talk")
def test_a_voice_without_its_sound_is_split_by_times_alone() -> None:
    run = airquote("voices", "split", "talk", "1")
    assert (run.code, "without a recording" in run.err) == (3, True)


@given(st.lists(st.integers(0, 40), max_size=12), st.lists(st.integers(1, 30), min_size=1, max_size=8))
def test_the_sound_of_times_is_the_same_however_it_is_cut(borders: list[int], sizes: list[int]) -> None:
    sound = np.arange(sum(sizes), dtype=np.float32)
    blocks = np.split(sound, np.cumsum(sizes)[:-1])
    spans = [Span(start / SAMPLE_RATE, end / SAMPLE_RATE) for start, end in pairwise(sorted(borders))][::2]
    expected = [sound[round(one.start * SAMPLE_RATE) : round(one.end * SAMPLE_RATE)] for one in spans]
    found = list(cut_spans(blocks, spans))
    assert [one.tolist() for one in found] == [one.tolist() for one in expected]


def test_sentences_that_are_too_short_are_of_the_voice_before() -> None:
    one, other = make_vector(1), make_vector(2)
    assert tell_two_apart([one, None, other, None, one], [2.0] * 5) == [False, False, True, True, False]
    assert tell_two_apart([None, other, other], [2.0] * 3) is None
    assert tell_two_apart([None, None], [2.0] * 2) is None
