"""Print the progress of a call to stderr: bars on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from audio.timecode import format_time
from pipeline.cli.counted_progress import PLAIN_SECONDS, CountedBar, CountedLines
from pipeline.cli.errors import explain, explain_outcome
from pipeline.cli.printing import Printable, is_quiet, isolate, printable, say
from pipeline.cli.progress_remarks import describe_left_out, describe_model, describe_replaced_index, describe_update
from pipeline.cli.terminal import moves_cursor
from pipeline.progress import (
    BatchStarted,
    DownloadAdvanced,
    FeedRemarked,
    FeedsAdvanced,
    FeedsLeftOut,
    FileAdvanced,
    FileArrived,
    FileClosed,
    FileScanned,
    FilesCompared,
    FilesLeftOut,
    FileStarted,
    IndexAdvanced,
    IndexReplaced,
    LibraryChecked,
    LibraryCopied,
    ModelChosen,
    ModelDownloading,
    ProgressCallback,
    ProgressEvent,
    QuotationsAdvanced,
    RepeatsAdvanced,
    SiteAdvanced,
    SoundFolderLinked,
    SpeakersNotTold,
    UpdatePlanned,
    VoicesAdvanced,
    WorkerJoined,
    WorkerLeft,
)

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from pipeline.answers import Outcome
    from pipeline.library import Library


INDEX_SECONDS, QUOTATION_SECONDS, DOWNLOAD_SECONDS = 1.0, 0.5, 1.0
"""Progress of the index, of checking quotations, and of downloads, is shown only if it takes longer."""
WIDE_COLUMNS = 130
"""From here on a bar has room for a long file name and for speed in words."""
_NAME_CELLS, _WIDE_NAME_CELLS = 16, 30
_BAR_CELLS, _WIDE_BAR_CELLS = 6, 20
"""With these the line of a file of hours fits into 80 columns: it has 54 cells of figures."""


def _describe(done: float, total: float, speed: float, brief: bool = False) -> str:
    """``1:04 of 2:54, 12.3 times real time, 0:09 left``, or ``1:04 of 2:54, 12.3x, 0:09 left``."""
    text = f"{format_time(done, 0)} of {format_time(total, 0)}"
    if speed <= 0:
        return text
    times = "x" if brief else " times real time"
    return f"{text}, {speed:.1f}{times}, {format_time(max(0.0, total - done) / speed, 0)} left"


class _Pace:
    """The speed of one file: audio transcribed since work on it began, over elapsed time (with speech detection)."""

    def __init__(self, duration: float, reached: float) -> None:
        self.duration = duration
        self.reached = reached
        self.advanced = False
        """Whether some of it was transcribed by this command: its scan, which goes on beside that, is told no more."""
        self._from = reached
        self._began = time.monotonic()
        self._voices_began: float | None = None

    @property
    def speed(self) -> float:
        """Times real time."""
        return (self.reached - self._from) / max(time.monotonic() - self._began, 1e-3)

    def describe(self, brief: bool = False) -> str:
        """See ``_describe``."""
        return _describe(self.reached, self.duration, self.speed, brief)

    def describe_scan(self, scanned: float, brief: bool = False) -> str:
        """How far speech is detected, and how long that still takes; only how far, without a stated duration."""
        if not self.duration:
            return f"finding speech: {format_time(scanned, 0)}"
        speed = scanned / max(time.monotonic() - self._began, 1e-3)
        return f"finding speech: {_describe(min(scanned, self.duration), self.duration, speed, brief)}"

    def describe_voices(self, scanned: float, brief: bool = False) -> str:
        """How far voices are told apart, and how long that still takes."""
        if self._voices_began is None:
            self._voices_began = time.monotonic()
        speed = scanned / max(time.monotonic() - self._voices_began, 1e-3)
        return f"telling voices apart: {_describe(min(scanned, self.duration), self.duration, speed, brief)}"


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
        """Begin with ``files`` files more, of which those in ``durations`` (seconds) have to be transcribed."""
        self.files, self._waiting = self.closed + files, dict(durations)
        self._began = time.monotonic()

    def rename(self, expected: str, source: str) -> None:
        """Take what is known of a file that was expected for ``source``."""
        self._waiting[source] = self._waiting.pop(expected, 0.0)

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
        self.under_way[source].advanced = True

    def advance_voices(self, source: str, reached: float) -> None:
        """Record that voices are told apart up to this second; where words were heard too, these are all done."""
        self.advance(source, max(reached, self.under_way[source].reached))

    def close(self, source: str) -> None:
        """Record that a file is done, skipped or failed."""
        self.closed += 1
        self.files = max(self.files, self.closed)  # an address that fails before it is known what there is
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

    def describe(self, brief: bool = False) -> str:
        """Audio done, speed and time left of the batch; see ``_describe``."""
        done, total = self.seconds
        speed = (done - self._before) / max(time.monotonic() - self._began, 1e-3)
        return _describe(done, total, speed, brief)


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
            case FileArrived(expected, source):
                self._batch.rename(expected, source)
            case FileStarted(source, duration, reached):
                self._start(source, duration, reached)
            case FileScanned(source, reached):
                if not self._batch.under_way[source].advanced:
                    self._say_now_and_then(source, self._batch.under_way[source].describe_scan(reached))
            case FileAdvanced(source, reached):
                self._batch.advance(source, reached)
                self._say_now_and_then(source, self._batch.under_way[source].describe())
            case VoicesAdvanced(source, reached):
                self._batch.advance_voices(source, reached)
                self._say_now_and_then(source, self._batch.under_way[source].describe_voices(reached))
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
        self._brief = bars.console.width < WIDE_COLUMNS
        self._batch = _BatchState()
        self._all: TaskID | None = None
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, event: ProgressEvent) -> None:
        match event:
            case BatchStarted(files, durations):
                self._batch.begin(files, durations)
                if files > 1:
                    self._all = self._bars.add_task("all files", pace="")
            case FileArrived(expected, source):
                self._batch.rename(expected, source)
            case FileStarted(source, duration, reached):
                is_new = self._batch.open(source, duration, reached)
                if is_new:
                    self._tasks[source] = self._bars.add_task(self._short_name(source), pace="")
                # The second time its first words are being transcribed; a short file advances only at its end.
                pace = "finding speech" if is_new else f"transcribing {format_time(duration, 0)}"
                if self._batch.under_way[source].advanced:
                    pace = self._batch.under_way[source].describe(self._brief)
                self._bars.update(self._tasks[source], completed=reached, total=duration or None, pace=pace)
            case FileScanned(source, reached):
                if not self._batch.under_way[source].advanced:
                    pace = self._batch.under_way[source].describe_scan(reached, self._brief)
                    self._bars.update(self._tasks[source], pace=pace)
            case FileAdvanced(source, reached):
                self._batch.advance(source, reached)
                pace = self._batch.under_way[source].describe(self._brief)
                self._bars.update(self._tasks[source], completed=reached, pace=pace)
            case VoicesAdvanced(source, reached):
                self._batch.advance_voices(source, reached)
                pace = self._batch.under_way[source].describe_voices(reached, self._brief)
                self._bars.update(self._tasks[source], completed=reached, pace=pace)
            case FileClosed(outcome):
                self._close(outcome)
            case DownloadAdvanced():
                self._download(event)
        if self._all is not None:
            done, total = self._batch.seconds
            pace = f"{self._batch.closed} of {self._batch.files} files, {self._batch.describe(self._brief)}"
            self._bars.update(self._all, completed=done, total=total, pace=pace)

    def _short_name(self, source: str) -> str:
        """The file's name with its middle left out where it is long: its end tells episodes apart."""
        name, most = _name(source), _NAME_CELLS if self._brief else _WIDE_NAME_CELLS
        return name if len(name) <= most else f"{name[: most // 2 - 1]}…{name[-(most // 2) :]}"

    def _download(self, event: DownloadAdvanced) -> None:
        """Show how far a download is, until it is whole."""
        name, done, total = event.name, event.done, event.total
        key = f"download of {name}"
        if key not in self._tasks:
            self._tasks[key] = self._bars.add_task(self._short_name(name), pace="")
        size = f"{-(-done // 10**6)} MB" if total is None else f"{-(-done // 10**6)} of {-(-total // 10**6)} MB"
        self._bars.update(self._tasks[key], completed=done, total=total, pace=f"downloading, {size}")
        if done == total:
            self._bars.remove_task(self._tasks.pop(key))

    def _close(self, outcome: Outcome) -> None:
        self._batch.close(outcome.source)
        if outcome.source in self._tasks:
            self._bars.remove_task(self._tasks.pop(outcome.source))
        if outcome.status == "failed":
            text = f"{outcome.source}: failed ({explain_outcome(outcome)})"
            self._bars.console.print(printable(text), markup=False, highlight=False, soft_wrap=True)


