"""Jobs are worked off one by one, and whatever is killed, the transcripts are those of an undisturbed run."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from fake_engine import speak
from fake_jobs import (
    HOLD_AT,
    KILL_AT,
    LOG,
    hand_in,
    make_runner,
    running_jobs,
    serve_until_killed,
    transcripts,
    wait_for,
    wait_for_end,
    work_off,
)
from processes import run_apart

from audio.errors import UsageError
from index.transcript import Transcript
from pipeline.jobs.job import JobRequest
from pipeline.jobs.queue_file import JobQueue
from pipeline.library import Library

UTTERANCES = 8
"""They make four groups of windows."""


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording."""
    return speak(tmp_path_factory.mktemp("talk") / "talk.wav", UTTERANCES)


@pytest.fixture(scope="module")
def undisturbed(talk: Path, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, Transcript | None]]:
    """What a run gives in which nothing is killed."""
    library = tmp_path_factory.mktemp("undisturbed") / "library"
    JobQueue(library).add([hand_in(library, talk)])
    (job,) = work_off(library)
    assert (job.state, job.result.reason, job.result.episodes) == ("done", None, ("talk",))
    return transcripts(library)


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A library that is not there yet."""
    return tmp_path / "library"


def test_a_killed_process_fails_its_job_which_goes_on_when_tried_again(
    library: Path, talk: Path, undisturbed: list[tuple[str, Transcript | None]]
) -> None:
    queue = JobQueue(library)
    (added,) = queue.add([hand_in(library, talk)])
    (library.parent / KILL_AT).write_text("1")
    (job,) = work_off(library)
    assert job.state == "failed"
    assert "died" in (job.result.reason or "")
    assert job.result.advice
    queue.retry(added.number)
    (job,) = work_off(library)
    assert (job.state, job.result.reason) == ("done", None)
    assert transcripts(library) == undisturbed


def test_a_killed_server_loses_nothing_and_does_nothing_twice(
    library: Path, talk: Path, undisturbed: list[tuple[str, Transcript | None]]
) -> None:
    JobQueue(library).add([hand_in(library, talk)])
    assert run_apart(serve_until_killed, library, "pipeline.web.jobs.job_runner.JobQueue.save_report", True, 2) == -9
    (job,) = work_off(library)
    assert job.state == "done"
    assert transcripts(library) == undisturbed
    assert [file.name for file in library.glob("media/*/*")] == ["talk.wav"]


class Killed(BaseException):
    """What ends a server here as a kill would: nothing handles it."""


@pytest.mark.parametrize("written", ["before", "after"])
def test_a_server_may_be_killed_when_a_job_has_ended(
    library: Path,
    talk: Path,
    undisturbed: list[tuple[str, Transcript | None]],
    written: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    JobQueue(library).add([hand_in(library, talk)])
    end = JobQueue.end

    def end_and_die(*arguments: Any) -> None:
        if written == "after":
            end(*arguments)
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(JobQueue, "end", end_and_die)
        make_runner(library).work_on_next()
    (job,) = work_off(library)
    assert job.state == "done"
    assert transcripts(library) == undisturbed
    assert [file.name for file in library.glob("media/*/*")] == ["talk.wav"]


def test_a_job_that_is_stopped_goes_on_where_it_was(
    library: Path, talk: Path, undisturbed: list[tuple[str, Transcript | None]]
) -> None:
    queue = JobQueue(library)
    (added,) = queue.add([hand_in(library, talk)])
    (library.parent / HOLD_AT).write_text("2")
    with running_jobs(library):
        wait_for(library, lambda jobs: jobs[0].report.doing == "transcribing" and jobs[0].report.reached > 0)
        with pytest.raises(UsageError, match=r"talk\.wav is being worked on"):
            queue.remove(added.number)
        queue.stop(added.number)
        (job,) = wait_for_end(library)
        assert (job.state, job.stopping) == ("stopped", False)
        queue.retry(added.number)
        (job,) = wait_for_end(library)
    assert job.state == "done"
    assert transcripts(library) == undisturbed
    asked = Counter(line.split()[1] for line in (library.parent / LOG).read_text().splitlines())
    assert set(asked.values()) == {1}


def test_a_server_that_ends_lets_its_job_wait(library: Path, talk: Path) -> None:
    queue = JobQueue(library)
    queue.add([hand_in(library, talk)])
    (library.parent / HOLD_AT).write_text("1")
    with running_jobs(library):
        wait_for(library, lambda jobs: jobs[0].report.reached > 0)
    assert [job.state for job in queue.jobs()] == ["waiting"]


def test_jobs_are_worked_off_in_their_order_and_one_failure_stops_no_other(library: Path, tmp_path: Path) -> None:
    queue = JobQueue(library)
    missing = JobRequest("transcribe", "gone.mp3", ("upload-0123456789abcdef",))
    files = [speak(tmp_path / f"{name}.wav", 1, seed) for seed, name in enumerate(("one", "two"))]
    added = queue.add([missing, *(hand_in(library, file) for file in files)])
    queue.put_first(added[2].number)
    jobs = work_off(library)
    assert [(job.request.name, job.state) for job in jobs] == [
        ("two.wav", "done"), ("gone.mp3", "failed"), ("one.wav", "done"),
    ]  # fmt: skip
    assert [title for title, _ in transcripts(library)] == ["one", "two"]


def test_a_transcript_is_imported_and_a_second_copy_of_a_recording_is_dropped(library: Path, tmp_path: Path) -> None:
    captions = tmp_path / "talk.vtt"
    captions.write_text("WEBVTT\n\n00:01.000 --> 00:03.000\nThere is more to come.\n")
    file = speak(tmp_path / "one.wav", 1)
    JobQueue(library).add([hand_in(library, captions), hand_in(library, file), hand_in(library, file, "copy.wav")])
    assert [job.state for job in work_off(library)] == ["done"] * 3
    assert [path.name for path in library.glob("media/*/*")] == ["one.wav"]
    with Library.open(library) as opened:
        listed = {one.title: one for one in opened.episodes()}
        assert listed["talk"].media is None
        assert opened.remove("one").sound_removed
    assert not list(library.glob("media/*"))
