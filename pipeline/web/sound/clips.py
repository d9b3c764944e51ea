"""Clips: the sound of a place as a file."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from audio.errors import UsageError, correct_input
from pipeline.library import Library
from pipeline.web.dependencies import Pool
from pipeline.web.file_answers import file_answer

router = APIRouter()

LONGEST_CLIP = 15 * 60
"""Seconds: an hour as WAV would take half a gigabyte of memory."""
MEDIA_TYPES = {
    "mp3": "audio/mpeg", "wav": "audio/wav", "m4a": "audio/mp4", "ogg": "audio/ogg", "opus": "audio/ogg",
    "flac": "audio/flac",
}  # fmt: skip

ClipFormat = Literal["mp3", "wav", "m4a", "ogg", "opus", "flac"]
Seconds = Annotated[float, Query(ge=0, le=1e6)]


@router.get("/clip", response_class=Response)
async def cut_clip(
    pool: Pool,
    episode: Annotated[str, Query(max_length=500)],
    start: Seconds,
    end: Seconds,
    format: ClipFormat = "mp3",
) -> Response:
    """Return the sound between two times as a file. Sound that is not on this machine is not downloaded for it."""
    name, content = await pool.ask(_cut, episode, start, end, format)
    return file_answer(name, content, MEDIA_TYPES[format])


def _cut(library: Library, name: str, start: float, end: float, format: ClipFormat) -> tuple[str, bytes]:
    if end - start > LONGEST_CLIP:
        raise UsageError(
            f"A clip of {end - start:.0f} s is too long for the page.",
            correct_input(f"Choose at most {LONGEST_CLIP // 60} minutes."),
        )
    place = library.place(name, start, end)
    if (missing := library.missing_sound(place.episode)) is not None:
        raise missing
    with tempfile.TemporaryDirectory(prefix="airquote-") as folder:
        file = Path(folder, f"clip.{format}")
        clip = library.clip(place, file)
        return f"{clip.episode}-{int(clip.start)}s.{format}", file.read_bytes()
