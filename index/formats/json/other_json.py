"""Read JSON transcripts in the layouts of Podcasting 2.0 and whisper.cpp."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from index.formats.cues import CueCollector, MalformedError, TranscriptFile, checked_span
from index.formats.json.json_fields import Fields, number, optional_text, probability
from index.formats.json.json_words import read_times, time_words
from index.formats.text_times import TimedPiece, time_text
from index.formats.word_split import lead_with_spaces, with_leading_space, writable
from index.language.language_codes import stated_language
from index.transcript import Cue


def is_podcast_json(document: Any) -> bool:
    """Whether a document has segments with ``startTime``."""
    segments = document.get("segments") if isinstance(document, dict) else None
    return isinstance(segments, list) and any(isinstance(one, dict) and "startTime" in one for one in segments[:1])


def read_podcast_json(document: dict[str, Any]) -> TranscriptFile:
    """Read Podcasting 2.0's JSON (podcast-namespace, transcripts.md): segments with ``startTime`` and ``body``."""
    collected = CueCollector()
    for fields in Fields.children(document, "segments"):
        said = with_leading_space(fields.text("body"))
        with collected.leaving_out(said):
            collected.cues.append(Cue(*fields.span("startTime", "endTime"), said, fields.speaker("speaker")))
    return collected.file("podcast-json", stated_language(document.get("language")))


def is_cpp_json(document: Any) -> bool:
    """Whether a document has a ``transcription``."""
    return isinstance(document, dict) and "transcription" in document


def read_cpp_json(document: dict[str, Any]) -> TranscriptFile:
    """Read whisper.cpp's JSON (examples/cli): ``transcription`` with ``offsets`` in milliseconds, also of tokens."""
    collected = CueCollector()
    for fields in Fields.children(document, "transcription"):
        offsets = fields.values.get("offsets")
        times = Fields(offsets if isinstance(offsets, dict) else {}, f"{fields.place}.offsets")
        said = fields.text("text")
        with collected.leaving_out(said):
            start, end = times.span("from", "to", per_second=1000)
            tokens = _read_tokens(fields)
            # A segment of a token (--max-len 1) may be a piece of a word; its times are the segment's.
            words = time_text(with_leading_space(said), tokens, start, end) if len(tokens) > 1 else ()
            collected.cues.append(Cue(start, end, said, words=words))
    texts = lead_with_spaces([cue.text for cue in collected.cues])
    collected.cues = [replace(cue, text=text) for cue, text in zip(collected.cues, texts, strict=True)]
    result = document.get("result")
    language = result.get("language") if isinstance(result, dict) else None
    return collected.file("whisper-cpp-json", stated_language(language))


def _read_tokens(segment: Fields) -> list[TimedPiece]:
    """Return the tokens of a segment (``--output-json-full``) with times, without special ones such as [_BEG_]."""
    pieces = []
    for token in segment.items("tokens"):
        text, offsets = optional_text(token.get("text")), token.get("offsets")
        if isinstance(offsets, dict) and not text.startswith(("[_", "<|")):
            times = read_times({"start": _seconds(offsets.get("from")), "end": _seconds(offsets.get("to"))})
            if times is not None:
                pieces.append(TimedPiece(text, times[0], times[1], probability(token.get("p"))))
    return pieces


def _seconds(milliseconds: object) -> float | None:
    known = number(milliseconds)
    return None if known is None else known / 1000


def is_segment_tuples(document: Any) -> bool:
    """Whether a document is faster-whisper's segments as lists, alone or before the information on the file."""
    return any(map(_text_column, _segment_rows(document)[:1]))


def read_segment_tuples(document: list[Any]) -> TranscriptFile:
    """Read faster-whisper's named tuples (transcribe.py, Segment and Word), which JSON makes lists.

    Their columns differ between versions: the text stands behind its start and end, and the words are a list of
    start, end, word and probability.
    """
    collected = CueCollector()
    rows = _segment_rows(document)
    for position, row in enumerate(rows):
        column = _text_column(row)
        if not column:
            raise MalformedError(f"[{position}]", "expected a segment with start, end and text")
        said = with_leading_space(writable(row[column]))
        with collected.leaving_out(said):
            start, end = checked_span(float(row[column - 2]), float(row[column - 1]), f"[{position}]")
            cue = Cue(start, end, said)
            collected.cues.append(replace(cue, words=time_words(cue, _word_items(row), spaced=False)))
    info = document[1] if rows is document[0] and len(document) > 1 else None
    language = info[0] if isinstance(info, list) and info else None
    return collected.file("faster-whisper-tuples", stated_language(language))


def _segment_rows(document: Any) -> list[Any]:
    if not isinstance(document, list) or not document:
        return []
    first = document[0]
    nested = isinstance(first, list) and bool(first) and isinstance(first[0], list)
    return first if nested else document


def _text_column(row: object) -> int:
    """Return the number of the first text that stands behind two numbers, 0 for what is not a segment."""
    if not isinstance(row, list):
        return 0
    for column in range(2, len(row)):
        if isinstance(row[column], str) and None not in map(number, row[column - 2 : column]):
            return column
    return 0


def _word_items(row: list[Any]) -> list[dict[str, Any]]:
    """Return the words of a segment as items with names; none if it has no list of words."""
    for value in row:
        if isinstance(value, list) and value and all(_text_column(word) == 2 for word in value):
            return [
                {"start": word[0], "end": word[1], "word": word[2], "probability": word[3] if len(word) > 3 else None}
                for word in value
            ]
    return []
