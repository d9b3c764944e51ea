"""``airquote list``, ``show`` and ``remove``: the episodes of the library."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from audio.timecode import format_time
from pipeline.cli.options import EpisodeArgument, JsonOption, LibraryOption, VerboseOption, settings_from
from pipeline.cli.printing import faint, isolate, name_speaker, print_json, print_line, print_table, say


class EpisodeSort(StrEnum):
    """The order of episodes."""

    show = "show"
    date = "date"
    name = "title"
    length = "length"
    episode = "episode"


def list_episodes(
    sort: Annotated[
        EpisodeSort, typer.Option(help="By show and date, newest first (date), longest first (length), or by a name.")
    ] = EpisodeSort.show,
    library: LibraryOption = None,
    as_json: JsonOption = False,
    _verbose: VerboseOption = False,
) -> None:
    """List the episodes of the library."""
    from pipeline.library import Library

    with Library.open(settings_from(library=library).library) as opened:
        episodes = opened.episodes(sort.value)
    if as_json:
        print_json(episodes)
    elif episodes:
        print_table(
            ("episode", "date", "length", "state", "language", "model", "show", "title"),
            [
                (
                    e.episode, e.published or "-", format_time(e.duration, 0) if e.duration is not None else "-",
                    e.state, e.language or "-", e.model or "-", e.show or "-", e.title,
                )
                for e in episodes
            ],
        )  # fmt: skip
    else:
        say("The library is empty. Fill it with: airquote transcribe FILE_OR_FOLDER")


def show(
    episode: EpisodeArgument,
    gaps: Annotated[bool, typer.Option("--gaps", help="Only list speech that has no text.")] = False,
    library: LibraryOption = None,
    as_json: JsonOption = False,
    _verbose: VerboseOption = False,
) -> None:
    """Print the transcript of an episode with times, one sentence per line."""
    from pipeline.library import Library

    with Library.open(settings_from(library=library).library) as opened:
        shown = opened.gaps(episode) if gaps else opened.sentences(episode)
    sentences = shown.sentences
    if as_json:
        print_json(sentences)
        return
    if not sentences:
        say(f"{shown.episode} has no speech without text." if gaps else f"There is no speech in {shown.episode}.")
    if gaps:
        for gap in sentences:
            print_line(f"{format_time(gap.start):>9}  {format_time(gap.end):>9}  (speech here, no text)")
        return
    chapters = list(shown.chapters)
    for sentence in sentences:
        while chapters and chapters[0].start <= sentence.end:
            chapter = chapters.pop(0)
            print_line(faint(format_time(chapter.start).rjust(9)), "  ", isolate(f"[chapter: {chapter.title}]"))
        time, text = faint(format_time(sentence.start).rjust(9)), isolate(sentence.text or "")
        notes = [*sentence.flags, *([f"heard: {', '.join(sentence.heard)}"] if sentence.heard else [])]
        flags = f"  [{', '.join(notes)}]" if notes else ""
        print_line(time, "  ", name_speaker(sentence.speaker), text, isolate(flags))


def remove(
    episode: EpisodeArgument,
    library: LibraryOption = None,
    as_json: JsonOption = False,
    _verbose: VerboseOption = False,
) -> None:
    """Remove an episode from the library; its recording stays where it is."""
    from pipeline.library import Library

    with Library.open(settings_from(library=library).library) as opened:
        gone = opened.remove(episode)
    if as_json:
        print_json([gone])
    else:
        kept = (" The file ", isolate(gone.media), " stays.") if gone.media else ()
        print_line("Removed ", isolate(gone.episode), " (", isolate(gone.title), ").", *kept)


def register(app: typer.Typer) -> None:
    """Add the commands of this family."""
    app.command("list")(list_episodes)
    app.command("show")(show)
    app.command("remove")(remove)
