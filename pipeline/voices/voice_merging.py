"""Merge voices of an episode by hand: one person was taken for several."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

import numpy as np

from audio.errors import UsageError, correct_input
from audio.timecode import Span, join_near
from audio.voices.voice_turns import Diarization, Vector, Voice, VoiceTurn, find_overlaps
from index.language.sentences import split_sentences
from index.storage.store import Store
from index.transcript import Segment
from pipeline.voices.episode_speech import EpisodeSpeech, check_heard, read_speech
from pipeline.voices.labels import label_of
from pipeline.voices.naming import is_learned, learn_again
from pipeline.voices.word_voices import OVERLAP, SHORTEST_OVERLAP

MERGED = "merge"
"""What the record of changes calls a merge."""


def merge_voices(store: Store, episode_id: str, kept: int, gone: Collection[int]) -> None:
    """Make voices of an episode one: ``gone`` become ``kept``, which takes the name of one of them if it has none.

    Raises EpisodeError for a voice that there is not or that is not told by its sound, UsageError for one that is
    merged with itself.
    """
    if kept in gone or not gone:
        raise UsageError(
            f"Voice {kept} is one voice already.", correct_input("Name two voices: the second becomes the first.")
        )
    numbers = (kept, *gone)
    with store.recorded_change(episode_id, MERGED):
        speech = read_speech(store, episode_id)
        for number in numbers:
            before = check_heard(speech, number)
        after, learned = merge_turns(before, kept, gone), is_learned(store, episode_id, numbers)
        store.change_voices(episode_id, after)
        store.replace_segments(episode_id, list(_merge_sentences(speech, kept, gone, after)))
        names = [name for number in numbers if (name := speech.names.get(label_of(number)))]
        labels = {label_of(number): label_of(number) for number in gone}
        store.name_speakers(episode_id, labels | {label_of(kept): name for name in names[:1]})
        if learned:
            learn_again(store, episode_id, numbers)


def merge_turns(voices: Diarization, kept: int, gone: Collection[int]) -> Diarization:
    """Return who speaks when if the voices ``gone`` are ``kept``."""
    numbers = (kept, *gone)
    merged = [one for one in voices.voices if one.number in numbers]
    spans = join_near((turn.span for turn in voices.turns if turn.voice in numbers), 0.0)
    voice = Voice(kept, sum(span.duration for span in spans), mean_vector(merged))
    turns = [turn for turn in voices.turns if turn.voice not in numbers]
    turns += [VoiceTurn(span.start, span.end, kept) for span in spans]
    return Diarization(
        tuple(voice if one.number == kept else one for one in voices.voices if one.number not in gone),
        tuple(sorted(turns, key=lambda turn: (turn.start, turn.voice))),
    )


def mean_vector(voices: Iterable[Voice]) -> Vector | None:
    """Return what voices that are one sound like: the mean of their vectors, by how long they speak."""
    total = sum((one.vector * one.seconds for one in voices if one.vector is not None), np.zeros(1, np.float32))
    length = float(np.linalg.norm(total))
    return np.asarray(total / length, np.float32) if length else None


def _merge_sentences(speech: EpisodeSpeech, kept: int, gone: Collection[int], after: Diarization) -> Iterator[Segment]:
    """Yield the sentences with their voices ``after`` the merge, each whole again that these voices had shared."""
    beginnings = {one.first for one in split_sentences(speech.words, speech.language)}
    merged = {label_of(number) for number in (kept, *gone)}
    overlaps = find_overlaps(after.turns)
    joined: Segment | None = None
    for before, segment in zip([None, *speech.segments], speech.segments, strict=False):
        own = replace(segment, speaker=label_of(kept)) if segment.speaker in merged else segment
        was_cut = before is not None and before.speaker != segment.speaker and segment.first not in beginnings
        if joined is not None and was_cut and joined.speaker == own.speaker:
            joined = replace(joined, last=own.last, flags=tuple(sorted({*joined.flags, *own.flags})))
            continue
        if joined is not None:
            yield _without_overlap(speech, joined, overlaps)
        joined = own
    if joined is not None:
        yield _without_overlap(speech, joined, overlaps)


def _without_overlap(speech: EpisodeSpeech, segment: Segment, overlaps: Iterable[Span]) -> Segment:
    """Return a sentence without the flag OVERLAP where only voices that are one now spoke at once."""
    if OVERLAP not in segment.flags:
        return segment
    span = speech.span(segment)
    seconds = sum(max(0.0, min(one.end, span.end) - max(one.start, span.start)) for one in overlaps)
    kept = seconds >= SHORTEST_OVERLAP
    return segment if kept else replace(segment, flags=tuple(flag for flag in segment.flags if flag != OVERLAP))
