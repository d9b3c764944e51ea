"""``airquote transcribe``: batch transcription."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.answers import Outcome
from pipeline.cli.batch_record import BatchRecord, follow_batch
from pipeline.cli.options import AllowPrivateOption, DateOption, LibraryOption, VerboseOption, settings_from
from pipeline.cli.rows import RowPrinter, prints_rows
from pipeline.cli.shows import FirstDateOption, LatestOption, MatchOption, choices_from
from pipeline.cli.transcription_options import (
    AcceptAboveOption,
    DeviceOption,
    EngineOption,
    GlossaryOption,
    JobsOption,
    LanguageOption,
    MaxSpeakersOption,
    MinSpeakersOption,
    ModelOption,
    NoNamesOption,
    OnOption,
    PromptOption,
    ShareOption,
    SpeakersOption,
    VerbatimOption,
    shared_folder,
)


@prints_rows(Outcome)
def transcribe(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE...",
            help="Audio or video files, folders of them, or addresses of sound and feeds.",
            show_default=False,
        ),
    ],
    engine: EngineOption = None,
    model: ModelOption = None,
    language: LanguageOption = None,
    device: DeviceOption = None,
    jobs: JobsOption = None,
    on: OnOption = None,
    share: ShareOption = None,
    prompt: PromptOption = None,
    glossary: GlossaryOption = None,
    verbatim: VerbatimOption = None,
    track: Annotated[
        int | None,
        typer.Option(
            min=1, help="The number of the audio track, from 1.", show_default="the default one, else one with speech"
        ),
    ] = None,
    channels: Annotated[
        str, typer.Option(help="mix, or separate: transcribe each channel by itself, as a speaker.")
    ] = "mix",
    speakers: SpeakersOption = None,
    min_speakers: MinSpeakersOption = None,
    max_speakers: MaxSpeakersOption = None,
    accept_above: AcceptAboveOption = None,
    force: Annotated[bool, typer.Option("--force", help="Transcribe again what is done already.")] = False,
    partial: Annotated[bool, typer.Option("--partial", help="Accept truncated files as they are.")] = False,
    show: Annotated[str | None, typer.Option(help="The show that the episodes belong to.", show_default=False)] = None,
    title: Annotated[str | None, typer.Option(help="The title (one SOURCE only).", show_default=False)] = None,
    date: DateOption = None,
    latest: LatestOption = None,
    since: FirstDateOption = None,
    match: MatchOption = None,
    no_names: NoNamesOption = False,
    allow_private: AllowPrivateOption = False,
    library: LibraryOption = None,
    print_rows: RowPrinter | None = None,
    _verbose: VerboseOption = False,
) -> None:
    """Transcribe files, folders and addresses into the library; skip what is done, resume what was interrupted."""
    settings = settings_from(
        library=library, engine=engine, model=model, language=language, device=device, jobs=jobs,
        prompt=prompt, glossary=glossary, speakers=speakers, min_speakers=min_speakers, max_speakers=max_speakers,
        accept_above=accept_above, verbatim=verbatim, on=on, share=share,
    )  # fmt: skip
    from pipeline.library import Library

    options = settings.transcription_options(partial=partial, force=force, track=track, channels=channels)
    choices = choices_from(latest, since, match, None, None, None)
    with follow_batch(lambda: Library.open(settings.library, create=True), BatchRecord(print_rows)) as (opened, stop):
        opened.transcribe(
            sources, options, show=show, title=title, date=date or (), jobs=settings.jobs, on=settings.on,
            share=shared_folder(settings, share), choices=choices, names=not no_names,
            allow_private=allow_private, stopped=stop,
        )  # fmt: skip
