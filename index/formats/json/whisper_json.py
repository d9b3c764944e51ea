"""Read and write Whisper's JSON, as used by openai-whisper, faster-whisper, WhisperX and OpenAI's API."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from index.formats.cues import CueCollector, TranscriptFile
from index.formats.json.json_fields import Fields, optional_text, probability
from index.formats.json.json_words import measured_share, time_words
from index.formats.word_split import with_leading_space
from index.language.compression import compression_ratio
from index.language.language_codes import stated_language
from index.transcript import Cue, Segment, Transcript, Word

_ENOUGH_MEASURED = 0.9
"""WhisperX leaves single words (numbers, signs) without times; with more missing, all times are interpolated."""


def has_whisper_segments(document: Any) -> bool:
    """Whether a document has ``segments``, or is a list of them."""
    return isinstance(_as_object(document).get("segments"), list)


def read_whisper_json(document: Any) -> TranscriptFile:
    """Read a parsed JSON document with ``segments`` of ``start``, ``end``, ``text`` and optionally ``words``.

    Measured word times are kept. Raises MalformedError, with the place, where a required field is missing or invalid.
    """
    document = _as_object(document)
    segments = Fields.children(document, "segments")
    texts = [segment.text("text") for segment in segments]
    # If the whole text equals the joined segments, their spaces are verbatim; otherwise they may have been stripped.
    spaced = isinstance(document.get("text"), str) and optional_text(document["text"]) == "".join(texts)
    measured = measured_share(segment.items("words") for segment in segments if segment.text("text").strip())
    collected = CueCollector()
    for segment, text in zip(segments, texts, strict=True):
        with collected.leaving_out(text):
            cue = _read_cue(segment, text, spaced)
            if measured >= _ENOUGH_MEASURED and text.strip():
                cue = replace(cue, words=time_words(cue, segment.items("words"), spaced))
            collected.cues.append(cue)
    return collected.file("whisper-json", stated_language(document.get("language")))


def _as_object(document: Any) -> dict[str, Any]:
    if isinstance(document, list):
        return {"segments": document}
    return document if isinstance(document, dict) else {}


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
