"""Print results to stdout and everything else to stderr."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import typer

from pipeline.answers import to_json

if TYPE_CHECKING:
    from pipeline.answers import Outcome

HEAR_HITS = "Hear one: airquote play N. Keep its sound: airquote clip N -o FILE."
"""What can be done with numbered hits."""


def print_json(answers: Iterable[Any]) -> None:
    """Print one result per line."""
    for answer in answers:
        print_line(to_json(answer))


def print_line(text: str = "") -> None:
    """Print a line of the result, without its colours if stdout is not a terminal."""
    typer.echo(text)


def say(text: str) -> None:
    """Print a line of advice, progress or warning to stderr."""
    typer.echo(text, err=True)


def mark(text: str, marks: Sequence[tuple[int, int]]) -> str:
    """Highlight the characters of each mark: in colour on a terminal, else between **."""
    shown, done = "", 0
    for first, last in marks:
        match = text[first:last]
        shown += text[done:first]
        shown += typer.style(match, fg="yellow", bold=True) if sys.stdout.isatty() else f"**{match}**"
        done = last
    return shown + text[done:]


def link(text: str, address: str | None) -> str:
    """Make ``text`` a link if stdout is a terminal (OSC 8, which terminals without links ignore)."""
    if address is None or not sys.stdout.isatty():
        return text
    return f"\x1b]8;;{address}\x1b\\{text}\x1b]8;;\x1b\\"


def faint(text: str) -> str:
    """Dim ``text``."""
    return typer.style(text, dim=True)


def print_table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a plain table whose columns are as wide as their contents."""
    from rich.cells import cell_len

    # A file name may contain line breaks.
    table = [list(titles), *([" ".join(cell.splitlines()) for cell in row] for row in rows)]
    widths = [max(cell_len(row[column]) for row in table) for column in range(len(titles))]
    for number, row in enumerate(table):
        cells = [cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)]
        line = "  ".join(cells).rstrip()
        print_line(typer.style(line, bold=True) if number == 0 else line)


def print_outcomes(outcomes: Sequence[Outcome], as_json: bool) -> None:
    """Print the outcomes of a batch: a table, then the counts by status; or JSON."""
    from pipeline.cli.errors import explain_outcome

    outcomes = [replace(outcome, reason=explain_outcome(outcome)) for outcome in outcomes]
    if as_json:
        print_json(outcomes)
    elif outcomes:
        print_table(
            ("status", "episode", "source", "reason"),
            [(o.status, o.episode or "-", o.source, o.reason or "") for o in outcomes],
        )
        counts = Counter(outcome.status for outcome in outcomes)
        say(", ".join(f"{counts[status]} {status}" for status in ("done", "skipped", "failed")))
