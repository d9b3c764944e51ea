"""``airquote site``: a show's archive as static pages."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from audio.errors import UsageError
from pipeline.cli.errors import WHICH_EPISODES
from pipeline.cli.options import (
    EpisodesArgument,
    LibraryOption,
    ShowOption,
    SinceOption,
    UntilOption,
    VerboseOption,
    parse_target,
    selection_from,
    settings_from,
)
from pipeline.cli.printing import faint, isolate, plural, print_line, print_table, say, whole
from pipeline.cli.rows import RowPrinter, prints_rows
from pipeline.site.site_files import PublishedSite, SiteFile, SiteOptions


@prints_rows(SiteFile)
def site(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="DIR",
            help="The folder of the site: a new one, an empty one, or that of an earlier run.",
            show_default=False,
            parser=parse_target,
        ),
    ],
    episodes: EpisodesArgument = None,
    show: ShowOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    title: Annotated[
        str | None, typer.Option(help="The title of the site.", show_default="the name of the show")
    ] = None,
    address: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="Where the site will be, such as https://example.com/archive/; RSS and a sitemap need it.",
            show_default=False,
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="List what would go out, and write nothing.")] = False,
    library: LibraryOption = None,
    print_rows: RowPrinter | None = None,
    _verbose: VerboseOption = False,
) -> None:
    """Write episodes as static pages with search, for a podcast to put on its web space."""
    from pipeline.cli.progress import show_progress
    from pipeline.library import Library

    if not any((episodes, show, since, until)):
        raise UsageError("Which episodes?", WHICH_EPISODES)
    options = SiteOptions(title, address, dry_run)
    with Library.open(settings_from(library=library).library) as opened, show_progress(opened):
        published = opened.publish_site(folder, selection_from(episodes, show, since, until), options)
    if print_rows:
        print_rows(published.files)
    else:
        _print_site(published, dry_run)
    for note in published.notes:
        say(note)


def _print_site(published: PublishedSite, dry_run: bool) -> None:
    """Print the episodes, in a dry run each file, and where the site is to be opened."""
    rows = [(one.episode, one.title, one.words, one.sound or "-") for one in published.episodes]
    print_table(("episode", "title", "words", "sound"), rows)
    for one in published.files if dry_run else ():
        print_line(f"{one.status:9} ", whole(isolate(one.file)), faint(f" {one.bytes:,} B") if one.bytes else "")
    counts = Counter(one.status for one in published.files)
    megabytes = sum(one.bytes or 0 for one in published.files) / 1e6
    told = ", ".join(f"{counts[status]} {status}" for status in ("new", "changed", "unchanged", "removed"))
    files = len(published.files) - counts["removed"]
    say(f"{files} {plural('file', files)}, {megabytes:.1f} MB: {told}{', in a dry run' if dry_run else ''}")
    if not dry_run:
        print_line(whole(isolate(str(Path(published.folder) / "index.html"))))