@contextmanager
def show_progress(library: Library, note: ProgressCallback | None = None) -> Iterator[Callable[[], None]]:
    """Show the library's progress inside the context; ``note`` gets every event too.

    The context gets a function that stops showing that a call works, such as before something is heard.
    """
    before = library.progress
    with ExitStack() as shown:
        on_screen = moves_cursor(sys.stderr) and not is_quiet()
        counted: CountedBar | CountedLines = CountedBar() if on_screen else CountedLines()
        shown.callback(counted.close)
        batch: ProgressCallback | None = None

        def show(event: ProgressEvent) -> None:
            nonlocal batch
            if note is not None:
                note(event)
            if isinstance(event, UpdatePlanned):
                if event.episodes:
                    say(describe_update(event))
                return
            if isinstance(event, FilesLeftOut):
                say(describe_left_out(event.left_out))
                return
            if isinstance(event, IndexAdvanced):
                counted.advance("building the index", "transcripts", INDEX_SECONDS, event.done, event.total)
                return
            if isinstance(event, IndexReplaced):
                say(describe_replaced_index(event))
                return
            if isinstance(event, RepeatsAdvanced):
                counted.advance("finding repeats", "steps", INDEX_SECONDS, event.done, event.total)
                return
            if isinstance(event, SiteAdvanced):
                counted.advance("writing the site", "episodes", INDEX_SECONDS, event.done, event.total)
                return
            if isinstance(event, FilesCompared):
                counted.advance("comparing recordings", "files", INDEX_SECONDS, event.done, None)
                return
            if isinstance(event, LibraryChecked):
                counted.advance("reading the backup", "transcripts", INDEX_SECONDS, event.done, event.total)
                return
            if isinstance(event, LibraryCopied):
                megabytes = (-(-size // 10**6) for size in (event.done, event.total))
                counted.advance("copying the library", "MB", INDEX_SECONDS, *megabytes)
                return
            if isinstance(event, DownloadAdvanced) and not (on_screen and batch is not None):
                total = None if event.total is None else -(-event.total // 10**6)
                doing = f"downloading {_name(event.name)}"
                counted.advance(doing, "MB", DOWNLOAD_SECONDS, -(-event.done // 10**6), total)
                return
            if isinstance(event, FeedsAdvanced):
                counted.advance("asking for feeds", "feeds", INDEX_SECONDS, event.done, event.total)
                return
            if isinstance(event, FeedRemarked):
                say(f"{event.show}: {event.text}")
                return
            if isinstance(event, SoundFolderLinked):
                say("The folder of downloaded sound is a link: airquote writes into ", isolate(event.target),
                    " and removes nothing there.")  # fmt: skip
                return
            if isinstance(event, FeedsLeftOut):
                for text in event.texts:
                    say(text)
                return
            if isinstance(event, QuotationsAdvanced):
                doing = "checking quotations" if event.step == "checked" else "listening"
                counted.advance(doing, "quotations", QUOTATION_SECONDS, event.done, event.total)
                return
            if isinstance(event, ModelChosen):
                if not event.named or event.model != event.before:
                    say(describe_model(event))
                return
            if isinstance(event, SpeakersNotTold):
                say(f"Speakers are not told apart. {explain(event.error)}")
                return
            if isinstance(event, ModelDownloading):
                say(f"Downloading the weights of {event.model} ({event.megabytes} MB).")
                return
            if isinstance(event, WorkerJoined):
                say(f"worker {event.worker}: {event.description}")
                return
            if isinstance(event, WorkerLeft):
                say(f"worker {event.worker} is left out: {event.reason}")
                return
            if batch is None:
                counted.close()
                batch = BatchBars(shown.enter_context(_batch_bars())) if on_screen else BatchLines()
            if isinstance(event, BatchStarted) and event.left_out:
                say(describe_left_out(event.left_out))
            batch(event)

        library.progress = show
        try:
            yield counted.close
        finally:
            library.progress = before


def _batch_bars() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.table import Column

    console = Console(stderr=True)
    wide = console.width >= WIDE_COLUMNS
    return Progress(
        SpinnerColumn("line"),
        TextColumn("{task.description}", markup=False, table_column=Column(no_wrap=True)),
        BarColumn(_WIDE_BAR_CELLS if wide else _BAR_CELLS),
        TextColumn("{task.fields[pace]}", table_column=Column(no_wrap=True, overflow="ellipsis")),
        *([TimeElapsedColumn()] if wide else []),
        console=console,
        transient=True,
    )
