"""Read and write Whisper's JSON, as used by openai-whisper, faster-whisper, WhisperX and OpenAI's API."""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Sequence
from typing import Any

from index.formats.cues import (
    ENGINE,
    Cue,
    cues_to_transcript,
    join_segments,
)
from index.formats.json_fields import Fields, optional_text, probability
from index.formats.json_words import measured_share, order_starts, time_words
from index.formats.word_split import with_leading_space
from index.language.language_codes import stated_language
from index.transcript import Segment, Transcript, Word

_ENOUGH_MEASURED = 0.9
"""WhisperX leaves single words (numbers, signs) without times; with more missing, all times are interpolated."""


def compression_ratio(text: str) -> float:
    """Return the repetitiveness of a text: its UTF-8 bytes over zlib-compressed ones (openai-whisper's `utils.py`)."""
    encoded = text.encode()
    return len(encoded) / len(zlib.compress(encoded))


def read_whisper_json(document: dict[str, Any]) -> Transcript:
    """Read a parsed JSON document with ``segments`` of ``start``, ``end``, ``text`` and optionally ``words``.

    Measured word times are kept. Raises MalformedError, with the place, where a required field is missing or invalid.
    """
    segments = Fields.children(document, "segments")
    texts = [segment.text("text") for segment in segments]
    # If the whole text equals the joined segments, their spaces are verbatim; otherwise they may have been stripped.
    spaced = isinstance(document.get("text"), str) and optional_text(document["text"]) == "".join(texts)
    cues = [_read_cue(segment, text, spaced) for segment, text in zip(segments, texts, strict=True)]
    language = stated_language(document.get("language"))
    timed = [(cue, segment.items("words")) for cue, segment in zip(cues, segments, strict=True) if cue.text.strip()]
    if measured_share(items for _, items in timed) < _ENOUGH_MEASURED:
        return cues_to_transcript(cues, model="whisper-json", language=language)
    timed.sort(key=lambda pair: pair[0].start)
    words, numbered = join_segments((time_words(cue, items, spaced), cue.speaker) for cue, items in timed)
    return Transcript(language, ENGINE, "whisper-json", "{}", "aligned", order_starts(words), numbered)


def _read_cue(segment: Fields, text: str, spaced: bool) -> Cue:
    start, end = segment.span("start", "end")
    speakers = {item.get("speaker") for item in segment.items("words") if isinstance(item.get("speaker"), str)}
    common = speakers.pop() if len(speakers) == 1 else None
    speaker = segment.speaker("speaker") or optional_text(common) or None
    return Cue(start, end, text if spaced else with_leading_space(text), speaker)


def write_whisper_json(transcript: Transcript) -> str:
    """Write JSON with the keys of Whisper's WriteJSON. What airquote does not store is null or empty.

    ``words`` are written only if their times were measured; ``speaker`` (WhisperX's key) only where known.
    """
    segments: list[dict[str, Any]] = []
    for segment in transcript.segments:
        if transcript.segment_text(segment).strip():
            segments.append(_write_segment(transcript, segment, len(segments)))
    text = "".join(segment["text"] for segment in segments)
    result = {"text": text, "segments": segments, "language": transcript.language}
    return json.dumps(result, allow_nan=False)


def _write_segment(transcript: Transcript, segment: Segment, number: int) -> dict[str, Any]:
    words = transcript.words[segment.first : segment.last + 1]
    span, text = transcript.segment_span(segment), optional_text(transcript.segment_text(segment))
    fields: dict[str, Any] = {
        "id": number,
        "seek": 0,
        "start": float(span.start),
        "end": float(span.end),
        "text": text,
        "tokens": [],
        "temperature": None,
        "avg_logprob": _mean_log_probability(words) if transcript.timing == "aligned" else None,
        "compression_ratio": compression_ratio(text),
        "no_speech_prob": None,
    }
    if transcript.timing == "aligned":
        fields["words"] = [_write_word(word) for word in words]
    if segment.speaker is not None and segment.speaker.strip():
        fields["speaker"] = optional_text(segment.speaker)
    return fields


def _write_word(word: Word) -> dict[str, Any]:
    return {
        "word": optional_text(word.text),
        "start": float(word.start),
        "end": float(word.end),
        "probability": probability(word.probability),
    }


def _mean_log_probability(words: Sequence[Word]) -> float | None:
    known = [value for word in words if (value := probability(word.probability))]
    return math.fsum(map(math.log, known)) / len(words) if len(known) == len(words) else None
