"""``airquote locate``: where one quotation was said."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.options import JsonOption, LibraryOption, settings_from
from pipeline.cli.printing import print_json, say

WithinEpisode = Annotated[str | None, typer.Option("--episode", help="Look in this episode only.", show_default=False)]
WithinShow = Annotated[str | None, typer.Option("--show", help="Look in this show only.", show_default=False)]


def locate(
    quotation: Annotated[
        list[str], typer.Argument(metavar="QUOTATION", help="What was quoted, in quotes.", show_default=False)
    ],
    limit: Annotated[int, typer.Option(min=1, help="How many places at most.")] = 10,
    show: WithinShow = None,
    episode: WithinEpisode = None,
    min_similarity: Annotated[
        float | None,
        typer.Option(
            min=0, max=1, help="All places that agree so far, 0 to 1.", show_default="those that may be meant"
        ),
    ] = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Where a quotation was said: what was really said there, and each difference."""
    from pipeline.cli.progress import watch_index
    from pipeline.cli.quotations import LEGEND, has_marks, plain, print_quotation
    from pipeline.library import Library
    from pipeline.verification.checks import find_scope, locate_statement

    settings = settings_from(library=library)
    text = " ".join(" ".join(quotation).split())
    with Library.open(settings.library) as opened:
        scope = find_scope(opened, episode, show)
        with watch_index() as progress:
            found = locate_statement(opened, text, scope, limit, min_similarity, progress)
        remembered = opened.remembered
    if as_json:
        print_json([one.answer for one in found])
    if scope.waiting:
        say(f"Not searched, for there is no transcript yet: {', '.join(one.id for one in scope.waiting)}")
    if not found:
        say(f"Nothing like it was found: {plain(text)}")
        raise typer.Exit(1)
    if as_json:
        return
    for one in found:
        print_quotation(one, context=False)
    if any(map(has_marks, found)):
        say(LEGEND)
    if remembered:
        say("Hear one: airquote play N. Keep its sound: airquote clip N -o FILE.")
