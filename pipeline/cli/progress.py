"""Print the progress of a call to stderr: bars on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from audio.timecode import format_time
from pipeline.cli.errors import explain_outcome
from pipeline.cli.printing import Printable, printable, say
from pipeline.progress import (
    BatchStarted,
    FileAdvanced,
    FileClosed,
    FileScanned,
    FilesLeftOut,
    FileStarted,
    IndexAdvanced,
    LibraryChecked,
    LibraryCopied,
    ModelChosen,
    ModelDownloading,
    ProgressCallback,
    ProgressEvent,
    QuotationsAdvanced,
)

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from pipeline.answers import Outcome
    from pipeline.library import Library


PLAIN_SECONDS = 5.0
"""At least this long between two plain lines about one file."""
INDEX_SECONDS, QUOTATION_SECONDS = 1.0, 0.5
"""Progress of the index, and of checking quotations, is shown only if it takes longer."""


def _describe(done: float, total: float, speed: float) -> str:
    """``1:04 of 2:54, 12.3 times real time, 0:09 left``."""
    text = f"{format_time(done, 0)} of {format_time(total, 0)}"
    if speed <= 0:
        return text
    return f"{text}, {speed:.1f} times real time, {format_time(max(0.0, total - done) / speed, 0)} left"


class _Pace:
    """The speed of one file: audio transcribed since work on it began, over elapsed time (with speech detection)."""

    def __init__(self, duration: float, reached: float) -> None:
        self.duration = duration
        self.reached = reached
        self._from = reached
        self._began = time.monotonic()

    @property
    def speed(self) -> float:
        """Times real time."""
        return (self.reached - self._from) / max(time.monotonic() - self._began, 1e-3)

    def describe(self) -> str:
        """See ``_describe``."""
        return _describe(self.reached, self.duration, self.speed)

    def describe_scan(self, scanned: float) -> str:
        """How far speech is detected, and how long that still takes; only how far, without a stated duration."""
        if not self.duration:
            return f"finding speech: {format_time(scanned, 0)}"
        speed = scanned / max(time.monotonic() - self._began, 1e-3)
        return f"finding speech: {_describe(min(scanned, self.duration), self.duration, speed)}"


class _BatchState:
    """The state of a batch: the number of closed files, the files in progress, and the durations of the rest."""

    def __init__(self) -> None:
        self.files = 0
        self.closed = 0
        self.under_way: dict[str, _Pace] = {}
        self._waiting: dict[str, float] = {}
        self._before = 0.0
        self._finished = 0.0
        self._began = time.monotonic()

    def begin(self, files: int, durations: Mapping[str, float]) -> None:
        """Begin a batch of ``files`` files, of which those in ``durations`` (seconds) have to be transcribed."""
        self.files, self._waiting = files, dict(durations)
        self._began = time.monotonic()

    def open(self, source: str, duration: float, reached: float) -> bool:
        """Begin a file, or correct the duration of one in progress. Return whether it is new."""
        self._waiting.pop(source, None)
        if source in self.under_way:
            self.under_way[source].duration = duration
            return False
        self.under_way[source] = _Pace(duration, reached)
        self._before += reached
        return True

    def advance(self, source: str, reached: float) -> None:
        """Record that a file is transcribed up to this second."""
        self.under_way[source].reached = reached

    def close(self, source: str) -> None:
        """Record that a file is done, skipped or failed."""
        self.closed += 1
        self._waiting.pop(source, None)
        pace = self.under_way.pop(source, None)
        if pace is not None:
            self._finished += pace.duration

    @property
    def seconds(self) -> tuple[float, float]:
        """Seconds of audio that are done, and in all."""
        paces = self.under_way.values()
        done = self._finished + sum(pace.reached for pace in paces)
        return done, self._finished + sum(pace.duration for pace in paces) + sum(self._waiting.values())

    def describe(self) -> str:
        """Audio done, speed and time left of the batch; see ``_describe``."""
        done, total = self.seconds
        speed = (done - self._before) / max(time.monotonic() - self._began, 1e-3)
        return _describe(done, total, speed)


def _name(source: str) -> Printable:
    """The file's name, for a line or a bar."""
    return printable(Path(source).name)


