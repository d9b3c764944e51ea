"""Download in threads ahead of use, and tell of it in the thread of the caller."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from itertools import islice
from typing import TypeVar

from pipeline.progress import ProgressCallback, ProgressEvent

ITEMS_AHEAD = 2
"""Items that are fetched at once while another is transcribed. The network is mostly the faster one, and what waits
takes its room on the disk."""

WAITING_SECONDS = 0.2
"""While a download is awaited its progress is told so often."""

Task = TypeVar("Task")
Result = TypeVar("Result")


class DownloadStopped(Exception):  # noqa: N818 - nothing is wrong
    """The user stopped the run, or it ended, while something was downloaded: what has arrived is kept for the next."""


class DownloadsAhead:
    """Downloads for one run; its ``progress`` is told of them in the thread that takes the results."""

    def __init__(self, progress: ProgressCallback, stopped: Callable[[], bool]) -> None:
        """``stopped`` returns whether to begin nothing more, and to end what is being downloaded."""
        self._progress = progress
        self._stopped = stopped
        self._ended = False
        self._reports: deque[ProgressEvent] = deque()

    def report(self, event: ProgressEvent) -> None:
        """Take the progress of a download, in its thread. Raises DownloadStopped if it is to end."""
        self._check()
        self._reports.append(event)

    def report_here(self, event: ProgressEvent) -> None:
        """Tell of a download in the thread of the caller. Raises DownloadStopped if it is to end."""
        self._check()
        self._progress(event)

    def each(self, tasks: Iterable[Task], fetch: Callable[[Task], Result]) -> Generator[Result, None, None]:
        """Yield the result of each task, in their order, fetched while earlier ones are used; end where it is stopped.

        At most ITEMS_AHEAD are fetched at once, or wait to be taken. Close it to end the downloads that still run.
        """
        left = iter(tasks)
        threads = ThreadPoolExecutor(ITEMS_AHEAD, "airquote-download")

        def begin(task: Task) -> Result:
            self._check()
            return fetch(task)

        waiting: deque[Future[Result]] = deque(threads.submit(begin, task) for task in islice(left, ITEMS_AHEAD))
        try:
            while waiting:
                while wait([waiting[0]], WAITING_SECONDS).not_done:
                    self._tell()
                self._tell()
                try:
                    result = waiting.popleft().result()
                except DownloadStopped:
                    return
                waiting.extend(threads.submit(begin, task) for task in islice(left, 1))
                yield result
        finally:
            self._ended = True
            threads.shutdown(cancel_futures=True)

    def _check(self) -> None:
        if self._ended or self._stopped():
            raise DownloadStopped

    def _tell(self) -> None:
        while self._reports:
            self._progress(self._reports.popleft())
