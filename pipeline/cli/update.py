"""``airquote update`` and ``airquote download``: new episodes of shows, and sound that is not here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, ClassVar

import typer

from audio.errors import UsageError
from audio.timecode import format_time
from pipeline.cli.batch_record import follow_batch
from pipeline.cli.command_line import App
from pipeline.cli.errors import WHICH_EPISODES, explain_outcome
from pipeline.cli.interrupts import Stop
from pipeline.cli.options import (
    AllowPrivateOption,
    EpisodesArgument,
    LibraryOption,
    ShowOption,
    SinceOption,
    UntilOption,
    VerboseOption,
    selection_from,
    settings_from,
)
from pipeline.cli.printing import print_table, say
from pipeline.cli.rows import RowPrinter, prints_rows
from pipeline.cli.shows import (
    AudioOption,
    FirstDateOption,
    KeepAudioOption,
    LatestOption,
    MatchOption,
    TranscriptsOption,
    choices_from,
    followed_library,
)
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
    ShareOption,
    SpeakersOption,
    VerbatimOption,
    shared_folder,
)
from pipeline.progress import ProgressEvent
from pipeline.shows.updates.updated_episodes import UpdatedEpisode, UpdateStatus

if TYPE_CHECKING:
    from pipeline.library import Library
    from pipeline.settings import Settings

_COUNTED: tuple[UpdateStatus, ...] = ("planned", "done", "skipped", "failed")


def register(app: App) -> None:
    """Add these commands to the app."""
    app.command()(update)
    app.command()(download)


@prints_rows(UpdatedEpisode)
def update(
    shows: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SHOW...",
            help="Shows, or single items of their feeds as `shows SHOW` lists them; without any, all shows.",
            show_default=False,
        ),
    ] = None,
    latest: LatestOption = None,
    since: FirstDateOption = None,
    match: MatchOption = None,
    audio: AudioOption = None,
    transcripts: TranscriptsOption = None,
    keep_audio: KeepAudioOption = None,
    align: Annotated[
        bool,
        typer.Option("--align", help="Give each word of a publisher's transcript the time at which the sound has it."),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list what would be done.")] = False,
    engine: EngineOption = None,
    model: ModelOption = None,
    language: LanguageOption = None,
    device: DeviceOption = None,
    jobs: JobsOption = None,
    on: OnOption = None,
    share: ShareOption = None,
    glossary: GlossaryOption = None,
    verbatim: VerbatimOption = None,
    speakers: SpeakersOption = None,
    min_speakers: MinSpeakersOption = None,
    max_speakers: MaxSpeakersOption = None,
    accept_above: AcceptAboveOption = None,
    no_names: NoNamesOption = False,
    allow_private: AllowPrivateOption = False,
    library: LibraryOption = None,
    print_rows: RowPrinter | None = None,
    _verbose: VerboseOption = False,
) -> None:
    """Look for new episodes of shows: download, transcribe and index them; for a nightly job."""
    settings = settings_from(
        library=library, engine=engine, model=model, language=language, device=device, jobs=jobs, glossary=glossary,
        speakers=speakers, min_speakers=min_speakers, max_speakers=max_speakers,
        accept_above=accept_above, verbatim=verbatim, on=on, share=share,
    )  # fmt: skip
    choices = choices_from(latest, since, match, audio, transcripts, keep_audio)
    with _recorded(settings, print_rows) as (opened, stop, updated):
        opened.update(
            shows or (), choices, settings.transcription_options(partial=False, force=False), names=not no_names,
            align=align, jobs=settings.jobs, on=settings.on, share=shared_folder(settings, share), dry_run=dry_run,
            allow_private=allow_private, stopped=stop, told=updated.append,
        )  # fmt: skip


@prints_rows(UpdatedEpisode)
def download(
    episodes: EpisodesArgument = None,
    show: ShowOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    transcribe: Annotated[
        bool, typer.Option("--transcribe", help="Transcribe what has no words of its own, or has other sound now.")
    ] = False,
    engine: EngineOption = None,
    model: ModelOption = None,
    language: LanguageOption = None,
    device: DeviceOption = None,
    jobs: JobsOption = None,
    glossary: GlossaryOption = None,
    verbatim: VerbatimOption = None,
    speakers: SpeakersOption = None,
    min_speakers: MinSpeakersOption = None,
    max_speakers: MaxSpeakersOption = None,
    accept_above: AcceptAboveOption = None,
    allow_private: AllowPrivateOption = False,
    library: LibraryOption = None,
    print_rows: RowPrinter | None = None,
    _verbose: VerboseOption = False,
) -> None:
    """Download the sound of episodes that have none here, and of items of feeds, which `shows SHOW` lists."""
    settings = settings_from(
        library=library, engine=engine, model=model, language=language, device=device, jobs=jobs, glossary=glossary,
        speakers=speakers, min_speakers=min_speakers, max_speakers=max_speakers,
        accept_above=accept_above, verbatim=verbatim,
    )  # fmt: skip
    selection = selection_from(episodes, show, since, until)
    if not any((episodes, show, since, until)):
        raise UsageError("No episode is named.", WHICH_EPISODES)
    with _recorded(settings, print_rows) as (opened, stop, updated):
        opened.download(
            selection, settings.transcription_options(partial=False, force=False), transcribe=transcribe,
            jobs=settings.jobs, allow_private=allow_private, stopped=stop,
            told=updated.append,
        )  # fmt: skip


@dataclass(slots=True)
class UpdateRecord:
    """What came of episodes so far; how many there will be is not known."""

    print_rows: RowPrinter | None
    outcomes: list[UpdatedEpisode] = field(default_factory=list)
    is_complete: ClassVar[bool] = False

    def note(self, event: ProgressEvent) -> None:
        """See Record: the library tells of each episode by itself."""

    def print_all(self) -> None:
        """See Record."""
        _print_updated(self.outcomes, self.print_rows)


@contextmanager
def _recorded(
    settings: Settings, print_rows: RowPrinter | None
) -> Iterator[tuple[Library, Stop, list[UpdatedEpisode]]]:
    """Open the library for a call that may be stopped, and print what it told, however it ends."""
    record = UpdateRecord(print_rows)
    with follow_batch(lambda: followed_library(settings.library), record) as (opened, stop):
        yield opened, stop, record.outcomes
    if not record.outcomes and not print_rows:
        say("Nothing is new.")


def _print_updated(updated: Sequence[UpdatedEpisode], print_rows: RowPrinter | None) -> None:
    """Print what came of episodes, if of any: a table, then the counts by status; or rows for programs."""
    if print_rows:
        print_rows(updated)
        return
    if not updated:
        return
    titles = ("status", "date", "length", "episode", "show", "title", "reason")
    rows = [_cells(one) for one in updated]
    columns = len(titles) if any(row[-1] for row in rows) else len(titles) - 1
    print_table(titles[:columns], [row[:columns] for row in rows])
    counts = Counter(one.status for one in updated)
    say(", ".join(f"{counts[status]} {status}" for status in _COUNTED if counts[status]) + ".")


def _cells(one: UpdatedEpisode) -> tuple[str, ...]:
    reason = explain_outcome(one)
    length = format_time(one.duration, 0) if one.duration is not None else "-"
    return (
        one.status, one.published or "-", length, one.episode or "-", one.show or "-", one.title or "-", reason or "",
    )  # fmt: skip
