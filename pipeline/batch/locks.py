"""File locks: only one process at a time transcribes a recording into a library."""

from __future__ import annotations

from pathlib import Path

from filelock import BaseFileLock, FileLock, Timeout

from audio.errors import make_room
from index.errors import LibraryError

Taken = Timeout
"""Raised on entering a lock that another process holds."""


def lock_sound(library: Path, sha256: str) -> BaseFileLock:
    """Return the lock of the recording with this hash in the library's folder: a context manager that never waits.

    It is held by the process, not by a row of the store, so it is released however the process ends. Raises
    LibraryError if the folder cannot be written.
    """
    path = lock_path(library, sha256)
    try:
        path.parent.mkdir(exist_ok=True)
        path.touch()
    except OSError as error:
        raise LibraryError(
            f"The library folder {library} cannot be written: {error.strerror}.",
            make_room("Make room, or check the folder's permissions."),
            where=library,
        ) from error
    return FileLock(path, timeout=0)


def lock_path(library: Path, sha256: str) -> Path:
    """Return the path of the lock file."""
    return library / "locks" / f"{sha256}.lock"
