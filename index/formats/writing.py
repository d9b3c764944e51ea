"""Write a transcript in one of the formats of Whisper's own writers."""

from __future__ import annotations

from collections.abc import Callable

from audio.errors import UsageError, correct_input
from index.formats.json.whisper_json import write_whisper_json
from index.formats.subtitles.srt import write_srt
from index.formats.subtitles.vtt import write_vtt
from index.formats.text.whisper_text import write_tsv, write_txt
from index.transcript import Transcript

WRITERS: dict[str, Callable[[Transcript], str]] = {
    "json": write_whisper_json,
    "srt": write_srt,
    "vtt": write_vtt,
    "txt": write_txt,
    "tsv": write_tsv,
}


def write_transcript(transcript: Transcript, format: str) -> str:
    """Return the file's text, to be written as UTF-8 without newline translation.

    For json, srt and vtt, export, import, export reproduces the same file. Raises UsageError for an unknown ``format``.
    """
    if format not in WRITERS:
        raise UsageError(
            f"{format!r} is not a transcript format.",
            correct_input(f"Choose one of {', '.join(WRITERS)}."),
            where=format,
        )
    return WRITERS[format](transcript)
