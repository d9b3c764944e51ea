"""Karaoke: a line that is shown again and again while a tag moves through its words (Whisper's highlight_words)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from index.formats.text_times import TimedPiece, letters_of, time_text
from index.formats.word_split import flat_text
from index.transcript import Cue

LONGEST_BREAK = 0.5
"""Seconds between two cues that show the same line in one go."""

_TAGGED = re.compile(r"<[^<>/][^<>]*>([^<>]*)</[^<>]*>|\{\\[^{}]*\}([^{}]*)\{\\[^{}]*\}")
"""A word between tags of SRT, WebVTT or TTML, or of SubStation Alpha."""
_TAG = re.compile(r"<[^<>]*>|\{\\[^{}]*\}")


def join_highlighted(cues: Iterable[Cue]) -> list[Cue]:
    """Return the cues in order, each line through which a tag moves as one, with the times of the tagged words."""
    joined: list[Cue] = []
    for run in _same_lines(cues):
        words = _tagged_words(run)
        if len(words) < 2:
            joined += run
            continue
        start, end = run[0].start, max(cue.end for cue in run)
        timed = time_text(flat_text(run[0].text), words, start, end)
        joined.append(replace(run[0], end=end, words=timed))
    return joined


def _same_lines(cues: Iterable[Cue]) -> Iterator[list[Cue]]:
    """Yield runs of cues with the same text and speaker, without a break between them."""
    run: list[Cue] = []
    for cue in cues:
        same = run and (cue.text.split(), cue.speaker) == (run[-1].text.split(), run[-1].speaker)
        if same and cue.start - run[-1].end <= LONGEST_BREAK:
            run.append(cue)
            continue
        if run:
            yield run
        run = [cue]
    if run:
        yield run


def _tagged_words(run: Sequence[Cue]) -> list[TimedPiece]:
    """Return what the tag moves over with its times, nothing if it stays where it is or goes back.

    Where everything up to the present word is tagged, only what is new in a cue counts.
    """
    pieces: list[TimedPiece] = []
    reached = 0
    for cue in run if len(run) > 1 else ():
        tagged = [*_TAGGED.finditer(cue.payload or "")]
        if not tagged:
            continue
        place = len(letters_of(_TAG.sub("", (cue.payload or "")[: tagged[-1].end()])))
        if place < reached:
            return []
        new = letters_of(tagged[-1][1] or tagged[-1][2] or "")[-(place - reached) :] if place > reached else ""
        if new:
            pieces.append(TimedPiece(new, cue.start, cue.end))
        reached = place
    return pieces
