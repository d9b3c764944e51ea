"""``airquote play`` and ``airquote clip``: play a place, or write it to an audio file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audio.errors import UsageError, correct_input
from audio.timecode import format_time, parse_time
from pipeline.answers import ClipFile, Place, Played
from pipeline.cli.options import (
    EndArgument,
    LibraryOption,
    PlaceArgument,
    StartArgument,
    VerboseOption,
    hit_number,
    parse_path,
    settings_from,
)
from pipeline.cli.printing import isolate, print_line, say
from pipeline.cli.rows import RowPrinter, prints_rows

if TYPE_CHECKING:
    from pipeline.library import Library

_PLAY_SECONDS = 30.0
_AFTER_HIT = 1.0
"""Seconds played after the words of a hit: recognisers often end a word early."""


@prints_rows(Played)
def play(
    episode: PlaceArgument,
    time: Annotated[
        str | None, typer.Argument(metavar="TIME", help="75, 1:15, 1:02:33.4 or 1h2m33s.", show_default=False)
    ] = None,
    seconds: Annotated[
        float | None,
        typer.Option("--for", min=0.1, help="How many seconds to play.", show_default="30; for a hit its words"),
    ] = None,
    lead: Annotated[float, typer.Option(min=0, help="Seconds to start earlier.")] = 0.0,
    library: LibraryOption = None,
    print_rows: RowPrinter | None = None,
    _verbose: VerboseOption = False,
) -> None:
    """Play an episode from a time, or a hit of the last search."""
    from pipeline.library import Library

    with Library.open(settings_from(library=library).library) as opened:
        if time is not None:
            place, after = opened.place(episode, parse_time(time)), _PLAY_SECONDS
        else:
            place, after = _hit(opened, episode, "airquote play EPISODE TIME"), _AFTER_HIT
        if seconds is not None:
            place, after = Place(place.episode, place.start, place.start), seconds
        try:
            played = opened.play(place, before=lead, after=after, starting=_announce)
        except KeyboardInterrupt:
            raise typer.Exit(130) from None
    if print_rows:
        print_rows([played])


def _announce(played: Played) -> None:
    times = f"{format_time(played.start)} to {format_time(played.end)}"
    say(isolate(played.episode), f" {times}, with {played.player} (Ctrl-C stops)")


@prints_rows(ClipFile)
def clip(
    episode: PlaceArgument,
    start: StartArgument = None,
    end: EndArgument = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="PATH",
            help="The file to write: .wav, .mp3, .m4a, .ogg, .opus or .flac.",
            show_default=False,
            parser=parse_path,
        ),
    ] = None,
    pad: Annotated[
        float | None,
        typer.Option(min=0, help="Seconds to add on both sides.", show_default="0; for a hit 0.25"),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file if it exists.")] = False,
    library: LibraryOption = None,
    print_rows: RowPrinter | None = None,
    _verbose: VerboseOption = False,
) -> None:
    """Write a span of an episode, or a hit of the last search, to an audio file."""
    from pipeline.library import Library

    if output is None:
        raise UsageError("No output file is given.", correct_input("Name one with -o, such as -o quote.mp3"))
    with Library.open(settings_from(library=library).library) as opened:
        if start is not None:
            if end is None:
                raise UsageError("No end is given.", correct_input("Write: airquote clip EPISODE START END -o FILE"))
            place, padding = opened.place(episode, parse_time(start), parse_time(end)), 0.0
        else:
            place, padding = _hit(opened, episode, "airquote clip EPISODE START END -o FILE"), 0.25
        padding = padding if pad is None else pad
        written = opened.clip(place, output, before=padding, after=padding, overwrite=overwrite)
    if print_rows:
        print_rows([written])
    else:
        times = f"{format_time(written.start)} to {format_time(written.end)}"
        print_line(isolate(written.file), ": ", isolate(written.episode), f" {times}")


def _hit(library: Library, name: str, usage: str) -> Place:
    number = hit_number(name)
    if number is None:
        raise UsageError(f"From what time in {name}?", correct_input(f"Write: {usage}"), where=name)
    return library.hit(number)
