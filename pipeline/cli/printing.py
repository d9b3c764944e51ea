"""Print results to stdout and everything else to stderr; data reaches a terminal only from here and from rows.py.

Whatever is printed is cleaned here, unless it is of the type Printable: text that was cleaned already, or our own
colours, links and directional isolates. An f-string made of such pieces is plain text again, so lines are given in
pieces: ``print_line(faint(time), "  ", title)``. On a terminal lines are wrapped at its width; a file or pipe gets each
whole. Every line is flushed, so that stdout and stderr stay in order where both go to one file.
"""

from __future__ import annotations

import sys
import traceback
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TextIO

import typer

from pipeline.cli.terminal import moves_cursor, shows_colours, width_of
from pipeline.cli.wrapping import (
    END_OF_ISOLATE,
    FIRST_STRONG_ISOLATE,
    RIGHT_TO_LEFT_LETTERS,
    hold_commands,
    hold_together,
    lay_out_page,
    lay_out_table,
    wrap_line,
)
from pipeline.printable import clean_text

if TYPE_CHECKING:
    from audio.errors import AirquoteError
    from pipeline.answers import Outcome
    from pipeline.cli.rows import RowPrinter
    from pipeline.exported import Exported, ExportOutcome

HEAR_HITS = "Hear one: airquote play N. Keep its sound: airquote clip N -o FILE."
READ_HITS = "Read around one: airquote at N."
"""What can be done with numbered hits; READ_HITS where none has a recording."""

SPEAK_AT_ONCE = "several speak at once there"
"""What is said of words in a sentence with the flag ``overlap``."""

_WIDEST_PAGE = 100
"""Columns beyond which a page of help is not laid out: longer lines are hard to read."""

_PLACES = frozenset(("source", "file"))
"""Columns of tables with paths, which are never broken."""

_quiet = False


def be_quiet(wanted: bool) -> None:
    """Print answers and errors only: no hints, warnings or progress."""
    global _quiet
    _quiet = wanted


def is_quiet() -> bool:
    """Whether hints and progress are not wanted."""
    return _quiet


class Printable(str):
    """Text that may be printed as it is."""

    __slots__ = ()


def printable(*pieces: str) -> Printable:
    """Join pieces of a line, and clean those that are not printable yet."""
    return Printable("".join(piece if isinstance(piece, Printable) else clean_text(piece) for piece in pieces))


def print_line(*pieces: str, hang: int | None = None) -> None:
    """Print a line of the result; on a terminal it is wrapped, and lines after the first are indented by ``hang``."""
    _write(printable(*pieces), sys.stdout, hang)


def _write(line: Printable, stream: TextIO, hang: int | None = None) -> None:
    for part in wrap_line(line, width_of(stream), hang):
        typer.echo(part, file=stream, color=shows_colours(stream))


def print_page(text: str) -> None:
    """Print a page of help, whose lists are ``  term  text``."""
    for line in lay_out_page(text, page_width()):
        typer.echo(line)


def page_width() -> int | None:
    """Return the columns in which a page of help is laid out; None for a file or pipe, where each line stays whole."""
    width = width_of(sys.stdout)
    return width and min(width, _WIDEST_PAGE)


def print_document(text: str, columns: bool) -> None:
    """Print a text with lines of its own, and tabs between ``columns``: an exported transcript, cleaned otherwise."""
    rows = (line.split("\t") if columns else [line] for line in text.split("\n"))
    typer.echo("\n".join("\t".join(map(clean_text, row)) for row in rows), nl=False)


def say(*pieces: str) -> None:
    """Print a line of advice, progress or warning to stderr, unless these are not wanted."""
    if not _quiet:
        say_always(*pieces)


def say_always(*pieces: str) -> None:
    """Print a line to stderr also where hints and warnings are not wanted: one of an error or a question."""
    _write(Printable(hold_commands(printable(*pieces))), sys.stderr)


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


def say_origin(episode: str, origin: str | None) -> None:
    """Say that the words of an episode are the publisher's: nobody held them against the sound."""
    if origin == "publisher":
        say("The words of ", isolate(episode), " are the publisher's, not checked against the sound.")


