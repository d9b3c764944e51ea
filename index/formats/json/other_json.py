"""Read JSON transcripts in the layouts of Podcasting 2.0 and whisper.cpp."""

from __future__ import annotations

from typing import Any

from index.formats.cues import CueCollector, TranscriptFile
from index.formats.json.json_fields import Fields
from index.formats.word_split import with_leading_space
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
    """Read whisper.cpp's JSON (examples/cli): ``transcription`` with ``offsets`` in milliseconds."""
    collected = CueCollector()
    for fields in Fields.children(document, "transcription"):
        offsets = fields.values.get("offsets")
        times = Fields(offsets if isinstance(offsets, dict) else {}, f"{fields.place}.offsets")
        said = with_leading_space(fields.text("text"))
        with collected.leaving_out(said):
            collected.cues.append(Cue(*times.span("from", "to", per_second=1000), said))
    result = document.get("result")
    language = result.get("language") if isinstance(result, dict) else None
    return collected.file("whisper-cpp-json", stated_language(language))
