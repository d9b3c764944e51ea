"""``airquote edit`` and ``relink``: what is known of episodes, and where their recordings are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audio.errors import UsageError, correct_input
from pipeline.cli.options import (
    EpisodesArgument,
    LibraryOption,
    SinceOption,
    UntilOption,
    VerboseOption,
    parse_path,
    selection_from,
    settings_from,
)
from pipeline.cli.printing import faint, isolate, plural, print_line, say
from pipeline.cli.rows import RowPrinter, prints_rows
from pipeline.episodes.episode_changes import EditedEpisode, EpisodeChanges, RelinkedEpisode

if TYPE_CHECKING:
    from pipeline.episodes.episode_changes import Relinked

INPUT_FAILED = 3

DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")]


@prints_rows(EditedEpisode)
def edit(
    episodes: EpisodesArgument = None,
    title: Annotated[str | None, typer.Option(help="The title.", show_default=False)] = None,
    show: Annotated[
        str | None, typer.Option(help="The show that it belongs to; '' for none.", show_default=False)
    ] = None,
    date: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="The date, such as 2024-05-31; '' for none.", show_default=False),
    ] = None,
    address: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Where others can hear it, for links; '' for none.", show_default=False),
    ] = None,
    language: Annotated[
        str | None, typer.Option(help="The language of its transcript, such as en.", show_default=False)
    ] = None,
    new_id: Annotated[str | None, typer.Option("--id", help="Another id.", show_default=False)] = None,
    speaker: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WHO=NAME",
            help="A speaker's name: WHO is the present one, or a number; an empty NAME takes it back.",
            show_default=False,
        ),
    ] = None,
    of_show: Annotated[
        str | None,
        typer.Option("--of-show", metavar="SHOW", help="All of this show.", show_default=False),
    ] = None,
    since: SinceOption = None,
    until: UntilOption = None,
    every: Annotated[bool, typer.Option("--all", help="All episodes.")] = False,
    dry_run: DryRunOption = False,
    library: LibraryOption = None,
    print_rows: RowPrinter | None = None,
    _verbose: VerboseOption = False,
) -> None:
    """Change title, show, date, id, language or speakers' names of episodes; without a change, show them."""
    from pipeline.cli.progress import show_progress
    from pipeline.library import Library

    if any((episodes, of_show, since, until)) == every:
        raise UsageError(
            "Which episodes?", correct_input("Write: airquote edit EPISODE..., or edit --of-show SHOW, or edit --all.")
        )
    changes = EpisodeChanges(new_id, title, show, date, address, language, _read_speakers(speaker or ()))
    selection = selection_from(episodes, of_show, since, until)
    with Library.open(settings_from(library=library).library) as opened, show_progress(opened):
        edited = opened.edit_all(selection, changes, dry_run=dry_run or changes == EpisodeChanges())
    if print_rows:
        print_rows(edited)
    elif changes == EpisodeChanges():
        for one in edited:
            _print_episode(one)
    else:
        _print_changes(edited, dry_run)


def _read_speakers(given: Sequence[str]) -> dict[str, str]:
    pairs = [one.partition("=") for one in given]
    for (who, equals, _), text in zip(pairs, given, strict=True):
        if not (who.strip() and equals):
            raise UsageError(f"{text!r} names no speaker.", correct_input('Write --speaker 1="Ann Lee".'), where=text)
    return {who.strip(): name.strip() for who, _, name in pairs}


def _print_episode(episode: EditedEpisode) -> None:
    print_line(isolate(episode.episode), "  ", isolate(episode.title))
    speakers = ", ".join(f"{number} {name}" for number, name in enumerate(episode.speakers, start=1))
    rows = {
        "show": episode.show, "date": episode.published, "address": episode.address, "language": episode.language,
        "speakers": speakers,
    }  # fmt: skip
    for name, value in rows.items():
        print_line(faint(f"  {name:<8}"), "  ", isolate(value or "-"))


def _print_changes(edited: Sequence[EditedEpisode], dry_run: bool) -> None:
    for one in edited:
        for change in one.changes:
            before, after = isolate(change.old or "-"), isolate(change.new or "-")
            print_line(isolate(one.episode), "  ", faint(f"{change.field}: "), before, " → ", after)
    changed = sum(bool(one.changes) for one in edited)
    unit = "episode" if changed == 1 else "episodes"
    say(f"{changed} {unit} {'would be changed' if dry_run else 'changed'}, {len(edited) - changed} as before.")


@prints_rows(RelinkedEpisode)
def relink(
    folders: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="FOLDER...",
            help="Where to look, also in the folders inside.",
            show_default="where recordings are or were",
            parser=parse_path,
        ),
    ] = None,
    dry_run: DryRunOption = False,
    library: LibraryOption = None,
    print_rows: RowPrinter | None = None,
    _verbose: VerboseOption = False,
) -> None:
    """Find recordings that were moved or renamed, by their content, and link them to their episodes again."""
    from pipeline.cli.progress import show_progress
    from pipeline.library import Library

    with Library.open(settings_from(library=library).library) as opened, show_progress(opened):
        relinked = opened.relink(folders or (), dry_run=dry_run)
    if print_rows:
        print_rows(relinked.episodes)
    else:
        _print_relinked(relinked, dry_run)
    if any(one.whereabouts != "found" for one in relinked.episodes):
        raise typer.Exit(INPUT_FAILED)


def _print_relinked(relinked: Relinked, dry_run: bool) -> None:
    for one in relinked.episodes:
        if one.media is not None:
            print_line("found      ", isolate(one.episode), "  ", isolate(one.media))
        elif one.candidates:
            print_line("ambiguous  ", isolate(one.episode), "  one of: ", ", ".join(map(isolate, one.candidates)))
        elif one.whereabouts == "changed":
            print_line("changed    ", isolate(one.episode), "  another file is at ", isolate(one.moved_from))
        else:
            print_line("missing    ", isolate(one.episode), "  was ", isolate(one.moved_from))
    found = sum(one.whereabouts == "found" for one in relinked.episodes)
    files = f"{relinked.files} {plural('file', relinked.files)}"
    say(
        f"{relinked.in_place} in place, {found} {'found' if dry_run else 'linked again'},"
        f" {len(relinked.episodes) - found} not found; looked at {files}, read {relinked.hashed}."
    )
    if len(relinked.episodes) > found:
        say("Name the folder that they were moved to: airquote relink FOLDER")
    if any(one.whereabouts == "changed" for one in relinked.episodes):
        say("What was changed needs other words: put the old file back, or transcribe or import the new one.")


def register(app: typer.Typer) -> None:
    """Add the commands of this family."""
    app.command("edit")(edit)
    app.command("relink")(relink)
