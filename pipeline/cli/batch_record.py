"""A command on many files: it may be stopped, its progress is shown, and what came of it is printed however it ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import typer

from pipeline.answers import Outcome
from pipeline.cli.edit import INPUT_FAILED
from pipeline.cli.interrupts import STOPPED, STOPPED_TEXT, Stop, stop_on_signals
from pipeline.cli.printing import print_outcomes, say
from pipeline.cli.progress import show_progress
from pipeline.cli.rows import RowPrinter
from pipeline.progress import BatchStarted, FileClosed, ProgressEvent

if TYPE_CHECKING:
    from pipeline.library import Library


class _Ended(Protocol):
    @property
    def status(self) -> str: ...


class Record(Protocol):
    """What came of a command so far."""

    @property
    def outcomes(self) -> Sequence[_Ended]: ...

    @property
    def is_complete(self) -> bool:
        """Whether nothing was left to do when the command was stopped."""

    def note(self, event: ProgressEvent) -> None:
        """Keep what an event tells."""

    def print_all(self) -> None:
        """Print the outcomes."""


@dataclass(slots=True)
class BatchRecord:
    """The number of files of a batch, and the outcomes so far, in the order of completion."""

    print_rows: RowPrinter | None = None
    files: int = 0
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def is_complete(self) -> bool:
        """See Record."""
        return len(self.outcomes) >= self.files

    def note(self, event: ProgressEvent) -> None:
        """See Record."""
        if isinstance(event, BatchStarted):
            self.files = event.files
        elif isinstance(event, FileClosed):
            self.outcomes.append(event.outcome)

    def print_all(self) -> None:
        """See Record."""
        print_outcomes(self.outcomes, self.print_rows)


@contextmanager
def follow_batch(
    open_library: Callable[[], AbstractContextManager[Library]], record: Record
) -> Iterator[tuple[Library, Stop]]:
    """Open a library for a call that may be stopped; ``record`` what comes of it, and print that however it ends."""
    try:
        with stop_on_signals() as stop, open_library() as opened, show_progress(opened, record.note):
            yield opened, stop
        if stop() and not record.is_complete:
            raise KeyboardInterrupt
    except KeyboardInterrupt:
        say(STOPPED_TEXT)
        raise typer.Exit(STOPPED) from None
    finally:
        record.print_all()
    if any(one.status == "failed" for one in record.outcomes):
        raise typer.Exit(INPUT_FAILED)
