"""Split a voice of an episode by hand: several persons were taken for one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import compress, pairwise
from pathlib import Path
from types import MappingProxyType

from audio.errors import UsageError, correct_input, try_again
from audio.timecode import LONGEST_SECONDS, Span
from audio.voices.voice_turns import Diarization, Vector, Voice, VoiceTurn
from index.storage.store import Store
from index.transcript import Segment
from pipeline.voices.episode_speech import EpisodeSpeech, check_heard, read_speech
from pipeline.voices.labels import label_of
from pipeline.voices.naming import is_learned, learn_again
from pipeline.voices.sentence_sound import hear_sentences, tell_two_apart
from pipeline.voices.voice_merging import mean_vector

SPLIT = "split"
"""What the record of changes calls a split."""


def split_voice(store: Store, episode_id: str, number: int, times: Span) -> int:
    """Make what a voice of an episode says in these times a new voice, by whole sentences; return its number.

    A sentence is in the times if its middle is. Raises EpisodeError for a voice that there is not or that is not told
    by its sound, UsageError if none of its sentences is in the times, or all are.
    """
    with store.recorded_change(episode_id, SPLIT):
        speech = read_speech(store, episode_id)
        check_heard(speech, number)
        own = _sentences_of(speech, number)
        moved = {one for one in own if times.start <= speech.span(one).middle < times.end}
        if not moved or len(moved) == len(own):
            raise UsageError(
                f"{'All' if moved else 'Nothing'} that {_name_of(speech, number)} says in {episode_id} is in these"
                " times.",
                correct_input("Give times in which only the other person speaks."),
                where=episode_id,
            )
        return _split_off(store, speech, number, moved, {})


def split_by_sound(store: Store, episode_id: str, number: int, recording: Path) -> int:
    """Make those sentences of a voice a new voice that sound as if somebody else than at its first one spoke.

    Raises as ``split_voice``, UsageError where all of them sound alike; ModelError where the models of voices are
    missing, MediaError for a recording that cannot be decoded.
    """
    speech = read_speech(store, episode_id)
    check_heard(speech, number)
    own = _sentences_of(speech, number)
    spans = [speech.span(one) for one in own]
    vectors = hear_sentences(recording, store.sound(episode_id), spans)
    told = tell_two_apart(vectors, [span.duration for span in spans])
    if told is None:
        raise UsageError(
            f"{_name_of(speech, number)} in {episode_id} says too little to tell two voices apart.",
            correct_input("Give the times in which the other person speaks."),
            where=episode_id,
        )
    with store.recorded_change(episode_id, SPLIT):
        speech = read_speech(store, episode_id)
        if _sentences_of(speech, number) != own:
            raise UsageError(
                f"The voices of {episode_id} were changed meanwhile.", try_again("Look at them, and split again.")
            )
        moved = {one for one, is_other in zip(own, told, strict=True) if is_other}
        heard = [Voice(number, span.duration, vector) for span, vector in zip(spans, vectors, strict=True)]
        halves = {other: mean_vector(compress(heard, [one is other for one in told])) for other in (False, True)}
        return _split_off(store, speech, number, moved, halves)


def _sentences_of(speech: EpisodeSpeech, number: int) -> list[Segment]:
    return [one for one in speech.segments if one.speaker == label_of(number)]


def _name_of(speech: EpisodeSpeech, number: int) -> str:
    return speech.names.get(label_of(number), label_of(number))


def _split_off(
    store: Store,
    speech: EpisodeSpeech,
    number: int,
    moved: Collection[Segment],
    vectors: Mapping[bool, Vector | None],
) -> int:
    """Give these sentences of a voice a new one; ``vectors`` are as for ``split_turns``."""
    voices, new, learned = (
        check_heard(speech, number),
        max(speech.labels) + 1,
        is_learned(store, speech.episode, [number]),
    )
    spans = list(_times_of(speech, _sentences_of(speech, number), moved))
    store.change_voices(speech.episode, split_turns(voices, number, new, spans, vectors))
    store.replace_segments(
        speech.episode, [replace(one, speaker=label_of(new)) if one in moved else one for one in speech.segments]
    )
    if learned:
        learn_again(store, speech.episode, [number])
    return new


def split_turns(
    voices: Diarization,
    number: int,
    new: int,
    spans: Sequence[Span],
    vectors: Mapping[bool, Vector | None] = MappingProxyType({}),
) -> Diarization:
    """Return who speaks when if a voice is a ``new`` one in these times, which are in order.

    What the old and (True) the new one sound like is not known otherwise: the vector was one of both.
    """
    turns = [part for turn in voices.turns for part in _split_turn(turn, number, new, spans)]
    turns.sort(key=lambda turn: (turn.start, turn.voice))
    split = [
        Voice(one, sum(turn.end - turn.start for turn in turns if turn.voice == one), vectors.get(one == new))
        for one in (number, new)
    ]
    listed = [*(one for one in voices.voices if one.number != number), *split]
    return Diarization(tuple(sorted(listed, key=lambda one: one.number)), tuple(turns))


def _split_turn(turn: VoiceTurn, number: int, new: int, spans: Sequence[Span]) -> Iterator[VoiceTurn]:
    if turn.voice != number:
        yield turn
        return
    borders = {border for span in spans for border in (span.start, span.end) if turn.start < border < turn.end}
    for start, end in pairwise([turn.start, *sorted(borders), turn.end]):
        is_new = any(span.start <= (start + end) / 2 < span.end for span in spans)
        yield VoiceTurn(start, end, new if is_new else number)


def _times_of(speech: EpisodeSpeech, own: Sequence[Segment], moved: Collection[Segment]) -> Iterator[Span]:
    """Yield the times of each run of moved sentences, with half of the pauses between them and others of the voice."""
    begin = 0.0
    for before, segment in pairwise([*own, None]):
        assert before is not None
        if segment is None or (before in moved) != (segment in moved):
            border = LONGEST_SECONDS if segment is None else _border(speech.span(before), speech.span(segment))
            if before in moved:
                yield Span(begin, border)
            begin = border


def _border(before: Span, after: Span) -> float:
    return (min(before.end, after.start) + after.start) / 2
