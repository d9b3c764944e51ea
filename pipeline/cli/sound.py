"""``airquote play`` and ``airquote clip``: play a place, or write it to an audio file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from audio.errors import UsageError, correct_input
from audio.timecode import format_time
from pipeline.answers import ClipFile, Place, Played
from pipeline.cli.options import (
    AllowPrivateOption,
    EndArgument,
    LibraryOption,
    PlaceArgument,
    StartArgument,
    VerboseOption,
    parse_target,
    settings_from,
)
from pipeline.cli.places import find_place
from pipeline.cli.printing import isolate, print_line, say
from pipeline.cli.rows import RowPrinter, prints_rows

_PLAY_SECONDS = 30.0
_AFTER_HIT = 1.0
"""Seconds played after the words of a hit: recognisers often end a word early."""
_AROUND_HIT = 0.25
"""Seconds in a clip before and after the words of a hit."""


@prints_rows(Played)
def play(
    episode: PlaceArgument,
    start: StartArgument = None,
    end: EndArgument = None,
    seconds: Annotated[
        float | None,
        typer.Option(
            "--for",
            metavar="SECONDS",
            min=0.1,
            help="How many seconds to play.",
            show_default="30, or the words of a hit",
        ),
    ] = None,
    lead: Annotated[float, typer.Option(metavar="SECONDS", min=0, help="How much earlier to start.")] = 0.0,
    allow_private: AllowPrivateOption = False,
    library: LibraryOption = None,
    print_rows: RowPrinter | None = None,
    _verbose: VerboseOption = False,
) -> None:
    """Play an episode from a time on or between two times, a hit of the last search, or a voice (voice 2)."""
    from pipeline.cli.progress import show_progress
    from pipeline.library import Library

    with Library.open(settings_from(library=library).library) as opened, show_progress(opened) as stop_progress:

        def announce(played: Played) -> None:
            stop_progress()
            times = f"{format_time(played.start)} to {format_time(played.end)}"
            say(isolate(played.episode), f" {times}, with {played.player} (Ctrl-C stops)")

        place, is_hit, is_span = find_place(opened, episode, start, end, "airquote play EPISODE START")
        # The end of a chapter, or of an episode found by its title, may not be known.
        after = 0.0 if is_span and not is_hit else _AFTER_HIT if place.end > place.start else _PLAY_SECONDS
        if seconds is not None:
            place, after = Place(place.episode, place.start, place.start), seconds
        try:
            played = opened.play(place, before=lead, after=after, starting=announce, allow_private=allow_private)
        except KeyboardInterrupt:
            raise typer.Exit(130) from None
    if print_rows:
        print_rows([played])


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
            help="The file to write: .wav, .mp3, .m4a, .ogg, .opus or .flac; or a folder for it.",
            show_default="an MP3 named by episode and time",
            parser=parse_target,
        ),
    ] = None,
    pad: Annotated[
        float | None,
        typer.Option(
            metavar="SECONDS", min=0, help="How much to add on both sides.", show_default="0, or 0.25 for a hit"
        ),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file if it exists.")] = False,
    allow_private: AllowPrivateOption = False,
    library: LibraryOption = None,
    print_rows: RowPrinter | None = None,
    _verbose: VerboseOption = False,
) -> None:
    """Write a span of an episode, a hit of the last search, or a voice (voice 2), to an audio file."""
    from pipeline.cli.progress import show_progress
    from pipeline.library import Library

    usage = "airquote clip EPISODE START END"
    with Library.open(settings_from(library=library).library) as opened, show_progress(opened):
        place, is_hit, is_span = find_place(opened, episode, start, end, usage)
        if not is_span:
            if opened.missing_sound(place.episode) is None:
                opened.cut(Place(place.episode, place.start, place.start))  # which says what is wrong with a recording
            raise UsageError("No end is given.", correct_input(f"Write: {usage}"))
        padding = (_AROUND_HIT if is_hit else 0.0) if pad is None else pad
        written = opened.clip(
            place, output, before=padding, after=padding, overwrite=overwrite, allow_private=allow_private
        )
    if print_rows:
        print_rows([written])
    else:
        times = f"{format_time(written.start)} to {format_time(written.end)}"
        print_line(isolate(written.file), ": ", isolate(written.episode), f" {times}")
