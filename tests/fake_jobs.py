"""Jobs of a server with the fake engine: worked off in processes of their own, some of which are killed."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from fake_engine import FakeEngine, install
from processes import PROCESSES, patch_and_die, prepare_processes

from index.storage.store import Store
from index.transcript import Transcript
from pipeline.jobs.job import Job, JobKind, JobRequest
from pipeline.jobs.queue_file import JobQueue
from pipeline.library import Library
from pipeline.web.jobs.job_process import work_on_job
from pipeline.web.jobs.job_runner import JobRunner
from pipeline.web.jobs.kept_uploads import accept_upload, begin_upload
from pipeline.web.jobs.work import do_job

LOG, KILL_AT, HOLD_AT = "asked.log", "kill-at", "hold-at"
"""Files of the folder beside a library: what the engine was asked, the call at which its process kills itself, once,
and the call at which it waits until this file is gone, or it is asked to stop."""


def work_with_fakes(connection: Connection, directory: Path, request: JobRequest, allow_private: bool) -> None:
    """Work on a job as ``work_on_job`` does, with the fake engine."""
    beside = directory.parent
    kill_at = int((beside / KILL_AT).read_text()) if (beside / KILL_AT).exists() else None
    (beside / KILL_AT).unlink(missing_ok=True)

    hold_at = int((beside / HOLD_AT).read_text()) if (beside / HOLD_AT).exists() else None
    asked_to_stop: list[Callable[[], bool]] = []

    def before(call: int) -> None:
        if call == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        while call == hold_at and (beside / HOLD_AT).exists() and not asked_to_stop[0]():
            time.sleep(0.01)

    def do_and_note(library: Library, request: JobRequest, stopped: Callable[[], bool], **more: bool) -> Any:
        asked_to_stop.append(stopped)
        return do_job(library, request, stopped, **more)

    patch = pytest.MonkeyPatch()
    patch.setattr("pipeline.web.jobs.job_process.do_job", do_and_note)
    patch.setattr("pipeline.web.jobs.job_process._REPORT_SECONDS", 0.0)
    install(patch, FakeEngine(log=beside / LOG, before=before))
    work_on_job(connection, directory, request, allow_private)


def make_runner(library: Path, *, allow_private: bool = False) -> JobRunner:
    """Return a runner whose jobs have the fake engine, and that loses no time."""
    prepare_processes()
    runner = JobRunner(library, allow_private=allow_private, main=work_with_fakes, context=PROCESSES)
    runner.poll_seconds = 0.02
    return runner


def serve_until_killed(library: Path, target: str, after: bool, call: int) -> None:
    """Work off the jobs in this process, which kills itself at a call of ``target``; for a process of its own."""
    patch = pytest.MonkeyPatch()
    patch_and_die(patch, target, after, call)
    runner = make_runner(library)
    runner.start()
    wait_for_end(library)
    runner.close()


def hand_in(library: Path, file: Path, name: str | None = None) -> JobRequest:
    """Hand a file in, and return the request to work on it."""
    with Library.open(library, create=True) as opened:
        part = begin_upload(opened, file.stat().st_size)
        part.write_bytes(file.read_bytes())
        received = accept_upload(opened, part, name or file.name)
    kind: JobKind = "import" if received.kind == "transcript" else "transcribe"
    return JobRequest(kind, received.name, (received.upload,))


def work_off(library: Path, *, allow_private: bool = False) -> list[Job]:
    """Work off all jobs, and return them."""
    with running_jobs(library, allow_private=allow_private):
        return wait_for_end(library)


@contextmanager
def running_jobs(library: Path, *, allow_private: bool = False) -> Iterator[None]:
    """Work off jobs while the context lasts."""
    runner = make_runner(library, allow_private=allow_private)
    runner.start()
    try:
        yield
    finally:
        runner.close()


def wait_for_end(library: Path) -> list[Job]:
    """Wait until no job runs or waits, and return all."""
    return wait_for(library, lambda jobs: all(job.is_over for job in jobs))


def wait_for(library: Path, fits: Callable[[list[Job]], bool]) -> list[Job]:
    """Wait until the jobs are as ``fits`` says, and return them."""
    queue = JobQueue(library)
    while not fits(jobs := queue.jobs()):
        time.sleep(0.01)
    return jobs


def transcripts(library: Path) -> list[tuple[str, Transcript | None]]:
    """The titles and transcripts of all episodes of a library."""
    with Store.open(library) as store:
        return [(episode.title, store.transcript(episode.id)) for episode in store.episodes()]
