"""How a batch of transcriptions goes, shown as it goes: bars on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from audio.timecode import format_time
from pipeline.cli.printing import say

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from pipeline.ingest import Outcome, Watcher


class _Pace:
    """How fast one file goes: audio done since it was taken up, by the seconds that took, listening included."""

    def __init__(self, duration: float, reached: float) -> None:
        self.duration = duration
        self._from = reached
        self._began = time.monotonic()

    def describe(self, reached: float) -> str:
        """``1:04 of 2:54, 12.3 times real time, 0:09 left``."""
        speed = (reached - self._from) / max(time.monotonic() - self._began, 1e-3)
        text = f"{format_time(reached, 0)} of {format_time(self.duration, 0)}"
        if speed <= 0:
            return text
        left = max(0.0, self.duration - reached) / speed
        return f"{text}, {speed:.1f} times real time, {format_time(left, 0)} left"


def _name(source: str) -> str:
    """The file's name, on one line."""
    return " ".join(Path(source).name.splitlines())


class PlainWatcher:
    """A line on stderr for each step of each file."""

    def __init__(self) -> None:
        self._files = 0
        self._closed = 0
        self._paces: dict[str, _Pace] = {}

    def begin(self, files: int) -> None:
        """So many files are to be looked at."""
        self._files = files

    def open(self, source: str, duration: float, reached: float) -> None:
        """A file is taken up, or its windows are known now."""
        if source in self._paces:
            self._paces[source].duration = duration
        else:
            self._paces[source] = _Pace(duration, reached)
            goes_on = f", going on at {format_time(reached, 0)}" if reached else ""
            say(f"[{self._closed + 1}/{self._files}] {_name(source)}: {format_time(duration, 0)} long{goes_on}")

    def advance(self, source: str, reached: float) -> None:
        """A file is saved up to this second."""
        say(f"    {_name(source)}: {self._paces[source].describe(reached)}")

    def close(self, outcome: Outcome) -> None:
        """A file is done with."""
        self._closed += 1
        reason = f" ({outcome.reason})" if outcome.reason else ""
        say(f"[{self._closed}/{self._files}] {_name(outcome.source)}: {outcome.status}{reason}")


class BarWatcher:
    """A bar for each file under way and one for the batch."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._batch: TaskID | None = None
        self._tasks: dict[str, TaskID] = {}
        self._paces: dict[str, _Pace] = {}

    def begin(self, files: int) -> None:
        """So many files are to be looked at."""
        if files > 1:
            self._batch = self._progress.add_task("all files", total=files, pace=f"0 of {files}")

    def open(self, source: str, duration: float, reached: float) -> None:
        """A file is taken up, or its windows are known now."""
        if source in self._paces:
            self._paces[source].duration = duration
        else:
            self._paces[source] = _Pace(duration, reached)
            self._tasks[source] = self._progress.add_task(_name(source), total=duration or None, pace="listening")
        self._progress.update(self._tasks[source], completed=reached, total=duration or None)

    def advance(self, source: str, reached: float) -> None:
        """A file is saved up to this second."""
        self._progress.update(self._tasks[source], completed=reached, pace=self._paces[source].describe(reached))

    def close(self, outcome: Outcome) -> None:
        """A file is done with."""
        if outcome.source in self._tasks:
            self._progress.remove_task(self._tasks.pop(outcome.source))
        if outcome.status == "failed":
            self._progress.console.print(f"{outcome.source}: failed ({outcome.reason})", markup=False)
        if self._batch is not None:
            self._progress.advance(self._batch)
            task = next(task for task in self._progress.tasks if task.id == self._batch)
            self._progress.update(self._batch, pace=f"{task.completed:.0f} of {task.total:.0f}")


@contextmanager
def watch_batch() -> Iterator[Watcher]:
    """The watcher that fits this terminal."""
    if not sys.stderr.isatty():
        yield PlainWatcher()
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TextColumn("{task.fields[pace]}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield BarWatcher(progress)


class IndexProgress:
    """Tells of a rebuild of the index that takes more than a moment."""

    def __init__(self) -> None:
        self._said = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        """So many of so many transcripts are in."""
        if time.monotonic() - self._said > 1.0:
            self._said = time.monotonic()
            say(f"building the index: {done} of {total} transcripts")
