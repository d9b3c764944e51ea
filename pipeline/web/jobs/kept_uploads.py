"""Files that are handed in, and the jobs that work on them: kept as long as a job or an episode needs them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from audio.errors import InputError
from pipeline.jobs.job import Job, JobRequest
from pipeline.jobs.queue_file import JobQueue
from pipeline.library import Library
from pipeline.settings import load_settings
from pipeline.uploads import upload_folders
from pipeline.uploads.received_files import ReceivedFile, accept_file


def begin_upload(library: Library, size: int) -> Path:
    """Return a new, empty file for an upload of ``size`` bytes; drop what earlier ones left that broke off.

    Raises TooLargeError for more bytes than the setting ``upload_gigabytes`` allows, OutputError if the disk has no
    room for it or cannot be written.
    """
    for upload in upload_folders.unused_uploads(library.directory, set(_used_uploads(library))):
        upload_folders.drop_upload(library.directory, upload)
    return upload_folders.begin_upload(library.directory, size, load_settings({}).upload_gigabytes << 30)


def accept_upload(library: Library, part: Path, name: str) -> ReceivedFile:
    """Find out what a file is that ``begin_upload`` gave and that is whole now; ``name`` is what it was called.

    Raises InputError for what is neither a recording nor a transcript, which is dropped.
    """
    try:
        return accept_file(part, name)
    except InputError:
        upload_folders.drop_upload(library.directory, part.parent.name)
        raise


def drop_upload(library: Library, upload: str) -> None:
    """Remove an upload, unless it is the recording of an episode, or a job that is not done needs it."""
    if upload not in _used_uploads(library):
        upload_folders.drop_upload(library.directory, upload)


def add_jobs(library: Library, requests: Sequence[JobRequest]) -> list[Job]:
    """Put jobs at the end of the queue. Raises UsageError for an unknown upload, and as the queue."""
    for request in requests:
        if request.upload is not None:
            upload_folders.find_upload(library.directory, request.upload)
    return JobQueue(library.directory).add(requests)


def remove_job(library: Library, number: int) -> None:
    """Remove a job that does not run, with an upload that nothing else needs. Raises UsageError as the queue."""
    job = JobQueue(library.directory).remove(number)
    if job.request.upload is not None:
        drop_upload(library, job.request.upload)


def _used_uploads(library: Library) -> Iterator[str]:
    for job in JobQueue(library.directory).jobs():
        if job.state != "done" and job.request.upload is not None:
            yield job.request.upload
    for episode in library.episodes():
        if (upload := upload_folders.upload_of(library.directory, episode.media)) is not None:
            yield upload
