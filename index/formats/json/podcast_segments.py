"""Write Podcasting 2.0's JSON (podcast-namespace, transcripts.md): what players of podcasts show beside the sound."""

from __future__ import annotations

import json
from typing import Any

from index.formats.spoken.spoken_cues import cues_to_write
from index.formats.word_split import writable
from index.transcript import Cue, Transcript

_VERSION = "1.0.0"


def write_podcast_json(transcript: Transcript) -> str:
    """Write a segment for each cue or sentence, with its speaker where that is known; times are seconds."""
    segments = [_write_segment(cue) for cue in cues_to_write(transcript, "podcast-json")]
    document = {"version": _VERSION, "segments": segments}
    return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def _write_segment(cue: Cue) -> dict[str, Any]:
    speaker = " ".join(writable(cue.speaker or "").split())
    body = cue.text.strip() if cue.payload is None else cue.payload
    return {
        **({"speaker": speaker} if speaker else {}),
        "startTime": round(float(cue.start), 3),
        "endTime": round(float(cue.end), 3),
        "body": writable(body),
    }
