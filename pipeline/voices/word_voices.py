"""Give each word of a transcript its voice, and cut sentences where the voice changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from audio.timecode import Span
from audio.voices.cheapest_path import find_cheapest_path
from audio.voices.voice_turns import Diarization, find_overlaps
from index.transcript import Segment, Word
from pipeline.voices.labels import label_of

OVERLAP = "overlap"
"""The flag of a segment in which two speak at once."""

SHORTEST_OVERLAP = 0.25
"""Seconds for which two speak at once in a segment that is flagged: borders of turns are no more exact than that."""

CHANGE_INSIDE = 0.9
CHANGE_AFTER_PAUSE = 0.15
CHANGE_AT_BORDER = 0.1
"""Seconds of speech by somebody else that a change of voice must explain: inside a sentence, at a pause of PAUSE
seconds inside it, and at its border. Borders of turns and words are off by some 0.1 s, so a change is found in the next
pause or border; a lone word inside a sentence stays with it, and "yeah" as a sentence of its own is another's. Of the
words of composed podcasts 1.5 % get the wrong speaker; 1.6 % with 0.6 and 0.25 s."""

PAUSE = 0.3

DISTANCE_COST = 0.1
"""What a second between a word and the turns of a voice costs, up to a second: words that are in nobody's turn belong
to the nearest one, where their sentence does not say otherwise."""

Seconds = NDArray[np.float64]


def assign_voices(words: Sequence[Word], segments: Sequence[Segment], diarization: Diarization) -> tuple[Segment, ...]:
    """Return the segments with their speakers, cut where the voice changes; each part keeps the flags of its sentence.

    They cover the same words in the same order. A word that is in nobody's turn has the voice of its neighbours. Where
    no voice was found, the segments stay as they are.
    """
    if not words or not diarization.turns:
        return tuple(segments)
    numbers = sorted({turn.voice for turn in diarization.turns})
    own = [[turn.span for turn in diarization.turns if turn.voice == number] for number in numbers]
    costs = np.stack([_voice_costs(words, spans) for spans in own], axis=1)
    voices = [numbers[column] for column in find_cheapest_path(costs, _change_costs(words, segments))]
    overlapped = _seconds_inside(words, find_overlaps(diarization.turns))
    return tuple(_flag_overlap(piece, overlapped) for segment in segments for piece in _cut_segment(segment, voices))


def _voice_costs(words: Sequence[Word], spans: Sequence[Span]) -> Seconds:
    """Return what it costs to take each word for that of the voice which speaks in ``spans``: float64, (words,)."""
    outside = np.array([word.end - word.start for word in words]) - _seconds_inside(words, spans)
    middles = np.array([word.span.middle for word in words])
    after = np.searchsorted([span.start for span in spans], middles, side="right")
    ends = np.array([-np.inf, *(span.end for span in spans)])
    starts = np.array([*(span.start for span in spans), np.inf])
    distances = np.minimum(starts[after] - middles, np.maximum(middles - ends[after], 0.0))
    costs: Seconds = outside + DISTANCE_COST * np.minimum(distances, 1.0)
    return costs


def _seconds_inside(words: Sequence[Word], spans: Sequence[Span]) -> Seconds:
    """Return how many seconds of each word lie inside the spans, which are in order and apart: float64, (words,)."""
    borders = np.array([moment for span in spans for moment in (span.start, span.end)] or [0.0])
    reached = np.cumsum([seconds for span in spans for seconds in (0.0, span.duration)] or [0.0])
    starts, ends = np.array([word.start for word in words]), np.array([word.end for word in words])
    inside: Seconds = np.interp(ends, borders, reached) - np.interp(starts, borders, reached)
    return inside


def _change_costs(words: Sequence[Word], segments: Sequence[Segment]) -> Seconds:
    """Return what a change of voice before each word costs: float64, (words,)."""
    pauses = np.array([after.start - before.end for before, after in pairwise(words)])
    costs = np.concatenate(([0.0], np.where(pauses >= PAUSE, CHANGE_AFTER_PAUSE, CHANGE_INSIDE)))
    costs[[segment.first for segment in segments]] = CHANGE_AT_BORDER
    return costs


def _cut_segment(segment: Segment, voices: Sequence[int]) -> list[Segment]:
    """Return the parts of a segment, one for each run of words of one voice."""
    parts: list[Segment] = []
    for word in range(segment.first, segment.last + 1):
        if parts and voices[word] == voices[word - 1]:
            parts[-1] = replace(parts[-1], last=word)
        else:
            parts.append(replace(segment, first=word, last=word, speaker=label_of(voices[word])))
    return parts


def _flag_overlap(segment: Segment, overlapped: Seconds) -> Segment:
    """Return the segment, with the flag OVERLAP where two speak at once during its words."""
    if overlapped[segment.first : segment.last + 1].sum() < SHORTEST_OVERLAP:
        return segment
    return replace(segment, flags=tuple(sorted({*segment.flags, OVERLAP})))
