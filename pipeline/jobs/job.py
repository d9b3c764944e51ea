"""A job: what is asked for, how far it is, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

JobKind = Literal["transcribe", "import", "fetch", "update", "download", "voices"]
"""Transcribe an uploaded recording, import an uploaded transcript, transcribe what is at an address, update shows,
download and transcribe episodes of feeds, tell the voices of episodes apart."""

JobState = Literal["waiting", "running", "done", "failed", "stopped"]

ProgressUnit = Literal["seconds", "bytes", "steps"]


@dataclass(frozen=True, slots=True)
class JobRequest:
    """What is asked for. ``targets`` are the id of an upload, an address, or names of shows or episodes.

    ``name`` is what a person calls it, ``latest`` how many of the newest episodes are taken of a feed. The others are
    as for ``Library.transcribe``, None where nothing is said.
    """

    kind: JobKind
    name: str
    targets: tuple[str, ...] = ()
    show: str | None = None
    title: str | None = None
    date: str | None = None
    language: str | None = None
    latest: int | None = None

    @property
    def upload(self) -> str | None:
        """The id of the upload that it is about, None if it is about none."""
        return self.targets[0] if self.kind in ("transcribe", "import") else None


@dataclass(frozen=True, slots=True)
class JobReport:
    """How far a job is: what it is ``doing``, and ``reached`` of the ``total`` (None if unknown) in this ``unit``."""

    doing: str | None = None
    reached: float = 0.0
    total: float | None = None
    unit: ProgressUnit = "seconds"


@dataclass(frozen=True, slots=True)
class JobResult:
    """What came of a job: the ids of its ``episodes``, why it failed or what is remarkable, and what can be done."""

    episodes: tuple[str, ...] = ()
    reason: str | None = None
    advice: str | None = None


NOT_BEGUN = JobReport()
NO_RESULT = JobResult()


@dataclass(frozen=True, slots=True)
class Job:
    """A job in the queue, by its ``number``; ``stopping`` is whether it was asked to stop and still runs."""

    number: int
    state: JobState
    request: JobRequest
    report: JobReport = NOT_BEGUN
    result: JobResult = NO_RESULT
    stopping: bool = False

    @property
    def is_over(self) -> bool:
        """Whether it neither runs nor waits."""
        return self.state in ("done", "failed", "stopped")

    @property
    def listed(self) -> ListedJob:
        """What is shown of it."""
        report, result = self.report, self.result
        return ListedJob(
            self.number, self.request.kind, self.request.name, self.state, self.stopping,
            report.doing, report.reached, report.total, report.unit, result.episodes, result.reason, result.advice,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ListedJob:
    """A job in the list of all: what it is called, its state, and how far it is; see Job, JobReport and JobResult.

    What was asked for is not part of it: an address may hold a password.
    """

    job: int
    kind: JobKind
    name: str
    state: JobState
    stopping: bool
    doing: str | None
    reached: float
    total: float | None
    unit: ProgressUnit
    episodes: tuple[str, ...]
    reason: str | None
    way_out: str | None
