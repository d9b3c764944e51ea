"""Voices that are found again inherit the names of the earlier ones: by the time that they share, or by their sound."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np

from audio.voices.voice_turns import Diarization, Voice, VoiceTurn
from index.storage.store import Store
from pipeline.voices.labels import label_of, number_of

LEAST_SHARE = 0.5
"""The share of the time of one of two voices in which the other speaks too if they are the same."""

LEAST_COSINE = 0.78
"""From this cosine on two voices of other sound of the same episode are the same: two women on a phone had 0.70."""


def replace_voices(
    store: Store, episode_id: str, found: Diarization, settings: str, *, same_sound: bool, undoable: bool = False
) -> tuple[str, ...]:
    """Store who speaks when in an episode, in the place of what was found earlier, perhaps in other sound.

    Voices inherit the names and profiles of the earlier ones. Returns the names whose voices are no longer found. An
    ``undoable`` change keeps what can be undone of those before.
    """
    before = store.voices_of(episode_id) or Diarization((), ())
    heirs = match_voices(before, found, same_sound=same_sound)
    lost = _rename(store, episode_id, heirs)
    voices = {voice.number: voice for voice in found.voices}
    _move_profiles(store, episode_id, {number: voices[heir] for number, heir in heirs.items()})
    if undoable:
        store.change_voices(episode_id, found, settings)
    else:
        store.save_voices(episode_id, found, settings)
    return lost


def match_voices(before: Diarization, after: Diarization, *, same_sound: bool) -> dict[int, int]:
    """Return the number of the later voice for each earlier one that is found again, each of them once."""
    alike = _by_time(before, after) if same_sound else _by_sound(before.voices, after.voices)
    heirs: dict[int, int] = {}
    for _, number, heir in sorted(alike, key=lambda pair: (-pair[0], *pair[1:])):
        if number not in heirs and heir not in heirs.values():
            heirs[number] = heir
    return heirs


def _by_time(before: Diarization, after: Diarization) -> list[tuple[float, int, int]]:
    """Return the seconds that two voices share, and their numbers, where they share enough to be the same."""
    earlier, later = (
        {one.number: [turn for turn in each.turns if turn.voice == one.number] for one in each.voices}
        for each in (before, after)
    )
    shared = ((_shared_seconds(earlier[number], later[heir]), number, heir) for number, heir in product(earlier, later))
    return [
        (seconds, number, heir)
        for seconds, number, heir in shared
        if seconds >= LEAST_SHARE * min(_seconds(earlier[number]), _seconds(later[heir])) > 0
    ]


def _by_sound(before: Sequence[Voice], after: Sequence[Voice]) -> list[tuple[float, int, int]]:
    """Return the cosines of two voices, and their numbers, where they are high enough to be the same."""
    cosines = (
        (float(one.vector @ other.vector), one.number, other.number)
        for one, other in product(before, after)
        if one.vector is not None and other.vector is not None
    )
    return [alike for alike in cosines if alike[0] >= LEAST_COSINE]


def _seconds(turns: Sequence[VoiceTurn]) -> float:
    return sum(turn.end - turn.start for turn in turns)


def _shared_seconds(turns: Sequence[VoiceTurn], others: Sequence[VoiceTurn]) -> float:
    """Return for how many seconds turns of a voice lie in those of another; those of one voice do not overlap."""
    borders = [moment for turn in others for moment in (turn.start, turn.end)]
    spoken = np.cumsum([seconds for turn in others for seconds in (0.0, turn.end - turn.start)])
    if not turns or not borders:
        return 0.0
    ends, starts = ([getattr(turn, side) for turn in turns] for side in ("end", "start"))
    return float((np.interp(ends, borders, spoken) - np.interp(starts, borders, spoken)).sum())


def _rename(store: Store, episode_id: str, heirs: dict[int, int]) -> tuple[str, ...]:
    """Give the names of voices to their heirs; return those of voices without one."""
    facts = store.facts(episode_id)
    names = store.speaker_names(facts.number) if facts else {}
    numbers = {number: name for label, name in names.items() if (number := number_of(label)) is not None}
    store.name_speakers(episode_id, {label_of(number): label_of(number) for number in numbers})
    store.name_speakers(
        episode_id, {label_of(heirs[number]): name for number, name in numbers.items() if number in heirs}
    )
    return tuple(name for number, name in sorted(numbers.items()) if number not in heirs)


def _move_profiles(store: Store, episode_id: str, heirs: dict[int, Voice]) -> None:
    """Let what people sound like in this episode be that of the heirs of their voices."""
    moved = [one for one in store.profiles() if one.episode == episode_id]
    for one in moved:
        store.remove_profile_voice(episode_id, one.number)
    for one in moved:
        if (heir := heirs.get(one.number)) is not None:
            vector = one.vector if heir.vector is None else heir.vector
            store.add_profile_voice(one.name, episode_id, heir.number, heir.seconds, vector)
