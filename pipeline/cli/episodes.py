"""``airquote list``, ``show`` and ``remove``: the episodes of the library."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from audio.errors import UsageError, correct_input
from audio.timecode import format_time
from pipeline.answers import ListedEpisode, Removed, ShownSentence
from pipeline.cli.errors import ANSWER_YES, WHICH_EPISODES, advise
from pipeline.cli.options import (
    EpisodesArgument,
    LibraryOption,
    ShowOption,
    SinceOption,
    UntilOption,
    VerboseOption,
    selection_from,
    settings_from,
)
from pipeline.cli.printing import (
    and_in_more,
    faint,
    isolate,
    name_speaker,
    plural,
    print_line,
    print_table,
    printable,
    say,
    say_origin,
    style,
)
from pipeline.cli.rows import RowPrinter, prints_rows
from pipeline.descriptions.episode_descriptions import (
    DescribedEpisodes,
    EpisodeDescription,
    NumberedPlace,
    name_people,
)

if TYPE_CHECKING:
    from audio.recording.chapters import Chapter
    from pipeline.answers import EpisodeSentences


PLACES_NOT_KEPT = "The library is not writable, so play N cannot refer to these places: name episode and time."


class EpisodeSort(StrEnum):
    """The order of episodes."""

    show = "show"
    date = "date"
    name = "title"
    length = "length"
    episode = "episode"


@prints_rows(ListedEpisode)
def list_episodes(
    episodes: EpisodesArgument = None,
    show: ShowOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    sort: Annotated[
        EpisodeSort | None,
        typer.Option(
            help="By show and date, newest first (date), longest first (length), or by a name.",
            show_default="by show, or as named",
        ),
    ] = None,
    library: LibraryOption = None,
    print_rows: RowPrinter | None = None,
    _verbose: VerboseOption = False,
) -> None:
    """List the episodes of the library."""
    from pipeline.library import Library

    with Library.open(settings_from(library=library).library) as opened:
        listed = opened.episodes(selection_from(episodes, show, since, until), sort.value if sort else None)
    if print_rows:
        print_rows(listed)
    elif listed:
        people = ("people",) if any(map(_name_everybody, listed)) else ()
        print_table(
            ("episode", "date", "length", "state", "language", "model", "show", "title", *people),
            [
                (
                    e.episode, e.published or "-", format_time(e.duration, 0) if e.duration is not None else "-",
                    _describe_state(e), e.language or "-", e.model or "-", e.show or "-", e.title,
                    *[_name_everybody(e) or "-" for _ in people],
                )
                for e in listed
            ],
        )  # fmt: skip
    else:
        say("The library is empty. ", *advise("transcribe_first"))


def _name_everybody(episode: ListedEpisode) -> str:
    """The people whom the publisher names, and those whom a person named as speakers; empty if there are none."""
    return ", ".join(dict.fromkeys([*(person.name for person in episode.people), *episode.named_speakers]))


def _describe_state(episode: ListedEpisode) -> str:
    """The state of an episode, and whether its words are the publisher's, or these are kept beside."""
    if episode.origin == "publisher":
        return f"{episode.state} (publisher's)"
    return f"{episode.state} + publisher's" if episode.publisher_kept else episode.state


@prints_rows(ShownSentence, EpisodeDescription)
def show_episodes(
    episodes: EpisodesArgument = None,
    gaps: Annotated[bool, typer.Option("--gaps", help="Only list speech that has no text.")] = False,
    no_repeats: Annotated[
        bool, typer.Option("--no-repeats", help="Leave out what recurs across the episodes of a show.")
    ] = False,
    notes: Annotated[
        bool, typer.Option("--notes", help="Print the publisher's notes, people, chapters and soundbites instead.")
    ] = False,
    show: ShowOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    library: LibraryOption = None,
    print_rows: RowPrinter | None = None,
    _verbose: VerboseOption = False,
) -> None:
    """Print the transcripts of episodes with times, one sentence per line."""
    from pipeline.library import Library

    selection = selection_from(episodes, show, since, until)
    if not any((episodes, show, since, until)):
        raise UsageError("Which episodes?", WHICH_EPISODES)
    if gaps and notes:
        raise UsageError("--gaps and --notes exclude each other.", correct_input("Choose one of them."))
    with Library.open(settings_from(library=library).library) as opened:
        if notes:
            _print_descriptions(opened.descriptions(selection), print_rows)
            return
        shown = opened.all_sentences(selection, gaps=gaps, repeats=not no_repeats)
        alone = selection.is_by_name and len(selection.names) == 1
        for one in shown:
            _print_episode(one, gaps, print_rows, headed=not alone)


