"""Accept suggested names: those that a person chooses, or all that are likely enough."""

from __future__ import annotations

from collections.abc import Collection

from audio.errors import correct_input
from index.errors import EpisodeError
from index.storage.store import Store
from pipeline.voices.episode_speech import EpisodeSpeech, read_speech
from pipeline.voices.labels import number_of
from pipeline.voices.naming import learn_again
from pipeline.voices.recognition.suggestions import suggest_names
from pipeline.voices.spoken_voices import NameSuggestion

ACCEPTED = "accept"
"""What the record of changes calls the accepting of names."""


def accept_names(store: Store, episode_id: str, chosen: Collection[int]) -> list[NameSuggestion]:
    """Give the ``chosen`` voices of an episode the names that are suggested, all of them if none is chosen.

    Profiles learn from them. Raises EpisodeError for a voice that there is not, and for one without a suggestion.
    """
    with store.transaction():
        speech = read_speech(store, episode_id)
        for number in chosen:
            speech.label(number)
        suggested = suggest_names(store, speech)
        missing = sorted(set(chosen) - {one.voice for one in suggested})
        if missing or not suggested:
            which = f"voice {missing[0]}" if missing else "any voice"
            raise EpisodeError(
                f"No name is suggested for {which} of {episode_id}.",
                correct_input("Name it yourself."),
                where=episode_id,
            )
        accepted = [one for one in suggested if not chosen or one.voice in chosen]
        _give_names(store, speech, accepted, learn=True)
    return accepted


def accept_likely(store: Store, episode_id: str, above: float) -> list[NameSuggestion]:
    """Give the voices of an episode the names that are suggested with more than this likelihood.

    No profile learns from them, since no person has heard that they are right.
    """
    with store.transaction():
        speech = read_speech(store, episode_id)
        accepted = [one for one in suggest_names(store, speech, above) if one.likelihood > above]
        _give_names(store, speech, accepted, learn=False)
    return accepted


def accept_unasked(store: Store, episode_id: str, above: float | None) -> list[str]:
    """Accept likely names where the user set the likelihood ``above`` which that is wanted; return remarks."""
    accepted = accept_likely(store, episode_id, above) if above is not None else []
    names = ", ".join(f"voice {one.voice} {one.name}" for one in accepted)
    return [f"named as suggested: {names}"] if accepted else []


def _give_names(store: Store, speech: EpisodeSpeech, accepted: Collection[NameSuggestion], *, learn: bool) -> None:
    names = {speech.labels[one.voice]: one.name for one in accepted}
    with store.recorded_change(speech.episode, ACCEPTED):
        store.name_speakers(speech.episode, names)
        store.record_edits(speech.episode, ["speakers"] if names else [])
        if learn:
            learn_again(store, speech.episode, filter(None, map(number_of, names)))
