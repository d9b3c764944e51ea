"""Assemble a transcript from the texts of windows: join overlaps, split and flag sentences, list gaps."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice

from audio.timecode import Span
from audio.windows import Window
from index.language.sentences import split_sentences
from index.language.tokens import fold_words
from index.storage.codecs.word_codec import round_word
from index.transcript import Segment, Transcript, Word, span_of
from pipeline.engines.base import WindowText
from pipeline.transcription.channel_merging import ChannelWords, merge_channels
from pipeline.transcription.options import TranscriptionOptions
from pipeline.transcription.plan import Plan
from pipeline.transcription.quality import LOW_SENTENCE_PROBABILITY, SHORTEST_GAP

SEAM_WORDS = 20
"""More words than are spoken in the two seconds that two windows share."""
AGREED_SECONDS = 0.4
"""The largest distance between the middles of one word in both windows: times are less exact near a window's edge."""


def assemble_transcript(plan: Plan, texts: Iterable[WindowText], options: TranscriptionOptions) -> Transcript:
    """The whole transcript: words on the file's own time line, and the sentences they make.

    ``texts`` are those of all windows; each is taken when it is its turn. The settings are those of the engine, and
    what was asked for in the ``options``.
    """
    notes: list[tuple[str, Span]] = []
    channels: list[ChannelWords] = []
    speakers = [part.speaker for part in plan.parts] or [""]
    following = iter(texts)
    for speaker, (_, windows, _) in zip(speakers, plan.sounds(), strict=True):
        words, of_channel = _join_windows(windows, islice(following, len(windows)))
        segments = [flag_segment(one, words, of_channel) for one in split_sentences(words, plan.language)]
        channels.append(ChannelWords(speaker, words, segments))
        notes += of_channel
    if plan.parts:
        merged, sentences = merge_channels(channels)
    else:
        merged, sentences = tuple(channels[0].words), tuple(channels[0].segments)
    return Transcript(
        language=plan.language if merged else None,
        engine=options.engine.name,
        model=options.engine.model,
        settings=json.dumps({**plan.settings, "asked": options.asked}, sort_keys=True, ensure_ascii=False),
        timing="aligned",
        words=merged,
        segments=sentences,
        gaps=collect_gaps(notes, plan.holes),
    )


def _join_windows(windows: Sequence[Window], texts: Iterable[WindowText]) -> tuple[list[Word], list[tuple[str, Span]]]:
    """Join the texts of windows that follow each other to words and notes on the file's time line."""
    words: list[Word] = []
    notes: list[tuple[str, Span]] = []
    reached = 0.0
    for window, text in zip(windows, texts, strict=True):
        added = [_on_file_line(word, window) for word in text.words]
        added_notes: list[tuple[str, Span]] = [
            (note.kind, span) for note in text.notes for span in window.file_spans(note.start, note.end)
        ]
        if window.span.start < reached:
            overlap = Span(window.span.start, reached)
            kept, first = find_seam(words, added, overlap)
            del words[kept:], added[:first]
            joined = (*words[-SEAM_WORDS:], *added[:SEAM_WORDS])
            notes, added_notes = trim_gaps(notes, overlap, joined), trim_gaps(added_notes, overlap, joined)
        for word in added:
            # Where windows meet, rounding may move a start back by a millisecond.
            least = words[-1].start if words else 0.0
            forward = replace(word, start=least, end=max(least, word.end)) if word.start < least else word
            words.append(round_word(forward))
        notes += added_notes
        reached = window.span.end
    return words, notes


def _on_file_line(word: Word, window: Window) -> Word:
    span = window.file_span(word.start, word.end)
    return Word(word.text, span.start, span.end, word.probability, word.heard, word.spoken)


def flag_segment(segment: Segment, words: Sequence[Word], notes: Sequence[tuple[str, Span]]) -> Segment:
    """The segment with its flags: the ``notes`` that overlap it, and low confidence in its words."""
    said = words[segment.first : segment.last + 1]
    span = span_of(said)
    flags = {kind for kind, where in notes if kind != "no text" and where.overlaps(span)}
    known = [word.probability for word in said if word.probability is not None]
    if known and sum(known) / len(known) < LOW_SENTENCE_PROBABILITY:
        flags.add("low confidence")
    return replace(segment, flags=tuple(sorted(flags)))


def collect_gaps(notes: Sequence[tuple[str, Span]], holes: Sequence[Span]) -> tuple[Span, ...]:
    """The gaps of a transcript, to the millisecond and in order: speech without words, and what cannot be decoded."""
    spans = [Span(round(span.start, 3), round(span.end, 3)) for kind, span in notes if kind == "no text"]
    return tuple(sorted((*spans, *holes), key=lambda span: span.start))


def find_seam(before: Sequence[Word], after: Sequence[Word], overlap: Span) -> tuple[int, int]:
    """How many words to keep of the window before the seam, and the number of the first to keep of the one after it.

    Times are the file's. If both windows have words in common, the seam is after the one that is nearest to the middle
    of the ``overlap``, which is farthest from the edges of both windows. If they have none, it is in the middle.
    """
    middle = (overlap.start + overlap.end) / 2
    first = len(before)
    while first and before[first - 1].end > overlap.start:
        first -= 1
    shared = next((number for number, word in enumerate(after) if word.start >= overlap.end), len(after))
    agreed = [
        # The distance in time counts most: it tells a word that is said twice from its repetition.
        (10 * abs(_middle(one) - _middle(other)) + abs(_middle(one) + _middle(other) - 2 * middle), number, match)
        for number, one in enumerate(before[first:], start=first)
        for match, other in enumerate(after[:shared])
        if fold_words(one.text) == fold_words(other.text) and abs(_middle(one) - _middle(other)) <= AGREED_SECONDS
    ]
    if agreed:
        _, number, match = min(agreed)
        return number + 1, match + 1
    kept = next((n for n in range(first, len(before)) if _middle(before[n]) >= middle), len(before))
    return kept, next((n for n, word in enumerate(after) if _middle(word) >= middle), len(after))


def trim_gaps(notes: Sequence[tuple[str, Span]], overlap: Span, words: Sequence[Word]) -> list[tuple[str, Span]]:
    """The notes, with gaps limited to before and after the ``overlap`` if the other window has words there; gaps that
    become too short are left out."""
    if not any(word.start < overlap.end and overlap.start < word.end for word in words):
        return list(notes)
    trimmed: list[tuple[str, Span]] = []
    for kind, span in notes:
        if kind != "no text" or not span.overlaps(overlap):
            trimmed.append((kind, span))
            continue
        before = Span(span.start, max(span.start, overlap.start))
        after = Span(min(span.end, overlap.end), span.end)
        trimmed += [(kind, left) for left in (before, after) if left.duration >= SHORTEST_GAP]
    return trimmed


def _middle(word: Word) -> float:
    return (word.start + word.end) / 2
