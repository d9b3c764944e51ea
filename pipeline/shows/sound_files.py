"""Where downloaded sound is kept: a file of the library's folder, whose name nothing in a feed can lead elsewhere."""

from __future__ import annotations

import hashlib
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from index.storage.episode_names import name_episode
from pipeline.batch.downloaded_sound import MEDIA_FOLDER
from pipeline.batch.sources import MEDIA_ENDINGS
from pipeline.shows.feeds.values import OfferedSound

_ENDINGS = {
    "audio/mpeg": ".mp3", "audio/mp3": ".mp3", "audio/mp4": ".m4a", "audio/x-m4a": ".m4a", "audio/m4a": ".m4a",
    "audio/aac": ".aac", "audio/ogg": ".ogg", "audio/opus": ".opus", "audio/flac": ".flac", "audio/wav": ".wav",
    "audio/x-wav": ".wav", "audio/webm": ".webm", "video/mp4": ".mp4", "video/x-m4v": ".m4v", "video/webm": ".webm",
    "video/quicktime": ".mov",
}  # fmt: skip
_OTHER = ".sound"
"""The extension of what is of no known type: airquote reads a file whatever its name."""

_DIGITS = 8
"""Hexadecimal digits of a hash that tell apart episodes of the same title: one pair in four billion has the same."""


def place_sound(library: Path, show: str, title: str, identity: str, sound: OfferedSound) -> Path:
    """Return the file for the sound of an item of a show: the same in every run, and another for each ``identity``."""
    told_apart = hashlib.sha256(f"{show}\n{identity}".encode()).hexdigest()[:_DIGITS]
    return library / MEDIA_FOLDER / name_episode(show) / f"{name_episode(title)}-{told_apart}{_ending_of(sound)}"


def _ending_of(sound: OfferedSound) -> str:
    named = PurePosixPath(unquote(urlsplit(sound.address).path)).suffix.lower()
    return named if named in MEDIA_ENDINGS else _ENDINGS.get(sound.type or "", _OTHER)
