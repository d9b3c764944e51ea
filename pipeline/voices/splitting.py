"""Split a voice of an episode by hand: several persons were taken for one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from audio.errors import UsageError, correct_input
from audio.timecode import LONGEST_SECONDS, Span
from audio.voices.turns import Diarization, Turn, Voice
from index.storage.store import Store
from index.transcript import Segment
from pipeline.voices.episode_speech import EpisodeSpeech, check_heard, read_speech
from pipeline.voices.labels import label_of
from pipeline.voices.naming import is_learned, learn_again

SPLIT = "split"
"""What the record of changes calls a split."""


def split_voice(store: Store, episode_id: str, number: int, times: Span) -> int:
    """Make what a voice of an episode says in these times a new voice, by whole sentences; return its number.

    A sentence is in the times if its middle is. Raises EpisodeError for a voice that there is not or that is not told
    by its sound, UsageError if none of its sentences is in the times, or all are.
    """
    with store.recorded_change(episode_id, SPLIT):
        speech = read_speech(store, episode_id)
        voices, label, new = check_heard(speech, number), label_of(number), max(speech.labels) + 1
        own = [one for one in speech.segments if one.speaker == label]
        moved = {one for one in own if times.start <= speech.span(one).middle < times.end}
        if not moved or len(moved) == len(own):
            raise UsageError(
                f"{'All' if moved else 'Nothing'} that {speech.names.get(label, label)} says in {episode_id} is in"
                " these times.",
                correct_input("Give times in which only the other person speaks."),
                where=episode_id,
            )
        learned = is_learned(store, episode_id, [number])
        store.change_voices(episode_id, split_turns(voices, number, new, list(_times_of(speech, own, moved))))
        store.replace_segments(
            episode_id, [replace(one, speaker=label_of(new)) if one in moved else one for one in speech.segments]
        )
        if learned:
            learn_again(store, episode_id, [number])
    return new


def split_turns(voices: Diarization, number: int, new: int, spans: Sequence[Span]) -> Diarization:
    """Return who speaks when if a voice is a ``new`` one in these times, which are in order.

    What either of them sounds like is not known then: the vector is one of both.
    """
    turns = [part for turn in voices.turns for part in _split_turn(turn, number, new, spans)]
    turns.sort(key=lambda turn: (turn.start, turn.voice))
    split = [
        Voice(one, sum(turn.end - turn.start for turn in turns if turn.voice == one), None) for one in (number, new)
    ]
    listed = [*(one for one in voices.voices if one.number != number), *split]
    return Diarization(tuple(sorted(listed, key=lambda one: one.number)), tuple(turns))


def _split_turn(turn: Turn, number: int, new: int, spans: Sequence[Span]) -> Iterator[Turn]:
    if turn.voice != number:
        yield turn
        return
    borders = {border for span in spans for border in (span.start, span.end) if turn.start < border < turn.end}
    for start, end in pairwise([turn.start, *sorted(borders), turn.end]):
        is_new = any(span.start <= (start + end) / 2 < span.end for span in spans)
        yield Turn(start, end, new if is_new else number)


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
