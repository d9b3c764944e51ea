"""Read and write Whisper's JSON, as used by openai-whisper, faster-whisper, WhisperX and OpenAI's API."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from index.formats.cues import CueCollector, MalformedError, TranscriptFile
from index.formats.json.json_fields import Fields, optional_text, probability
from index.formats.json.json_words import measured_share, read_pieces, time_words
from index.formats.spoken.spoken_cues import cues_to_write
from index.formats.text_times import time_cues, time_text
from index.formats.word_split import with_leading_space
from index.language.compression import compression_ratio
from index.language.language_codes import stated_language
from index.transcript import Cue, Transcript, Word, span_of

_ENOUGH_MEASURED = 0.9
"""WhisperX leaves single words (numbers, signs) without times; with more missing, all times are interpolated."""


def has_whisper_segments(document: Any) -> bool:
    """Whether a document has ``segments`` or ``words``, or is a list of segments."""
    fields = _as_object(document)
    return isinstance(fields.get("segments"), list) or isinstance(fields.get("words"), list)


def read_whisper_json(document: Any) -> TranscriptFile:
    """Read a parsed JSON document with ``segments`` of ``start``, ``end``, ``text`` and optionally ``words``.

    Measured word times are kept, also where the words stand beside the segments or alone, as in OpenAI's API. Raises
    MalformedError, with the place, where a required field is missing or invalid.
    """
    document = _as_object(document)
    language = stated_language(document.get("language"))
    beside = Fields(document, "the document").items("words")
    if not document.get("segments") and beside:
        return TranscriptFile("whisper-json", _read_words_alone(document, beside), language)
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
    if beside and not any(cue.words for cue in collected.cues):
        collected.cues = time_cues(collected.cues, read_pieces(beside))
    return collected.file("whisper-json", language)


def _read_words_alone(document: dict[str, Any], items: list[dict[str, Any]]) -> tuple[Cue, ...]:
    """Return one cue with the whole text, in whose spelling the words are, or with the words joined."""
    pieces = read_pieces(items)
    if not pieces:
        raise MalformedError("words", "expected times of words, found none")
    start, end = pieces[0].start, max(piece.end for piece in pieces)
    text = optional_text(document.get("text")) or " ".join(piece.text.strip() for piece in pieces)
    cue = Cue(start, end, with_leading_space(text))
    return (replace(cue, words=time_text(cue.text, pieces, start, end)),)


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

    ``words`` are written only if their times were measured; ``speaker`` (WhisperX's key) only where known. An import
    of the same layout is written with its own segments.
    """
    own = cues_to_write(transcript, "whisper-json") if transcript.model == "whisper-json" else []
    segments = [_write_cue(cue, row) for row, cue in enumerate(own or _sentences(transcript))]
    text = "".join(segment["text"] for segment in segments)
    result = {"text": text, "segments": segments, "language": transcript.language}
    return json.dumps(result, allow_nan=False)


def _sentences(transcript: Transcript) -> list[Cue]:
    """Return a cue for each sentence that has text, with its words if their times were measured."""
    cues = []
    for segment in transcript.segments:
        words = transcript.words[segment.first : segment.last + 1]
        span, text = span_of(words), transcript.segment_text(segment)
        if text.strip():
            measured = words if transcript.timing == "aligned" else ()
            cues.append(Cue(span.start, span.end, text, segment.speaker, measured))
    return cues


def _write_cue(cue: Cue, number: int) -> dict[str, Any]:
    text = optional_text(cue.text)
    fields: dict[str, Any] = {
        "id": number,
        "seek": 0,
        "start": float(cue.start),
        "end": float(cue.end),
        "text": text,
        "tokens": [],
        "temperature": None,
        "avg_logprob": _mean_log_probability(cue.words) if cue.words else None,
        "compression_ratio": compression_ratio(text),
        "no_speech_prob": None,
    }
    if cue.words:
        fields["words"] = [_write_word(word) for word in cue.words]
    if cue.speaker is not None and cue.speaker.strip():
        fields["speaker"] = optional_text(cue.speaker)
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
