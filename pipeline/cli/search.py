"""``airquote search``: full-text search."""

from __future__ import annotations

from typing import Annotated

import typer

from audio.timecode import format_time
from pipeline.cli.options import JsonOption, LibraryOption, settings_from
from pipeline.cli.printing import faint, mark, print_json, print_line, say


def search(
    query: Annotated[
        list[str],
        typer.Argument(
            metavar="QUERY",
            help='Words (all must be there), "exact phrases", AND, OR, NOT, brackets. Put it in single quotes.',
            show_default=False,
        ),
    ],
    limit: Annotated[int, typer.Option(min=0, help="How many hits; 0 is all.")] = 10,
    context: Annotated[int, typer.Option(min=0, help="Sentences to show around each hit.")] = 0,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find what was said: episode, time and sentence, best first."""
    from pipeline.cli.progress import IndexProgress
    from pipeline.library import Library

    settings = settings_from(library=library)
    text = " ".join(query)
    with Library.open(settings.library) as opened:
        found = opened.search(text, limit or None, context, IndexProgress())
        if not found:
            say(f"Nothing found for {text}")
            for word, others in opened.suggest(text).items():
                hint = f"did you mean {' or '.join(others)}?" if others else "and nothing like it."
                say(f"  {word!r} is nowhere in the library; {hint}")
            if {"and", "or", "not"} & set(text.split()):
                say("  Operators are written in capitals: AND, OR, NOT.")
            raise typer.Exit(1)
        remembered = opened.remembered
    if as_json:
        print_json(found)
        return
    for statement in found:
        show = f" · {statement.show}" if statement.show else ""
        heading = typer.style(f"{statement.episode}  {format_time(statement.start)}", bold=True)
        print_line(f"{statement.n:>3}  {heading}  {faint(statement.title + show)}")
        print_line(f"     {mark(statement.context, statement.marks)}")
    if remembered:
        say("Hear one: airquote play N. Keep its sound: airquote clip N -o FILE.")
    else:
        say("The library cannot be written, so play N and clip N do not know these hits: name episode and time.")
