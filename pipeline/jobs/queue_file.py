"""The file of a library that keeps its jobs: several servers may use it, and each may be killed at any moment.

It is not part of the library's own file: a backup would bring back jobs that are done long since, and restoring one
would take away those that wait. Each change is one transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import cast, get_args

from audio.atomic_write import raise_output_error
from audio.errors import UsageError, choose_other_file, correct_input, try_again
from index.credentials import without_credentials
from index.errors import LibraryError
from index.storage.files.access import Access, choose_access
from index.storage.schema import explain_database_error
from index.storage.untrusted import Columns, Tables, check_row, check_tables, distrust, read_tables
from pipeline.jobs.job import NO_RESULT, NOT_BEGUN, Job, JobReport, JobRequest, JobResult, JobState
from pipeline.shows.feed_requests import check_addresses
from pipeline.shows.stored_values import read_value, write_value

QUEUE_NAME = "jobs.db"

_TABLES = """
    CREATE TABLE home (inode INTEGER NOT NULL);
    CREATE TABLE jobs (
        number INTEGER PRIMARY KEY AUTOINCREMENT, position INTEGER NOT NULL, state TEXT NOT NULL,
        request TEXT NOT NULL, report TEXT NOT NULL, result TEXT NOT NULL, stops INTEGER NOT NULL
    );
