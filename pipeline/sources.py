"""What a person names -> the media files that are meant."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from audio.errors import UsageError

MEDIA_ENDINGS = frozenset({
    ".3gp", ".aac", ".ac3", ".aif", ".aifc", ".aiff", ".amr", ".ape", ".asf", ".au", ".avi", ".caf", ".flac",
    ".flv", ".m2ts", ".m4a", ".m4b", ".m4v", ".mka", ".mkv", ".mov", ".mp2", ".mp3", ".mp4", ".mpc", ".mpeg",
    ".mpg", ".mts", ".oga", ".ogg", ".ogv", ".opus", ".spx", ".ts", ".tta", ".vob", ".w64", ".wav", ".weba",
    ".webm", ".wma", ".wmv", ".wv",
})  # fmt: skip
"""What is taken from a folder, by its name's ending; a file that is named itself is taken whatever its name."""


def find_media(sources: list[Path]) -> list[Path]:
    """The files that are named, and those in folders that are, in the order of their names.

    A file that does not exist is in the list: it fails like any other bad file. Raises UsageError for a folder
    without media files.
    """
    found: list[Path] = []
    for source in sources:
        if not _is_folder(source):
            found.append(source)
            continue
        inside = sorted(_media_in(source))
        if not inside:
            raise UsageError(
                f"There are no media files in the folder {source}.",
                "Name the folder that holds them, or a file itself (it may have any ending).",
            )
        found += inside
    return list(dict.fromkeys(found))


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # such as a name that is too long: the file will fail, with the reason
        return False


def _media_in(folder: Path) -> Iterator[Path]:
    for parent, folders, files in os.walk(folder):
        # Hidden ones are a file manager's or a backup's, such as the ._name.mp3 of macOS.
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            if not name.startswith(".") and Path(name).suffix.lower() in MEDIA_ENDINGS:
                yield Path(parent, name)
