"""The places that commands are given: a span of an episode, a hit of the last search, or a voice, by its number."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from audio.errors import UsageError, correct_input
from audio.timecode import parse_end, parse_time
from pipeline.answers import Place
from pipeline.cli.options import hit_number

if TYPE_CHECKING:
    from pipeline.library import Library

VOICE = "voice"
"""Stands before the number of a voice; in an episode of this name, a time is written as 0:02."""


class GivenPlace(NamedTuple):
    """A place, whether it is that of a hit, and whether its end was given."""

    place: Place
    is_hit: bool
    is_span: bool


def find_place(library: Library, name: str, start: str | None, end: str | None, usage: str) -> GivenPlace:
    """Return the place from START to END of an episode, or that of a hit; ``usage`` is the command, for the error.

    An END of +5 is five seconds after START; behind the number of a hit, five seconds after the hit begins. ``voice 2``
    is the sample of a voice in the last list, and behind an episode that of a voice in this.
    """
    if start == VOICE and end is not None and (voice := hit_number(end)) is not None:
        return GivenPlace(library.voice_sample(voice, name), is_hit=True, is_span=True)
    if name == VOICE and start is not None and end is None and (voice := hit_number(start)) is not None:
        return GivenPlace(library.voice_sample(voice), is_hit=True, is_span=True)
    number = hit_number(name)
    if number is not None and end is None and (start is None or start.strip().startswith("+")):
        hit = library.hit(number)
        return GivenPlace(
            hit if start is None else Place(hit.episode, hit.start, parse_end(start, hit.start)), True, True
        )
    if start is None:
        raise UsageError(f"From what time in {name}?", correct_input(f"Write: {usage}"), where=name)
    begin = parse_time(start)
    place = library.place(name, begin, parse_end(end, begin) if end is not None else None)
    return GivenPlace(place, is_hit=False, is_span=end is not None)