"""
"""``home`` is the number of the file itself on its disk, which a copy of it does not have."""

_COLUMNS = "number, state, request, report, result, stops"
_INSERT = "INSERT INTO jobs (position, state, request, report, result, stops) VALUES (?, ?, ?, ?, ?, 0)"
_LOCK_TIMEOUT = 20.0
_MOST_JOBS = 100_000
_COPIED = JobResult(reason="The library was copied or moved since: the job waits for you.")

_ROW: Columns = {
    "number": lambda value: isinstance(value, int),
    "state": get_args(JobState).__contains__,
    **dict.fromkeys(("request", "report", "result"), lambda value: isinstance(value, str)),
    "number of stops": lambda value: isinstance(value, int) and value >= 0,
}


class JobQueue:
    """The jobs of the library in the folder ``library``. It can be used from several threads.

    Every method raises LibraryError for a file that cannot be used, or that airquote did not make.
    """

    def __init__(self, library: Path) -> None:
        self._library, self.path = library, library / QUEUE_NAME

    def jobs(self) -> list[Job]:
        """Return all jobs, in the order in which they are worked off."""
        if not self.path.exists():
            return []
        with self._open() as connection:
            rows = connection.execute(f"SELECT {_COLUMNS} FROM jobs ORDER BY position, number")
            return list(map(self._read, rows))

    def job(self, number: int) -> Job:
        """Return a job. Raises UsageError for one that there is not."""
        for job in self.jobs():
            if job.number == number:
                return job
        raise UsageError(f"There is no job {number}.", correct_input("Look at the list of jobs."), where=str(number))

    def add(self, requests: Sequence[JobRequest]) -> list[Job]:
        """Put jobs at the end of the queue; of their names, passwords in addresses are left out.

        Raises UsageError for an address that is none: it could name a file.
        """
        for request in requests:
            check_addresses(request.targets if request.kind == "fetch" else (), "server")
        requests = [replace(one, name=without_credentials(one.name)) for one in requests]
        with self._change() as connection:
            (last,) = connection.execute("SELECT coalesce(max(position), 0) FROM jobs").fetchone()
            if connection.execute("SELECT count(*) FROM jobs").fetchone()[0] + len(requests) > _MOST_JOBS:
                raise UsageError(
                    f"The list holds {_MOST_JOBS} jobs at most.", correct_input("Remove those that are done.")
                )
            added = []
            for position, request in enumerate(requests, last + 1):
                values = (position, "waiting", write_value(request), write_value(NOT_BEGUN), write_value(NO_RESULT))
                inserted = connection.execute(_INSERT, values)
                added.append(Job(cast("int", inserted.lastrowid), "waiting", request))
            return added

    def begin_next(self) -> Job | None:
        """Take the first job that waits and return it as running; None if none waits.

        Only for the one process that works off the queue: a job that runs is one whose process was killed, and waits.
        """
        if not self.path.exists():
            return None
        with self._change() as connection:
            connection.execute("UPDATE jobs SET state = iif(stops, 'stopped', 'waiting') WHERE state = 'running'")
            connection.execute(
                "UPDATE jobs SET state = 'running', stops = 0 WHERE number ="
                " (SELECT number FROM jobs WHERE state = 'waiting' ORDER BY position, number LIMIT 1)"
            )
            row = connection.execute(f"SELECT {_COLUMNS} FROM jobs WHERE state = 'running'").fetchone()
            return row and self._read(row)

    def stops_asked(self, number: int) -> int:
        """Return how often a running job was asked to stop."""
        with self._open() as connection:
            row = connection.execute("SELECT stops FROM jobs WHERE number = ?", (number,)).fetchone()
            return row[0] if row else 0

    def save_report(self, number: int, report: JobReport) -> None:
        """Save how far a running job is."""
        with self._change() as connection:
            connection.execute("UPDATE jobs SET report = ? WHERE number = ?", (write_value(report), number))

    def end(self, number: int, state: JobState, result: JobResult = NO_RESULT) -> None:
        """Save the state of a job that was running, and what came of it."""
        with self._change() as connection:
            connection.execute(
                "UPDATE jobs SET state = ?, result = ? WHERE number = ? AND state = 'running'",
                (state, write_value(result), number),
            )

    def stop(self, number: int) -> None:
        """Let a job that waits wait no longer; ask one that runs to stop, when asked again at once."""
        self._set_state(number, "stopped", ("waiting",))
        with self._change() as connection:
            connection.execute("UPDATE jobs SET stops = stops + 1 WHERE number = ? AND state = 'running'", (number,))

    def retry(self, number: int) -> None:
        """Let a job that failed or was stopped wait again."""
        self._set_state(number, "waiting", ("failed", "stopped"))

    def put_first(self, number: int) -> None:
        """Let a job be the next of those that wait."""
        self.job(number)
        with self._change() as connection:
            connection.execute(
                "UPDATE jobs SET position = (SELECT min(position) - 1 FROM jobs) WHERE number = ?", (number,)
            )

    def remove(self, number: int) -> Job:
        """Remove a job that does not run, and return it. Raises UsageError for one that runs."""
        job = self.job(number)
        with self._change() as connection:
            gone = connection.execute("DELETE FROM jobs WHERE number = ? AND state <> 'running'", (number,)).rowcount
        if not gone:
            raise UsageError(f"{job.request.name} is being worked on.", try_again("Stop it first."), where=str(number))
        return job

    def remove_done(self) -> None:
        """Remove all jobs that are done."""
        with self._change() as connection:
            connection.execute("DELETE FROM jobs WHERE state = 'done'")

    def forget(self, episode: str) -> None:
        """Remove the jobs that are over and name an episode, which was removed."""
        gone = [one.number for one in self.jobs() if one.is_over and episode in one.result.episodes]
        for number in gone:
            self.remove(number)

    def _set_state(self, number: int, state: JobState, earlier: Sequence[JobState]) -> None:
        self.job(number)
        places = ", ".join("?" * len(earlier))
        with self._change() as connection:
            connection.execute(
                f"UPDATE jobs SET state = ?, result = ? WHERE number = ? AND state IN ({places})",
                (state, write_value(NO_RESULT), number, *earlier),
            )

    def _read(self, row: Sequence[object]) -> Job:
        try:
            check_row(row, _ROW)
        except ValueError as error:
            raise self._damaged(str(error)) from error
        number, state, request, report, result, stops = cast("tuple[int, str, str, str, str, int]", row)
        return Job(
            number,
            cast("JobState", state),
            read_value(JobRequest, request, self._library, "a job"),
            read_value(JobReport, report, self._library, "a job"),
            read_value(JobResult, result, self._library, "a job"),
            stopping=state == "running" and stops > 0,
        )

    @contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        with raise_output_error(self.path):
            self._library.mkdir(parents=True, exist_ok=True)
        with self._open() as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """Context manager: the open file, which is made if there is none. What is not committed is rolled back."""
        if self.path.is_symlink():
            raise self._damaged("it is a link")
        access = choose_access(self.path)
        try:
            with closing(self._connect(access)) as connection:
                distrust(connection)
                self._prepare(connection, access)
                yield connection
        except sqlite3.Error as error:
            raise explain_database_error(error, self.path) from error

    def _connect(self, access: Access) -> sqlite3.Connection:
        address = f"{self.path.absolute().as_uri()}?{access.options}"
        return sqlite3.connect(address, uri=True, timeout=_LOCK_TIMEOUT, isolation_level=None)

    def _prepare(self, connection: sqlite3.Connection, access: Access) -> None:
        """Make the tables of a new file; check those of another, and whether it was copied since."""
        if not read_tables(connection) and access.writable:
            connection.execute("BEGIN IMMEDIATE")
            if not read_tables(connection):  # not made by another process meanwhile
                for statement in filter(str.strip, _TABLES.split(";")):
                    connection.execute(statement)
                connection.execute("INSERT INTO home VALUES (?)", (self._inode(),))
            connection.execute("COMMIT")
        try:
            check_tables(connection, _tables_made())
        except ValueError as error:
            raise self._damaged(str(error)) from error
        if access.writable and connection.execute("SELECT inode FROM home").fetchall() != [(self._inode(),)]:
            self._settle(connection)

    def _settle(self, connection: sqlite3.Connection) -> None:
        """Let no job of a copied file begin by itself: the library may be a stranger's."""
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("DELETE FROM home")
        connection.execute("INSERT INTO home VALUES (?)", (self._inode(),))
        connection.execute(
            "UPDATE jobs SET state = 'stopped', result = ? WHERE state IN ('waiting', 'running')",
            (write_value(_COPIED),),
        )
        connection.execute("COMMIT")

    def _inode(self) -> int:
        return self.path.stat().st_ino & 0x7FFF_FFFF_FFFF_FFFF

    def _damaged(self, problem: str) -> LibraryError:
        message = f"The list of jobs {self.path} is not as airquote made it: {problem}."
        return LibraryError(message, choose_other_file("Move it away: a new list is begun."), where=self.path)


@cache
def _tables_made() -> Tables:
    with closing(sqlite3.connect(":memory:")) as made:
        made.executescript(_TABLES)
        return read_tables(made)