def say_what_hits_offer(recordings: Iterable[str | None]) -> None:
    """Say what can be done with numbered hits, each of which has a recording or none."""
    say(HEAR_HITS if any(recordings) else READ_HITS)


def say_error(error: AirquoteError) -> None:
    """Print an error to stderr: what happened, and what to do."""
    from pipeline.cli.errors import explain_in_lines

    for line in explain_in_lines(error):
        say_always(line)


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
    """Highlight the characters of each mark: in colour where colours are shown, else between **."""
    pieces: list[str] = []
    done = 0
    coloured = shows_colours(sys.stdout)
    for first, last in marks:
        match = text[first:last]
        shown = style(match, fg="yellow", bold=True) if coloured else f"**{match}**"
        pieces += [text[done:first], shown]
        done = last
    return printable(*pieces, text[done:])


def link(text: str, address: str | None) -> Printable:
    """Make ``text`` a link if stdout is a terminal (OSC 8, which terminals without links ignore)."""
    if address is None or not moves_cursor(sys.stdout) or not (address.isascii() and address.isprintable()):
        return printable(text)
    return Printable(f"\x1b]8;;{address}\x1b\\{printable(text)}\x1b]8;;\x1b\\")


def isolate(text: str) -> Printable:
    """Wrap ``text`` in a directional isolate if it has right-to-left characters.

    Without the isolate a terminal lays out a line that begins with Hebrew or Arabic from right to left, and reorders
    the numbers after such a word with it (UAX #9, rules P2, W2 and N1).
    """
    cleaned = printable(text)
    if cleaned.isascii() or not any(unicodedata.bidirectional(one) in RIGHT_TO_LEFT_LETTERS for one in cleaned):
        return cleaned
    return Printable(f"{FIRST_STRONG_ISOLATE}{cleaned}{END_OF_ISOLATE}")


def name_speaker(speaker: str | None) -> Printable:
    """Return what stands before the words of a speaker: the name and a colon, nothing if it is not known."""
    return printable(isolate(speaker), ": ") if speaker else Printable("")


def plural(noun: str, number: int) -> str:
    """Return a noun as it stands after a number."""
    return noun if number == 1 else f"{noun}s"


def and_in_more(episodes: int) -> str:
    """Say that a passage recurs."""
    return f"and in {episodes} more {plural('episode', episodes)}"


def print_table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a plain table, whose columns are folded on a terminal that is too narrow for them."""
    shown = [tuple(map(isolate, titles))]
    for row in rows:
        cells = zip(titles, map(isolate, row), strict=True)
        shown.append(tuple(whole(cell) if title in _PLACES else cell for title, cell in cells))
    for number, line in lay_out_table(shown, width_of(sys.stdout)):
        text = style(Printable(line), bold=True) if number == 0 else line
        typer.echo(text, color=shows_colours(sys.stdout))


def whole(text: str) -> Printable:
    """Return a piece of a line that is not broken at its spaces, such as a path."""
    return Printable(hold_together(printable(text)))


def print_outcomes(outcomes: Sequence[Outcome], print_rows: RowPrinter | None) -> None:
    """Print the outcomes of a batch: a table, then the counts by status; or rows for programs."""
    from pipeline.cli.errors import explain_outcome

    outcomes = [replace(outcome, reason=explain_outcome(outcome)) for outcome in outcomes]
    # Most reasons begin with the source, which has a column of its own.
    reasons = [(o.reason or "").removeprefix(f"{o.source} ") for o in outcomes]
    rows = [(o.status, o.episode or "-", o.source, reason) for o, reason in zip(outcomes, reasons, strict=True)]
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
        columns = len(titles) if any(row[-1] for row in rows) else len(titles) - 1
        print_table(titles[:columns], [row[:columns] for row in rows])
        counts = Counter(outcome.status for outcome in outcomes)
        say(", ".join(f"{counts[status]} {status}" for status in ("done", "skipped", "failed")))
