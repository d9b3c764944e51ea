"""An open SQLite file: transactions, reads of one moment, and errors that name the file."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from index.errors import LibraryError
from index.storage.files.access import explain_refusal
from index.storage.schema import EDITS_TABLES, MIGRATIONS, explain_database_error

_COPIED_PAGES = 1024
"""Pages that are copied between two reports of progress: 4 MiB, some 10 ms."""


class Database:
    """The open SQLite file ``path`` of a library. Use as a context manager, from one thread at a time."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path, self.directory = path, path.parent
        self._connection = connection
        self._writing = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: object, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; the store cannot be used after it."""
        self._connection.close()

    def version(self) -> tuple[int, int]:
        """Return a value that differs after any change by any connection; comparable only within this connection."""
        return next(self._rows("PRAGMA data_version"))[0], self._connection.total_changes

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make all changes of the body or none, and none by others meanwhile; transactions inside it are part of it.

        Raises LibraryError.
        """
        if self._writing:
            yield
            return
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            self._writing = True
            yield
            self._connection.execute("COMMIT")
        except BaseException as error:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            if isinstance(error, sqlite3.Error):
                raise self._explain(error) from error
            raise
        finally:
            self._writing = False

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Read the library as of one moment inside, unaffected by concurrent writes of other processes."""
        if self._connection.in_transaction:
            yield
            return
        self._rows("BEGIN")
        try:
            yield
        finally:
            if self._connection.in_transaction:
                self._rows("ROLLBACK")

    def copy_to(self, target: Database, progress: Callable[[int, int], None]) -> None:
        """Replace all that ``target`` holds, in one transaction there, by what this file holds at one moment.

        Others may write this file meanwhile. ``progress`` is called with the bytes that are copied and those of all.
        Raises LibraryError.
        """
        page: int = next(self._rows("PRAGMA page_size"))[0]
        with self.snapshot():
            # A snapshot begins with its first read. Without it a change by others would begin the copy anew.
            self._version()
            try:
                target.fill_from(self._connection, lambda done, total: progress(done * page, total * page))
            except sqlite3.Error as error:
                raise explain_database_error(error, target.path) from error

    def fill_from(self, source: sqlite3.Connection, progress: Callable[[int, int], None]) -> None:
        """Replace all that this file holds by what ``source`` holds; ``progress`` gets its pages that are copied."""
        source.backup(
            self._connection, pages=_COPIED_PAGES, progress=lambda _, left, total: progress(total - left, total)
        )

    def size(self) -> int:
        """Return the bytes of the file without its write-ahead log."""
        pages, page = (next(self._rows(f"PRAGMA {name}"))[0] for name in ("page_count", "page_size"))
        return int(pages * page)

    def _rows(self, statement: str, *arguments: object) -> Iterator[Any]:
        try:
            return iter(self._connection.execute(statement, arguments).fetchall())
        except sqlite3.Error as error:
            raise self._explain(error) from error

    def _explain(self, error: sqlite3.Error) -> LibraryError:
        """Convert an SQLite error. An older library is open because it cannot be written, and so lacks later tables."""
        if str(error).startswith(("no such table", "no such column")) and self._version() < len(MIGRATIONS):
            error = sqlite3.OperationalError("attempt to write a readonly database")
            return explain_refusal(error, self.path)
        return explain_database_error(error, self.path)

    def _truncate_log(self) -> bool:
        """Copy the write-ahead log, which holds old pages, into the file, and empty it; return whether it is empty."""
        return not next(self._rows("PRAGMA wal_checkpoint(TRUNCATE)"))[0]

    @cached_property
    def _has_edits(self) -> bool:
        """Whether the file has what was added with EDITS_TABLES."""
        return self._version() >= EDITS_TABLES

    def _version(self) -> int:
        """Return the version of the library, an earlier one where it was opened read-only."""
        version: int = next(self._rows("PRAGMA user_version"))[0]
        return version
