"""``airquote import`` and ``export``: transcripts as files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.options import EpisodeArgument, JsonOption, LibraryOption, VerboseOption, settings_from
from pipeline.cli.printing import print_document, print_json, print_line, print_outcomes, say_flaws


def import_files(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...", help="Whisper's JSON, SRT, WebVTT or TSV.", show_default=False, readable=False
        ),
    ],
    audio: Annotated[
        Path | None,
        typer.Option(
            help="Its recording, with which its times are compared (one FILE only).", show_default=False, readable=False
        ),
    ] = None,
    language: Annotated[
        str | None, typer.Option(help="The language, such as en.", show_default="the file's, or a guess")
    ] = None,
    show: Annotated[str | None, typer.Option(help="The show it belongs to.", show_default=False)] = None,
    title: Annotated[str | None, typer.Option(help="The title (one FILE only).", show_default=False)] = None,
    date: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="The date of publication, such as 2024-05-31.", show_default=False),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Refuse a file with bad cues instead of leaving these out.")
    ] = False,
    partial: Annotated[bool, typer.Option("--partial", help="Accept a truncated recording as it is.")] = False,
    offset: Annotated[
        float | None,
        typer.Option(
            metavar="SECONDS",
            help="Add this to all times, such as -4 where the sound begins 4 s after the video.",
            show_default="the start of the sound",
        ),
    ] = None,
    align: Annotated[
        bool,
        typer.Option("--align", help="Give all words the times at which a model hears them in --audio."),
    ] = False,
    model: Annotated[
        str | None, typer.Option(help="The model for --align.", show_default="the smallest one on this machine")
    ] = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
    _verbose: VerboseOption = False,
) -> None:
    """Import existing transcripts into the library."""
    from pipeline.cli.progress import show_progress
    from pipeline.library import Library

    with Library.open(settings_from(library=library).library, create=True) as opened, show_progress(opened):
        outcomes = opened.import_transcripts(
            files, audio=audio, language=language, show=show, title=title, date=date, strict=strict, partial=partial,
            offset=offset, align=align, model=model,
        )  # fmt: skip
    print_outcomes(outcomes, as_json)
    for outcome in outcomes:
        say_flaws(outcome.source, outcome)
    if any(outcome.status == "failed" for outcome in outcomes):
        raise typer.Exit(3)


def export(
    episode: EpisodeArgument,
    format: Annotated[
        str | None,
        typer.Option(
            "-f",
            "--format",
            help="json, srt, vtt, txt or tsv: as Whisper writes them.",
            show_default="by the file's extension, else txt",
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="A file or a folder.", show_default="stdout")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file if it exists.")] = False,
    library: LibraryOption = None,
    as_json: JsonOption = False,
    _verbose: VerboseOption = False,
) -> None:
    """Export the transcript of an episode in one of Whisper's own formats."""
    from pipeline.library import Library

    with Library.open(settings_from(library=library).library) as opened:
        exported = opened.export(episode, format, output, overwrite=overwrite)
    say_flaws(exported.episode, exported)
    if as_json:
        print_json([exported])
    elif exported.file is not None:
        print_line(exported.file)
    else:
        print_document(exported.text or "", columns=exported.format == "tsv")


def register(app: typer.Typer) -> None:
    """Add the commands of this family."""
    app.command("import")(import_files)
    app.command("export")(export)
