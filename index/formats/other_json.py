"""Read JSON transcripts in the layouts of Podcasting 2.0 and whisper.cpp."""

from __future__ import annotations

from typing import Any

from index.formats.cues import Cue, cues_to_transcript
from index.formats.json_fields import Fields
from index.formats.word_split import with_leading_space
from index.language.language_codes import stated_language
from index.transcript import Transcript


def read_podcast_json(document: dict[str, Any]) -> Transcript:
    """Read Podcasting 2.0's JSON (podcast-namespace, transcripts.md): segments with ``startTime`` and ``body``."""
    cues = [
        Cue(
            *fields.span("startTime", "endTime"),
            with_leading_space(fields.text("body")),
            fields.speaker("speaker"),
        )
        for fields in Fields.children(document, "segments")
    ]
    return cues_to_transcript(cues, model="podcast-json", language=stated_language(document.get("language")))


def read_cpp_json(document: dict[str, Any]) -> Transcript:
    """Read whisper.cpp's JSON (examples/cli): ``transcription`` with ``offsets`` in milliseconds."""
    cues = []
    for fields in Fields.children(document, "transcription"):
        offsets = fields.values.get("offsets")
        times = Fields(offsets if isinstance(offsets, dict) else {}, f"{fields.place}.offsets")
        cues.append(Cue(*times.span("from", "to", per_second=1000), with_leading_space(fields.text("text"))))
    result = document.get("result")
    language = result.get("language") if isinstance(result, dict) else None
    return cues_to_transcript(cues, model="whisper-cpp-json", language=stated_language(language))
