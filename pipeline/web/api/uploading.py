"""Uploads: the bytes of one file a request, written as they come, which becomes a job once it is whole."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from audio.errors import OutputError, UsageError, correct_input, make_room
from pipeline.jobs.job import Job, JobKind, JobRequest
from pipeline.library import Library
from pipeline.uploads.received_files import ChosenNames, choose_names
from pipeline.web.api.job_list import CREATED, JOBS, Text
from pipeline.web.dependencies import Pool
from pipeline.web.description.answer_schemas import schema_of
from pipeline.web.jobs.kept_uploads import accept_upload, add_jobs, begin_upload
from pipeline.web.json_answers import JsonAnswer

router = APIRouter(tags=["jobs"])
LONGEST_LOOK = 300.0
"""Seconds for finding out what a file is: a transcript is read as a whole."""


class FolderNames(BaseModel):
    """The names of the files of a folder, with the folders between."""

    names: Annotated[list[Annotated[str, Field(max_length=4096)]], Field(max_length=20_000)]


class FileDetails(BaseModel):
    """What a file is called, and what is said of its episode."""

    name: Annotated[str, Field(max_length=4096)]
    show: Text | None = None
    title: Text | None = None
    date: Text | None = None
    language: Text | None = None


@router.post("/chosen-files", response_model=schema_of(ChosenNames))
async def choose_files(folder: FolderNames) -> JsonAnswer:
    """Choose by their names which files of a folder are worth sending, and count the others by the reason."""
    return JsonAnswer(choose_names(folder.names))


@router.post("/uploads", status_code=CREATED, response_model=JOBS)
async def upload(pool: Pool, request: Request, details: Annotated[FileDetails, Query()]) -> JsonAnswer:
    """Take a file, the body of the request, and put the job to transcribe or import it at the end of the queue."""
    size = request.headers.get("content-length", "")
    if not (size.isascii() and size.isdigit() and int(size[:16]) > 0):
        raise UsageError("The request does not say how many bytes the file has.", correct_input("Send a file."))
    part = await pool.ask(begin_upload, int(size[:16]))
    try:
        await _write(request, part, int(size[:16]))
        job = await pool.ask(_accept, part, details, limit=LONGEST_LOOK)
    except BaseException:
        await to_thread.run_sync(_drop, part)
        raise
    return JsonAnswer({"jobs": [job.listed]}, CREATED)


async def _write(request: Request, part: Path, size: int) -> None:
    """Write the body of a request into a file. Raises UsageError if it is not as long as it said, OutputError."""
    written = 0
    try:
        with part.open("wb") as file:
            async for block in request.stream():
                written += len(block)
                if written > size:
                    break
                await to_thread.run_sync(file.write, block)
    except OSError as error:
        raise OutputError(
            f"The file cannot be written: {error.strerror or error}.", make_room("Make room on the disk.")
        ) from error
    if written != size:
        raise UsageError("The file did not come whole.", correct_input("Send it again."))


def _drop(part: Path) -> None:
    """Remove what there is of a file that came broken, and its folder."""
    part.unlink(missing_ok=True)
    if part.parent.is_dir() and not any(part.parent.iterdir()):
        part.parent.rmdir()


def _accept(library: Library, part: Path, details: FileDetails) -> Job:
    received = accept_upload(library, part, details.name)
    kind: JobKind = "import" if received.kind == "transcript" else "transcribe"
    request = JobRequest(
        kind, received.name, (received.upload,), details.show, details.title, details.date, details.language
    )
    (job,) = add_jobs(library, [request])
    return job
