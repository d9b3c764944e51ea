"""The file of the jobs: one order for all who use it, and nothing begins that nobody here asked for."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from processes import start_apart

from audio.errors import UsageError
from index.errors import LibraryError
from pipeline.jobs.job import Job, JobReport, JobRequest, JobResult
from pipeline.jobs.job_turns import take_queue
from pipeline.jobs.queue_file import QUEUE_NAME, JobQueue

REQUEST = JobRequest("update", "All shows")
NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
OPTIONAL = st.none() | NAMES
REQUESTS = st.builds(
    JobRequest,
    st.sampled_from(["update", "download", "voices", "transcribe", "import"]),
    NAMES, st.lists(NAMES, min_size=1, max_size=3).map(tuple), OPTIONAL, OPTIONAL, OPTIONAL, OPTIONAL,
)  # fmt: skip


@pytest.fixture
def queue(tmp_path: Path) -> JobQueue:
    """The jobs of a library that is not there yet."""
    return JobQueue(tmp_path / "library")


def states(queue: JobQueue) -> list[tuple[str, str]]:
    """The names and states of all jobs."""
    return [(job.request.name, job.state) for job in queue.jobs()]


@settings(max_examples=25)
@given(requests=st.lists(REQUESTS, max_size=4))
def test_what_is_added_is_read_back(tmp_path_factory: pytest.TempPathFactory, requests: list[JobRequest]) -> None:
    queue = JobQueue(tmp_path_factory.mktemp("library"))
    assert queue.add(requests) == queue.jobs()
    assert [job.request for job in queue.jobs()] == requests


def test_a_job_goes_from_waiting_to_its_end(queue: JobQueue) -> None:
    assert queue.begin_next() is None
    queue.add([REQUEST])
    job = queue.begin_next()
    assert job is not None
    queue.save_report(job.number, report := JobReport("transcribing", 3.0, 9.0))
    assert queue.jobs() == [Job(job.number, "running", REQUEST, report)]
    queue.end(job.number, "done", result := JobResult(("talk",)))
    assert queue.jobs() == [Job(job.number, "done", REQUEST, report, result)]
    assert queue.begin_next() is None


def test_a_job_whose_server_was_killed_waits_again_unless_it_was_to_stop(queue: JobQueue) -> None:
    first, _ = queue.add([REQUEST, REQUEST])
    assert [job and job.number for job in (queue.begin_next(), queue.begin_next())] == [first.number] * 2
    queue.stop(first.number)
    again = queue.begin_next()
    assert again is not None
    assert again.number != first.number
    assert [job.state for job in queue.jobs()] == ["stopped", "running"]


def test_who_waits_can_be_stopped_tried_again_put_first_and_removed(queue: JobQueue) -> None:
    one, two, three = queue.add([JobRequest("update", name) for name in ("one", "two", "three")])
    queue.stop(one.number)
    queue.put_first(three.number)
    assert states(queue) == [("three", "waiting"), ("one", "stopped"), ("two", "waiting")]
    queue.retry(one.number)
    queue.remove(two.number)
    assert states(queue) == [("three", "waiting"), ("one", "waiting")]
    for act in (queue.stop, queue.retry, queue.put_first, queue.remove):
        with pytest.raises(UsageError, match=f"There is no job {two.number}"):
            act(two.number)


def test_jobs_of_a_copied_library_wait_for_a_person(queue: JobQueue, tmp_path: Path) -> None:
    queue.add([REQUEST, REQUEST])
    queue.begin_next()
    copied = JobQueue(tmp_path / "copy")
    shutil.copytree(queue.path.parent, tmp_path / "copy")
    assert copied.begin_next() is None
    assert [job.state for job in copied.jobs()] == ["stopped", "stopped"]
    assert "copied" in (copied.jobs()[0].result.reason or "")
    copied.retry(copied.jobs()[0].number)
    assert copied.begin_next() is not None


def _add_some(library: Path) -> None:
    queue = JobQueue(library)
    for _ in range(10):
        queue.add([REQUEST])


def test_several_servers_add_to_one_list(queue: JobQueue) -> None:
    waits = [start_apart(_add_some, queue.path.parent) for _ in range(3)]
    assert [wait() for wait in waits] == [0, 0, 0]
    assert len({job.number for job in queue.jobs()}) == 30


def test_one_server_at_a_time_works_off_the_list(queue: JobQueue) -> None:
    queue.add([REQUEST])
    with take_queue(queue.path.parent) as first, take_queue(queue.path.parent) as second:
        assert (first, second) == (True, False)


def make_link(path: Path) -> None:
    """Put a link to another file in the place of the list."""
    (path.parent / "other").write_bytes(b"")
    path.symlink_to("other")


def make_other_database(path: Path) -> None:
    """Put another program's database there."""
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE music (title TEXT)")


def add_trigger(path: Path) -> None:
    """Add to the list what would do something by itself."""
    JobQueue(path.parent).add([REQUEST])
    with closing(sqlite3.connect(path)) as made:
        made.execute("CREATE TRIGGER t AFTER UPDATE ON jobs BEGIN DELETE FROM jobs; END")


def change_row(change: str) -> Callable[[Path], None]:
    """Return what changes a row of the list into one that airquote does not write."""

    def change_list(path: Path) -> None:
        JobQueue(path.parent).add([REQUEST])
        with closing(sqlite3.connect(path)) as made, made:
            made.execute(f"UPDATE jobs SET {change}")

    return change_list


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(b"no database at all, but text of some length" * 9),
        make_link,
        make_other_database,
        add_trigger,
        change_row("state = 'bored'"),
        change_row("request = '{}'"),
        change_row("""request = '{"kind":"explode","name":"x"}'"""),
        change_row("""report = '{"reached":1e999}'"""),
        change_row("stops = 'x'"),
    ],
)  # fmt: skip
def test_a_list_that_airquote_did_not_make_is_refused(queue: JobQueue, spoil: Callable[[Path], None]) -> None:
    queue.path.parent.mkdir()
    spoil(queue.path)
    with pytest.raises(LibraryError) as refused:
        queue.jobs()
    assert refused.value.way_out is not None


def test_a_library_without_jobs_is_not_written(queue: JobQueue) -> None:
    assert queue.jobs() == []
    assert not (queue.path.parent / QUEUE_NAME).exists()
