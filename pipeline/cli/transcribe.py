"""``airquote transcribe``: batch transcription."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.answers import Outcome
from pipeline.cli.interrupts import STOPPED, STOPPED_TEXT, stop_on_signals
from pipeline.cli.options import DateOption, LibraryOption, VerboseOption, parse_path, settings_from
from pipeline.cli.printing import print_outcomes, say
from pipeline.cli.progress import BatchRecord, show_progress
from pipeline.cli.rows import RowPrinter, prints_rows


@prints_rows(Outcome)
def transcribe(
    sources: Annotated[
        list[str],
        typer.Argument(metavar="SOURCE...", help="Audio or video files, or folders of them.", show_default=False),
    ],
    engine: Annotated[
        str | None, typer.Option(help="auto, faster-whisper or openai-whisper.", show_default="auto")
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(
            help="A model's name or the path of its weights.",
            show_default="the library's; at first small, turbo on a GPU",
        ),
    ] = None,
    language: Annotated[
        str | None, typer.Option(help="The language spoken, such as en or es.", show_default="identified")
    ] = None,
    device: Annotated[str | None, typer.Option(help="auto, cpu or cuda.", show_default="auto")] = None,
    jobs: Annotated[int | None, typer.Option(help="Files to transcribe in parallel.", show_default="1")] = None,
    prompt: Annotated[
        str | None,
        typer.Option(help="Text that tells Whisper the topic and spellings.", show_default=False),
    ] = None,
    glossary: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            help="A text file of names, one per line; 'Okafor: Ockever' adds a misrecognised form.",
            show_default=False,
            parser=parse_path,
        ),
    ] = None,
    track: Annotated[
        int | None,
        typer.Option(
            min=1, help="The number of the audio track, from 1.", show_default="the default one, else one with speech"
        ),
    ] = None,
    channels: Annotated[
        str, typer.Option(help="mix, or separate: transcribe each channel by itself, as a speaker.")
    ] = "mix",
    force: Annotated[bool, typer.Option("--force", help="Transcribe again what is done already.")] = False,
    partial: Annotated[bool, typer.Option("--partial", help="Accept truncated files as they are.")] = False,
    show: Annotated[str | None, typer.Option(help="The show that the episodes belong to.", show_default=False)] = None,
    title: Annotated[str | None, typer.Option(help="The title (one SOURCE only).", show_default=False)] = None,
    date: DateOption = None,
    library: LibraryOption = None,
    print_rows: RowPrinter | None = None,
    _verbose: VerboseOption = False,
) -> None:
    """Transcribe files and folders into the library; skip what is done, resume what was interrupted."""
    settings = settings_from(
        library=library, engine=engine, model=model, language=language, device=device, jobs=jobs,
        prompt=prompt, glossary=glossary,
    )  # fmt: skip
    from pipeline.library import Library

    options = settings.transcription_options(partial=partial, force=force, track=track, channels=channels)
    batch = BatchRecord()
    try:
        with (
            stop_on_signals() as stop,
            Library.open(settings.library, create=True) as opened,
            show_progress(opened, batch),
        ):
            opened.transcribe(
                sources, options, show=show, title=title, date=date or (), jobs=settings.jobs, stopped=stop
            )
        if stop() and len(batch.outcomes) < batch.files:
            raise KeyboardInterrupt
    except KeyboardInterrupt:
        say(STOPPED_TEXT)
        raise typer.Exit(STOPPED) from None
    finally:
        print_outcomes(batch.outcomes, print_rows)
    if any(outcome.status == "failed" for outcome in batch.outcomes):
        raise typer.Exit(3)
