"""Tests of names that are suggested for voices, by profiles, talk and feeds; of accepting and of forgetting them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from libraries import add_spoken
from made_voices import add_voices

from audio.decode import decode_audio
from audio.errors import UsageError
from audio.samples import Samples
from audio.voices.diarizer import Diarizer
from audio.voices.voice_turns import Diarization, Vector, Voice, VoiceCount, VoiceTurn
from index.errors import EpisodeError
from index.notes import EpisodeNotes, Person
from index.storage.store import Store
from pipeline.library import Library
from pipeline.models.voice_weights import find_voice_models
from pipeline.transcription.diarization import FoundVoices
from pipeline.voices.episode_speech import read_speech
from pipeline.voices.naming import name_voice
from pipeline.voices.recognition.accepting import accept_likely
from pipeline.voices.recognition.profiles import LEAST, MOST, Profile, read_profiles, weigh_likeness
from pipeline.voices.recognition.suggestions import LEAST_LIKELY, suggest_names
from pipeline.voices.spoken_voices import NameEvidence
from pipeline.voices.voice_merging import merge_voices

INTERVIEW = Path(__file__).parent / "data" / "interview.mp3"
TALK = [("Voice 1", "How was the sea."), ("Voice 2", "It was cold and grey.")]


def make_vector(seed: int) -> Vector:
    """A direction of its own: those of two seeds are nearly at right angles."""
    vector = np.random.default_rng(seed).standard_normal(192)
    return np.asarray(vector / np.linalg.norm(vector), np.float32)


def near(vector: Vector, cosine: float, seed: int = 99) -> Vector:
    """A vector with this cosine to another."""
    other = make_vector(seed)
    other -= vector * float(other @ vector)
    mixed = vector * cosine + other / np.linalg.norm(other) * np.sqrt(1 - cosine**2)
    return np.asarray(mixed / np.linalg.norm(mixed), np.float32)


ANN, BOB = make_vector(1), make_vector(2)


def add_talk(
    store: Store,
    title: str,
    vectors: Sequence[Vector | None] = (ANN, BOB),
    turns: Sequence[tuple[str, str]] = TALK,
    show: str | None = "The Roof",
) -> str:
    """Add an episode in which each of these voices speaks for a minute."""
    episode = add_spoken(store, title, turns, show=show)
    voices = tuple(Voice(number, 60.0, vector) for number, vector in enumerate(vectors, start=1))
    spoken = tuple(VoiceTurn(60.0 * one.number, 60.0 * one.number + 60, one.number) for one in voices)
    store.save_voices(episode.id, Diarization(voices, spoken), "{}")
    return episode.id


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path, create=True) as opened:
        yield opened


def suggested(store: Store, episode: str) -> dict[int, str]:
    return {one.voice: one.name for one in suggest_names(store, read_speech(store, episode))}


def names(store: Store, episode: str) -> dict[str, str]:
    facts = store.facts(episode)
    assert facts is not None
    return store.speaker_names(facts.number)


def test_a_voice_that_was_named_is_known_again_in_another_episode(store: Store) -> None:
    name_voice(store, add_talk(store, "One"), 1, "Ann Lee")
    other = add_talk(store, "Two", [BOB, near(ANN, 0.9)], show=None)
    (found,) = suggest_names(store, read_speech(store, other))
    assert (found.voice, found.name) == (2, "Ann Lee")
    assert LEAST_LIKELY <= found.likelihood < 1
    assert found.evidence == (NameEvidence("profile", "one"),)


def test_a_voice_that_is_only_somewhat_alike_is_not_named(store: Store) -> None:
    name_voice(store, add_talk(store, "One"), 1, "Ann Lee")
    assert suggested(store, add_talk(store, "Two", [near(ANN, 0.5), BOB])) == {}


def test_the_more_voices_are_known_the_more_a_voice_must_be_like_one(store: Store) -> None:
    name_voice(store, add_talk(store, "One", show=None), 1, "Ann Lee")
    other = add_talk(store, "Two", [near(ANN, 0.83)], [("Voice 1", "How was the sea.")], show=None)
    (alone,) = suggest_names(store, read_speech(store, other), least=0.0)
    for number in range(30):
        name_voice(
            store, add_talk(store, f"Other {number}", [make_vector(100 + number), None], show=None), 1, f"N{number} Ray"
        )
    (among,) = suggest_names(store, read_speech(store, other), least=0.0)
    assert among.name == alone.name == "Ann Lee"
    assert among.likelihood < alone.likelihood


def test_who_spoke_in_other_episodes_of_the_show_is_likelier(store: Store) -> None:
    for number in range(5):
        name_voice(store, add_talk(store, f"Earlier {number}", [near(ANN, 0.95, 30 + number), None]), 1, "Ann Lee")
    likely = [
        suggest_names(store, read_speech(store, add_talk(store, title, [near(ANN, 0.70), BOB], show=show)), 0.0)[0]
        for title, show in (("Two", "The Roof"), ("Three", "The Cellar"))
    ]
    assert likely[0].likelihood > likely[1].likelihood


def test_in_one_episode_a_name_fits_one_voice(store: Store) -> None:
    name_voice(store, add_talk(store, "One"), 1, "Ann Lee")
    other = add_talk(store, "Two", [near(ANN, 0.80, 5), near(ANN, 0.97, 6)])
    assert suggested(store, other) in ({2: "Ann Lee"}, {})
    name_voice(store, other, 1, "Ann Lee")
    assert suggested(store, other) == {}


def test_a_profile_is_the_mean_of_its_voices_by_their_seconds(store: Store) -> None:
    for title, vector in (("One", ANN), ("Two", near(ANN, 0.8))):
        name_voice(store, add_talk(store, title, [vector, None]), 1, "Ann Lee")
    (profile,) = read_profiles(store)
    expected = ANN + near(ANN, 0.8)
    assert profile.vector == pytest.approx(expected / np.linalg.norm(expected), abs=1e-6)
    assert (profile.seconds, profile.episodes) == (120.0, ("one", "two"))


@given(st.floats(-1, 1), st.floats(-1, 1), st.floats(0, 1e6), st.floats(0, 1e6))
def test_the_more_alike_the_likelier_within_bounds(one: float, other: float, seconds: float, learned: float) -> None:
    profile = Profile("Ann Lee", ANN, learned, ())
    less, more = (weigh_likeness(Voice(1, seconds, near(ANN, cosine)), profile) for cosine in sorted((one, other)))
    assert LEAST <= less <= more + 1e-3 <= MOST + 1e-3


def test_what_is_not_known_to_sound_like_anything_weighs_nothing() -> None:
    assert weigh_likeness(Voice(1, 60.0, None), Profile("Ann Lee", ANN, 60.0, ())) == 0


def test_a_role_is_not_learned(store: Store) -> None:
    name_voice(store, add_talk(store, "One"), 1, "Narrator")
    assert read_profiles(store) == []


TOLD = [
    ("Voice 1", "Hello, I'm Ann Lee, and this is the show."),
    ("Voice 1", "My guest today is Bob Ray."),
    ("Voice 2", "Thanks for having me, Ann."),
    ("Voice 1", "So Bob, how was the sea?"),
    ("Voice 2", "It was cold."),
]


def test_who_is_introduced_is_suggested_with_the_sentence_that_says_so(store: Store) -> None:
    found = suggest_names(store, read_speech(store, add_talk(store, "One", turns=TOLD)))
    assert [(one.voice, one.name) for one in found] == [(1, "Ann Lee"), (2, "Bob Ray")]
    assert found[0].evidence == (NameEvidence("itself", "Hello, I'm Ann Lee, and this is the show."),)
    assert [one.basis for one in found[1].evidence] == ["talk"]


def test_speakers_of_imported_files_are_suggested_by_what_is_said(store: Store) -> None:
    turns = [(label.replace("Voice", "Speaker"), text) for label, text in TOLD]
    assert suggested(store, add_spoken(store, "Talk", turns).id) == {1: "Ann Lee", 2: "Bob Ray"}


def test_the_only_voice_is_likely_that_of_the_only_person_of_the_feed(store: Store) -> None:
    episode = add_talk(store, "One", [ANN], [("Voice 1", "The sea is cold.")])
    store.save_notes(episode, EpisodeNotes(people=(Person("Ann Lee", "host"),)))
    (found,) = suggest_names(store, read_speech(store, episode), least=0.0)
    assert (found.name, found.evidence) == ("Ann Lee", (NameEvidence("feed", "host"),))


def test_all_that_speaks_for_a_name_adds_up(store: Store) -> None:
    name_voice(store, add_talk(store, "One", [near(ANN, 0.9), BOB]), 1, "Ann Lee")
    likely = []
    for number, (people, turns) in enumerate(((False, TALK), (True, TALK), (True, TOLD))):
        episode = add_talk(store, f"Next {number}", [near(ANN, 0.66), make_vector(7)], turns)
        if people:
            store.save_notes(episode, EpisodeNotes(people=(Person("Ann Lee", "host"),)))
        likely.append(next(one for one in suggest_names(store, read_speech(store, episode), 0.0) if one.voice == 1))
    assert {one.name for one in likely} == {"Ann Lee"}
    assert likely[0].likelihood < likely[1].likelihood < likely[2].likelihood
    assert [one.basis for one in likely[2].evidence] == ["profile", "itself", "feed"]


def test_names_given_by_hand_are_never_suggested_over(store: Store) -> None:
    episode = add_talk(store, "One", turns=TOLD)
    name_voice(store, episode, 1, "Clara Finch")
    assert suggested(store, episode) == {2: "Bob Ray"}
    assert accept_likely(store, episode, 0.0)
    assert names(store, episode) == {"Voice 1": "Clara Finch", "Voice 2": "Bob Ray"}


def test_likely_names_are_accepted_unasked_but_not_learned(store: Store) -> None:
    episode = add_talk(store, "One", turns=TOLD)
    assert accept_likely(store, episode, 1.0) == []
    assert {one.name for one in accept_likely(store, episode, 0.5)} == {"Ann Lee", "Bob Ray"}
    assert read_profiles(store) == []
    assert store.undo_change(episode) == "accept"
    assert names(store, episode) == {}


def test_accepted_names_are_learned_and_can_be_undone(store: Store, tmp_path: Path) -> None:
    episode = add_talk(store, "One", turns=TOLD)
    with Library.open(tmp_path) as library:
        changed = library.accept_names(episode, [2])
        assert [one.speaker for one in changed.voices] == ["Voice 1", "Bob Ray"]
        assert [one.name for one in read_profiles(store)] == ["Bob Ray"]
        with pytest.raises(EpisodeError, match="voice 2"):
            library.accept_names(episode, [2])
        with pytest.raises(EpisodeError, match="voice 7"):
            library.accept_names(episode, [7])
        assert [one.speaker for one in library.accept_names(episode).voices] == ["Ann Lee", "Bob Ray"]
        assert [one.speaker for one in library.undo_voices(episode).voices] == ["Voice 1", "Bob Ray"]
        assert [one.name for one in read_profiles(store)] == ["Bob Ray"]


def find_vectors(folder: Path, *vectors: Vector) -> list[bool]:
    """Whether the beginning of each vector stands in a file of a library."""
    content = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    return [vector.astype("<f4").tobytes()[:64] in content for vector in vectors]


def test_a_person_is_forgotten_for_good(tmp_path: Path) -> None:
    with Store.open(tmp_path, create=True) as store:
        for title, vectors in (("One", [ANN, BOB]), ("Two", [make_vector(3), near(ANN, 0.9)])):
            add_talk(store, title, vectors)
        name_voice(store, "one", 1, "Ann Lee")
        name_voice(store, "one", 2, "Bob Ray")
        name_voice(store, "two", 2, "Ann Lee")
    assert find_vectors(tmp_path, ANN, near(ANN, 0.9), BOB) == [True, True, True]
    with Library.open(tmp_path) as library:
        with pytest.raises(UsageError, match="Nobody"):
            library.forget_voice("Nobody")
        state = library.forget_voice("ann  LEE")
        assert (state.known_speakers, state.erased) == (("Bob Ray",), True)
        assert state.forgotten == 2
        assert find_vectors(tmp_path, ANN, near(ANN, 0.9), BOB) == [False, False, True]
        assert [one.speaker for one in library.voices("one")] == ["Ann Lee", "Bob Ray"]
        while library._store.undoable_changes("one"):
            library.undo_voices("one")
        assert find_vectors(tmp_path, ANN) == [False]


def change_voices(store: Store) -> list[Vector]:
    """Add episodes, name and merge their voices; return what they sounded like. SQLite leaves a copy of one then."""
    drawn = Random(1)
    for number in range(25):
        episode = add_voices(store, f"Talk {number}", voices=5)
        found = store.voices_of(episode)
        assert found is not None
        voices = [replace(one, vector=make_vector(1000 * number + one.number)) for one in found.voices]
        store.save_voices(episode, Diarization(tuple(voices), found.turns), "{}")
    for episode in drawn.sample(store.with_voices(), 25):
        for voice, name in enumerate(("Ann Lee", "Bob Ray", "Cy Young"), start=1):
            name_voice(store, episode, voice, name)
        if drawn.random() < 0.5:
            merge_voices(store, episode, 4, [5])
        if drawn.random() < 0.5:
            store.undo_change(episode)
    return [make_vector(1000 * number + voice) for voice in range(1, 6) for number in range(25)]


@pytest.mark.parametrize("way", ["forget", "forget all", "off", "remove"])
def test_nothing_is_left_of_vectors_where_rows_were_moved(way: str, tmp_path: Path) -> None:
    with Store.open(tmp_path, create=True) as store:
        vectors = change_voices(store)
    gone = vectors[:25] if way == "forget" else vectors
    with Library.open(tmp_path) as library:
        match way:
            case "forget":
                assert library.forget_voice("Ann Lee").forgotten == 25
            case "forget all":
                library.forget_all_voices()
            case "off":
                library.voice_profiles(keep=False)
            case "remove":
                for number in range(25):
                    library.remove(f"talk-{number}")
    assert not any(find_vectors(tmp_path, *gone))
    assert way != "forget" or all(find_vectors(tmp_path, *vectors[25:75]))


def test_a_person_is_forgotten_whose_name_was_taken_back_or_accepted_unasked(tmp_path: Path) -> None:
    with Store.open(tmp_path, create=True) as store:
        one, two = add_talk(store, "One"), add_talk(store, "Two", [make_vector(3), make_vector(4)], turns=TOLD)
        name_voice(store, one, 1, "Ann Lee")
        name_voice(store, one, 1, "")
        assert [each.name for each in accept_likely(store, two, 0.5)] == ["Ann Lee", "Bob Ray"]
        assert read_profiles(store) == []
    with Library.open(tmp_path) as library:
        assert library.forget_voice("ann lee").forgotten == 2
        assert library.forget_voice("bob ray").forgotten == 1
        assert find_vectors(tmp_path, ANN, BOB, make_vector(3), make_vector(4)) == [False, True, False, False]
        library.undo_voices(one)
        library.undo_voices(one)
        assert library.voice_profiles().known_speakers == ()
        assert find_vectors(tmp_path, ANN) == [False]


def test_everybody_is_forgotten_for_good(tmp_path: Path) -> None:
    with Store.open(tmp_path, create=True) as store:
        name_voice(store, add_talk(store, "One"), 1, "Ann Lee")
    with Library.open(tmp_path) as library:
        state = library.forget_all_voices()
        assert (state.known_speakers, state.known_voices, state.forgotten, state.keeping) == ((), 0, 2, True)
        assert [one.seconds for one in library.voices("one")] == [60.0, 60.0]
    assert find_vectors(tmp_path, ANN, BOB) == [False, False]


def test_where_profiles_are_off_nothing_is_stored_and_nothing_suggested(tmp_path: Path) -> None:
    with Library.open(tmp_path, create=True) as library:
        assert not library.voice_profiles(keep=False).keeping
        episode = add_talk(library._store, "One", turns=TOLD)
        name_voice(library._store, episode, 1, "Ann Lee")
        assert library.voice_profiles().known_speakers == ()
        assert [one.suggested for one in library.voices(episode)] == [None, None]
        assert find_vectors(tmp_path, ANN, BOB) == [False, False]
        assert library.voice_profiles(keep=True).keeping
        assert library.voices(episode)[1].suggested == "Bob Ray"


def test_switching_profiles_off_deletes_what_there_is(tmp_path: Path) -> None:
    with Store.open(tmp_path, create=True) as store:
        name_voice(store, add_talk(store, "One"), 1, "Ann Lee")
    with Library.open(tmp_path) as library:
        state = library.voice_profiles(keep=False)
        assert (state.keeping, state.known_voices, state.known_speakers, state.forgotten) == (False, 0, (), 2)
    assert find_vectors(tmp_path, ANN, BOB) == [False, False]


def test_the_setting_switches_profiles_off_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRQUOTE_VOICE_PROFILES", "off")
    with Library.open(tmp_path, create=True) as library:
        episode = add_talk(library._store, "One", turns=TOLD)
        assert [one.suggested for one in library.voices(episode)] == [None, None]
        assert library.voice_profiles().keeping is False
    assert find_vectors(tmp_path, ANN, BOB) == [False, False]


def test_a_draft_has_no_vectors_where_they_may_not_be_stored() -> None:
    found = FoundVoices(Diarization((Voice(1, 60.0, ANN),), ()), "{}")
    (kept,) = FoundVoices.from_json(found.to_json()).diarization.voices
    (left_out,) = FoundVoices.from_json(found.to_json(with_vectors=False)).diarization.voices
    assert kept.vector is not None
    assert left_out.vector is None


def test_vectors_are_in_no_answer(tmp_path: Path) -> None:
    with Store.open(tmp_path, create=True) as store:
        name_voice(store, add_talk(store, "One"), 1, "Ann Lee")
    with Library.open(tmp_path) as library:
        answers = repr((library.voices("one"), library.library_voices(), library.voice_profiles()))
    assert "vector" not in answers
    assert "array" not in answers


@pytest.mark.voices
def test_two_people_are_known_again_by_their_sound(store: Store) -> None:
    sound = np.concatenate(list(decode_audio(INTERVIEW)))
    halves = [diarize(part) for part in np.array_split(sound, 2)]
    for title, found in zip(("One", "Two"), halves, strict=True):
        store.save_voices(add_spoken(store, title, TALK, show="The Roof").id, found, "{}")
    for voice, name in zip(halves[0].voices, ("Ann Lee", "Bob Ray"), strict=True):
        name_voice(store, "one", voice.number, name)
    first, second = ([one.vector for one in half.voices if one.vector is not None] for half in halves)
    nearest = np.argmax(np.stack(second) @ np.stack(first).T, axis=1)
    expected = {number: ("Ann Lee", "Bob Ray")[row] for number, row in enumerate(nearest.tolist(), start=1)}
    assert set(expected.values()) == {"Ann Lee", "Bob Ray"}
    assert suggested(store, "two") == expected


def diarize(sound: Samples) -> Diarization:
    models = find_voice_models()
    diarizer = Diarizer(models.segmentation, models.embedding, VoiceCount(2, 2))
    diarizer.feed(sound)
    return diarizer.finish()
