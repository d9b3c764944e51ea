"""Jobs: the list of them, and what can be done with each."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from pipeline.jobs.job import Job, JobRequest, ListedJob
from pipeline.jobs.queue_file import JobQueue
from pipeline.library import Library
from pipeline.web.dependencies import Pool
from pipeline.web.description.answer_schemas import keys
from pipeline.web.jobs.kept_uploads import add_jobs, remove_job
from pipeline.web.json_answers import JsonAnswer

router = APIRouter(tags=["jobs"])
Number = Annotated[int, Path(ge=1, le=2**53)]
Text = Annotated[str, Field(min_length=1, max_length=2000)]
CREATED = 201
JOBS = keys("JobList", jobs=list[ListedJob])


class JobWish(BaseModel):
    """What is to be done: ``targets`` are an address (fetch), shows (update) or episodes (download, voices)."""

    kind: Literal["fetch", "update", "download", "voices"]
    targets: Annotated[list[Text], Field(max_length=1000)] = []
    name: Text
    show: Text | None = None
    title: Text | None = None
    date: Text | None = None
    language: Text | None = None
    latest: Annotated[int, Field(ge=1, le=1_000_000)] | None = None


@router.get("/jobs", response_model=JOBS)
async def list_jobs(pool: Pool) -> JsonAnswer:
    """List all jobs, in the order in which they are worked off."""
    return _answer(await pool.ask(_list))


@router.post("/jobs", status_code=CREATED, response_model=JOBS)
async def put_job(pool: Pool, wish: JobWish) -> JsonAnswer:
    """Put a job at the end of the queue."""
    request = JobRequest(
        wish.kind, wish.name, tuple(wish.targets), wish.show, wish.title, wish.date, wish.language, wish.latest
    )
    return _answer(await pool.ask(_add, request), CREATED)


@router.post("/jobs/{number}/stop", response_model=JOBS)
async def stop_job(pool: Pool, number: Number) -> JsonAnswer:
    """Stop a job: one that runs ends when its words are saved, or at once when stopped again."""
    return _answer(await pool.ask(_do, "stop", number))


@router.post("/jobs/{number}/retry", response_model=JOBS)
async def retry_job(pool: Pool, number: Number) -> JsonAnswer:
    """Let a job that failed or was stopped wait again; it goes on from what is saved."""
    return _answer(await pool.ask(_do, "retry", number))


@router.post("/jobs/{number}/first", response_model=JOBS)
async def put_job_first(pool: Pool, number: Number) -> JsonAnswer:
    """Let a job be the next of those that wait."""
    return _answer(await pool.ask(_do, "put_first", number))


@router.delete("/jobs/{number}", response_model=JOBS)
async def take_job_away(pool: Pool, number: Number) -> JsonAnswer:
    """Take a job that does not run from the list; the episodes that it made stay."""
    return _answer(await pool.ask(_remove, number))


@router.delete("/jobs", response_model=JOBS)
async def take_done_jobs_away(pool: Pool) -> JsonAnswer:
    """Take all jobs that are done from the list."""
    return _answer(await pool.ask(_remove_done))


def _answer(jobs: list[Job], status: int = 200) -> JsonAnswer:
    return JsonAnswer({"jobs": [job.listed for job in jobs]}, status)


def _list(library: Library) -> list[Job]:
    return JobQueue(library.directory).jobs()


def _add(library: Library, request: JobRequest) -> list[Job]:
    return add_jobs(library, [request])


def _do(library: Library, verb: Literal["stop", "retry", "put_first"], number: int) -> list[Job]:
    queue = JobQueue(library.directory)
    getattr(queue, verb)(number)
    return [queue.job(number)]


def _remove(library: Library, number: int) -> list[Job]:
    remove_job(library, number)
    return _list(library)


def _remove_done(library: Library) -> list[Job]:
    JobQueue(library.directory).remove_done()
    return _list(library)
