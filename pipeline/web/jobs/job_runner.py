"""The thread of a server that works off the jobs of its library, one after the other.

It asks the file of the jobs now and then: other servers may use the same library, and what they add, stop or take away
is in that file. So nothing is lost with a server, however it ends.
"""

from __future__ import annotations

import logging
import multiprocessing
import threading
from contextlib import suppress
from multiprocessing.context import BaseContext
from pathlib import Path

from audio.errors import AirquoteError
from pipeline.jobs.job import NO_RESULT, Job, JobReport, JobResult, JobState
from pipeline.jobs.job_turns import take_queue
from pipeline.jobs.queue_file import JobQueue
from pipeline.library import Library
from pipeline.web.jobs.job_process import JobMain, JobProcess, work_on_job
from pipeline.web.jobs.kept_uploads import drop_upload

_log = logging.getLogger("airquote.jobs")


class JobRunner:
    """Works off the jobs of the library in a folder, from ``start`` to ``close``.

    ``main`` is the main function of the process of a job, and ``context`` how that is started.
    """

    def __init__(
        self,
        library: Path,
        *,
        allow_private: bool = False,
        main: JobMain = work_on_job,
        context: BaseContext | None = None,
    ) -> None:
        self._library, self._allow_private = library, allow_private
        self._main, self._context = main, context or multiprocessing.get_context("spawn")
        self._queue = JobQueue(library)
        self.poll_seconds = 0.5
        """Between two looks at the file of the jobs."""
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="jobs")

    def start(self) -> None:
        """Begin to work off the jobs."""
        self._thread.start()

    def close(self) -> None:
        """End the job that runs, which will go on from what is saved when a server runs again."""
        self._closing.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                worked = self.work_on_next()
            except Exception as error:  # noqa: BLE001 - what befalls one job must not end the others
                _log.warning("the jobs wait: %s", error, exc_info=not isinstance(error, AirquoteError))
                worked = False
            if not worked:
                self._closing.wait(self.poll_seconds)

    def work_on_next(self) -> bool:
        """Work on the job that is next; return whether there was one."""
        if all(job.is_over for job in self._queue.jobs()):
            return False
        with take_queue(self._library) as ours:
            job = self._queue.begin_next() if ours else None
            if job is not None:
                self._queue.end(job.number, *self._work_on(job))
                self._drop_upload(job)
        return job is not None

    def _work_on(self, job: Job) -> tuple[JobState, JobResult]:
        """Work on a job, and return how it ended."""
        process = JobProcess(self._context, self._main, self._library, job.request, self._allow_private)
        ended = None
        try:
            while (message := process.receive(self.poll_seconds)) != "end":
                if self._closing.is_set():
                    return "waiting", NO_RESULT
                if isinstance(message, JobReport):
                    self._save(job, message)
                elif message is not None:
                    ended = message
                process.stop(self._queue.stops_asked(job.number))
        finally:
            code = process.end()
        if ended is not None:
            return ended
        return ("stopped", NO_RESULT) if process.asked_to_stop else ("failed", _died(code))

    def _save(self, job: Job, report: JobReport) -> None:
        with suppress(AirquoteError):  # such as a full disk, for which the job itself fails with a reason
            self._queue.save_report(job.number, report)

    def _drop_upload(self, job: Job) -> None:
        """Remove a transcript whose words are in the library now, and a recording that is there already."""
        if job.request.upload is not None:
            with Library.open(self._library, create=True, numbers=False) as library:
                drop_upload(library, job.request.upload)


def _died(code: int | None) -> JobResult:
    return JobResult(
        reason=f"The process that worked on it died (exit code {code}).",
        advice="It may have run out of memory. What was finished is saved: try again, or with a smaller model.",
    )