def _print_episode(shown: EpisodeSentences, gaps: bool, print_rows: RowPrinter | None, *, headed: bool) -> None:
    """Print the sentences or the gaps of an episode; ``headed``, below its name, since others follow."""
    if shown.reason:
        say(f"{shown.episode}: {shown.reason}")
    elif not shown.sentences:
        say(f"{shown.episode} has no speech without text." if gaps else f"There is no speech in {shown.episode}.")
    if print_rows:
        print_rows(shown.sentences)
        return
    say_origin(shown.episode, shown.sentences[0].origin if shown.sentences else None)
    if headed and shown.sentences:
        print_line(style(printable(isolate(shown.episode)), bold=True))
    if gaps:
        for gap in shown.sentences:
            print_line(f"{format_time(gap.start):>9}  {format_time(gap.end):>9}  (speech here, no text)")
        return
    if shown.people and shown.sentences:
        print_line(faint("With ", isolate(name_people(shown.people))))
    chapters = list(shown.chapters)
    before: int | None = None
    for sentence in shown.sentences:
        while chapters and chapters[0].start <= (sentence.start + sentence.end) / 2:
            _print_heading(chapters.pop(0))
        time, text = faint(format_time(sentence.start).rjust(9)), isolate(sentence.text or "")
        notes = [*sentence.flags, *([f"heard: {', '.join(sentence.misheard)}"] if sentence.misheard else [])]
        if sentence.repeat is not None and sentence.repeat != before:
            notes.append(and_in_more(sentence.repeat))
        flags = f"  [{', '.join(notes)}]" if notes else ""
        line = name_speaker(sentence.speaker), text, isolate(flags)
        print_line(time, "  ", *(line if sentence.repeat is None else [faint(*line)]))
        before = sentence.repeat
    for chapter in chapters:  # in which no sentence lies for the most part
        _print_heading(chapter)


def _print_heading(chapter: Chapter) -> None:
    print_line()
    heading = style(printable(isolate(f"[chapter: {chapter.title}]")), bold=True)
    print_line(faint(format_time(chapter.start).rjust(9)), "  ", heading)


def _print_descriptions(described: DescribedEpisodes, print_rows: RowPrinter | None) -> None:
    if print_rows:
        print_rows(described.episodes)
        return
    for row, one in enumerate(described.episodes):
        if row:
            print_line()
        _print_description(one)
    if any(one.chapter_places or one.soundbites for one in described.episodes):
        say("Play one: airquote play N." if described.kept else PLACES_NOT_KEPT)


def _print_description(one: EpisodeDescription) -> None:
    season = [f"season {one.season}"] if one.season else []
    number = [f"episode {one.number}"] if one.number else []
    print_line(style(printable(isolate(one.episode)), bold=True), "  ", isolate(one.title))
    for line in (", ".join([*filter(None, (one.show, one.published)), *season, *number]), one.page or ""):
        if line:
            print_line(faint(isolate(line)))
    if one.people:
        print_line("With ", isolate(name_people(one.people)))
    for line in one.text.splitlines():
        print_line("  | ", isolate(line))  # so that no line of notes looks like one of airquote
    for name, places in (("Chapters", one.chapter_places), ("Soundbites", one.soundbites)):
        if places:
            print_line(style(name, bold=True))
        for place in places:
            print_line(f"{place.n:>3}  {format_time(place.start):>9}  ", isolate(place.title or _length_of(place)))
    if not (one.text or one.people or one.chapter_places or one.soundbites):
        say(isolate(one.episode), ": nothing is known of it from its publisher.")


def _length_of(place: NumberedPlace) -> str:
    return f"({place.end - place.start:.0f} s)"


@prints_rows(Removed)
def remove(
    episodes: EpisodesArgument = None,
    show: ShowOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Remove them unasked, as without a terminal one that is named.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be removed.")] = False,
    keep_audio: Annotated[
        bool, typer.Option("--keep-audio", help="Leave sound that airquote downloaded in the library's folder.")
    ] = False,
    library: LibraryOption = None,
    print_rows: RowPrinter | None = None,
    _verbose: VerboseOption = False,
) -> None:
    """Remove episodes and downloaded sound from the library, all or none of them; recordings of yours stay."""
    from pipeline.library import Library

    if not any((episodes, show, since, until)):
        raise UsageError("Which episodes?", WHICH_EPISODES)
    with Library.open(settings_from(library=library).library) as opened:
        selection = selection_from(episodes, show, since, until)
        gone = opened.remove_all(selection, dry_run=True, keep_sound=keep_audio)
        if not dry_run:
            if not yes:
                _ask_to_remove(gone, selection.is_by_name)
            # By their ids: what else fits the names by now was not asked about.
            named = selection_from([one.episode for one in gone], None, None, None)
            gone = opened.remove_all(named, keep_sound=keep_audio)
    if print_rows:
        print_rows(gone)
        return
    for one in gone:
        stays = "would be removed" if dry_run and one.sound_removed else "is removed" if one.sound_removed else "stays"
        kept = (" The file ", isolate(one.media), f" {stays}.") if one.media else ()
        done = "Would remove " if dry_run else "Removed "
        title = (" (", isolate(one.title), ")") if one.title != one.episode else ()
        print_line(done, isolate(one.episode), *title, ".", *kept)


def _ask_to_remove(chosen: Sequence[Removed], is_by_name: bool) -> None:
    """Ask on a terminal; elsewhere only one that is named is removed unasked. Raises UsageError, or Exit for a no."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        if len(chosen) > 1 or not is_by_name:
            would_be = f"{len(chosen)} {plural('episode', len(chosen))} would be removed."
            raise UsageError(would_be, ANSWER_YES)
        return
    for one in chosen:
        say("  ", isolate(one.episode), "  ", faint(isolate(one.title)))
    count = "this episode" if len(chosen) == 1 else f"these {len(chosen)} episodes"
    try:
        sound = " and downloaded sound" if any(one.sound_removed for one in chosen) else ""
        agreed = typer.confirm(f"Remove {count}{sound} from the library?", err=True)
    except typer.Abort:  # the end of the input, or Ctrl-C
        agreed = False
    if not agreed:
        say("Nothing was removed.")
        raise typer.Exit(1)


def register(app: typer.Typer) -> None:
    """Add the commands of this family."""
    app.command("list")(list_episodes)
    app.command("show")(show_episodes)
    app.command("remove")(remove)
