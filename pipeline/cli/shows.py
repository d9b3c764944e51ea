"""``airquote subscribe``, ``unsubscribe`` and ``shows``: the shows whose feeds are followed."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audio.errors import UsageError, correct_input
from audio.timecode import format_time
from pipeline.cli.errors import advise, explain_outcome, quote_for_shell
from pipeline.cli.options import (
    STANDARD_INPUT,
    AllowPrivateOption,
    LibraryOption,
    VerboseOption,
    parse_path,
    settings_from,
)
from pipeline.cli.printing import isolate, plural, print_document, print_line, print_table, say, say_always
from pipeline.cli.rows import RowPrinter, prints_rows
from pipeline.shows.subscriptions import ListedItem, ListedShow, Subscribed, Unsubscribed

if TYPE_CHECKING:
    from pipeline.library import Library
    from pipeline.shows.show_choices import ShowChoices, WantedTranscripts
    from pipeline.shows.subscriptions import ExportedFeeds

INPUT_FAILED = 3
_TOLD = 5
"""The most flaws of a feed, and other feeds of a page, that are told; the others are counted."""


class TranscriptsOf(StrEnum):
    """Whose transcripts are wanted."""

    publisher = "publisher"
    own = "own"
    both = "both"


LatestOption = Annotated[
    int | None,
    typer.Option("--latest", metavar="N", help="Only the newest N episodes; 0 for no such limit.", show_default=False),
]
FirstDateOption = Annotated[
    str | None,
    typer.Option("--since", metavar="DATE", help="Only episodes from such a date on; '' for all.", show_default=False),
]
MatchOption = Annotated[
    str | None,
    typer.Option("--match", metavar="TEXT", help="Only titles with this text; '' for all.", show_default=False),
]
AudioOption = Annotated[
    bool | None,
    typer.Option(
        "--audio/--no-audio", help="Whether to download sound, or publishers' transcripts alone.", show_default=False
    ),
]
TranscriptsOption = Annotated[
    TranscriptsOf | None,
    typer.Option("--transcripts", help="Whose transcripts: the publisher's, own ones, or both.", show_default=False),
]
KeepAudioOption = Annotated[
    str | None,
    typer.Option(
        "--keep-audio",
        metavar="N|DAYS|never",
        help="Keep sound of the newest N episodes, for so many days (30d), never, or always.",
        show_default=False,
    ),
]


@contextmanager
def followed_library(directory: Path) -> Iterator[Library]:
    """Context manager: the library for a command about shows. Where there is none, subscribing to one makes it."""
    from pipeline.library import Library

    try:
        library = Library.open(directory)
    except UsageError as error:
        if error.way_out is None or error.way_out.kind != "make_library":
            raise
        raise UsageError(error.message, correct_input(*advise("subscribe_first")), where=error.where) from None
    with library:
        yield library


def choices_from(
    latest: int | None,
    since: str | None,
    match: str | None,
    audio: bool | None,
    transcripts: TranscriptsOf | None,
    keep_audio: str | None,
) -> ShowChoices:
    """Return what is wanted of shows, by the options of a command; what is not given is not chosen."""
    from pipeline.shows.show_choices import ShowChoices

    whose: WantedTranscripts | None = transcripts.value if transcripts else None
    return ShowChoices(latest, since, match, whose, None if audio is None else not audio, keep_audio)


@prints_rows(Subscribed)
def subscribe(
    feeds: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FEED...",
            help="Addresses of feeds or of pages that name one, or files.",
            show_default=False,
        ),
    ] = None,
    opml: Annotated[
        str | None,
        typer.Option("--opml", metavar="FILE", help="All feeds of an OPML list; - for stdin.", show_default=False),
    ] = None,
    latest: LatestOption = None,
    since: FirstDateOption = None,
    match: MatchOption = None,
    audio: AudioOption = None,
    transcripts: TranscriptsOption = None,
    keep_audio: KeepAudioOption = None,
    allow_private: AllowPrivateOption = False,
    library: LibraryOption = None,
    print_rows: RowPrinter | None = None,
    _verbose: VerboseOption = False,
) -> None:
    """Subscribe to shows by their feeds; the options are remembered for them."""
    from pipeline.cli.progress import show_progress
    from pipeline.library import Library

    if not feeds and opml is None:
        raise UsageError("Which feeds?", correct_input("Write: airquote subscribe FEED..., or subscribe --opml FILE."))
    choices = choices_from(latest, since, match, audio, transcripts, keep_audio)
    listed = sys.stdin.buffer if opml == STANDARD_INPUT else opml
    with Library.open(settings_from(library=library).library, create=True) as opened, show_progress(opened):
        subscribed = opened.subscribe(feeds or (), choices, opml=listed, allow_private=allow_private)
    if print_rows:
        print_rows(subscribed)
    else:
        for one in subscribed:
            _print_subscribed(one)
    for one in subscribed:
        _say_remarks(one, print_rows is not None)
    if any(one.status == "done" for one in subscribed):
        say("Get their episodes: airquote update")
    if any(one.status == "failed" for one in subscribed):
        raise typer.Exit(INPUT_FAILED)


def _print_subscribed(one: Subscribed) -> None:
    if one.show is not None:
        already = " (already)" if one.status == "known" else ""
        count = f"{one.items} {plural('episode', one.items)} in the feed."
        print_line("Subscribed", already, " to ", isolate(one.show), ": ", count)


def _say_remarks(one: Subscribed, in_rows: bool) -> None:
    if one.status == "failed":
        if not in_rows:
            say_always(explain_outcome(one) or "")
        return
    name = isolate(one.show or one.feed)
    if one.reason:
        say(name, ": ", one.reason)
    for text in _shorten(one.flaws):
        say(name, ": ", text)
    if one.others:
        say(name, ": the page names other feeds too: ", ", ".join(_shorten(one.others)))


def _shorten(texts: Sequence[str]) -> Sequence[str]:
    return texts if len(texts) <= _TOLD else (*texts[:_TOLD], f"and {len(texts) - _TOLD} more")


@prints_rows(Unsubscribed)
def unsubscribe(
    shows: Annotated[
        list[str],
        typer.Argument(
            metavar="SHOW...", help="Titles, unique beginnings of them, or addresses of feeds.", show_default=False
        ),
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    library: LibraryOption = None,
    print_rows: RowPrinter | None = None,
    _verbose: VerboseOption = False,
) -> None:
    """Follow shows no longer; their episodes stay in the library."""
    with followed_library(settings_from(library=library).library) as opened:
        ended = opened.unsubscribe(shows, dry_run=dry_run)
    if print_rows:
        print_rows(ended)
        return
    for one in ended:
        stay = f" Its {one.episodes} {plural('episode', one.episodes)} in the library stay." if one.episodes else ""
        print_line("Would unsubscribe" if dry_run else "Unsubscribed", " from ", isolate(one.show), ".", stay)
        if one.episodes:
            say("To remove them: airquote remove --show ", quote_for_shell(one.show))


@prints_rows(ListedShow, ListedItem)
def list_shows(
    shows: Annotated[
        list[str] | None,
        typer.Argument(metavar="SHOW...", help="Shows of whose feeds all items are listed.", show_default=False),
    ] = None,
    latest: LatestOption = None,
    since: FirstDateOption = None,
    match: MatchOption = None,
    opml: Annotated[
        Path | None,
        typer.Option(
            "--opml",
            metavar="FILE",
            help="Write them as an OPML list; - for stdout.",
            show_default=False,
            parser=parse_path,
        ),
    ] = None,
    with_passwords: Annotated[
        bool, typer.Option("--with-passwords", help="Write names and passwords in addresses too.")
    ] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a file that exists.")] = False,
    library: LibraryOption = None,
    print_rows: RowPrinter | None = None,
    _verbose: VerboseOption = False,
) -> None:
    """List the shows that are subscribed to, or the items of their feeds: of a SHOW, or those that options choose."""
    chooses_items = bool(shows) or (latest, since, match) != (None, None, None)
    if opml is not None and chooses_items:
        raise UsageError("An OPML list has no items of feeds.", correct_input("Leave out --opml, or the items."))
    if opml is not None and print_rows:
        raise UsageError("An OPML list is no table.", correct_input(f"Leave out --opml or --{print_rows.format}."))
    with followed_library(settings_from(library=library).library) as opened:
        if opml is not None:
            target = None if str(opml) == STANDARD_INPUT else opml
            _print_exported(opened.export_feeds(target, with_passwords=with_passwords, overwrite=overwrite))
            return
        if chooses_items:
            _print_items(opened.items(shows or (), latest=latest, since=since, match=match), print_rows)
            return
        listed = opened.shows()
    if print_rows:
        print_rows(listed)
    elif listed:
        titles = ("show", "feed", "in feed", "in library", "checked (UTC)", "wanted", "remark")
        print_table(titles, map(_describe_show, listed))
    if not listed:
        say("No show is subscribed to. Subscribe to one: airquote subscribe FEED")
        raise typer.Exit(1)


def _print_items(items: Sequence[ListedItem], print_rows: RowPrinter | None) -> None:
    if print_rows:
        print_rows(items)
    elif items:
        print_table(
            ("item", "date", "length", "sound", "words", "publisher's", "episode", "title"), map(_describe_item, items)
        )
        if offered := next((one.item for one in items if one.episode is None and one.sound_state), None):
            say("Get one: airquote download --transcribe ", quote_for_shell(offered))
    if not items:
        say("No item fits.")
        raise typer.Exit(1)


def _describe_item(item: ListedItem) -> tuple[str, ...]:
    length = format_time(item.duration, 0) if item.duration is not None else "-"
    return (
        item.item, item.published or "-", length, item.sound_state or "-", item.origin or "-",
        item.transcript_state or "-", item.episode or ("(removed)" if item.removed else "-"), item.title,
    )  # fmt: skip


def _describe_show(show: ListedShow) -> tuple[str, ...]:
    checked = (show.checked or "").replace("T", " ").removesuffix("Z")
    chosen = show.choices.description
    return show.show, show.feed, str(show.items), str(show.episodes), checked, chosen, show.reason or ""


def _print_exported(exported: ExportedFeeds) -> None:
    if exported.file is not None:
        print_line(exported.file, ": ", f"{exported.feeds} {plural('feed', exported.feeds)}")
    else:
        print_document(exported.document or "", columns=False)
    for show in exported.left_out:
        say(isolate(show), " is left out: its feed is a file.")
    if exported.without_password:
        number = exported.without_password
        have = "address stands" if number == 1 else "addresses stand"
        say(f"{number} {have} there without name and password; --with-passwords writes them.")


def register(app: typer.Typer) -> None:
    """Add the commands of this family."""
    app.command("subscribe")(subscribe)
    app.command("unsubscribe")(unsubscribe)
    app.command("shows")(list_shows)
