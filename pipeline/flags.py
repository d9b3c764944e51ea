"""What a reader must know about a sentence before it is believed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from audio.timecode import Span
from index.transcript import Segment, Word
from pipeline.transcription.quality import LOW_SENTENCE_PROBABILITY


def flag_segment(segment: Segment, words: Sequence[Word], notes: Sequence[tuple[str, Span]]) -> Segment:
    """The segment with its flags: the ``notes`` that touch it, and whether its words are unsure."""
    said = words[segment.first : segment.last + 1]
    span = Span(said[0].start, max(word.end for word in said))
    flags = {kind for kind, where in notes if kind != "no text" and where.overlaps(span)}
    known = [word.probability for word in said if word.probability is not None]
    if known and sum(known) / len(known) < LOW_SENTENCE_PROBABILITY:
        flags.add("low confidence")
    return replace(segment, flags=tuple(sorted(flags)))


def find_untold(notes: Sequence[tuple[str, Span]], holes: Sequence[Span]) -> tuple[Span, ...]:
    """Where something was said that is not in the text, to the millisecond: noted or not decodable, in order."""
    spans = [Span(round(span.start, 3), round(span.end, 3)) for kind, span in notes if kind == "no text"]
    return tuple(sorted((*spans, *holes), key=lambda span: span.start))
