"""``airquote import`` and ``export``: transcripts as files."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from audio.errors import UsageError, correct_input
from pipeline.answers import ListedEpisode, Outcome
from pipeline.cli.errors import WHICH_EPISODES
from pipeline.cli.options import (
    STANDARD_INPUT,
    STANDARD_OUTPUT,
    DateOption,
    EpisodesArgument,
    LibraryOption,
    ShowOption,
    SinceOption,
    UntilOption,
    VerboseOption,
    parse_path,
    selection_from,
    settings_from,
)
from pipeline.cli.printing import (
    print_document,
    print_exports,
    print_line,
    print_outcomes,
    say,
    say_flaws,
    say_remarks,
)
from pipeline.cli.rows import DataFormat, RowPrinter, prints_rows
from pipeline.episodes.chosen_episodes import EpisodeSelection
from pipeline.exported import Exported, ExportOutcome


@prints_rows(Outcome)
def import_files(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            help="JSON of Whisper or a speech service, SRT, WebVTT, TTML, ASS, LRC, SBV, CSV, TSV, text with times;"
            " folders of them; - for stdin.",
            show_default=False,
            parser=parse_path,
        ),
    ],
    audio: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            help="Its recording, with which its times are compared (one FILE only).",
            show_default=False,
            parser=parse_path,
        ),
    ] = None,
    language: Annotated[
        str | None, typer.Option(help="The language, such as en.", show_default="the file's, or a guess")
    ] = None,
    show: Annotated[str | None, typer.Option(help="The show it belongs to.", show_default=False)] = None,
    title: Annotated[str | None, typer.Option(help="The title (one FILE only).", show_default=False)] = None,
    date: DateOption = None,
    encoding: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The encoding of the files, such as cp1251.", show_default="detected"),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Refuse a file with bad cues instead of leaving these out.")
    ] = False,
    partial: Annotated[bool, typer.Option("--partial", help="Accept a truncated recording as it is.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Replace the transcript of a file that was imported before.")
    ] = False,
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
    print_rows: RowPrinter | None = None,
    _verbose: VerboseOption = False,
) -> None:
    """Import existing transcripts into the library."""
    from pipeline.cli.progress import show_progress
    from pipeline.library import Library

    sources = [sys.stdin.buffer if str(file) == STANDARD_INPUT else file for file in files]
    with Library.open(settings_from(library=library).library, create=True) as opened, show_progress(opened):
        outcomes = opened.import_transcripts(
            sources, audio=audio, language=language, show=show, title=title, date=date or (), encoding=encoding,
            strict=strict, partial=partial, force=force, offset=offset, align=align, model=model,
        )  # fmt: skip
    print_outcomes(outcomes, print_rows)
    for outcome in outcomes:
        say_flaws(outcome.source, outcome)
    _say_guesses(outcomes)
    if any(outcome.status == "failed" for outcome in outcomes):
        raise typer.Exit(3)


def _say_guesses(outcomes: Sequence[Outcome]) -> None:
    """Say which languages were guessed, and how to state another."""
    guesses = Counter(outcome.guess for outcome in outcomes if outcome.guess is not None and outcome.episode)
    unknown = guesses.pop("", 0)
    if guesses:
        told = ", ".join(f"{language} ({count})" for language, count in guesses.most_common())
        say(f"Languages guessed from the words: {told}. If wrong: airquote edit EPISODE --language CODE")
    if unknown:
        files = "1 file" if unknown == 1 else f"{unknown} files"
        say(f"The language of {files} is not known. State it: airquote edit EPISODE --language CODE")


@prints_rows(Exported, ExportOutcome)
def export(
    episodes: EpisodesArgument = None,
    format: Annotated[
        str | None,
        typer.Option(
            "-f",
            "--format",
            help="json, srt, vtt, txt, tsv (as Whisper writes them), ttml, podcast-json, csv, md, rttm, or chapters.",
            show_default="by the file's extension, else txt",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="PATH", help="A file or a folder.", show_default="stdout", parser=parse_path
        ),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Export every episode, into a folder.")] = False,
    show: ShowOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    subtitles: Annotated[
        bool,
        typer.Option("--subtitles", help="Cut srt, vtt or ttml anew, to be read while it is heard."),
    ] = False,
    publisher: Annotated[
        bool, typer.Option("--publisher", help="The publisher's own transcript, as it was fetched, to -o.")
    ] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace files that exist.")] = False,
    library: LibraryOption = None,
    print_rows: RowPrinter | None = None,
    _verbose: VerboseOption = False,
) -> None:
    """Export transcripts: of one episode to stdout or a file, of several into a folder."""
    from pipeline.cli.progress import show_progress
    from pipeline.library import Library

    if any((episodes, show, since, until)) == every:
        raise UsageError("Which episodes?", WHICH_EPISODES)
    if output is not None and str(output) == STANDARD_OUTPUT:
        output = None
    if output is None and print_rows and print_rows.format is not DataFormat.json:
        raise UsageError(
            f"--{print_rows.format} lists files that were written.",
            correct_input(f"Write: airquote export EPISODE -f {print_rows.format}, or add -o FOLDER"),
        )
    selection = selection_from(episodes, show, since, until)
    if publisher:
        _check_publishers(selection, format, subtitles)
        if output is None:  # the bytes of a stranger, which could control a terminal
            raise UsageError("The publisher's transcript needs a file.", correct_input("Add: -o FILE_OR_FOLDER"))
    with Library.open(settings_from(library=library).library) as opened, show_progress(opened):
        if publisher and output is not None:
            written = opened.export_published(selection.names[0], output, overwrite=overwrite)
            print_rows([written]) if print_rows else print_line(written.file or "")
            return
        if selection.is_by_name and len(selection.names) == 1:
            exported = opened.export(selection.names[0], format, output, subtitles=subtitles, overwrite=overwrite)
        elif output is None:
            exported = opened.export(_name_only(opened.episodes(selection)), format, subtitles=subtitles)
        else:
            outcomes = opened.export_all(output, selection, format=format, subtitles=subtitles, overwrite=overwrite)
            _export_several(outcomes, print_rows)
            return
    say_remarks(exported)
    if print_rows:
        print_rows([exported])
    elif exported.file is not None:
        print_line(exported.file)
    else:
        print_document(exported.document or "", columns=exported.format == "tsv")


def _check_publishers(selection: EpisodeSelection, format: str | None, subtitles: bool) -> None:
    if not selection.is_by_name or len(selection.names) != 1:
        raise UsageError("--publisher exports the transcript of one episode.", correct_input("Name one."))
    if format is not None or subtitles:
        raise UsageError(
            "The publisher's transcript is exported as it was fetched.",
            correct_input(f"Leave out {'--format' if format is not None else '--subtitles'}."),
        )


def _name_only(episodes: Sequence[ListedEpisode]) -> str:
    """Return the id of the only one of the chosen episodes."""
    if len(episodes) != 1:
        raise UsageError(f"{len(episodes)} episodes need a folder.", correct_input("Add: -o FOLDER"))
    return episodes[0].episode


def _export_several(outcomes: Iterator[ExportOutcome], print_rows: RowPrinter | None) -> None:
    done: list[ExportOutcome] = []
    try:
        for outcome in outcomes:
            done.append(outcome)
            say_remarks(outcome)
    finally:
        print_exports(done, print_rows)
    if any(outcome.status == "failed" for outcome in done):
        raise typer.Exit(3)


def register(app: typer.Typer) -> None:
    """Add the commands of this family."""
    app.command("import")(import_files)
    app.command("export")(export)
