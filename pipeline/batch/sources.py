"""Sources of a batch -> media files: files as they are named, and those in folders."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from audio.errors import UsageError, choose_other_file, correct_input

MEDIA_ENDINGS = frozenset({
    ".3gp", ".aac", ".ac3", ".aif", ".aifc", ".aiff", ".amr", ".ape", ".asf", ".au", ".avi", ".caf", ".flac",
    ".flv", ".m2ts", ".m4a", ".m4b", ".m4v", ".mka", ".mkv", ".mov", ".mp2", ".mp3", ".mp4", ".mpc", ".mpeg",
    ".mpg", ".mts", ".oga", ".ogg", ".ogv", ".opus", ".spx", ".ts", ".tta", ".vob", ".w64", ".wav", ".weba",
    ".webm", ".wma", ".wmv", ".wv",
})  # fmt: skip
"""The extensions of files that are taken from a folder; a file that is named itself may have any."""


def find_media(sources: Sequence[str]) -> list[Path]:
    """Return the files among the sources, and those in their folders, sorted by name.

    Files that do not exist and folders that cannot be read are included: they fail like any other bad file. Raises
    UsageError for a folder without media files, for an address, and for an empty name.
    """
    found: list[Path] = []
    for name in sources:
        source = Path(name)
        if not name.strip():
            raise UsageError("One of the sources is an empty name.", correct_input("Write . for this folder."))
        if "://" in name and not source.exists():
            raise UsageError(f"{name} is an address, not a file.", choose_other_file("Download it first."), where=name)
        if not _is_folder(source):
            found.append(source)
            continue
        inside = sorted(_media_in(source))
        if not inside:
            raise UsageError(
                f"There are no media files in the folder {source}.",
                choose_other_file("Name the folder that has them, or a file itself (it may have any extension)."),
                where=source,
            )
        found += inside
    return list(dict.fromkeys(found))


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # such as a name that is too long: the file fails later, with the reason
        return False


def _is_special(path: Path) -> bool:
    return path.is_fifo() or path.is_socket() or path.is_char_device() or path.is_block_device()


def _media_in(folder: Path) -> Iterator[Path]:
    unreadable: list[Path] = []
    for parent, folders, files in os.walk(folder, onerror=lambda error: unreadable.append(Path(error.filename))):
        # Hidden files belong to file managers and backups, such as ._name.mp3 of macOS.
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            path = Path(parent, name)
            # A pipe or a device may have any name, and reading it may never end.
            if not name.startswith(".") and path.suffix.lower() in MEDIA_ENDINGS and not _is_special(path):
                yield path
    yield from unreadable
