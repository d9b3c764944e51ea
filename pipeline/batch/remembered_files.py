"""Recordings that are known by path, size and time, so that they need not be read again."""

from __future__ import annotations

import time
from pathlib import Path

from audio.errors import MediaError
from audio.media import hash_file
from index.storage.store import Store
from index.transcript import Episode

SETTLED_NS = 2_000_000_000
"""Nanoseconds after which a change alters the modification time on any file system (FAT has steps of two seconds)."""

NO_TIME = -(2**62)
"""The modification time stored for a file whose own says nothing: a century before any."""


def file_status(file: Path) -> tuple[int, int] | None:
    """Return size and modification time (ns) of a file, by which a change is noticed; None if it does not exist."""
    try:
        status = file.stat()
    except (OSError, ValueError):  # it does not exist, or the path is invalid
        return None
    return status.st_size, status.st_mtime_ns


def remember_hash(store: Store, file: Path, status: tuple[int, int] | None, sha256: str) -> None:
    """Store size and hash of a file that had this ``status`` before it was read.

    By size a recording is looked for when it was moved. Size and time together mean that the file need not be read
    again, unless it was just changed: it may change again within the same time stamp, so that is not stored.
    """
    if status and status == file_status(file):
        size, modified = status
        settled = time.time_ns() - modified > SETTLED_NS
        store.remember_file(str(file.absolute()), size, modified if settled else NO_TIME, sha256)


def remembered_hash(store: Store, file: Path) -> str | None:
    """Return the hash of a file that was stored and has not changed since; None if there is none."""
    status = file_status(file)
    return store.remembered_hash(str(file.absolute()), *status) if status else None


def is_in_place(store: Store, episode: Episode) -> bool:
    """Whether the recording of an episode is still at its path, with the same hash."""
    if episode.media is None:
        return False
    media = Path(episode.media)
    try:
        return episode.sha256 == (remembered_hash(store, media) or hash_file(media))
    except MediaError:
        return False
