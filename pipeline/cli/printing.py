"""Print results to stdout and everything else to stderr; data reaches a terminal only from here and from rows.py.

Whatever is printed is cleaned here, unless it is of the type Printable: text that was cleaned already, or our own
colours, links and directional isolates. An f-string made of such pieces is plain text again, so lines are given in
pieces: ``print_line(faint(time), "  ", title)``.
"""

from __future__ import annotations

import sys
import traceback
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import typer

from pipeline.printable import clean_text, to_json

if TYPE_CHECKING:
    from audio.errors import AirquoteError
    from pipeline.answers import Outcome
    from pipeline.cli.rows import RowPrinter
    from pipeline.exported import Exported, ExportOutcome

HEAR_HITS = "Hear one: airquote play N. Keep its sound: airquote clip N -o FILE."
READ_HITS = "Read around one: airquote at N."
"""What can be done with numbered hits; READ_HITS where none has a recording."""

_ISOLATE, _END_OF_ISOLATE = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
_RIGHT_TO_LEFT = frozenset(("R", "AL"))


class Printable(str):
    """Text that may be printed as it is."""

    __slots__ = ()


def printable(*pieces: str) -> Printable:
    """Join pieces of a line, and clean those that are not printable yet."""
    return Printable("".join(piece if isinstance(piece, Printable) else clean_text(piece) for piece in pieces))


def print_json(answers: Iterable[Any]) -> None:
    """Print one result per line."""
    for answer in answers:
        print_line(Printable(to_json(answer)))


def print_line(*pieces: str) -> None:
    """Print a line of the result, without its colours if stdout is not a terminal."""
    typer.echo(printable(*pieces))


def print_document(text: str, columns: bool) -> None:
    """Print a text with lines of its own, and tabs between ``columns``: an exported transcript, cleaned otherwise."""
    rows = (line.split("\t") if columns else [line] for line in text.split("\n"))
    typer.echo("\n".join("\t".join(map(clean_text, row)) for row in rows), nl=False)


def say(*pieces: str) -> None:
    """Print a line of advice, progress or warning to stderr."""
    typer.echo(printable(*pieces), err=True)


def say_flaws(source: str, answer: Outcome | Exported | ExportOutcome) -> None:
    """Say what an import left out of its ``source`` or repaired, each with its place."""
    for flaw in answer.flaws:
        shown = f": {flaw.text}" if flaw.text else ""
        say(f"{source}: {flaw.place}: {flaw.problem}; {'left out' if flaw.left_out else 'repaired'}{shown}")


def say_remarks(answer: Exported | ExportOutcome) -> None:
    """Say what is missing from an export, or does not keep to the limits of subtitles."""
    say_flaws(answer.episode, answer)
    for note in answer.notes:
        say(f"{answer.episode}: {note}")


def say_what_hits_offer(recordings: Iterable[str | None]) -> None:
    """Say what can be done with numbered hits, each of which has a recording or none."""
    say(HEAR_HITS if any(recordings) else READ_HITS)


def say_error(error: AirquoteError) -> None:
    """Print an error to stderr: what happened, and what to do."""
    from pipeline.cli.errors import explain_in_lines

    for line in explain_in_lines(error):
        say(line)


def traceback_lines(error: BaseException) -> list[Printable]:
    """Return the traceback of an unforeseen error; a message of several lines is put on one."""
    lines: list[str] = []
    for part in traceback.format_exception(error):
        lines += part.splitlines() if part.startswith("  File ") else [part.strip()]
    return list(map(printable, lines))


def style(text: str, **styles: Any) -> Printable:
    """Give ``text`` a colour, or another style of ``typer.style``."""
    return Printable(typer.style(printable(text), **styles))


def faint(*pieces: str) -> Printable:
    """Dim a piece of a line."""
    return style(printable(*pieces), dim=True)


def mark(text: str, marks: Sequence[tuple[int, int]]) -> Printable:
    """Highlight the characters of each mark: in colour on a terminal, else between **."""
    pieces: list[str] = []
    done = 0
    for first, last in marks:
        match = text[first:last]
        shown = style(match, fg="yellow", bold=True) if sys.stdout.isatty() else f"**{match}**"
        pieces += [text[done:first], shown]
        done = last
    return printable(*pieces, text[done:])


def link(text: str, address: str | None) -> Printable:
    """Make ``text`` a link if stdout is a terminal (OSC 8, which terminals without links ignore)."""
    if address is None or not sys.stdout.isatty() or not (address.isascii() and address.isprintable()):
        return printable(text)
    return Printable(f"\x1b]8;;{address}\x1b\\{printable(text)}\x1b]8;;\x1b\\")


def isolate(text: str) -> Printable:
    """Wrap ``text`` in a directional isolate if it has right-to-left characters.

    Without the isolate a terminal lays out a line that begins with Hebrew or Arabic from right to left, and reorders
    the numbers after such a word with it (UAX #9, rules P2, W2 and N1).
    """
    cleaned = printable(text)
    if cleaned.isascii() or not any(unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT for letter in cleaned):
        return cleaned
    return Printable(f"{_ISOLATE}{cleaned}{_END_OF_ISOLATE}")


def name_speaker(speaker: str | None) -> Printable:
    """Return what stands before the words of a speaker: the name and a colon, nothing if it is not known."""
    return printable(isolate(speaker), ": ") if speaker else Printable("")


def plural(noun: str, number: int) -> str:
    """Return a noun as it stands after a number."""
    return noun if number == 1 else f"{noun}s"


def print_table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a plain table whose columns are as wide as their contents."""
    from rich.cells import cell_len

    table = [[isolate(cell) for cell in row] for row in (titles, *rows)]
    widths = [max(cell_len(row[column]) for row in table) for column in range(len(titles))]
    for number, row in enumerate(table):
        cells = [cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)]
        line = Printable("  ".join(cells).rstrip())
        print_line(style(line, bold=True) if number == 0 else line)


def print_outcomes(outcomes: Sequence[Outcome], print_rows: RowPrinter | None) -> None:
    """Print the outcomes of a batch: a table, then the counts by status; or rows for programs."""
    from pipeline.cli.errors import explain_outcome

    outcomes = [replace(outcome, reason=explain_outcome(outcome)) for outcome in outcomes]
    rows = [(o.status, o.episode or "-", o.source, o.reason or "") for o in outcomes]
    _print_batch(outcomes, ("status", "episode", "source", "reason"), rows, print_rows)


def print_exports(outcomes: Sequence[ExportOutcome], print_rows: RowPrinter | None) -> None:
    """Print how the export of several episodes went, likewise."""
    from pipeline.cli.errors import explain_outcome

    outcomes = [replace(outcome, reason=explain_outcome(outcome)) for outcome in outcomes]
    rows = [(o.status, o.episode, o.file or "-", o.reason or "") for o in outcomes]
    _print_batch(outcomes, ("status", "episode", "file", "reason"), rows, print_rows)


def _print_batch(
    outcomes: Sequence[Outcome | ExportOutcome],
    titles: Sequence[str],
    rows: Sequence[Sequence[str]],
    print_rows: RowPrinter | None,
) -> None:
    if print_rows:
        print_rows(outcomes)
    elif outcomes:
        print_table(titles, rows)
        counts = Counter(outcome.status for outcome in outcomes)
        say(", ".join(f"{counts[status]} {status}" for status in ("done", "skipped", "failed")))
