"""What was spoken in the cues of a file: in the order of time, each part with its speaker."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from index.formats.spoken.repeats import drop_repeats
from index.formats.spoken.turns import split_turns
from index.formats.word_split import flat_text, goes_on_with_word, split_words
from index.transcript import Cue, Segment, Transcript, Word

_SINGLE_SHARE = 0.9
_FEWEST_SINGLE = 5
"""The share of cues of one word, and how many cues there are at least, where words have cues of their own."""

_STAYING_SHARE = 0.5
_FEWEST_STAYING = 3
"""The share and the number of cues that overlap the next one, from which that is a way of showing them, and not people
who speak at once."""


def read_spoken_cues(cues: Sequence[Cue]) -> list[Cue]:
    """Return the cues that hold text in the order of their starts, with the speakers that their texts name.

    Text that is only shown again is left out.
    """
    ordered = sorted((cue for cue in cues if cue.text.strip()), key=lambda cue: cue.start)
    return measure_single_words(split_turns(end_at_next(drop_repeats(ordered))))


def end_at_next(cues: Sequence[Cue]) -> list[Cue]:
    """Return the cues of a file in which most stay on the screen after the next one has begun, each ending there."""
    overlaps = sum(after.start < before.end for before, after in pairwise(cues))
    if overlaps < max(_FEWEST_STAYING, _STAYING_SHARE * (len(cues) - 1)):
        return list(cues)
    following = [*(cue.start for cue in cues[1:]), math.inf]
    return [
        replace(cue, end=start) if cue.start < start < cue.end else cue
        for cue, start in zip(cues, following, strict=False)
    ]


def measure_single_words(cues: Sequence[Cue]) -> list[Cue]:
    """Return the cues of a file in which nearly each holds one word, with the times of these words.

    Pieces of a word (see ``lead_with_spaces``) are joined to it.
    """
    single = [len(split_words(cue.text)) == 1 for cue in cues]
    if len(cues) < _FEWEST_SINGLE or sum(single) < _SINGLE_SHARE * len(cues):
        return list(cues)
    whole: list[Cue] = []
    for cue, alone in zip(cues, single, strict=True):
        goes_on = whole and not cue.words and goes_on_with_word(cue.text)
        if alone and goes_on and not cue.turn and cue.speaker == whole[-1].speaker:
            text = whole[-1].text + cue.text
            whole[-1] = replace(whole[-1], text=text, end=max(cue.end, whole[-1].end))
        else:
            whole.append(cue)
    return [
        replace(cue, words=(Word(cue.text, cue.start, cue.end),))
        if not cue.words and len(split_words(cue.text)) == 1
        else cue
        for cue in whole
    ]


def cues_to_write(transcript: Transcript, layout: str) -> list[Cue]:
    """Return the cues of an export: an import's own, else one for each sentence that has text.

    Those of an import in the same layout have a payload, to be written verbatim. Those for another layout, or of an
    import whose speakers were given other names, are plain, with their speakers.
    """
    if not transcript.cues:
        cues = [_sentence_cue(transcript, segment) for segment in transcript.segments]
        return [cue for cue in cues if cue.text.strip()]
    if transcript.model != layout or transcript.renamed:
        names = dict(transcript.renamed)
        return [
            replace(cue, text=flat_text(cue.text), payload=None, speaker=names.get(cue.speaker or "", cue.speaker))
            for cue in read_spoken_cues(transcript.cues)
        ]
    whole: list[Cue] = []
    for cue in transcript.cues:
        if cue.continued and whole:
            whole[-1] = replace(whole[-1], end=cue.end)
        else:
            whole.append(replace(cue, payload=cue.text.strip() if cue.payload is None else cue.payload))
    return whole


def _sentence_cue(transcript: Transcript, segment: Segment) -> Cue:
    span = transcript.segment_span(segment)
    return Cue(span.start, span.end, flat_text(transcript.segment_text(segment)), segment.speaker)
