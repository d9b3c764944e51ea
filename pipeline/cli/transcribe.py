"""``airquote transcribe``: the batch."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from audio.errors import UsageError
from pipeline.cli.interrupts import STOPPED, STOPPED_TEXT, stop_on_signals
from pipeline.cli.options import JsonOption, LibraryOption, settings_from
from pipeline.cli.printing import print_outcomes, say
from pipeline.cli.progress import watch_batch


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
        typer.Option(help="A model's name or the path of its weights.", show_default="small; turbo on a GPU"),
    ] = None,
    language: Annotated[
        str | None, typer.Option(help="The language spoken, such as en or es.", show_default="what is heard")
    ] = None,
    device: Annotated[str | None, typer.Option(help="auto, cpu or cuda.", show_default="auto")] = None,
    jobs: Annotated[int | None, typer.Option(help="Files to work on side by side.", show_default="1")] = None,
    prompt: Annotated[
        str | None,
        typer.Option(help="Text that tells Whisper what this is about, and how to spell.", show_default=False),
    ] = None,
    glossary: Annotated[
        Path | None,
        typer.Option(
            help="A text file of names to get right, one a line; 'Okafor: Ockever' adds a sound.", show_default=False
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Transcribe anew what is done already.")] = False,
    partial: Annotated[bool, typer.Option("--partial", help="Take cut-off files for what is there.")] = False,
    show: Annotated[str | None, typer.Option(help="The show that the episodes belong to.", show_default=False)] = None,
    title: Annotated[str | None, typer.Option(help="The title (one SOURCE only).", show_default=False)] = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Transcribe files and folders into the library; what is done is skipped, what was interrupted goes on."""
    settings = settings_from(
        library=library, engine=engine, model=model, language=language, device=device, jobs=jobs,
        prompt=prompt, glossary=glossary,
    )  # fmt: skip
    from pipeline.batch.sources import find_media
    from pipeline.engines.choose import AUTO, EngineSpec
    from pipeline.transcription.glossary import read_glossary
    from pipeline.transcription.options import TranscriptionOptions

    names = read_glossary(settings.glossary) if settings.glossary else None
    spec = EngineSpec(settings.engine, settings.model or AUTO, settings.device)
    options = TranscriptionOptions(spec, settings.language, settings.prompt, names, partial, force)
    files = find_media(sources)
    if title is not None and len(files) != 1:
        raise UsageError(f"--title is for one file, and these are {len(files)}.", "Leave it out, or name one file.")

    from pipeline.answers import Outcome
    from pipeline.batch.batch import Batch, Request
    from pipeline.batch.executor import Executor, InProcess, Processes
    from pipeline.library import Library

    request = Request(options.resolve(), show, title)
    jobs_wanted = min(settings.jobs, len(files))
    outcomes: list[Outcome] = []
    try:
        with stop_on_signals() as stop, Library.open(settings.library, create=True) as opened:
            executor: Executor = Processes(jobs_wanted, stop) if jobs_wanted > 1 else InProcess(stop)
            with watch_batch() as watcher:
                batch = Batch(opened.store, executor, request, watcher, stop)
                outcomes = batch.outcomes
                batch.run(files)
        if stop() and len(outcomes) < len(files):
            raise KeyboardInterrupt
    except KeyboardInterrupt:
        say(STOPPED_TEXT)
        raise typer.Exit(STOPPED) from None
    finally:
        print_outcomes(outcomes, as_json)
    if any(outcome.status == "failed" for outcome in outcomes):
        raise typer.Exit(3)
