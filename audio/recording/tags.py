"""Read the tags of a recording through FFmpeg: title, show, date, number in the show, and chapters.

FFmpeg names the tags of all containers alike (ID3, MP4, Vorbis comments, Matroska, APE, ASF) and reads chapters from
each; bytes that are not in the encoding that a tag states are replaced.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import av
from av.audio.stream import AudioStream
from av.container import InputContainer

from audio.headers import LONGEST
from audio.recording.chapters import Chapter
from audio.recording.tag_dates import read_date

LONGEST_TAG = 500
"""Characters: titles are printed and searched; a longer one is damaged, or not a title."""

MOST_CHAPTERS = 1000
"""An audio book of 40 hours has 200; more are not chapters, such as one for each line of a transcript."""

EARLIEST = {"mov,mp4,m4a,3gp,3g2,mj2"}
"""Containers that state themselves what is shown at zero, by edit lists; of the others players show the earliest time
stamp of any track as zero (mpv, --rebase-start-time; VLC)."""

CLOCKED = {"matroska,webm", "nut", "asf"}
"""Containers whose chapters are on the file's own clock; those in ID3 tags and Vorbis comments count from the start."""

# Names of tags in FFmpeg, in the order of preference. Podcasts use the album, or else the artist, for the show.
SHOW = ("album", "show", "podcast", "artist", "album_artist", "author")
DATE = ("date_released", "tdrl", "releasedate", "date", "tdrc", "year", "tyer", "com.apple.quicktime.creationdate")
NUMBER = ("episode_sort", "episode", "episodenumber", "podcast_episode", "part_number", "track", "tracknumber")

_NUMBER = re.compile(r"\s*0*([0-9]{1,6})\s*(?:/.*)?", re.ASCII | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Tags:
    """What the tags of a recording say, None where they say nothing.

    ``published`` is YYYY-MM-DD, or YYYY-MM or YYYY where no more is known; ``number`` that in the show. ``chapters``
    are in order, with times on the clock that players show.
    """

    title: str | None = None
    show: str | None = None
    published: str | None = None
    number: str | None = None
    chapters: tuple[Chapter, ...] = ()


def read_tags(container: InputContainer, stream: AudioStream) -> Tags:
    """Return the tags of an open file. Of its tracks only those of Ogg count, which has no others."""
    of_track = stream.metadata if container.format.name == "ogg" else {}
    tags = {key.lower(): value for key, value in (*of_track.items(), *container.metadata.items())}
    numbers = (_NUMBER.fullmatch(tags.get(name, "")) for name in NUMBER)
    return Tags(
        title=_first_text(tags, "title"),
        show=_first_text(tags, *SHOW),
        published=next(filter(None, (read_date(tags.get(name, "")[:LONGEST_TAG]) for name in DATE)), None),
        number=next((found[1] for found in numbers if found and found[1] != "0"), None),
        chapters=_read_chapters(container),
    )


def zero_of(container: InputContainer) -> float:
    """Return the time on the file's own clock, in seconds, that players show as zero."""
    return 0.0 if container.format.name in EARLIEST else (container.start_time or 0) / av.time_base


def _first_text(tags: Mapping[str, str], *names: str) -> str | None:
    return next(filter(None, (clean_tag(tags.get(name, "")) for name in names)), None)


def clean_tag(text: str) -> str | None:
    """Return a tag on one line, at most LONGEST_TAG characters long; None if there is nothing to read in it."""
    value = " ".join(text[:LONGEST_TAG].split())
    readable = any(character.isprintable() and character not in "\N{REPLACEMENT CHARACTER} " for character in value)
    return value if readable else None


def _read_chapters(container: InputContainer) -> tuple[Chapter, ...]:
    zero = zero_of(container) if container.format.name in CLOCKED else 0.0
    starts: dict[float, str] = {}
    for number, chapter in enumerate(container.chapters()[:MOST_CHAPTERS], start=1):
        base: Fraction | None = chapter["time_base"]
        start = float(chapter["start"] * base) - zero if base else 0.0
        metadata = {key.lower(): value for key, value in chapter["metadata"].items()}
        if start <= LONGEST:
            starts.setdefault(round(max(0.0, start), 3), clean_tag(metadata.get("title", "")) or f"Chapter {number}")
    return tuple(Chapter(start, starts[start]) for start in sorted(starts))
