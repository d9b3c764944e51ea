"""Give the words of an episode the voices that were found in it, and store these: new ones, or those that it has."""

from __future__ import annotations

from contextlib import nullcontext, suppress
from dataclasses import replace

from audio.recording.sound_choice import SoundChoice
from audio.voices.finding_settings import describe_finding, read_count
from audio.voices.voice_count import VoiceCount
from audio.voices.voice_turns import Diarization
from index.storage.store import Store
from index.transcript import Transcript
from pipeline.batch.voicing.batch_voices import ANY_NUMBER, choose_count
from pipeline.transcription.diarization import FoundVoices
from pipeline.voices.inherited_names import replace_voices
from pipeline.voices.rejoined_sentences import rejoin_sentences
from pipeline.voices.splitting import SPLIT
from pipeline.voices.voice_merging import MERGED
from pipeline.voices.word_voices import assign_voices

FOUND_AGAIN = "find"
"""The kind of change, for undoing, by which voices were found again."""


def settle_voices(
    store: Store, episode_id: str, found: FoundVoices | None, heard: SoundChoice | None
) -> tuple[Diarization | None, list[str]]:
    """Store the voices that were found in an episode, unless it has these; return its voices, and what was lost.

    Without any that were ``found`` it keeps those that it has, if they are of the sound that is ``heard`` now; None is
    the sound of another recording.
    """
    stored = store.voice_settings(episode_id)
    fits = stored is not None and heard is not None and is_of_sound(stored, heard)
    if fits and (found is None or found.settings == stored):
        return store.voices_of(episode_id), []
    if found is None and stored is None:
        return None, []
    after = found.diarization if found else Diarization((), ())
    by_hand = ["voices that were merged or split by hand are not any more"] if is_changed(store, episode_id) else []
    lost = replace_voices(store, episode_id, after, found.settings if found else "{}", same_sound=fits)
    if found is None:
        store.forget_voices(episode_id)
    return after, [*describe_lost(lost), *by_hand]


def is_of_sound(settings: str, sound: SoundChoice) -> bool:
    """Whether voices with these settings were found in this sound of a recording."""
    with suppress(ValueError, TypeError, LookupError, RecursionError):  # the library may come from a stranger
        return describe_finding(read_count(settings), sound) == settings
    return False


def speak_words(transcript: Transcript, voices: Diarization) -> Transcript:
    """Return the transcript with the voices as speakers of its sentences, cut where the voice changes."""
    return replace(transcript, segments=assign_voices(transcript.words, transcript.segments, voices))


def save_found(store: Store, episode_id: str, found: FoundVoices) -> list[str]:
    """Store the voices that were found in an episode, and give them to its words, in one transaction; return remarks.

    Where it had voices, undoing brings these back.
    """
    stored = store.voice_settings(episode_id)
    again = stored is not None
    by_hand = ["undoing brings back what was merged or split by hand"] if is_changed(store, episode_id) else []
    with store.transaction(), store.recorded_change(episode_id, FOUND_AGAIN) if again else nullcontext():
        same_sound = stored is not None and is_of_sound(stored, store.sound(episode_id))
        lost = replace_voices(
            store, episode_id, found.diarization, found.settings, same_sound=same_sound, undoable=again
        )
        speak_episode(store, episode_id)
    return [*describe_voices(found.diarization), *describe_lost(lost), *by_hand]


def speak_episode(store: Store, episode_id: str) -> list[str]:
    """Give the words of an episode the voices that are stored of it, in one transaction; return remarks."""
    with store.transaction():
        voices, facts = store.voices_of(episode_id), store.facts(episode_id)
        assert voices is not None
        assert facts is not None
        words = store.words(facts.number, 0, facts.words - 1)
        sentences = rejoin_sentences(words, store.labelled_segments(facts.number), facts.language)
        store.replace_segments(episode_id, assign_voices(words, sentences, voices))
    return describe_voices(voices)


def has_voices(store: Store, episode_id: str, count: VoiceCount) -> bool:
    """Whether the voices that are stored of an episode are as many as asked for, or were asked for so."""
    settings, voices = store.voice_settings(episode_id), store.voices_of(episode_id)
    if settings is None or voices is None:
        return False
    number = len(voices.voices)
    return choose_count(ANY_NUMBER, settings) == count or (count.fewest or 0) <= number <= (count.most or number)


def has_any_voice(store: Store, episode_id: str) -> bool:
    """Whether voices are stored of an episode."""
    voices = store.voices_of(episode_id)
    return voices is not None and bool(voices.voices)


def is_changed(store: Store, episode_id: str) -> bool:
    """Whether voices of an episode are known to have been merged or split by hand."""
    return not {MERGED, SPLIT}.isdisjoint(store.undoable_changes(episode_id))


def describe_other_voices(store: Store, episode_id: str, asked: VoiceCount | None) -> list[str]:
    """Say how many voices an episode has if another number is asked for."""
    if asked in (None, ANY_NUMBER) or has_voices(store, episode_id, asked):
        return []
    if (voices := store.voices_of(episode_id)) and voices.voices:
        return describe_voices(voices)
    return [] if store.speaker_labels(episode_id) else ["speakers not told apart"]


def describe_voices(voices: Diarization) -> list[str]:
    """Say how many voices there are, if there are any."""
    count = len(voices.voices)
    return [f"{count} voice" if count == 1 else f"{count} voices"] if count else []


def describe_lost(names: tuple[str, ...]) -> list[str]:
    """Say whose voices are no longer found."""
    return [f"no longer found: the voice of {', '.join(names)}"] if names else []
