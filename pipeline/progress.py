"""How far a call has come: events for one callback, which a library is opened with; without one it is silent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pipeline.answers import Outcome


@dataclass(frozen=True, slots=True)
class BatchStarted:
    """A batch of so many ``files`` begins; ``durations`` (seconds, by file) are of those that may need transcribing."""

    files: int
    durations: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class FileStarted:
    """A file of ``duration`` seconds is taken up, at the second that an earlier run had ``reached``.

    It comes again once the file was decoded and its true length is known.
    """

    source: str
    duration: float
    reached: float


@dataclass(frozen=True, slots=True)
class FileAdvanced:
    """A file is transcribed and saved up to the second ``reached``."""

    source: str
    reached: float


@dataclass(frozen=True, slots=True)
class FileClosed:
    """A file is done, skipped or failed."""

    outcome: Outcome


@dataclass(frozen=True, slots=True)
class IndexAdvanced:
    """The index holds ``done`` of the ``total`` transcripts that it must hold."""

    done: int
    total: int


ProgressEvent = BatchStarted | FileStarted | FileAdvanced | FileClosed | IndexAdvanced

ProgressCallback = Callable[[ProgressEvent], None]
"""Called in the thread of the call that it reports on."""


def ignore_progress(event: ProgressEvent) -> None:
    """Report nothing."""
