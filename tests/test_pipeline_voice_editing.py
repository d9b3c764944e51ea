"""Merging, splitting, naming and undoing voices: laws that hold whatever was said, and whoever spoke at once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from libraries import add_episode
from made_voices import add_voices, everything_about, labels, make_speech, make_vector, plain
from processes import patch_and_die, run_apart, start_apart

from audio.errors import UsageError
from audio.timecode import Span
from audio.voices.voice_turns import Diarization, Voice, VoiceTurn
from index.storage.codecs.turn_codec import round_turn
from index.storage.store import Store
from pipeline.library import Library
from pipeline.voices.naming import name_voice
from pipeline.voices.splitting import split_turns, split_voice
from pipeline.voices.voice_merging import merge_turns, merge_voices
from pipeline.voices.word_voices import OVERLAP, assign_voices

WORDS = 60
END = 21.0
VOICES = 4

moments = st.integers(0, int(END * 100)).map(lambda ticks: ticks / 100)


@st.composite
def diarizations(draw: st.DrawFn) -> Diarization:
    """Up to four voices that speak at any times, also at once; the turns of one do not touch each other."""
    turns = []
    for number in range(1, draw(st.integers(1, VOICES)) + 1):
        borders = sorted(draw(st.sets(moments, min_size=2, max_size=8)))
        turns += [VoiceTurn(start, end, number) for start, end in pairwise(borders)][::2]
    turns = [round_turn(turn) for turn in sorted(turns, key=lambda turn: (turn.start, turn.voice))]
    return Diarization(
        tuple(Voice(number, seconds_of(turns, number), make_vector(number)) for number in {one.voice for one in turns}),
        tuple(turns),
    )


def seconds_of(turns: list[VoiceTurn], number: int) -> float:
    return sum(turn.end - turn.start for turn in turns if turn.voice == number)


def add_talk(store: Store, found: Diarization) -> str:
    """Add an episode in which these voices speak."""
    episode, speech = add_episode(store, "Talk").id, make_speech(WORDS)
    store.save_transcript(episode, replace(speech, segments=assign_voices(speech.words, speech.segments, found)))
    store.save_voices(episode, found, "{}")
    return episode


def voices_of_words(store: Store, episode: str) -> list[str | None]:
    """The label of the speaker of each word."""
    return [one.speaker for one in labels(store, episode) for _ in range(one.first, one.last + 1)]


# Turns


@given(diarizations(), st.data())
def test_merged_voices_speak_whenever_one_of_them_did(found: Diarization, data: st.DataObject) -> None:
    numbers = [one.number for one in found.voices]
    kept = data.draw(st.sampled_from(numbers))
    gone = data.draw(st.sets(st.sampled_from(numbers)).map(lambda drawn: drawn - {kept}))
    merged = merge_turns(found, kept, gone)
    assert [one.number for one in merged.voices] == [number for number in numbers if number not in gone]
    for moment in (0.005 + tick / 10 for tick in range(int(END * 10))):
        before = {kept if one.voice in gone else one.voice for one in found.turns if one.start <= moment < one.end}
        assert {one.voice for one in merged.turns if one.start <= moment < one.end} == before
    own = [turn for turn in merged.turns if turn.voice == kept]
    assert all(one.end < other.start for one, other in pairwise(own))
    assert next(one.seconds for one in merged.voices if one.number == kept) == pytest.approx(
        seconds_of(list(merged.turns), kept)
    )


@given(diarizations(), st.data())
def test_a_voice_that_is_split_and_merged_again_has_its_turns(found: Diarization, data: st.DataObject) -> None:
    number = data.draw(st.sampled_from([one.number for one in found.voices]))
    borders = sorted(data.draw(st.sets(moments, max_size=6)))
    spans = [Span(*pair) for pair in list(pairwise(borders))[::2]]
    split = split_turns(found, number, VOICES + 1, spans)
    assert seconds_of(list(split.turns), number) + seconds_of(list(split.turns), VOICES + 1) == pytest.approx(
        seconds_of(list(found.turns), number)
    )
    for turn in split.turns:
        if turn.voice == VOICES + 1:
            assert any(span.start <= turn.start and turn.end <= span.end for span in spans)
    assert merge_turns(split, number, [VOICES + 1]).turns == found.turns


# Words


@given(diarizations(), st.data())
def test_words_of_merged_voices_are_those_of_the_first_and_others_stay(found: Diarization, data: st.DataObject) -> None:
    numbers = [one.number for one in found.voices]
    kept = data.draw(st.sampled_from(numbers))
    gone = data.draw(st.sets(st.sampled_from(numbers)).map(lambda drawn: drawn - {kept}))
    with TemporaryDirectory() as folder, Store.open(Path(folder), create=True) as store:
        talk = add_talk(store, found)
        before, sentences = voices_of_words(store, talk), labels(store, talk)
        if not gone:
            with pytest.raises(UsageError):
                merge_voices(store, talk, kept, gone)
            return
        merge_voices(store, talk, kept, gone)
        lost = {f"Voice {number}" for number in gone}
        assert voices_of_words(store, talk) == [f"Voice {kept}" if label in lost else label for label in before]
        assert len(labels(store, talk)) <= len(sentences)
        if len(gone) == len(numbers) - 1:
            assert [one.first for one in labels(store, talk)] == [one.first for one in make_speech(WORDS).segments]
            assert not any(OVERLAP in one.flags for one in labels(store, talk))


@given(diarizations(), st.data())
def test_a_split_moves_whole_sentences_of_one_voice(found: Diarization, data: st.DataObject) -> None:
    number = data.draw(st.sampled_from([one.number for one in found.voices]))
    times = Span(*sorted([data.draw(moments), data.draw(moments)]))
    with TemporaryDirectory() as folder, Store.open(Path(folder), create=True) as store:
        talk = add_talk(store, found)
        before, everything = labels(store, talk), everything_about(store, talk)
        try:
            new = split_voice(store, talk, number, times)
        except UsageError:
            assert everything_about(store, talk) == everything
            return
        after = labels(store, talk)
        changed = [one for one, other in zip(before, after, strict=True) if one != other]
        assert {one.speaker for one in changed} == {f"Voice {number}"}
        assert [replace(one, speaker=f"Voice {number}") for one in after if one.speaker == f"Voice {new}"] == changed
        assert f"Voice {number}" in {one.speaker for one in after}
        merge_voices(store, talk, number, [new])
        assert voices_of_words(store, talk) == [one.speaker for one in before for _ in range(one.first, one.last + 1)]
        restored = store.voices_of(talk)
        assert restored is not None
        assert restored.turns == found.turns


# Undoing

Edit = Callable[[Store, str], object]


@st.composite
def edits(draw: st.DrawFn) -> Edit:
    """A change that may be refused, since the voices are not there."""
    first, second = draw(st.integers(1, VOICES + 1)), draw(st.integers(1, VOICES + 1))
    name, times = draw(st.sampled_from(["", "Ann", "Bob"])), Span(*sorted([draw(moments), draw(moments)]))
    made: tuple[Edit, ...] = (
        lambda store, talk: name_voice(store, talk, first, name),
        lambda store, talk: merge_voices(store, talk, first, [second]),
        lambda store, talk: split_voice(store, talk, first, times),
    )
    return made[draw(st.integers(0, 2))]


@given(diarizations(), st.lists(edits(), max_size=6))
def test_any_changes_and_as_many_undos_restore_everything(found: Diarization, drawn: list[Edit]) -> None:
    with TemporaryDirectory() as folder, Store.open(Path(folder), create=True) as store:
        talk = add_talk(store, found)
        seen = [everything_about(store, talk)]
        for edit in drawn:
            with suppress(UsageError):
                edit(store, talk)
            if everything_about(store, talk) != seen[-1]:
                seen.append(everything_about(store, talk))
        for before in seen[-2::-1]:
            assert store.undo_change(talk) is not None
            assert everything_about(store, talk) == before
        assert store.undo_change(talk) is None
        assert store.check() == []


def test_names_and_profiles_go_with_a_merge_and_come_back(store: Store) -> None:
    talk = add_voices(store, voices=3)
    name_voice(store, talk, 3, "Ann Lee")
    before = everything_about(store, talk)
    merge_voices(store, talk, 1, [3])
    assert {one.speaker for one in everything_about(store, talk)[0].segments} == {"Ann Lee", "Voice 2"}
    (profile,) = store.profiles()
    assert (profile.name, profile.number) == ("Ann Lee", 1)
    assert float(profile.vector @ make_vector(1)) > 0.5 < float(profile.vector @ make_vector(3))
    assert store.undo_change(talk) == "merge"
    assert everything_about(store, talk) == before
    split_voice(store, talk, 3, Span(20.0, 100.0))
    assert store.profiles() == []  # what is known of the sound is that of two
    assert store.undo_change(talk) == "split"
    assert everything_about(store, talk) == before


def test_a_forgotten_profile_stays_forgotten_whatever_is_merged(store: Store) -> None:
    talk = add_voices(store, voices=3)
    name_voice(store, talk, 1, "Ann Lee")
    store.forget_profile("Ann Lee")
    merge_voices(store, talk, 1, [3])
    assert store.profiles() == []
    store.undo_change(talk)
    store.undo_change(talk)
    assert store.profiles() == []


# Several processes


def merge_and_be_killed(folder: Path, target: str, after: bool) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch_and_die(patch, target, after)
        with Library.open(folder) as opened:
            opened.merge_voices("talk", [1, 2])


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(
    "target",
    [
        "index.storage.store.Store.change_voices",
        "index.storage.store.Store.replace_segments",
        "index.storage.store.Store.name_speakers",
        "index.storage.store.Store._record",
        "index.fulltext.maintenance.update_index",
    ],
)
def test_a_merge_killed_at_any_moment_is_done_or_not(target: str, after: bool, tmp_path: Path) -> None:
    with Store.open(tmp_path, create=True) as store:
        talk = add_voices(store)
        name_voice(store, talk, 2, "Ann Lee")
        before = everything_about(store, talk)
    assert run_apart(merge_and_be_killed, tmp_path, target, after) == -9
    with Store.open(tmp_path) as store:
        done = target.endswith("update_index")
        assert store.undoable_changes(talk) == ["name", "merge"][: 1 + done]
        if done:
            assert store.undo_change(talk) == "merge"
        assert everything_about(store, talk) == before
        assert store.check() == []


def name_many(folder: Path, number: int) -> None:
    with Library.open(folder) as opened:
        for turn in range(5):
            opened.name_voice("talk", number, f"Ann {turn}")


def test_two_processes_change_voices_one_after_the_other(tmp_path: Path) -> None:
    with Store.open(tmp_path, create=True) as store:
        talk = add_voices(store)
        before = everything_about(store, talk)
    waits = [start_apart(name_many, tmp_path, number) for number in (1, 2)]
    assert [wait() for wait in waits] == [0, 0]
    with Store.open(tmp_path) as store:
        assert store.undoable_changes(talk) == ["name"] * 10
        for _ in range(10):
            store.undo_change(talk)
        assert everything_about(store, talk) == before
        assert plain(store.voices_of(talk).voices) == before[3]  # type: ignore[union-attr]
