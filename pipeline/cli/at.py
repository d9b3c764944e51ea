"""``airquote at``: timestamp lookup."""

from __future__ import annotations

from typing import Annotated

import typer

from audio.errors import UsageError
from audio.timecode import format_time, parse_time
from pipeline.answers import Moment
from pipeline.cli.options import JsonOption, LibraryOption, PlaceArgument, hit_number, settings_from
from pipeline.cli.printing import faint, mark, print_json, print_line


def at(
    episode: PlaceArgument,
    time: Annotated[
        str | None, typer.Argument(metavar="TIME", help="75, 1:15, 1:02:33.4 or 1h2m33s.", show_default=False)
    ] = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """What is being said at a moment: the word, the sentence, its neighbours."""
    from pipeline.library import Library

    settings = settings_from(library=library)
    seconds = parse_time(time) if time is not None else None
    with Library.open(settings.library) as opened:
        if seconds is None:
            number = hit_number(episode)
            if number is None:
                raise UsageError(f"At what time in {episode}?", "Write: airquote at EPISODE TIME")
            place = opened.hit(number)
            episode, seconds = place.episode, place.start
        moment = opened.at(episode, seconds)
    if as_json:
        print_json([moment])
        return
    for neighbour in moment.before:
        print_line(faint(f"{format_time(neighbour.start):>9}  {neighbour.text}"))
    if moment.text is None or moment.start is None:
        what = "(speech here, no text)" if moment.gap else "(nobody speaks here)"
        print_line(f"{format_time(moment.time):>9}  {what}")
    else:
        print_line(f"{format_time(moment.start):>9}  {_marked_sentence(moment)}")
    for neighbour in moment.after:
        print_line(faint(f"{format_time(neighbour.start):>9}  {neighbour.text}"))


def _marked_sentence(moment: Moment) -> str:
    """The sentence with the word that is being said marked."""
    text, place = moment.text or "", 0
    for word in moment.words:
        place = text.index(word.text, place)
        if word.text == moment.word and word.start <= moment.time < word.end:
            return mark(text, [(place, place + len(word.text))])
        if word.start > moment.time:
            return f"{text[:place]}(pause) {text[place:]}"
        place += len(word.text)
    return text
