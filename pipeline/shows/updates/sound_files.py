"""Where downloaded sound is kept: a file of the library's folder, whose name nothing in a feed can lead elsewhere."""

from __future__ import annotations

import hashlib
from pathlib import Path

from index.storage.episode_names import name_episode
from pipeline.batch.downloaded_sound import MEDIA_FOLDER
from pipeline.shows.downloads.whole_sound import SOUND_EXTENSIONS

_DIGITS = 8
"""Hexadecimal digits of a hash that tell apart episodes of the same title: one pair in four billion has the same."""


def place_sound(library: Path, show: str, title: str, identity: str) -> Path:
    """Return the file for the sound of an item of a show, without an extension, which follows from what it is.

    It is the same in every run, and another for each ``identity``.
    """
    told_apart = hashlib.sha256(f"{show}\n{identity}".encode()).hexdigest()[:_DIGITS]
    return library / MEDIA_FOLDER / name_episode(show) / f"{name_episode(title)}-{told_apart}"


def find_sound(place: Path) -> Path | None:
    """Return the file that was downloaded for a place, None if there is none."""
    named = (place.with_name(place.name + extension) for extension in sorted(SOUND_EXTENSIONS))
    return next((file for file in (*named, place) if file.is_file()), None)
