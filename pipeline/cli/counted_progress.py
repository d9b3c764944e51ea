"""How much of some counted work is done, such as of an index: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from pipeline.cli.printing import say

if TYPE_CHECKING:
    from rich.progress import Progress

PLAIN_SECONDS = 5.0
"""At least this long between two plain lines about one file, or one work."""

SILENT_SECONDS = 0.7
"""A call that takes longer shows on a terminal that it works, also if it reports no progress yet."""


class CountedLines:
    """Prints now and then how much of some work is done."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._printed: dict[str, float] = {}

    def advance(self, doing: str, units: str, shown_after: float, done: int, total: int | None) -> None:
        """Say that ``done`` of ``total`` are done: at first when that took long, then at most every five seconds."""
        now = time.monotonic()
        last, apart = (self._printed[doing], PLAIN_SECONDS) if doing in self._printed else (self._began, shown_after)
        if now - last > apart:
            self._printed[doing] = now
            say(f"{doing}: {done} {units}" if total is None else f"{doing}: {done} of {total} {units}")

    def close(self) -> None:
        """End."""


class CountedBar:
    """Shows that a call works: after a moment a bar that moves, and what is done as soon as that is reported."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._lock = threading.Lock()
        self._bar: Progress | None = None
        self._closed = False
        self._state: dict[str, Any] = {"description": "working", "count": ""}
        self._timer = threading.Timer(SILENT_SECONDS, self._show)
        self._timer.daemon = True
        self._timer.start()

    def advance(self, doing: str, units: str, shown_after: float, done: int, total: int | None) -> None:
        """Show that ``done`` of ``total`` are done."""
        count = f"{done} {units}" if total is None else f"{done}/{total} {units}"
        with self._lock:
            self._state = {"description": doing, "count": count, "completed": done, "total": total}
            if self._bar is not None:
                self._bar.update(self._bar.task_ids[0], **self._state)
        if time.monotonic() - self._began > shown_after:
            self._show()

    def _show(self) -> None:
        with self._lock:
            if self._bar is None and not self._closed:
                self._bar = _counting_bar(self._state)

    def close(self) -> None:
        """Remove the bar, for good."""
        self._timer.cancel()
        with self._lock:
            self._closed = True
            if self._bar is not None:
                self._bar.stop()
                self._bar = None


def _counting_bar(state: dict[str, Any]) -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(20), TextColumn("{task.fields[count]}"))
    bar = Progress(SpinnerColumn("line"), *columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True)
    bar.add_task(**{"total": None, **state})
    bar.start()
    return bar