class BatchLines:
    """Prints a line for each event of a file, but for its progress at most one in five seconds."""

    def __init__(self) -> None:
        self._batch = _BatchState()
        self._printed: dict[str, float] = {}

    def __call__(self, event: ProgressEvent) -> None:
        match event:
            case BatchStarted(files, durations):
                self._batch.begin(files, durations)
            case FileStarted(source, duration, reached):
                self._start(source, duration, reached)
            case FileScanned(source, reached):
                self._say_now_and_then(source, self._batch.under_way[source].describe_scan(reached))
            case FileAdvanced(source, reached):
                self._batch.advance(source, reached)
                self._say_now_and_then(source, self._batch.under_way[source].describe())
            case FileClosed(outcome):
                self._close(outcome)

    def _start(self, source: str, duration: float, reached: float) -> None:
        if self._batch.open(source, duration, reached):
            self._printed[source] = time.monotonic()
            resumed = f", resumed at {format_time(reached, 0)}" if reached else ""
            count = f"[{self._batch.closed + 1}/{self._batch.files}]"
            say(f"{count} {_name(source)}: {format_time(duration, 0)} long{resumed}")

    def _say_now_and_then(self, source: str, progress: str) -> None:
        now = time.monotonic()
        if now - self._printed[source] >= PLAIN_SECONDS:
            self._printed[source] = now
            say(f"    {_name(source)}: {progress}")

    def _close(self, outcome: Outcome) -> None:
        pace = self._batch.under_way.get(outcome.source)
        self._batch.close(outcome.source)
        why = explain_outcome(outcome)
        reason = f" ({why})" if why else ""
        speed = f", {pace.speed:.1f} times real time" if pace and outcome.status == "done" else ""
        far = f"; all files: {self._batch.describe()}" if pace and self._batch.files > 1 else ""
        count = f"[{self._batch.closed}/{self._batch.files}]"
        say(f"{count} {_name(outcome.source)}: {outcome.status}{reason}{speed}{far}")


