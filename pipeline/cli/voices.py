"""``airquote voices`` and the commands below it: who speaks, how long, and under which name."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated

import typer

from audio.errors import UsageError, correct_input
from audio.timecode import format_time, parse_end, parse_time
from pipeline.answers import Outcome
from pipeline.cli import profiles
from pipeline.cli.command_line import App, Family
from pipeline.cli.errors import quote_for_shell
from pipeline.cli.options import (
    EpisodeArgument,
    EpisodesArgument,
    LibraryOption,
    ShowOption,
    SinceOption,
    UntilOption,
    VerboseOption,
    selection_from,
    settings_from,
)
from pipeline.cli.printing import plural, print_table, printable, say
from pipeline.cli.rows import RowPrinter, prints_rows
from pipeline.cli.transcription_options import (
    AcceptAboveOption,
    JobsOption,
    MaxSpeakersOption,
    MinSpeakersOption,
    SpeakersOption,
)
from pipeline.voices.spoken_voices import EpisodeVoice, LibraryVoice, NameEvidence, VoiceChange

VoiceArgument = Annotated[
    int, typer.Argument(metavar="N", min=1, help="The number of a voice, as voices lists it.", show_default=False)
]
_DONE = {"name": "named", "merge": "merged", "split": "split", "find": "found again", "accept": "named as suggested"}


@prints_rows(EpisodeVoice, LibraryVoice)
def list_voices(
    episode: Annotated[
        str | None,
        typer.Argument(
            metavar="EPISODE", help="An id, a unique prefix of one, or a title.", show_default="all, by name"
        ),
    ] = None,
    library: LibraryOption = None,
    print_rows: RowPrinter | None = None,
    _verbose: VerboseOption = False,
) -> None:
    """List who speaks in an episode, or in the library: how long, from when, and where to hear each alone."""
    from pipeline.library import Library

    with Library.open(settings_from(library=library).library) as opened:
        if episode is None:
            _print_speakers(opened.library_voices(), print_rows)
        else:
            voices = opened.voices(episode)
            if print_rows:
                print_rows(voices)
            else:
                _print_voices(voices)
                _say_what_next(voices)


def _print_speakers(speakers: Sequence[LibraryVoice], print_rows: RowPrinter | None) -> None:
    if print_rows:
        print_rows(speakers)
        return
    named = [one for one in speakers if one.speaker is not None]
    if named:
        rows = [(one.speaker or "", str(one.episodes), _length(one.seconds)) for one in named]
        print_table(("speaker", "episodes", "speaks"), rows)
    for one in speakers:
        if one.speaker is None:
            voices = f"{one.voice_count} {plural('voice', one.voice_count)}"
            where = f"{one.episodes} {plural('episode', one.episodes)}"
            say(
                f"{voices} without a name in {where}: {_length(one.seconds)}. See those of one: airquote voices EPISODE"
            )
    if not speakers:
        say("No voices are told apart yet. Tell those of all episodes apart: airquote voices find")


def _print_voices(voices: Sequence[EpisodeVoice]) -> None:
    total = sum(one.seconds for one in voices) or 1.0
    rows = [
        (
            str(one.voice),
            _who(one),
            _length(one.seconds),
            f"{one.seconds / total:.0%}",
            "-" if one.start is None else format_time(one.start),
            "-" if one.sample_start is None else format_time(one.sample_start),
        )
        for one in voices
    ]
    if rows:
        print_table(("voice", "speaker", "speaks", "share", "from", "sample"), rows)


def _who(voice: EpisodeVoice) -> str:
    if voice.suggested is None or voice.likelihood is None:
        return voice.speaker
    return f"{voice.speaker}, perhaps {voice.suggested} ({_percent(voice.likelihood)})"


def _percent(likelihood: float) -> str:
    """Round down: 100 % would say that it is certain."""
    return f"{math.floor(100 * likelihood)} %"


def _say_suggestions(voices: Sequence[EpisodeVoice]) -> None:
    suggested = [one for one in voices if one.suggested is not None]
    for one in suggested:
        reasons = "; ".join(_reason(source) for source in one.evidence)
        say(f"Voice {one.voice} may be {one.suggested}: {reasons}")
    if suggested:
        numbers = " ".join(str(one.voice) for one in suggested)
        say(f"Accept: airquote voices accept {quote_for_shell(suggested[0].episode)} {numbers}.")


def _reason(source: NameEvidence) -> str:
    match source.basis:
        case "profile":
            return f"it sounds like this person in {source.shown_by}"
        case "itself":
            return f"the voice itself says “{source.shown_by}”"
        case "talk":
            return f"somebody says “{source.shown_by}”"
        case "feed":
            return f"the feed names this person, as {source.shown_by}"


def _say_what_next(voices: Sequence[EpisodeVoice]) -> None:
    if not voices:
        say("Nobody speaks.")
        return
    if any(one.sample_start is not None for one in voices):
        say("Hear one: airquote play voice N.")
    _say_suggestions(voices)
    unnamed = next((one for one in voices if not one.named and one.suggested is None), None)
    if unnamed:
        say(f"Name one: airquote voices name {quote_for_shell(unnamed.episode)} {unnamed.voice} NAME.")


def _length(seconds: float) -> str:
    return format_time(seconds, 0)


@prints_rows(VoiceChange)
def name_voice(
    episode: EpisodeArgument,
    voice: VoiceArgument,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Who speaks; '' takes a name back.", show_default=False)],
    library: LibraryOption = None,
    print_rows: RowPrinter | None = None,
    _verbose: VerboseOption = False,
) -> None:
    """Name a voice of an episode; later transcription keeps the name."""
    from pipeline.cli.progress import show_progress
    from pipeline.library import Library

    with Library.open(settings_from(library=library).library) as opened, show_progress(opened):
        change = opened.name_voice(episode, voice, name)
    _print_change(change, print_rows)


@prints_rows(VoiceChange)
def merge(
    episode: EpisodeArgument,
    voices: Annotated[
        list[int],
        typer.Argument(metavar="N...", min=1, help="Numbers of voices; the first one stays.", show_default=False),
    ],
    library: LibraryOption = None,
    print_rows: RowPrinter | None = None,
    _verbose: VerboseOption = False,
) -> None:
    """Merge voices of an episode: one person was taken for several."""
    from pipeline.cli.progress import show_progress
    from pipeline.library import Library

    with Library.open(settings_from(library=library).library) as opened, show_progress(opened):
        change = opened.merge_voices(episode, voices)
    _print_change(change, print_rows)


@prints_rows(VoiceChange)
def split(
    episode: EpisodeArgument,
    voice: VoiceArgument,
    start: Annotated[
        str | None,
        typer.Option(
            "--from", "--at", metavar="TIME", help="From when somebody else speaks.", show_default="the sound decides"
        ),
    ] = None,
    end: Annotated[
        str | None,
        typer.Option("--to", metavar="TIME", help="Until when, or +30: 30 s on.", show_default="the end"),
    ] = None,
    library: LibraryOption = None,
    print_rows: RowPrinter | None = None,
    _verbose: VerboseOption = False,
) -> None:
    """Split a voice of an episode: at a time, between two, or, without a time, by its sound."""
    from pipeline.cli.progress import show_progress
    from pipeline.library import Library

    begin = parse_time(start) if start is not None else None
    until = parse_end(end, begin or 0.0) if end is not None else None
    with Library.open(settings_from(library=library).library) as opened, show_progress(opened):
        change = opened.split_voice(episode, voice, begin, until)
    _print_change(change, print_rows)


@prints_rows(VoiceChange)
def undo(
    episode: EpisodeArgument,
    library: LibraryOption = None,
    print_rows: RowPrinter | None = None,
    _verbose: VerboseOption = False,
) -> None:
    """Undo the last change by hand to the voices of an episode or their names; again, the one before."""
    from pipeline.cli.progress import show_progress
    from pipeline.library import Library

    with Library.open(settings_from(library=library).library) as opened, show_progress(opened):
        change = opened.undo_voices(episode)
    _print_change(change, print_rows)


@prints_rows(VoiceChange)
def accept(
    episode: EpisodeArgument,
    numbers: Annotated[
        list[int] | None,
        typer.Argument(metavar="N...", min=1, help="Numbers of voices, as voices lists them.", show_default=False),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="All names that are suggested.")] = False,
    library: LibraryOption = None,
    print_rows: RowPrinter | None = None,
    _verbose: VerboseOption = False,
) -> None:
    """Give voices of an episode the names that are suggested for them, as if you had named them."""
    from pipeline.cli.progress import show_progress
    from pipeline.library import Library

    if bool(numbers) == every:
        raise UsageError("Which voices?", correct_input("Write: airquote voices accept EPISODE N..., or EPISODE --all"))
    with Library.open(settings_from(library=library).library) as opened, show_progress(opened):
        change = opened.accept_names(episode, numbers or ())
    _print_change(change, print_rows)


def _print_change(change: VoiceChange, print_rows: RowPrinter | None) -> None:
    if print_rows:
        print_rows([change])
        return
    _print_voices(change.voices)
    done = _DONE.get(change.change, printable(change.change))
    if change.undone:
        left = f"{change.undoable} more can be undone" if change.undoable else "nothing more can be undone"
        say(f"Undone ({done}); {left}.")
    else:
        say(f"Take it back: airquote voices undo {quote_for_shell(change.episode)}.")


@prints_rows(Outcome)
def find(
    episodes: EpisodesArgument = None,
    show: ShowOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    speakers: SpeakersOption = None,
    min_speakers: MinSpeakersOption = None,
    max_speakers: MaxSpeakersOption = None,
    accept_above: AcceptAboveOption = None,
    again: Annotated[bool, typer.Option("--again", help="Also where voices are told apart already.")] = False,
    jobs: JobsOption = None,
    library: LibraryOption = None,
    print_rows: RowPrinter | None = None,
    _verbose: VerboseOption = False,
) -> None:
    """Tell the voices of transcribed episodes apart whose sound is here; no words are heard again."""
    from pipeline.cli.batch_record import BatchRecord, follow_batch
    from pipeline.library import Library

    settings = settings_from(
        library=library,
        jobs=jobs,
        speakers=speakers,
        min_speakers=min_speakers,
        max_speakers=max_speakers,
        accept_above=accept_above,
    )
    count = settings.speakers if speakers is not None or settings.speakers != "off" else "auto"
    with follow_batch(lambda: Library.open(settings.library), BatchRecord(print_rows)) as (opened, stop):
        opened.find_voices(
            selection_from(episodes, show, since, until), speakers=count,
            min_speakers=settings.min_speakers, max_speakers=settings.max_speakers, again=again,
            accept_above=settings.accept_above, jobs=settings.jobs, stopped=stop,
        )  # fmt: skip


def register(app: typer.Typer) -> None:
    """Add the commands of this family."""
    voices = App(
        cls=Family,
        help="List, name, merge and split the voices of episodes; accept names, and forget voices.",
        rich_markup_mode=None,
    )
    voices.command("list")(list_voices)
    voices.command("name")(name_voice)
    voices.command("merge")(merge)
    voices.command("split")(split)
    voices.command("undo")(undo)
    voices.command("find")(find)
    voices.command("accept")(accept)
    profiles.register(voices)
    app.add_typer(voices, name="voices")
