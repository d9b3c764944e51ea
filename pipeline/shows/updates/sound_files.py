"""Where downloaded sound is kept: a file of the library's folder, whose name nothing in a feed can lead elsewhere."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path

from index.storage.episode_names import name_episode
from pipeline.batch.downloaded_sound import MEDIA_FOLDER
from pipeline.progress import ProgressCallback, SoundFolderLinked
from pipeline.shows.downloads.whole_sound import SOUND_EXTENSIONS

_DIGITS = 8
"""Hexadecimal digits of a hash that tell apart episodes of the same title: one pair in four billion has the same."""


def place_sound(library: Path, show: str, title: str, identity: str) -> Path:
    """Return the file for the sound of an item of a show, without an extension, which follows from what it is.

    It is the same in every run, and another for each ``identity``.
    """
    told_apart = hashlib.sha256(f"{show}\n{identity}".encode()).hexdigest()[:_DIGITS]
    return library / MEDIA_FOLDER / name_episode(show) / f"{name_episode(title)}-{told_apart}"


def tell_of_link(library: Path, progress: ProgressCallback) -> None:
    """Report that the folder of downloaded sound is a link: what is removed there may be anybody's, so nothing is."""
    folder = library / MEDIA_FOLDER
    if folder.is_symlink():
        progress(SoundFolderLinked(os.path.realpath(folder)))


def drop_empty_folders(library: Path) -> None:
    """Remove the folders of shows in which no sound is: those of addresses and items that failed."""
    folder = library / MEDIA_FOLDER
    if folder.is_dir() and not folder.is_symlink():
        for of_show in folder.iterdir():
            with suppress(OSError):  # one with files, or a link
                of_show.rmdir()


def find_sound(place: Path) -> Path | None:
    """Return the file that was downloaded for a place, None if there is none."""
    named = (place.with_name(place.name + extension) for extension in sorted(SOUND_EXTENSIONS))
    return next((file for file in (*named, place) if file.is_file()), None)
