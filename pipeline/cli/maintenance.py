"""``airquote reindex``, ``doctor`` and ``models``: maintenance and diagnosis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.errors import explain_way_out, how_to_get
from pipeline.cli.options import LibraryOption, VerboseOption, settings_from
from pipeline.cli.printing import isolate, print_line, print_table, style
from pipeline.cli.rows import RowPrinter, prints_rows

if TYPE_CHECKING:
    from pipeline.answers import ModelListing


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
    library: LibraryOption = None, print_rows: RowPrinter | None = None, _verbose: VerboseOption = False
) -> None:
    """Rebuild the index from the library."""
    from pipeline.cli.progress import show_progress
    from pipeline.library import Library

    with Library.open(settings_from(library=library).library) as opened, show_progress(opened):
        count = opened.reindex()
    if print_rows:
        print_rows([Reindexed(count)])
    else:
        print_line(f"The index holds {count} {'transcript' if count == 1 else 'transcripts'}.")


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
    """Check engine, weights, decoder, encoder, player, library, index and files, and say what to do."""
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
    from pipeline.library import list_models

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


def _how(model: ModelListing) -> str:
    return f"here: {model.source}" if model.source else how_to_get(model.name, model.install)


def register(app: typer.Typer) -> None:
    """Add the commands of this family."""
    app.command("reindex")(reindex)
    app.command("doctor")(doctor)
    app.command("models")(models)
