"""``airquote cite``: citations of places."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import typer

from pipeline.citing.citations import Citable, Citation
from pipeline.citing.styles import format_citation
from pipeline.cli.options import (
    CitationFormat,
    EndArgument,
    LibraryOption,
    PlaceArgument,
    StartArgument,
    VerboseOption,
    settings_from,
)
from pipeline.cli.places import find_place
from pipeline.cli.printing import print_line
from pipeline.cli.rows import RowPrinter, prints_rows


@prints_rows(Citation)
def cite(
    episode: PlaceArgument,
    start: StartArgument = None,
    end: EndArgument = None,
    style: Annotated[CitationFormat, typer.Option("-f", "--format", help="The style.")] = CitationFormat.plain,
    library: LibraryOption = None,
    print_rows: RowPrinter | None = None,
    _verbose: VerboseOption = False,
) -> None:
    """Cite a span of an episode, or a hit of the last search, with a link to the moment."""
    from pipeline.library import Library

    with Library.open(settings_from(library=library).library) as opened:
        place = find_place(opened, episode, start, end, "airquote cite EPISODE START [END]").place
        citation = opened.cite(place, style.value)
    if print_rows:
        print_rows([citation])
    else:
        print_citations([citation], style.value)


def print_citations(places: Iterable[Citable], style: str) -> None:
    """Print the citations of places."""
    for place in places:
        for line in format_citation(place, style).split("\n"):
            print_line(line)
