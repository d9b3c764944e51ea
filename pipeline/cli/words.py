"""``airquote words``: the words of a span with their times and probabilities."""

from __future__ import annotations

import typer

from audio.errors import UsageError, correct_input
from audio.timecode import format_time, parse_end, parse_time
from pipeline.answers import Place, SpokenWord
from pipeline.cli.options import (
    EndArgument,
    LibraryOption,
    PlaceArgument,
    StartArgument,
    VerboseOption,
    settings_from,
)
from pipeline.cli.places import find_place
from pipeline.cli.printing import print_table, say
from pipeline.cli.rows import RowPrinter, prints_rows

USAGE = "airquote words EPISODE START END"


@prints_rows(SpokenWord)
def words(
    episode: PlaceArgument,
    start: StartArgument = None,
    end: EndArgument = None,
    library: LibraryOption = None,
    print_rows: RowPrinter | None = None,
    _verbose: VerboseOption = False,
) -> None:
    """Print the words of a span of an episode, or of a hit of the last search, with times and probabilities."""
    from pipeline.library import Library

    with Library.open(settings_from(library=library).library) as opened:
        if start is not None and end is not None:
            begin = parse_time(start)
            place = Place(episode, begin, parse_end(end, begin))  # its end may be past that of the episode
        else:
            place, _, is_span = find_place(opened, episode, start, end, USAGE)
            if not is_span:
                raise UsageError(f"Which words of {episode}?", correct_input(f"Write: {USAGE}"), where=episode)
        spoken = opened.words(place)
    if not spoken:
        say(f"There are no words in {place.episode} from {format_time(place.start)} to {format_time(place.end)}.")
        raise typer.Exit(1)
    if print_rows:
        print_rows(spoken)
        return
    rows = [
        (
            format_time(word.start, decimals=2),
            format_time(word.end, decimals=2),
            "" if word.probability is None else f"{word.probability:.2f}",
            f"{word.text} [heard: {word.heard}]" if word.heard is not None else word.text,
            word.speaker or "",
        )
        for word in spoken
    ]
    columns = 5 if any(word.speaker for word in spoken) else 4
    print_table(("start", "end", "sure", "word", "speaker")[:columns], [row[:columns] for row in rows])
