"""``airquote play`` and ``airquote clip``: let me hear it."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audio.errors import PlayerError, UsageError, choose_player, correct_input
from audio.timecode import format_time, parse_time
from pipeline.answers import Place
from pipeline.cli.options import (
    EndArgument,
    JsonOption,
    LibraryOption,
    PlaceArgument,
    StartArgument,
    hit_number,
    settings_from,
)
from pipeline.cli.printing import print_json, print_line, say

if TYPE_CHECKING:
    from pipeline.library import Library

_PLAY_SECONDS = 30.0
_AFTER_HIT = 1.0
"""Seconds played behind the words of a hit: recognisers often end a word early."""


@dataclass(frozen=True, slots=True)
class Played:
    """What ``play`` played, and with what program."""

    episode: str
    start: float
    end: float
    player: str


@dataclass(frozen=True, slots=True)
class Clipped:
    """The file that ``clip`` wrote, in the episode's own rate (Hz) and channels."""

    episode: str
    start: float
    end: float
    file: str
    rate: int
    channels: int


def play(
    episode: PlaceArgument,
    time: Annotated[
        str | None, typer.Argument(metavar="TIME", help="75, 1:15, 1:02:33.4 or 1h2m33s.", show_default=False)
    ] = None,
    seconds: Annotated[
        float | None,
        typer.Option("--for", min=0.1, help="How many seconds to play.", show_default="30; a hit: its words"),
    ] = None,
    lead: Annotated[float, typer.Option(min=0, help="Seconds to begin earlier.")] = 0.0,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Play an episode from a time on, or a hit of the last search."""
    from audio.clip import fade
    from audio.encode import write_clip
    from audio.player import find_player, play_command, play_file
    from pipeline.library import Library

    settings = settings_from(library=library)
    with Library.open(settings.library) as opened:
        if time is not None:
            start = parse_time(time)
            place = Place(opened.store.resolve_episode(episode).id, start, start + _PLAY_SECONDS)
        else:
            hit = _hit(opened, episode, "airquote play EPISODE TIME")
            place = Place(hit.episode, hit.start, hit.end + _AFTER_HIT)
        end = place.start + seconds if seconds is not None else place.end
        place = Place(place.episode, max(0.0, place.start - lead), end)
        clip = opened.cut(place)
        player = find_player()
        if player is None:
            media = opened.media(opened.store.resolve_episode(place.episode))
            raise PlayerError(
                "No program here plays sound (mpv, ffplay, VLC, afplay, ...).",
                choose_player(
                    f"Install one, or write the sound to a file with airquote clip. With mpv this would play it:\n"
                    f"    {play_command(None, media, place.start)}"
                ),
            )
    place = Place(place.episode, place.start, round(place.start + clip.duration, 3))
    say(f"{place.episode} {format_time(place.start)} to {format_time(place.end)}, with {player.name} (Ctrl-C stops)")
    with tempfile.TemporaryDirectory(prefix="airquote-") as folder:
        cut = Path(folder, "sound.wav")
        write_clip(fade(clip), cut)
        try:
            play_file(cut, player)
        except KeyboardInterrupt:
            raise typer.Exit(130) from None
    if as_json:
        print_json([Played(place.episode, place.start, place.end, player.name)])


def clip(
    episode: PlaceArgument,
    start: StartArgument = None,
    end: EndArgument = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", help="The file to write: .wav, .mp3, .m4a, .ogg, .opus or .flac.", show_default=False
        ),
    ] = None,
    pad: Annotated[
        float | None,
        typer.Option(min=0, help="Seconds to add on both sides.", show_default="0; a hit: 0.25"),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file if it exists.")] = False,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a span of an episode, or a hit of the last search, to a sound file."""
    from audio.clip import fade
    from audio.encode import write_clip
    from pipeline.library import Library

    if output is None:
        raise UsageError("Where to?", correct_input("Name the file to write with -o, such as -o quote.mp3"))
    settings = settings_from(library=library)
    with Library.open(settings.library) as opened:
        opened.check_target(output)
        if start is not None:
            if end is None:
                raise UsageError("Until when?", correct_input("Write: airquote clip EPISODE START END -o FILE"))
            named = opened.store.resolve_episode(episode)
            place, padding = Place(named.id, parse_time(start), parse_time(end)), 0.0
            opened.check_time(named, place.end)
        else:
            place, padding = _hit(opened, episode, "airquote clip EPISODE START END -o FILE"), 0.25
        padding = padding if pad is None else pad
        sound = opened.cut(Place(place.episode, max(0.0, place.start - padding), place.end + padding))
    write_clip(fade(sound), output, overwrite=overwrite)
    begin = round(max(0.0, place.start - padding), 3)
    written = Clipped(place.episode, begin, round(begin + sound.duration, 3), str(output), sound.rate, sound.channels)
    if as_json:
        print_json([written])
    else:
        print_line(f"{output}: {written.episode} {format_time(begin)} to {format_time(written.end)}")


def _hit(library: Library, name: str, usage: str) -> Place:
    number = hit_number(name)
    if number is None:
        raise UsageError(f"From what time in {name}?", correct_input(f"Write: {usage}"), where=name)
    return library.hit(number)
