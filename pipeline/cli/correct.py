"""``airquote correct``: words that were misheard, corrected by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from audio.errors import UsageError, correct_input
from audio.timecode import format_time, parse_end, parse_time
from pipeline.cli.options import EpisodeArgument, LibraryOption, VerboseOption, settings_from
from pipeline.cli.printing import faint, isolate, print_line, say
from pipeline.cli.rows import RowPrinter, prints_rows
from pipeline.episodes.word_corrections import WordCorrection


@prints_rows(WordCorrection)
def correct(
    episode: EpisodeArgument,
    time: Annotated[
        str | None, typer.Argument(metavar="TIME", help="When the word is said, such as 12:34.", show_default=False)
    ] = None,
    text: Annotated[
        str | None, typer.Argument(metavar="WORDS", help="What is really said there.", show_default=False)
    ] = None,
    end: Annotated[
        str | None,
        typer.Option("--to", metavar="TIME", help="Until when, or +2: 2 s on.", show_default="one word"),
    ] = None,
    undo: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Undo the correction with this number.", show_default=False),
    ] = None,
    library: LibraryOption = None,
    print_rows: RowPrinter | None = None,
    _verbose: VerboseOption = False,
) -> None:
    """Correct words that were misheard; without a time, list the corrections of an episode."""
    from pipeline.cli.progress import show_progress
    from pipeline.library import Library

    if (
        (time is None) != (text is None)
        or (end is not None and time is None)
        or (undo is not None and time is not None)
    ):
        raise UsageError(
            "What is to be corrected?",
            correct_input('Write: airquote correct EPISODE TIME "right words", or correct EPISODE --undo N.'),
        )
    with Library.open(settings_from(library=library).library) as opened, show_progress(opened):
        if undo is not None:
            shown = [opened.undo_correction(episode, undo)]
        elif time is not None and text is not None:
            start = parse_time(time)
            until = start if end is None else parse_end(end, start)
            shown = [opened.correct(opened.place(episode, start, until), text)]
        else:
            shown = opened.corrections(episode)
    if print_rows:
        print_rows(shown)
    else:
        _print_corrections(shown)


def _print_corrections(corrections: Sequence[WordCorrection]) -> None:
    for one in corrections:
        before, after = (one.text, one.heard) if one.undone else (one.heard, one.text)
        aside = faint("  set aside: other words stand there now") if one.set_aside else ""
        number = faint(f"{one.correction:>3}")
        print_line(number, "  ", format_time(one.start), "  ", isolate(before), " → ", isolate(after), aside)
    if not corrections:
        say("No word of it was corrected by hand.")


def register(app: typer.Typer) -> None:
    """Add the command of this family."""
    app.command("correct")(correct)
