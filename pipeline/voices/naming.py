"""Name voices by hand: what a voice is called, and what the profile of the person learns from it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from audio.errors import UsageError, correct_input
from index.speaker_labels import is_unnamed
from index.storage.store import Store
from index.verification.person_names import read_name
from pipeline.voices.episode_speech import read_speech
from pipeline.voices.labels import label_of, number_of

NAMED = "name"
"""What the record of changes calls a naming."""


def name_voice(store: Store, episode_id: str, number: int, name: str) -> None:
    """Give a voice of an episode a name; an empty one takes it back. Raises EpisodeError if there is no such voice."""
    with store.transaction():
        label = read_speech(store, episode_id).label(number)
        name_speakers(store, episode_id, {label: name or label})


def name_speakers(store: Store, episode_id: str, names: Mapping[str, str]) -> None:
    """Give speakers of an episode names, by their labels; a name that is the label takes an earlier one back.

    It can be undone, and later transcription leaves the names as they are. Raises UsageError for a name that is a label
    of voices without one, such as Voice 2: it would be taken for that of another.
    """
    for label, name in names.items():
        if name != label and is_unnamed(name):
            raise UsageError(
                f"{name!r} is what a voice without a name is called.", correct_input("Give another name."), where=name
            )
    facts = store.facts(episode_id)
    before = store.speaker_names(facts.number) if facts else {}
    changed = {label: name for label, name in names.items() if before.get(label, label) != name}
    with store.recorded_change(episode_id, NAMED):
        store.name_speakers(episode_id, changed)
        store.record_edits(episode_id, ["speakers"])
        learn_again(store, episode_id, filter(None, map(number_of, changed)))


def is_learned(store: Store, episode_id: str, numbers: Collection[int]) -> bool:
    """Whether a profile has learned from one of these voices of an episode."""
    return any(one.episode == episode_id and one.number in numbers for one in store.profiles())


def is_person(name: str) -> bool:
    """Whether a name can be a person's: a role such as Narrator, which others have too, is not learned."""
    return read_name(name) is not None


def learn_again(store: Store, episode_id: str, numbers: Iterable[int]) -> None:
    """Let profiles learn what these voices of an episode sound like, under their names of now."""
    facts, voices = store.facts(episode_id), store.voices_of(episode_id)
    names = store.speaker_names(facts.number) if facts else {}
    heard = {one.number: one for one in voices.voices} if voices else {}
    for number in numbers:
        store.remove_profile_voice(episode_id, number)
        voice, name = heard.get(number), names.get(label_of(number))
        if voice is not None and voice.vector is not None and name is not None and is_person(name):
            store.add_profile_voice(name, episode_id, number, voice.seconds, voice.vector)
