"""Who works off the jobs of a library: one server at a time, and for it one process at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from audio.atomic_write import raise_output_error
from pipeline.batch.locks import Taken, lock_source


@contextmanager
def take_queue(library: Path) -> Iterator[bool]:
    """Context manager: work off the jobs; False if another server does so now.

    It is held while a job is worked on, and released however the server ends.
    """
    try:
        with lock_source(library, "jobs"):
            yield True
    except Taken:
        yield False


@contextmanager
def hold_turn(library: Path) -> Iterator[None]:
    """Context manager, for the process that works on a job: wait until the one before it has ended.

    That of a server which was killed ends a moment later, and until then it holds the recording.
    """
    path = library / "locks" / "job.lock"
    with raise_output_error(path):
        path.parent.mkdir(exist_ok=True)
        path.touch()
    with FileLock(path):
        yield
