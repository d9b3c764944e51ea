"""One process at a time transcribes a sound into a library; the others see that, and leave it alone."""

from __future__ import annotations

from pathlib import Path

from filelock import BaseFileLock, FileLock, Timeout

from audio.errors import make_room
from index.errors import LibraryError

Taken = Timeout
"""What entering a lock raises where another process holds it."""


def lock_sound(library: Path, sha256: str) -> BaseFileLock:
    """The lock of the sound with this hash in the library's folder; a context manager that never waits.

    Held by the process, not by a row: it goes when the process does, however that ends. Raises LibraryError if the
    folder cannot be written.
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
    """The file that is locked."""
    return library / "locks" / f"{sha256}.lock"
