"""How a library's SQLite file can be opened: in a read-only folder, on a full disk, with something in its way."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from audio.atomic_write import ROOM_BYTES, choose_way_out, find_write_fault
from audio.errors import check_permissions, choose_other_file, make_room, try_again
from index.errors import CHOOSE_OTHER_LIBRARY, MAKE_ROOM_AND_REINDEX, MAKE_ROOM_AND_RESUME, LibraryError

LONGEST_FOLDER = 480
"""Bytes of the path of a library's folder. SQLite opens paths of up to 504 bytes (MAX_PATHNAME in its os_unix.c, less
``-journal``), and the longest name in the folder is that of the lexicon of an index that is being rebuilt."""

_WITHOUT_LOCKS = "win32-none" if os.name == "nt" else "unix-none"
"""SQLite's way to files without locks on this system (sqlite.org/vfs.html)."""

_SUPER_JOURNAL = bytes.fromhex("d9d505f920a163d7")
"""The last bytes of a rollback journal that names a super-journal (aJournalMagic in SQLite's pager.c)."""


class Access(NamedTuple):
    """How to open a library's file: the options of its SQLite address, and whether it can be written."""

    options: str
    writable: bool

    @property
    def without_locks(self) -> bool:
        """Whether the index of the write-ahead log is kept in this process's memory, by exclusive locking.

        It then needs no file in shared memory (https://sqlite.org/wal.html, "Use of WAL Without Shared-Memory").
        """
        return _WITHOUT_LOCKS in self.options


def choose_access(path: Path) -> Access:
    """Return how to open the library's file, which need not exist.

    Raises LibraryError for a path that is too long for SQLite, and for links and other things in the file's way.
    """
    path = Path(os.path.realpath(path))
    _check_length(path.parent)
    _check_regular(path)
    _check_journal(path)
    if not path.exists():
        return Access("mode=rwc", True)
    if not os.access(path.parent, os.W_OK):
        return Access(_options_without_permission(path), False)
    # Where a block of the disk is smaller than a page of memory, SQLite's writing to shared memory would not fail on a
    # full disk: it would kill the process (SIGBUS).
    disk = shutil.disk_usage(path.parent)
    if disk.total > 0 and disk.free < ROOM_BYTES:
        return access_without_room(path)
    return Access("mode=rwc", True)


def access_for_reading(path: Path) -> Access:
    """Return how to read a file of a library that must stay as it is. Raises as ``choose_access`` does."""
    path = Path(os.path.realpath(path))
    _check_length(path.parent)
    _check_regular(path)
    _check_journal(path)
    return Access(_options_without_permission(path), False)


def access_without_room(path: Path) -> Access:
    """Return how to read a library on a full disk: with a file in shared memory that is never written.

    The file has to exist, but may be empty; its locks keep readers and writers apart as always.
    """
    with suppress(OSError):
        _beside(Path(os.path.realpath(path)), "-shm").touch()
    return Access("mode=ro&readonly_shm=1", False)


def _options_without_permission(path: Path) -> str:
    if not _beside(path, "-wal").exists():
        return "immutable=1"
    # The log of another user who is writing, or of a process that was killed: what it holds counts.
    return "mode=ro" if _beside(path, "-shm").exists() else f"mode=ro&vfs={_WITHOUT_LOCKS}"


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _check_length(folder: Path) -> None:
    if os.name == "posix" and len(os.fsencode(folder)) > LONGEST_FOLDER:
        raise LibraryError(
            f"The path of the library is {len(os.fsencode(folder))} bytes long, of which SQLite opens at most"
            f" {LONGEST_FOLDER}: {folder}",
            CHOOSE_OTHER_LIBRARY,
            where=folder,
        )


def _check_regular(path: Path) -> None:
    """Raise LibraryError for a file that SQLite would write through to another one, or wait for."""
    for file in (path, *(_beside(path, ending) for ending in ("-wal", "-shm", "-journal"))):
        try:
            status = file.lstat()
        except OSError:
            continue  # missing, or SQLite says what is wrong
        if stat.S_ISDIR(status.st_mode) or (stat.S_ISREG(status.st_mode) and (file == path or status.st_nlink == 1)):
            continue  # SQLite itself refuses a folder
        kind = "a hard link" if stat.S_ISREG(status.st_mode) else "not a regular file"
        raise LibraryError(
            f"{file} is {kind}: airquote did not make it.",
            choose_other_file("Remove it if you know what it is, or copy the library without it."),
            where=file,
        )


def _check_journal(path: Path) -> None:
    """Raise LibraryError for a journal that names a super-journal, which SQLite would delete whatever it is."""
    with suppress(OSError), _beside(path, "-journal").open("rb") as file:
        file.seek(-len(_SUPER_JOURNAL), os.SEEK_END)
        if file.read() == _SUPER_JOURNAL:
            raise LibraryError(
                f"{file.name} is not a journal that airquote made.",
                choose_other_file("Remove it: the library is as it was before that journal was written."),
                where=file.name,
            )


def explain_refusal(error: sqlite3.Error, path: Path) -> LibraryError:
    """Convert an SQLite error that does not say why a file could not be opened, read or written."""
    fault = _find_read_fault(path) or find_write_fault(path.parent)
    if fault is not None:
        return LibraryError(
            f"The library {path} cannot be opened for writing: {fault.strerror}.",
            choose_way_out(fault, MAKE_ROOM_AND_RESUME),
            where=path,
        )
    code = getattr(error, "sqlite_errorname", None) or ""
    if code.startswith("SQLITE_IOERR"):
        way_out = make_room("Often the disk is full or has failed; what was finished is saved.")
        return LibraryError(f"The library {path} could not be read or written: {error}.", way_out, where=path)
    if not os.access(path, os.W_OK):
        way_out = check_permissions("Check the permissions of the file and of its folder.")
    else:
        way_out = try_again("It could not be written when it was opened, but can be now: open it again.")
    return LibraryError(f"The library {path} cannot be opened for writing: {error}.", way_out, where=path)


def _find_read_fault(path: Path) -> OSError | None:
    try:
        path.open("rb").close()
    except FileNotFoundError:
        return None
    except OSError as error:
        return error
    return None


def explain_unwritten_index(folder: Path, error: Exception) -> LibraryError:
    """Convert an error of writing an index in ``folder``; the cause is looked for where the error does not state it."""
    fault = error if isinstance(error, OSError) else find_write_fault(folder)
    cause = " ".join(f"{error}".split()) if fault is None else f"{fault.strerror or fault}"
    if fault is not None and fault.filename:
        cause = f"{cause}: {fault.filename}"
    way_out = MAKE_ROOM_AND_REINDEX if fault is None else choose_way_out(fault, MAKE_ROOM_AND_REINDEX)
    return LibraryError(f"The index in {folder} could not be written: {cause}.", way_out, where=folder)
