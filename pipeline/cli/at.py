"""``airquote at``: timestamp lookup."""

from __future__ import annotations

from typing import Annotated

import typer

from audio.errors import UsageError, correct_input
from audio.timecode import format_time, parse_times
from pipeline.answers import Moment, Place, TimedText
from pipeline.cli.cite import print_citations
from pipeline.cli.errors import explain
from pipeline.cli.options import (
    LibraryOption,
    PlaceArgument,
    RowFormat,
    RowFormatOption,
    VerboseOption,
    hit_number,
    settings_from,
)
from pipeline.cli.printing import (
    SPEAK_AT_ONCE,
    Printable,
    faint,
    isolate,
    mark,
    name_speaker,
    print_line,
    printable,
    say,
    say_origin,
)
from pipeline.cli.rows import RowPrinter, prints_rows

_HANG = 11
"""Columns before the words of a sentence: a sign at the one that is asked for, and its time."""


@prints_rows(Moment)
def at(
    episode: PlaceArgument,
    time: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="TIME...", help="One or more of 75, 1:15, 1:02:33.4, 1h2m33s, or +5: 5 s on.", show_default=False
        ),
    ] = None,
    before: Annotated[int, typer.Option(min=0, help="Sentences to show before it.")] = 1,
    after: Annotated[int, typer.Option(min=0, help="Sentences to show after it.")] = 1,
    format: RowFormatOption = RowFormat.text,
    library: LibraryOption = None,
    print_rows: RowPrinter | None = None,
    _verbose: VerboseOption = False,
) -> None:
    """Show what is said at one or more times: the word, the sentence, and the sentences around it."""
    from pipeline.library import Library

    settings = settings_from(library=library)
    given, number = time or [], hit_number(episode)
    counts_from_hit = number is not None and (not given or given[0].strip().startswith("+"))
    times = [] if counts_from_hit else parse_times(given)
    with Library.open(settings.library) as opened:
        if number is not None and counts_from_hit:
            hit = opened.hit(number)
            episode, times = hit.episode, parse_times(given, hit.start) or [hit.start]
        elif not times:
            raise UsageError(
                f"At what time in {episode}?", correct_input("Write: airquote at EPISODE TIME"), where=episode
            )
        moments = opened.at(episode, times, before, after)
        cited = [opened.cite(_sentence_of(moment)) for moment in moments] if format.style else []
        missing = opened.missing_sound(episode)
    if missing is not None:
        say(explain(missing))
    if print_rows:
        print_rows(moments)
        return
    if format.style is not None:
        print_citations(cited, format.style)
        return
    say_origin(moments[0].episode, moments[0].origin)
    for row, moment in enumerate(moments):
        if row:
            print_line()
        _print_moment(moment)


def _sentence_of(moment: Moment) -> Place:
    """The place of the sentence that is said at a moment, of the moment itself in a pause."""
    start = moment.time if moment.start is None else moment.start
    return Place(moment.episode, start, moment.time if moment.end is None else moment.end)


def _print_moment(moment: Moment) -> None:
    if moment.chapter is not None:
        print_line(faint(" " * 11, "chapter: ", isolate(moment.chapter)))
    for neighbour in moment.before:
        _print_neighbour(neighbour)
    if moment.text is None or moment.start is None:
        what = "(speech here, no text)" if moment.gap else "(no speech here)"
        print_line(f">{format_time(moment.time):>8}  {what}")
    else:
        sentence = isolate(_marked_sentence(moment))
        remark = faint(f"  [{SPEAK_AT_ONCE}]") if moment.overlap else ""
        print_line(f">{format_time(moment.start):>8}  ", name_speaker(moment.speaker), sentence, remark, hang=_HANG)
    for neighbour in moment.after:
        _print_neighbour(neighbour)


def _print_neighbour(sentence: TimedText) -> None:
    shown = faint(f"{format_time(sentence.start):>9}  ", name_speaker(sentence.speaker), isolate(sentence.text))
    print_line(shown, hang=_HANG)


def _marked_sentence(moment: Moment) -> Printable:
    """The sentence with the word at this time marked."""
    text, place = moment.text or "", 0
    for word in moment.words:
        place = text.index(word.text, place)
        if word.text == moment.word and word.start <= moment.time < word.end:
            return mark(text, [(place, place + len(word.text))])
        if word.start > moment.time:
            return printable(text[:place], "(pause) ", text[place:])
        place += len(word.text)
    return printable(text)
