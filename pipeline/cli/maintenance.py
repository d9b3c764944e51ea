"""``airquote reindex``, ``doctor`` and ``models``: maintenance and diagnosis."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.backups.backup_values import Backup, Restored
from pipeline.cli.errors import explain_way_out, how_to_get
from pipeline.cli.options import LibraryOption, VerboseOption, parse_path, parse_target, settings_from
from pipeline.cli.printing import isolate, print_line, print_table, say, style
from pipeline.cli.rows import RowPrinter, prints_rows

if TYPE_CHECKING:
    from pipeline.answers import ModelListing


class IndexName(StrEnum):
    """The kinds of index."""

    whoosh = "whoosh"
    tantivy = "tantivy"


@dataclass(frozen=True, slots=True)
class Reindexed:
    """The number of transcripts in the new index."""

    transcripts: int


@dataclass(frozen=True, slots=True)
class Examined:
    """A finding of ``doctor``; ``way_out`` is null where nothing needs doing."""

    check: str
    ok: bool
    detail: str
    way_out: str | None


@dataclass(frozen=True, slots=True)
class ListedModel:
    """A row of ``models``; ``weights`` is their path on this machine, null where they are not there."""

    model: str
    megabytes: int
    multilingual: bool
    weights: str | None
    engines: tuple[str, ...]
    how: str


@prints_rows(Reindexed)
def reindex(
    index: Annotated[
        IndexName | None,
        typer.Option(
            help="The kind of index from now on; without it the library keeps its own. tantivy is for large libraries"
            " (pip install 'airquote[large]')."
        ),
    ] = None,
    library: LibraryOption = None,
    print_rows: RowPrinter | None = None,
    _verbose: VerboseOption = False,
) -> None:
    """Rebuild the index from the library."""
    from pipeline.cli.progress import show_progress
    from pipeline.library import Library

    with Library.open(settings_from(library=library).library) as opened, show_progress(opened):
        count = opened.reindex(index.value if index else None)
    if print_rows:
        print_rows([Reindexed(count)])
    else:
        print_line(f"The index holds {_count(count, 'transcript')}.")


@prints_rows(Backup)
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write.", parser=parse_target)],
    overwrite: Annotated[
        bool, typer.Option("--overwrite", "--force", help="Replace a file that exists, once the backup is whole.")
    ] = False,
    library: LibraryOption = None,
    print_rows: RowPrinter | None = None,
    _verbose: VerboseOption = False,
) -> None:
    """Write all of the library to one file; others may use it meanwhile. Recordings are not in it."""
    from pipeline.cli.progress import show_progress
    from pipeline.library import Library

    with Library.open(settings_from(library=library).library) as opened, show_progress(opened):
        written = opened.backup(file, overwrite=overwrite)
    if print_rows:
        print_rows([written])
    else:
        print_line(f"{written.file}: {_count(written.episodes, 'episode')}, {written.bytes / 1e6:.1f} MB")


@prints_rows(Restored)
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.", parser=parse_path)],
    force: Annotated[bool, typer.Option("--force", help="Replace the library that is there.")] = False,
    library: LibraryOption = None,
    print_rows: RowPrinter | None = None,
    _verbose: VerboseOption = False,
) -> None:
    """Restore a library from a backup: all of it, or nothing is changed."""
    from pipeline.cli.progress import show_progress
    from pipeline.library import Library

    # With create, since a library that is missing or damaged cannot be opened.
    with Library.open(settings_from(library=library).library, create=True) as opened, show_progress(opened):
        restored = opened.restore(file, replace=force)
    if print_rows:
        print_rows([restored])
        return
    print_line(f"{restored.library}: {_count(restored.episodes, 'episode')}")
    if restored.kept:
        say("What was there could not be read and is kept as ", restored.kept)


@prints_rows(Examined)
def doctor(
    no_repair: Annotated[
        bool,
        typer.Option(
            "--no-repair",
            help="Only look: finish no interrupted removal, keep episodes without words and second copies.",
        ),
    ] = False,
    library: LibraryOption = None,
    print_rows: RowPrinter | None = None,
    _verbose: VerboseOption = False,
) -> None:
    """Check engine, weights, tools, settings, library, index and files; say where they are and what to do."""
    from pipeline.library import Library

    healthy = True
    # With create a missing library is a finding, not an error; it stays missing.
    examined = Library.open(settings_from(library=library).library, create=True)
    for found in examined.doctor(repair=not no_repair):
        way_out = explain_way_out(found.way_out) if found.way_out else None
        finding = Examined(found.check, found.ok, found.detail, way_out)
        healthy = healthy and finding.ok
        if print_rows:
            print_rows([finding])
            continue
        state = style("ok   ", fg="green") if finding.ok else style("FAULT", fg="red", bold=True)
        print_line(state, f"  {finding.check:<8}  ", isolate(finding.detail), hang=17)
        if finding.way_out:
            print_line("                 ", isolate(finding.way_out))
    if not healthy:
        raise typer.Exit(4)


@prints_rows(ListedModel)
def models(
    library: LibraryOption = None,  # noqa: ARG001 - all commands take it
    print_rows: RowPrinter | None = None,
    _verbose: VerboseOption = False,
) -> None:
    """List the Whisper models: which are on this machine, how to get the others, and their sizes."""
    from pipeline.library import list_models, voice_models_to_get

    listed = [
        ListedModel(m.name, m.megabytes, m.multilingual, str(m.place) if m.place else None, m.engines, _how(m))
        for m in list_models()
    ]
    if print_rows:
        print_rows(listed)
        return
    print_table(
        ("model", "download", "languages", "how"),
        [(m.model, f"{m.megabytes} MB", "many" if m.multilingual else "English", m.how) for m in listed],
    )
    install = voice_models_to_get()
    say(f"Voices are told apart by two more models: {install or 'they are here'}.")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _how(model: ModelListing) -> str:
    return f"here: {model.source}" if model.source else how_to_get(model.name, model.install)


def register(app: typer.Typer) -> None:
    """Add the commands of this family."""
    app.command("reindex")(reindex)
    app.command("backup")(backup)
    app.command("restore")(restore)
    app.command("doctor")(doctor)
    app.command("models")(models)
