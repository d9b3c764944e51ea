"""File locks: only one process at a time transcribes, imports or removes a recording."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from audio.atomic_write import choose_way_out
from audio.errors import make_room
from index.errors import LibraryError

Taken = Timeout
"""Raised on entering a lock that another process holds."""


@contextmanager
def lock_source(library: Path, sha256: str, *, discard: bool = False) -> Iterator[None]:
    """Hold the lock of the recording with this hash in the library's folder, without waiting for it.

    It is held by the process, not by a row of the store, so it is released however the process ends. With ``discard``
    its file is deleted at the end. Raises Taken, and LibraryError if the folder cannot be written.
    """
    path = library / "locks" / f"{sha256}.lock"
    try:
        path.parent.mkdir(exist_ok=True)
        path.touch()
    except OSError as error:
        raise LibraryError(
            f"The library folder {library} cannot be written: {error.strerror}.",
            choose_way_out(error, make_room("Make room on the disk.")),
            where=library,
        ) from error
    with FileLock(path, timeout=0):
        yield
        if discard:
            # While it is held: another process that already opened the file notices that it is gone, and fails to take
            # it. Deleted after the release, it could be one that another process holds.
            # Windows deletes no open file; there the lock deletes its own when it is released.
            with suppress(PermissionError):
                path.unlink(missing_ok=True)
