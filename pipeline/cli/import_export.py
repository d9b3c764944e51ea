"""``airquote import`` and ``export``: transcripts as files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from audio.errors import InputError, UsageError
from pipeline.cli.options import EpisodeArgument, JsonOption, LibraryOption, settings_from
from pipeline.cli.printing import print_json, print_line, print_outcomes

LAYOUTS = ("json", "srt", "vtt", "txt", "tsv")


@dataclass(frozen=True, slots=True)
class Exported:
    """A file that ``export`` wrote, or its text where it went to no file."""

    episode: str
    format: str
    file: str | None
    text: str | None


def import_files(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...", help="Whisper's JSON, SRT, WebVTT or TSV.", show_default=False, readable=False
        ),
    ],
    audio: Annotated[
        Path | None,
        typer.Option(help="The sound it was made from (one FILE only).", show_default=False, readable=False),
    ] = None,
    language: Annotated[
        str | None, typer.Option(help="The language, such as en.", show_default="the file's, or a guess")
    ] = None,
    show: Annotated[str | None, typer.Option(help="The show it belongs to.", show_default=False)] = None,
    title: Annotated[str | None, typer.Option(help="The title (one FILE only).", show_default=False)] = None,
    date: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="The day it came out, such as 2024-05-31.", show_default=False),
    ] = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put transcripts that exist already into the library, searchable like any other."""
    for option, value in (("--audio", audio), ("--title", title)):
        if value is not None and len(files) != 1:
            raise UsageError(f"{option} is for one FILE, and these are {len(files)}.", "Import them one by one.")
    from index.fulltext.maintenance import update_index
    from pipeline.answers import Outcome
    from pipeline.batch.background_merge import MergingBeside
    from pipeline.cli.progress import watch_index
    from pipeline.import_export import About, import_transcript, parse_date, parse_language
    from pipeline.library import Library

    about = About(show, title, parse_date(date) if date is not None else None)
    language = parse_language(language) if language is not None else None
    outcomes = []
    with Library.open(settings_from(library=library).library, create=True) as opened:
        with MergingBeside(opened.store) as merging:
            merging.begin()
            for file in files:
                try:
                    outcome = import_transcript(opened.store, file, audio=audio, about=about, language=language)
                except InputError as error:
                    outcome = Outcome(str(file), None, "failed", str(error))
                outcomes.append(outcome)
        with watch_index() as progress:
            update_index(opened.store, progress)
    print_outcomes(outcomes, as_json)
    if any(outcome.status == "failed" for outcome in outcomes):
        raise typer.Exit(3)


def export(
    episode: EpisodeArgument,
    layout: Annotated[
        str | None,
        typer.Option(
            "-f",
            "--format",
            help="json, srt, vtt, txt or tsv: as Whisper writes them.",
            show_default="by the file's ending, else txt",
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="A file or a folder.", show_default="stdout")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file if it exists.")] = False,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write an episode's transcript in one of Whisper's own layouts."""
    from pipeline.import_export import export_transcript
    from pipeline.library import Library

    with Library.open(settings_from(library=library).library) as opened:
        found, transcript = opened.transcript(episode)
        if output is not None:
            opened.check_target(output)
        layout = layout or (output.suffix[1:] if output is not None and output.suffix[1:] in LAYOUTS else "txt")
    text, file = export_transcript(found, transcript, layout, output, overwrite=overwrite)
    if as_json:
        print_json([Exported(found.id, layout, str(file) if file else None, None if file else text)])
    elif file is not None:
        print_line(str(file))
    else:
        typer.echo(text, nl=False)


def register(app: typer.Typer) -> None:
    """Add the commands of this family."""
    app.command("import")(import_files)
    app.command("export")(export)
