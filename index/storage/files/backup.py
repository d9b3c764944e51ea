"""Back up a library, also while others write it, and restore a backup, all of it or nothing.

A backup is the library's SQLite file as of one moment, with nothing beside it. The index is not part of it, since it is
derived from the library.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from shutil import disk_usage

from audio.atomic_write import choose_way_out
from audio.errors import UsageError, choose_other_file, make_room
from index.errors import CHOOSE_OTHER_BACKUP, REPLACE_LIBRARY, LibraryError
from index.storage.schema import connect, connect_for_reading, explain_database_error
from index.storage.store import STORE_NAME, Store

Progress = Callable[[int, int], None]

_REPLACEABLE = {"restore_or_choose_other_library", "update_or_choose_other_library"}
"""The ways out of errors of a library that is damaged or newer: it is set aside, not changed."""


def back_up(store: Store, target: Path, copied: Progress, checked: Progress) -> int:
    """Copy a library to a new file, read the copy to see that it is whole, and return how many episodes it holds.

    ``copied`` is called with bytes, ``checked`` with transcripts: those that are done, and all.
    Raises LibraryError if the library is damaged, or the disk has not enough room.
    """
    check_room(target.parent, store.size())
    try:
        with Store(target, sqlite3.connect(target, isolation_level=None)) as copy:
            store.copy_to(copy, copied)
        with closing(sqlite3.connect(target)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")  # of one file alone, for read-only media too
    except sqlite3.Error as error:
        raise explain_database_error(error, target) from error
    with open_backup(target, checked, store.path) as backup:
        return len(backup.episodes())


def open_backup(file: Path, checked: Progress, named: Path | None = None) -> Store:
    """Open a backup for reading, after checking that all of it can be read; ``named`` is what errors call it.

    Raises UsageError for a file that does not exist, LibraryError for one that is damaged, newer or no library.
    """
    if not file.is_file():
        raise UsageError(f"There is no file {file}.", choose_other_file("Name the file of a backup."), where=file)
    try:
        backup = Store(file, connect_for_reading(file))
    except LibraryError as error:
        if error.way_out is None or error.way_out.kind not in _REPLACEABLE:
            raise
        raise LibraryError(
            f"{file} is no backup that can be restored: {error.message}", CHOOSE_OTHER_BACKUP, where=file
        ) from error
    faults = backup.check(checked)
    if faults:
        backup.close()
        where = named or file
        raise LibraryError(f"{where} is damaged: {'; '.join(faults[:3])}.", CHOOSE_OTHER_BACKUP, where=where)
    return backup


def restore_backup(directory: Path, backup: Store, *, replace: bool, copied: Progress) -> Path | None:
    """Make the library in ``directory`` what ``backup`` holds, in one transaction; the folder is made if missing.

    Returns where a library that was there and could not be read is kept, None if there was none. Raises UsageError if
    there is a library already, with any episode, and it shall not be ``replace``d.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LibraryError(
            f"The library folder {directory} cannot be made: {error.strerror or error}.",
            choose_way_out(error, make_room("Make room on the disk.")),
            where=directory,
        ) from error
    check_room(directory, 2 * backup.size())  # in the write-ahead log first
    path = directory / STORE_NAME
    kept = None
    try:
        connection = connect(path)
    except LibraryError as error:
        if error.way_out is None or error.way_out.kind not in _REPLACEABLE:
            raise
        if not replace:
            raise UsageError(f"There is a library in {directory} already. {error.message}", REPLACE_LIBRARY) from error
        kept = _set_aside(path)
        connection = connect(path)
    with Store(path, connection) as store:
        episodes = len(store.episodes())
        if episodes and not replace:
            raise UsageError(
                f"There is a library in {directory} already, with {episodes} episode{'s' if episodes > 1 else ''}.",
                REPLACE_LIBRARY,
                where=directory,
            )
        backup.copy_to(store, copied)
    with Store.open(directory):  # which migrates a backup of an earlier version
        return kept


def check_room(folder: Path, needed: int) -> None:
    """Raise LibraryError if a folder's disk has less than the ``needed`` bytes."""
    with suppress(OSError):  # whatever is wrong with the folder is told when it is written
        free = disk_usage(folder).free
        if free < needed:
            raise LibraryError(
                f"The disk of {folder} has {free / 1e6:.0f} MB left, and {needed / 1e6:.0f} MB are needed.",
                make_room("Free space on the disk, or choose another one."),
                where=folder,
            )


def _set_aside(path: Path) -> Path:
    """Rename the file of a library, and SQLite's files beside it; return its new name."""
    kept = path.with_name(f"{path.name}-{secrets.token_hex(3)}.set-aside")
    for ending in ("-journal", "-wal", "-shm", ""):  # the file itself last: then the others are not another's
        with suppress(FileNotFoundError):
            path.with_name(path.name + ending).rename(kept.with_name(kept.name + ending))
    return kept
