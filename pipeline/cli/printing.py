"""Answers to stdout, everything else to stderr."""

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


def print_json(answers: Iterable[Any]) -> None:
    """One answer a line."""
    for answer in answers:
        print_line(to_json(answer))


def print_line(text: str = "") -> None:
    """A line of the answer, without its colours where stdout is no terminal."""
    typer.echo(text)


def say(text: str) -> None:
    """A line of help, progress or warning."""
    typer.echo(text, err=True)


def mark(text: str, marks: Sequence[tuple[int, int]]) -> str:
    """``text`` with the characters of each mark in colour, or between ** where there is none."""
    shown, done = "", 0
    for first, last in marks:
        match = text[first:last]
        shown += text[done:first]
        shown += typer.style(match, fg="yellow", bold=True) if sys.stdout.isatty() else f"**{match}**"
        done = last
    return shown + text[done:]


def link(text: str, address: str | None) -> str:
    """``text`` as a link where it is shown on a terminal (OSC 8, which those that know no links leave out)."""
    if address is None or not sys.stdout.isatty():
        return text
    return f"\x1b]8;;{address}\x1b\\{text}\x1b]8;;\x1b\\"


def faint(text: str) -> str:
    """``text`` set back, where colours are shown."""
    return typer.style(text, dim=True)


def print_table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A plain table: columns as wide as what is in them, the last one free."""
    from rich.cells import cell_len

    # A file's name may hold line breaks.
    table = [list(titles), *([" ".join(cell.splitlines()) for cell in row] for row in rows)]
    widths = [max(cell_len(row[column]) for row in table) for column in range(len(titles))]
    for number, row in enumerate(table):
        cells = [cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)]
        line = "  ".join(cells).rstrip()
        print_line(typer.style(line, bold=True) if number == 0 else line)


def print_outcomes(outcomes: Sequence[Outcome], as_json: bool) -> None:
    """What became of the sources of a batch: a table, then how many of each; or JSON."""
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
