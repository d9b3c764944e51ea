"""Texts of windows -> one transcript: overlaps joined, sentences split and flagged, gaps named."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace

from audio.timecode import Span
from index.language.sentences import split_sentences
from index.storage.word_codec import round_word
from index.transcript import Segment, Transcript, Word
from pipeline.engines.base import WindowText
from pipeline.transcription.options import TranscriptionOptions
from pipeline.transcription.plan import Plan
from pipeline.transcription.quality import LOW_SENTENCE_PROBABILITY, SHORTEST_GAP, fold


def assemble_transcript(plan: Plan, texts: Sequence[WindowText], options: TranscriptionOptions) -> Transcript:
    """The whole transcript: words on the file's own time line, and the sentences they make.

    Its settings are those of the engine, and what a person asked for in the ``options``.
    """
    words: list[Word] = []
    notes: list[tuple[str, Span]] = []
    reached = 0.0
    for window, text in zip(plan.windows, texts, strict=True):
        heard = [replace(word, **asdict(window.file_span(word.start, word.end))) for word in text.words]
        told: list[tuple[str, Span]] = [
            (note.kind, span) for note in text.notes for span in window.file_spans(note.start, note.end)
        ]
        if window.span.start < reached:
            overlap = Span(window.span.start, reached)
            kept, first = find_seam(words, heard, overlap)
            del words[kept:], heard[:first]
            joined = (*words[-SEAM_WORDS:], *heard[:SEAM_WORDS])
            notes, told = trim_gaps(notes, overlap, joined), trim_gaps(told, overlap, joined)
        for word in heard:
            # Windows meet, and a millisecond may be lost in rounding.
            start = max(word.start, words[-1].start if words else 0.0)
            words.append(round_word(replace(word, start=start, end=max(start, word.end))))
        notes += told
        reached = window.span.end
    language = plan.language if words else None
    return Transcript(
        language=language,
        engine=options.engine.name,
        model=options.engine.model,
        settings=json.dumps({**plan.settings, "asked": options.asked}, sort_keys=True, ensure_ascii=False),
        timing="aligned",
        words=tuple(words),
        segments=tuple(flag_segment(segment, words, notes) for segment in split_sentences(words, language)),
        gaps=find_untold(notes, plan.holes),
    )


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


SEAM_WORDS = 20
"""More than anybody says in the two seconds that two windows share."""
AGREED_SECONDS = 0.4
"""So far apart the two windows may hear the middle of one word; its times are no surer near a window's edge."""


def find_seam(before: Sequence[Word], after: Sequence[Word], overlap: Span) -> tuple[int, int]:
    """How many words of the one window to keep, and the number of the first to keep of the other.

    Times are the file's. Where both heard the same word, the seam lies behind it: at the one nearest to the middle of
    the ``overlap``, which is farthest from both windows' edges. Where they agree on none, it lies in the middle.
    """
    middle = (overlap.start + overlap.end) / 2
    first = len(before)
    while first and before[first - 1].end > overlap.start:
        first -= 1
    shared = next((number for number, word in enumerate(after) if word.start >= overlap.end), len(after))
    agreed = [
        # A word said twice is told from its neighbour by the time, so that counts most.
        (10 * abs(_middle(one) - _middle(other)) + abs(_middle(one) + _middle(other) - 2 * middle), number, match)
        for number, one in enumerate(before[first:], start=first)
        for match, other in enumerate(after[:shared])
        if fold(one.text) == fold(other.text) and abs(_middle(one) - _middle(other)) <= AGREED_SECONDS
    ]
    if agreed:
        _, number, match = min(agreed)
        return number + 1, match + 1
    kept = next((n for n in range(first, len(before)) if _middle(before[n]) >= middle), len(before))
    return kept, next((n for n, word in enumerate(after) if _middle(word) >= middle), len(after))


def trim_gaps(notes: Sequence[tuple[str, Span]], overlap: Span, words: Sequence[Word]) -> list[tuple[str, Span]]:
    """The notes, with stretches without text cut back to before and behind the ``overlap`` if words came to lie there
    from the other window; what is then too short to note is left out."""
    if not any(word.start < overlap.end and overlap.start < word.end for word in words):
        return list(notes)
    trimmed: list[tuple[str, Span]] = []
    for kind, span in notes:
        if kind != "no text" or not span.overlaps(overlap):
            trimmed.append((kind, span))
            continue
        before = Span(span.start, max(span.start, overlap.start))
        behind = Span(min(span.end, overlap.end), span.end)
        trimmed += [(kind, left) for left in (before, behind) if left.duration >= SHORTEST_GAP]
    return trimmed


def _middle(word: Word) -> float:
    return (word.start + word.end) / 2
