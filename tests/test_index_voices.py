"""Voices in the store: packed turns, profiles, changes by hand and their undoing; and values that a stranger wrote."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from sqlite3 import IntegrityError, connect
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from libraries import add_spoken, add_text, everything_in, search
from made_voices import everything_about, labels, make_vector, plain
from test_index_hand_edits import _read_only

import index.storage.schema
from audio.voices.voice_turns import Diarization, Voice, VoiceTurn
from index.errors import LibraryError
from index.storage.codecs.turn_codec import (
    VECTOR_SIZE,
    decode_turns,
    decode_vector,
    encode_turns,
    encode_vector,
    round_turn,
)
from index.storage.schema import VOICES_TABLES
from index.storage.store import Store
from index.transcript import Segment

SPOKEN = [("Voice 1", "The ferry left."), ("Voice 2", "The ferry came."), ("Voice 1", "It was late.")]
TURNS = (VoiceTurn(0.0, 1.0, 1), VoiceTurn(1.0, 2.1, 2), VoiceTurn(2.1, 3.2, 1))


def found_voices() -> Diarization:
    return Diarization((Voice(1, 2.1, make_vector(1)), Voice(2, 1.1, make_vector(2))), TURNS)


def add_voices(store: Store, title: str = "Talk") -> str:
    episode = add_spoken(store, title, SPOKEN).id
    store.save_voices(episode, found_voices(), '{"version": 1}')
    return episode


# Codecs

times = st.integers(0, 40_000_000).map(lambda ms: ms / 1000)
turns_of = st.lists(st.builds(lambda a, b, v: VoiceTurn(min(a, b), max(a, b), v), times, times, st.integers(1, 40)))


@given(turns_of)
def test_turns_are_decoded_as_they_were_encoded(drawn: list[VoiceTurn]) -> None:
    ordered = tuple(sorted(drawn, key=lambda turn: turn.start))
    assert decode_turns(encode_turns(ordered)) == ordered


@given(st.floats(0, 1e5), st.floats(0, 1e5))
def test_times_are_rounded_once(one: float, other: float) -> None:
    turn = VoiceTurn(min(one, other), max(one, other), 1)
    assert decode_turns(encode_turns([turn])) == (round_turn(turn),)
    assert round_turn(round_turn(turn)) == round_turn(turn)


@given(st.binary())
def test_other_bytes_are_no_turns_and_no_vector(data: bytes) -> None:
    for decode in (decode_turns, decode_vector):
        with pytest.raises(Exception) as told:
            decode(data)
        assert isinstance(told.value, ValueError | OverflowError) or type(told.value).__name__ == "error"


def test_a_vector_is_decoded_as_it_was_encoded() -> None:
    packed = encode_vector(make_vector(3))
    assert decode_vector(packed) is not None
    assert np.array_equal(decode_vector(packed), make_vector(3))  # type: ignore[arg-type]
    assert decode_vector(encode_vector(None)) is None


@pytest.mark.parametrize("value", [0.0, float("nan"), 1.0])
def test_what_is_not_a_vector_of_length_one_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="vector"):
        decode_vector(np.full(VECTOR_SIZE, value, "<f4").tobytes())


# Voices of episodes


def test_voices_are_read_as_they_were_stored(store: Store) -> None:
    talk, other = add_voices(store), add_text(store, "Other", "It came.").id
    found = store.voices_of(talk)
    assert found is not None
    assert (plain(found.voices), found.turns) == (plain(found_voices().voices), TURNS)
    assert store.voice_settings(talk) == '{"version": 1}'
    assert (store.voices_of(other), store.voice_settings(other)) == (None, None)
    assert store.with_voices() == [talk]
    store.save_voices(talk, Diarization((), ()), "{}")
    found = store.voices_of(talk)
    assert found is not None
    assert (found.voices, found.turns, store.voice_settings(talk)) == ((), (), "{}")
    store.forget_voices(talk)
    assert (store.voices_of(talk), store.with_voices()) == (None, [])


def test_other_sentences_are_searched_at_once(store: Store) -> None:
    talk = add_voices(store)
    assert len(search(store, 'ferry speaker:"voice 2"')) == 1
    segments = [replace(one, speaker="Voice 1", flags=("overlap",)) for one in labels(store, talk)]
    store.replace_segments(talk, segments)
    assert labels(store, talk) == segments
    assert len(search(store, 'ferry speaker:"voice 1"')) == 2
    assert len(search(store, 'ferry speaker:"voice 2"')) == 0
    with pytest.raises(ValueError, match="cover"):
        store.replace_segments(talk, segments[1:])
    assert labels(store, talk) == segments


def test_removal_erases_all_that_is_known_of_voices(store: Store) -> None:
    talk = add_voices(store)
    store.add_profile_voice("Ann", talk, 1, 2.1, make_vector(1))
    with store.recorded_change(talk, "name"):
        store.name_speakers(talk, {"Voice 1": "Ann"})
    store.rename_episode(talk, "roof")
    assert [one.episode for one in store.profiles()] == ["roof"]
    store.remove_episode("roof")
    store.erase_deleted()
    with closing(connect(store.path)) as connection:
        for table in ("voice_findings", "voices", "voice_changes", "profile_voices"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    assert bytes(make_vector(1).tobytes()) not in everything_in(store.directory)


# Profiles


def test_a_forgotten_profile_is_nowhere_in_the_file(store: Store) -> None:
    talk = add_voices(store)
    for name, number in (("Ann", 1), ("Bob", 2)):
        store.add_profile_voice(name, talk, number, 2.0, make_vector(10 + number))
    with store.recorded_change(talk, "name"):
        store.name_speakers(talk, {"Voice 1": "Eve"})
        store.remove_profile_voice(talk, 1)
    assert [(one.name, one.number) for one in store.profiles()] == [("Bob", 2)]
    assert store.forget_profile("Ann") == 1  # what undoing would bring back
    assert store.erase_deleted()
    assert make_vector(11).tobytes() not in everything_in(store.directory)
    assert store.undo_change(talk) == "name"
    assert [(one.name, one.number) for one in store.profiles()] == [("Bob", 2)]


def test_vectors_are_dropped_and_turns_stay(store: Store) -> None:
    talk = add_voices(store)
    store.add_profile_voice("Ann", talk, 1, 2.0, make_vector(11))
    with store.recorded_change(talk, "merge"):
        store.change_voices(talk, Diarization((Voice(1, 3.2, make_vector(4)),), (VoiceTurn(0.0, 3.2, 1),)))
    assert store.drop_vectors() == 3
    assert store.erase_deleted()
    held = everything_in(store.directory)
    assert not any(make_vector(seed).tobytes() in held for seed in (1, 2, 4, 11))
    assert store.undo_change(talk) == "merge"
    found = store.voices_of(talk)
    assert found is not None
    assert (found.turns, [one.vector for one in found.voices]) == (TURNS, [None, None])
    assert store.profiles() == []


# Changes by hand


def change_names(store: Store, episode: str, seed: int) -> None:
    store.name_speakers(episode, {f"Voice {seed % 3}": f"Ann {seed}"})
    store.record_edits(episode, ["speakers"])


def change_profiles(store: Store, episode: str, seed: int) -> None:
    store.remove_profile_voice(episode, seed % 4)
    store.add_profile_voice(f"Ann {seed % 2}", episode, seed % 3 + 1, seed, make_vector(seed))


def change_turns(store: Store, episode: str, seed: int) -> None:
    voices = tuple(Voice(number, seed, make_vector(number)) for number in range(1, seed % 4 + 2))
    store.change_voices(episode, Diarization(voices, (VoiceTurn(0.0, seed, 1),)))


def change_segments(store: Store, episode: str, seed: int) -> None:
    present = labels(store, episode)
    joined = [Segment(0, present[-1].last, f"Voice {seed % 3}", ("overlap",) * (seed % 2))]
    cut = [Segment(one, one, f"Voice {one * seed % 3}") for one in range(present[-1].last + 1)]
    store.replace_segments(episode, cut if seed % 4 > 1 else joined)


Change = Callable[[Store, str, int], None]
CHANGES: tuple[Change, ...] = (change_names, change_profiles, change_turns, change_segments)


@given(st.lists(st.lists(st.tuples(st.sampled_from(CHANGES), st.integers(0, 9)), max_size=3), max_size=5))
def test_as_many_undos_as_changes_restore_everything(drawn: list[list[tuple[Change, int]]]) -> None:
    with TemporaryDirectory() as folder, Store.open(Path(folder), create=True) as store:
        talk, other = add_voices(store), add_voices(store, "Other")
        seen = [everything_about(store, talk)]
        for steps in drawn:
            with store.recorded_change(talk, "drawn"):
                for change, seed in steps:
                    change(store, talk, seed)
            if everything_about(store, talk) != seen[-1]:
                seen.append(everything_about(store, talk))
            assert len(store.undoable_changes(talk)) == len(seen) - 1
        for before in seen[-2::-1]:
            assert store.undo_change(talk) == "drawn"
            assert everything_about(store, talk) == before
        assert store.undo_change(talk) is None
        assert (everything_about(store, other)[1], store.check()) == (seen[0][1], [])


def test_a_change_that_fails_changes_nothing(store: Store) -> None:
    talk = add_voices(store)
    before = everything_about(store, talk)
    with pytest.raises(RuntimeError), store.recorded_change(talk, "name"):
        change_names(store, talk, 1)
        change_turns(store, talk, 1)
        raise RuntimeError
    assert everything_about(store, talk) == before
    assert store.undo_change(talk) is None


@pytest.mark.parametrize("again", ["voices", "words"])
def test_changes_of_other_sentences_cannot_be_undone(again: str, store: Store) -> None:
    talk = add_voices(store)
    with store.recorded_change(talk, "name"):
        change_names(store, talk, 1)
        change_segments(store, talk, 1)
    transcript = store.transcript(talk)
    assert transcript is not None
    if again == "voices":
        store.save_voices(talk, found_voices(), "{}")
    else:
        store.save_transcript(talk, transcript)
    assert store.undoable_changes(talk) == []
    assert store.undo_change(talk) is None
    assert store.edited_fields(talk) == {"speakers"}


# Libraries of earlier versions, and of strangers


def test_an_earlier_library_that_cannot_be_written_has_no_voices(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(index.storage.schema, "MIGRATIONS", index.storage.schema.MIGRATIONS[: VOICES_TABLES - 1])
        with Store.open(tmp_path, create=True) as store:
            talk = add_spoken(store, "Talk", SPOKEN).id
    with monkeypatch.context() as patch:
        patch.setattr("index.storage.schema.choose_access", _read_only)
        with Store.open(tmp_path) as store:
            assert (store.voices_of(talk), store.voice_settings(talk), store.with_voices()) == (None, None, [])
            assert (store.profiles(), store.undoable_changes(talk), store.check()) == ([], [], [])
    with Store.open(tmp_path) as store:
        assert store.voices_of(talk) is None
        store.save_voices(talk, found_voices(), "{}")
        assert store.check() == []


PLANTED = (None, -1, 2**62, float("inf"), "", "{}", '["a"]', "[" * 100_000, b"\xff\0x", b"")
COLUMNS = {
    "voice_findings": ("turns",),
    "voices": ("number", "seconds", "vector"),
    "voice_changes": ("number", "content", "turns"),
    "profile_voices": ("name", "number", "seconds", "vector"),
}


@pytest.mark.parametrize("value", PLANTED, ids=lambda value: f"{value!r:.12}")
@pytest.mark.parametrize(("table", "column"), [(table, one) for table, columns in COLUMNS.items() for one in columns])
def test_values_of_strangers_are_refused_or_read(table: str, column: str, value: Any, store: Store) -> None:
    talk = add_voices(store)
    store.add_profile_voice("Ann", talk, 1, 2.0, make_vector(1))
    with store.recorded_change(talk, "merge"):
        change_segments(store, talk, 1)
    with suppress(IntegrityError), closing(connect(store.path)) as connection:  # NULL, where it cannot be
        first = f"{column} = (SELECT min({column}) FROM {table})"
        connection.execute(f"UPDATE {table} SET {column} = ? WHERE {first}", (value,))
        connection.commit()
    readers: tuple[Callable[[str], object], ...] = (
        store.voices_of, store.undoable_changes, lambda _: store.profiles(),
    )  # fmt: skip
    for read in readers:
        with suppress(LibraryError):
            read(talk)
            continue
        assert store.check()
    with suppress(LibraryError):
        store.undo_change(talk)


SENTENCE = {"first": 0, "last": 3, "speaker": "Voice 1", "flags": []}


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": "\ud800"},
        {"names": {"Voice 1": "\ud800"}},
        {"names": {"\ud800": "Ann"}},
        {"settings": "\ud800"},
        {"removed": [SENTENCE | {"speaker": "\ud800"}]},
        {"removed": [SENTENCE | {"flags": [["doubtful"]]}]},
        {"removed": [{}]},
        {"added": [3]},
    ],
    ids=repr,
)
def test_a_change_that_airquote_did_not_record_is_damage(changed: dict[str, Any], store: Store) -> None:
    talk = add_voices(store)
    with store.recorded_change(talk, "merge"):
        change_segments(store, talk, 1)
    before = everything_about(store, talk)
    with closing(connect(store.path)) as connection:
        (content,) = connection.execute("SELECT content FROM voice_changes").fetchone()
        connection.execute("UPDATE voice_changes SET content = ?", (json.dumps(json.loads(content) | changed),))
        connection.commit()
    with pytest.raises(LibraryError, match="changes to the voices of talk"):
        store.undo_change(talk)
    assert store.check()
    assert everything_about(store, talk) == before
