"""``airquote transcribe``: the batch."""

from __future__ import annotations

from typing import Annotated

import typer

from audio.errors import UsageError
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
    force: Annotated[bool, typer.Option("--force", help="Transcribe anew what is done already.")] = False,
    partial: Annotated[bool, typer.Option("--partial", help="Take cut-off files for what is there.")] = False,
    show: Annotated[str | None, typer.Option(help="The show that the episodes belong to.", show_default=False)] = None,
    title: Annotated[str | None, typer.Option(help="The title (one SOURCE only).", show_default=False)] = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Transcribe files and folders into the library; what is done is skipped, what was interrupted goes on."""
    settings = settings_from(library=library, engine=engine, model=model, language=language, device=device, jobs=jobs)
    from pipeline.sources import find_media

    files = find_media(sources)
    if title is not None and len(files) != 1:
        raise UsageError(f"--title is for one file, and these are {len(files)}.", "Leave it out, or name one file.")

    from pipeline.engines.choose import choose_engine, default_model
    from pipeline.executor import EngineSpec, Executor, InProcess, Processes
    from pipeline.ingest import Batch, Outcome, Request
    from pipeline.library import Library

    engine_name, chosen_device = choose_engine(settings.engine, settings.device)
    model_name = settings.model or default_model(chosen_device)
    spec = EngineSpec(engine_name, model_name, chosen_device)
    request = Request(engine_name, model_name, settings.language, show, title, force, partial)
    jobs_wanted = min(settings.jobs, len(files))
    executor: Executor = Processes(spec, jobs_wanted) if jobs_wanted > 1 else InProcess(spec)
    outcomes: list[Outcome] = []
    try:
        with Library.open(settings.library, create=True) as opened, watch_batch() as watcher:
            batch = Batch(opened.store, executor, request, watcher)
            outcomes = batch.outcomes
            batch.run(files)
    except KeyboardInterrupt:
        say("Stopped. What was finished is saved; the same command goes on from there.")
        raise typer.Exit(130) from None
    finally:
        print_outcomes(outcomes, as_json)
    if any(outcome.status == "failed" for outcome in outcomes):
        raise typer.Exit(3)
