"""The process that works on a job: it tells how far it is, ends when it is asked to, and never outlives the server.

Both ends of one pipe: the process sends reports and at last the result; the server sends that the job is to stop, and
the end of the pipe is the end of the server.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Literal, cast

from pipeline.jobs.job import JobReport, JobRequest, JobResult, JobState
from pipeline.jobs.job_turns import hold_turn
from pipeline.library import Library
from pipeline.processes.blocked_signals import signals_blocked
from pipeline.progress import ProgressEvent
from pipeline.web.jobs.reported_progress import ProgressReader
from pipeline.web.jobs.work import do_job

_REPORT_SECONDS = 0.5
"""Between two reports of the same thing: each is written to the disk."""
_STOPS_BY_ITSELF = ("transcribe", "fetch", "update", "download", "voices")
"""The kinds of jobs that end between two groups of windows. The others leave all or nothing however they end."""

_LAST_SECONDS = 5.0
"""For what a process does at its end, such as to end its own processes."""

Message = JobReport | tuple[JobState, JobResult] | Literal["end"]
JobMain = Callable[[Connection, Path, JobRequest, bool], None]
"""The main function of the process."""


class JobProcess:
    """The server's side of a process that works on a job."""

    def __init__(
        self, context: BaseContext, main: JobMain, library: Path, request: JobRequest, allow_private: bool
    ) -> None:
        self._stops_by_itself = request.kind in _STOPS_BY_ITSELF
        self._asked = 0
        self._connection, theirs = context.Pipe()
        self._process: BaseProcess = context.Process(  # type: ignore[attr-defined]
            target=main, args=(theirs, library, request, allow_private), name="airquote job"
        )
        with signals_blocked():  # Ctrl-C is for the server
            self._process.start()
        theirs.close()

    @property
    def asked_to_stop(self) -> bool:
        """Whether it was asked to stop."""
        return self._asked > 0

    def receive(self, seconds: float) -> Message | None:
        """Return the next message, ``end`` at the end of the process; None if there is none for so long."""
        try:
            return cast("Message", self._connection.recv()) if self._connection.poll(seconds) else None
        except (EOFError, OSError):
            return "end"

    def stop(self, times: int) -> None:
        """Ask it to end when the words that it works on are saved; when asked more than once, end it at once."""
        if times > 1 or (times and not self._stops_by_itself):
            self._process.kill()
        elif times and not self._asked:
            with suppress(OSError):  # it has ended by itself
                self._connection.send("stop")
        self._asked = times

    def end(self) -> int | None:
        """End it, unless it has ended, and return its exit code. What was finished is saved."""
        self._connection.close()
        self._process.join(_LAST_SECONDS)
        self._process.kill()
        self._process.join()
        return self._process.exitcode


def work_on_job(connection: Connection, directory: Path, request: JobRequest, allow_private: bool) -> None:
    """Work on a job: the main function of the process."""
    stopped = threading.Event()
    threading.Thread(target=_listen, args=(connection, stopped), daemon=True).start()
    with hold_turn(directory), Library.open(directory, create=True, numbers=False) as library:
        library.progress = _Reporter(connection).report
        ended = do_job(library, request, stopped.is_set, allow_private=allow_private)
    connection.send(ended)


def _listen(connection: Connection, stopped: threading.Event) -> None:
    """Wait for the word to stop; end the process with the server, however that ended."""
    try:
        while connection.recv():
            stopped.set()
    except (EOFError, OSError):
        os._exit(1)


class _Reporter:
    """Sends how far a job is, not more often than anybody needs to know."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._reader = ProgressReader()
        self._doing: str | None = None
        self._sent = 0.0

    def report(self, event: ProgressEvent) -> None:
        """Send a report of an event, unless one of the same was sent just now."""
        report = self._reader.read(event)
        now = time.monotonic()
        if report is not None and (report.doing != self._doing or now - self._sent > _REPORT_SECONDS):
            self._doing, self._sent = report.doing, now
            self._connection.send(report)
