"""``airquote cite``: citations of places."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import typer

from audio.errors import UsageError, correct_input
from pipeline.citing.citations import Citable
from pipeline.citing.styles import format_citation
from pipeline.cli.options import (
    CitationFormat,
    EndArgument,
    JsonOption,
    LibraryOption,
    PlaceArgument,
    StartArgument,
    VerboseOption,
    hit_number,
    read_span,
    settings_from,
)
from pipeline.cli.printing import print_json, print_line


def cite(
    episode: PlaceArgument,
    start: StartArgument = None,
    end: EndArgument = None,
    style: Annotated[CitationFormat, typer.Option("-f", "--format", help="The style.")] = CitationFormat.plain,
    library: LibraryOption = None,
    as_json: JsonOption = False,
    _verbose: VerboseOption = False,
) -> None:
    """Cite a span of an episode, or a hit of the last search, with a link to the moment."""
    from pipeline.library import Library

    span = read_span(start, end)
    with Library.open(settings_from(library=library).library) as opened:
        if span is not None:
            place = opened.place(episode, *span)
        else:
            number = hit_number(episode)
            if number is None:
                advice = correct_input("Write: airquote cite EPISODE START [END]")
                raise UsageError(f"Which place in {episode}?", advice, where=episode)
            place = opened.hit(number)
        citation = opened.cite(place, style.value)
    if as_json:
        print_json([citation])
    else:
        print_citations([citation], style.value)


def print_citations(places: Iterable[Citable], style: str) -> None:
    """Print the citations of places."""
    for place in places:
        for line in format_citation(place, style).splitlines():
            print_line(line)
