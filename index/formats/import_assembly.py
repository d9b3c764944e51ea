"""Assemble the cues of an imported file into a transcript: order, speakers, words with times, sentences."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

from index.formats.cues import TranscriptFile, spread_words
from index.formats.text.speaker_names import read_speakers
from index.formats.word_split import split_words, with_leading_space
from index.transcript import Cue, Segment, Transcript, Word

ENGINE = "import"
_ENOUGH_MEASURED = 0.9
"""The share of words with stated times from which the times of a transcript count as measured."""


def assemble_import(file: TranscriptFile) -> Transcript:
    """Return the transcript of an imported file, with its cues beside it.

    Cues are put in the order of their starts. Word times that a file does not state are interpolated over its cues.
    Where these overlap, word starts are limited to the next cue's start, so that they never decrease; ends stay.
    """
    spoken = sorted((cue for cue in name_speakers(file.cues) if cue.text.strip()), key=lambda cue: cue.start)
    limits = [*(cue.start for cue in spoken[1:]), math.inf]
    timed = [(_time_words(cue, limit), cue.speaker) for cue, limit in zip(spoken, limits, strict=False)]
    words, segments = _join_segments(timed)
    measured = sum(len(cue.words) for cue in spoken)
    return Transcript(
        file.language, ENGINE, file.layout, "{}",
        "aligned" if words and measured >= _ENOUGH_MEASURED * len(words) else "interpolated",
        _order_starts(words), segments, cues=file.cues, flaws=file.flaws,
    )  # fmt: skip


def name_speakers(cues: Sequence[Cue]) -> list[Cue]:
    """Return the cues with the speakers that their texts name, in a file whose layout names none."""
    if any(cue.speaker is not None or cue.words for cue in cues):
        return list(cues)
    lines = read_speakers([cue.text.strip() for cue in cues])
    return [
        replace(cue, speaker=speaker, text=with_leading_space(said)) if speaker is not None else cue
        for cue, (speaker, said) in zip(cues, lines, strict=True)
    ]


def _time_words(cue: Cue, limit: float) -> tuple[Word, ...]:
    if cue.words:
        return cue.words
    spread = spread_words(split_words(cue.text), cue.start, cue.end)
    return tuple(Word(word.text, min(word.start, limit), word.end) for word in spread)


def _join_segments(
    segments: Iterable[tuple[Sequence[Word], str | None]],
) -> tuple[tuple[Word, ...], tuple[Segment, ...]]:
    """Concatenate segments, given as (words, speaker), into words and ranges of them; skip segments without words."""
    words: list[Word] = []
    numbered: list[Segment] = []
    for own, speaker in segments:
        if own:
            numbered.append(Segment(len(words), len(words) + len(own) - 1, speaker))
            words.extend(own)
    return tuple(words), tuple(numbered)


def _order_starts(words: Iterable[Word]) -> tuple[Word, ...]:
    """Return the words with starts that never decrease: raise each to the latest start before it."""
    ordered: list[Word] = []
    latest = 0.0
    for word in words:
        latest = max(latest, word.start)
        late = word.start < latest
        ordered.append(replace(word, start=latest, end=max(latest, word.end)) if late else word)
    return tuple(ordered)
