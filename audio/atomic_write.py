"""Atomic writes: a file appears complete or not at all; and the errors of files that cannot be written."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from audio.errors import (
    MAKE_FOLDER,
    OutputError,
    UsageError,
    WayOut,
    allow_overwrite,
    check_permissions,
    choose_other_file,
    make_room,
    try_again,
)

ROOM_BYTES = 128 * 1024
"""With less room than this in a folder, its disk counts as full. SQLite takes 32 KiB to open a library; of 64 KiB
the first change sometimes took the rest while shared memory still needed some (tests/torture/full_disk.py)."""

_OTHER_WAYS_OUT = {
    errno.EROFS: check_permissions("The file system is mounted read-only: allow writing, or choose another place."),
    errno.EACCES: check_permissions("Check the permissions of the file and of its folder."),
    errno.EPERM: check_permissions("Check the permissions of the file and of its folder."),
    errno.ENAMETOOLONG: choose_other_file("Choose a shorter name."),
    errno.ELOOP: choose_other_file("A symbolic link is in the way: remove it, or choose another place."),
    errno.ENOENT: choose_other_file("A folder is gone or was never there: choose another place."),
    errno.ENOTDIR: choose_other_file("A file is in the way: move it away, or choose another place."),
    errno.EEXIST: choose_other_file("A file is in the way: move it away, or choose another place."),
    errno.EISDIR: choose_other_file("A folder is in the way: move it away, or choose another place."),
    errno.EMFILE: try_again("Too many files are open: close some of them."),
    errno.EIO: check_permissions("The disk may be failing: check it."),
}


@contextmanager
def write_atomically(target: Path) -> Iterator[Path]:
    """Context manager: yield a temporary path next to ``target``, renamed over it at the end.

    If anything fails, ``target`` is unchanged, the temporary file is removed and the error propagates.
    """
    # In the target's folder, since a rename cannot cross file systems; short, since the target's name may be as long as
    # the file system allows.
    unfinished = target.with_name(f".airquote-{secrets.token_hex(6)}.part")
    try:
        yield unfinished
        unfinished.replace(target)
    finally:
        with suppress(OSError):  # renamed already, or never created
            unfinished.unlink()


@contextmanager
def write_output(target: Path) -> Iterator[Path]:
    """Context manager: ``write_atomically`` for a file that a user named. Raises OutputError for an OSError.

    A symbolic link stays, and the file that it leads to is written.
    """
    with raise_output_error(target), write_atomically(Path(os.path.realpath(target))) as unfinished:
        yield unfinished


@contextmanager
def raise_output_error(target: Path) -> Iterator[None]:
    """Context manager: raise OutputError, about ``target``, for an OSError."""
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"{target} cannot be written: {error.strerror or error}.",
            choose_way_out(error, make_room("Is the disk full, or the quota used up?")),
            where=target,
        ) from error


def choose_way_out(error: OSError, room: WayOut) -> WayOut:
    """Return what can be done about a failed write: ``room`` where there was no room, or for an unknown cause."""
    return _OTHER_WAYS_OUT.get(error.errno or 0, room)


def find_write_fault(folder: Path) -> OSError | None:
    """Try to write ``ROOM_BYTES`` into a folder; return what prevents it, None if nothing does.

    For libraries that do not say why they could not write, such as SQLite.
    """
    trial = folder / f".airquote-{secrets.token_hex(6)}.part"
    try:
        with trial.open("xb") as file:
            file.write(b"\0" * ROOM_BYTES)
            file.flush()
            os.fsync(file.fileno())  # some file systems notice a used up quota only now
    except OSError as error:
        return error
    finally:
        with suppress(OSError):
            trial.unlink()
    return None


def check_new_file(path: Path, overwrite: bool, what: str = "file") -> None:
    """Raise UsageError for a folder, a device, a file in a missing folder or, unless ``overwrite``, one that exists.

    ``what`` is what the user named, and can name otherwise: the file, or the folder that it is to be written into.
    """
    with raise_output_error(path):  # a name that is too long, a folder that may not be entered
        if path.is_dir():
            raise UsageError(f"{path} is a folder.", choose_other_file("Name a file in it."), where=path)
        check_parent(path)
        if path.exists() and not path.is_file():
            raise UsageError(f"{path} is not a regular file.", choose_other_file("Name another file."), where=path)
        if os.path.lexists(path) and not overwrite:
            raise UsageError(f"{path} exists already.", allow_overwrite(what), where=path)


def check_parent(path: Path) -> None:
    """Raise UsageError if the folder that ``path`` is in does not exist, or is not a folder."""
    if not path.parent.is_dir():
        if os.path.lexists(path.parent):
            way_out = choose_other_file("Name another folder.")
            raise UsageError(f"{path.parent} is not a folder.", way_out, where=path.parent)
        raise UsageError(f"There is no folder {path.parent}.", MAKE_FOLDER, where=path.parent)
