"""``airquote locate``: where one quotation was said."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from audio.errors import UsageError, correct_input
from pipeline.cli.cite import print_citations
from pipeline.cli.options import (
    STANDARD_INPUT,
    LibraryOption,
    RowFormat,
    RowFormatOption,
    ShowOption,
    SinceOption,
    UntilOption,
    VerboseOption,
    settings_from,
)
from pipeline.cli.printing import isolate, say, say_what_hits_offer
from pipeline.cli.rows import RowPrinter, prints_rows
from pipeline.verification.results import QuotationAnswer

WithinEpisode = Annotated[str | None, typer.Option("--episode", help="Search only this episode.", show_default=False)]
BySpeaker = Annotated[
    str | None,
    typer.Option("--speaker", help="Search only what is said by a speaker with this name.", show_default=False),
]
MOST_BYTES = 1 << 16
"""Bytes of a quotation from standard input; the thousand words that are compared have some 6,000."""


def _read_standard_input() -> str:
    """Return the quotation on standard input. Raises UsageError for one that is too long, or not UTF-8."""
    data = sys.stdin.buffer.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise UsageError(
            f"The quotation is longer than {MOST_BYTES >> 10} KB.",
            correct_input("Quotations of an article are checked by verify."),
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        way_out = correct_input("Convert it to UTF-8.")
        raise UsageError(f"The quotation is not UTF-8 text: byte {error.start}.", way_out) from None


@prints_rows(QuotationAnswer)
def locate(
    quotation: Annotated[
        list[str],
        typer.Argument(metavar="QUOTATION", help="The quotation, quoted; - for stdin.", show_default=False),
    ],
    limit: Annotated[int, typer.Option(min=1, help="Maximum number of places.")] = 10,
    show: ShowOption = None,
    episode: WithinEpisode = None,
    speaker: BySpeaker = None,
    since: SinceOption = None,
    until: UntilOption = None,
    min_similarity: Annotated[
        float | None,
        typer.Option(
            min=0, max=1, help="All places of at least this similarity, 0 to 1.", show_default="plausible places"
        ),
    ] = None,
    format: RowFormatOption = RowFormat.text,
    library: LibraryOption = None,
    print_rows: RowPrinter | None = None,
    _verbose: VerboseOption = False,
) -> None:
    """Find where a quotation was said, and show what was said there and each difference."""
    from pipeline.cli.progress import show_progress
    from pipeline.cli.quotations import LEGEND, find_recording, has_marks, print_quotation
    from pipeline.library import Library

    words = [_read_standard_input()] if quotation == [STANDARD_INPUT] else quotation
    text = " ".join(" ".join(words).split())
    with Library.open(settings_from(library=library).library) as opened, show_progress(opened):
        located = opened.locate(
            text,
            limit=limit,
            episode=episode,
            show=show,
            speaker=speaker,
            since=since,
            until=until,
            min_similarity=min_similarity,
        )
    for note in located.notes:
        say(note)
    if print_rows:
        print_rows([one.answer for one in located.found])
    if located.unsearched:
        say(f"Not transcribed yet, and so not searched: {', '.join(located.unsearched)}")
    if not located.found:
        say("Nothing similar was found: ", isolate(text))
        raise typer.Exit(1)
    if format.style is not None and not print_rows:
        print_citations((place.cited for one in located.found for place in one.places), format.style)
    for one in () if print_rows or format.style else located.found:
        print_quotation(one, context=False)
    if not print_rows and not format.style and any(map(has_marks, located.found)):
        say(LEGEND)
    if not print_rows and located.kept:
        say_what_hits_offer(map(find_recording, located.found))
    if located.only_leads:
        say(
            "It was not found; this is the closest."
            if len(located.found) == 1
            else "It was not found; these are closest."
        )
        raise typer.Exit(1)