class BatchBars:
    """Shows a bar for each file in progress and one for the batch."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._batch = _BatchState()
        self._all: TaskID | None = None
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, event: ProgressEvent) -> None:
        match event:
            case BatchStarted(files, durations):
                self._batch.begin(files, durations)
                if files > 1:
                    self._all = self._bars.add_task("all files", pace="")
            case FileStarted(source, duration, reached):
                if self._batch.open(source, duration, reached):
                    self._tasks[source] = self._bars.add_task(_name(source), pace="finding speech")
                self._bars.update(self._tasks[source], completed=reached, total=duration or None)
            case FileScanned(source, reached):
                self._bars.update(self._tasks[source], pace=self._batch.under_way[source].describe_scan(reached))
            case FileAdvanced(source, reached):
                self._batch.advance(source, reached)
                pace = self._batch.under_way[source].describe()
                self._bars.update(self._tasks[source], completed=reached, pace=pace)
            case FileClosed(outcome):
                self._close(outcome)
        if self._all is not None:
            done, total = self._batch.seconds
            pace = f"{self._batch.closed} of {self._batch.files} files, {self._batch.describe()}"
            self._bars.update(self._all, completed=done, total=total, pace=pace)

    def _close(self, outcome: Outcome) -> None:
        self._batch.close(outcome.source)
        if outcome.source in self._tasks:
            self._bars.remove_task(self._tasks.pop(outcome.source))
        if outcome.status == "failed":
            text = f"{outcome.source}: failed ({explain_outcome(outcome)})"
            self._bars.console.print(printable(text), markup=False, highlight=False, soft_wrap=True)


class CountedWork:
    """Shows how much of some work is done: a bar on a terminal, lines elsewhere; nothing in its first seconds."""

    def __init__(self, doing: str, units: str, shown_after: float, began: float) -> None:
        self._doing, self._units = doing, units
        self._shown_after = shown_after
        self._began = self._printed = began
        self._bar: Progress | None = None

    def advance(self, done: int, total: int) -> None:
        """Show that ``done`` of ``total`` are done."""
        now = time.monotonic()
        if not sys.stderr.isatty():
            if now - self._printed > (self._shown_after if self._printed == self._began else PLAIN_SECONDS):
                self._printed = now
                say(f"{self._doing}: {done} of {total} {self._units}")
        elif self._bar is not None:
            self._bar.update(self._bar.task_ids[0], completed=done, total=total)
        elif now - self._began > self._shown_after:
            self._bar = _counting_bar(self._doing, self._units, done, total)

    def close(self) -> None:
        """Remove the bar."""
        if self._bar is not None:
            self._bar.stop()


@dataclass(slots=True)
class BatchRecord:
    """The number of files of a batch, and the outcomes so far, in the order of completion."""

    files: int = 0
    outcomes: list[Outcome] = field(default_factory=list)


@contextmanager
def show_progress(library: Library, record: BatchRecord | None = None) -> Iterator[None]:
    """Show the library's progress inside the context; collect the outcomes of a batch in ``record``."""
    before = library.progress
    with ExitStack() as shown:
        batch: ProgressCallback | None = None
        counted: dict[str, CountedWork] = {}

        began = time.monotonic()

        def count(doing: str, units: str, shown_after: float, done: int, total: int) -> None:
            if doing not in counted:
                for earlier in counted.values():
                    earlier.close()
                counted[doing] = CountedWork(doing, units, shown_after, began)
                shown.callback(counted[doing].close)
            counted[doing].advance(done, total)

        def show(event: ProgressEvent) -> None:
            nonlocal batch
            if isinstance(event, FilesLeftOut):
                say(_describe_left_out(event.left_out))
                return
            if isinstance(event, IndexAdvanced):
                count("building the index", "transcripts", INDEX_SECONDS, event.done, event.total)
                return
            if isinstance(event, LibraryChecked):
                count("reading the backup", "transcripts", INDEX_SECONDS, event.done, event.total)
                return
            if isinstance(event, LibraryCopied):
                megabytes = (-(-size // 10**6) for size in (event.done, event.total))
                count("copying the library", "MB", INDEX_SECONDS, *megabytes)
                return
            if isinstance(event, QuotationsAdvanced):
                doing = "checking quotations" if event.step == "checked" else "listening"
                count(doing, "quotations", QUOTATION_SECONDS, event.done, event.total)
                return
            if isinstance(event, ModelChosen):
                if not event.named or event.model != event.before:
                    say(_describe_model(event))
                return
            if isinstance(event, ModelDownloading):
                say(f"Downloading the weights of {event.model} ({event.megabytes} MB).")
                return
            if batch is None:
                batch = BatchBars(shown.enter_context(_batch_bars())) if sys.stderr.isatty() else BatchLines()
            if isinstance(event, BatchStarted) and event.left_out:
                say(_describe_left_out(event.left_out))
            if record is not None and isinstance(event, BatchStarted):
                record.files = event.files
            elif record is not None and isinstance(event, FileClosed):
                record.outcomes.append(event.outcome)
            batch(event)

        library.progress = show
        try:
            yield
        finally:
            library.progress = before


def _describe_model(chosen: ModelChosen) -> str:
    if chosen.before is None:
        return f"Model: {chosen.model}; this library is made with it from now on, unless --model names another."
    if chosen.model == chosen.before:
        return f"Model: {chosen.model}, with which this library is made; --model names another."
    return f"Model: {chosen.model}; this library was made with {chosen.before} and is made with this from now on."


def _describe_left_out(counts: Mapping[str, int]) -> str:
    total = sum(counts.values())
    reasons = ", ".join(f"{reason}: {count}" for reason, count in sorted(counts.items()))
    return f"Left out of the folders: {total} ({reasons}); -v names them."


def _batch_bars() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TextColumn("{task.fields[pace]}"))
    return Progress(*columns, console=Console(stderr=True), transient=True)


def _counting_bar(doing: str, units: str, done: int, total: int) -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn(f"{units},"))
    bar = Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True)
    bar.add_task(doing, completed=done, total=total)
    bar.start()
    return bar
