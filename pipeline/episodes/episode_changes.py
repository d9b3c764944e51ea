"""What is changed about episodes, and what came of it, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class EpisodeChanges:
    """What to change about episodes: None leaves it as it is, and an empty text takes it away.

    ``date`` is YYYY-MM-DD, YYYY-MM or YYYY, ``address`` an http(s) address at which others can hear the episode,
    ``language`` a code or an English name, by which words are searched in their inflections.
    ``speakers`` are new names by the present ones, by the labels in the transcript (SPEAKER_00), or by their numbers in
    the order in which they first speak; an empty name gives the label back.
    """

    id: str | None = None
    title: str | None = None
    show: str | None = None
    date: str | None = None
    address: str | None = None
    language: str | None = None
    speakers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field of an episode that was changed, with its values; ``speaker`` is that of one of its speakers."""

    field: Literal["id", "title", "show", "date", "address", "language", "speaker"]
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class EditedEpisode:
    """An episode after an edit, and what was changed; ``speakers`` are in the order in which they first speak."""

    episode: str
    title: str
    show: str | None
    published: str | None
    address: str | None
    language: str | None
    speakers: tuple[str, ...]
    changes: tuple[FieldChange, ...]


Whereabouts = Literal["found", "missing", "changed", "ambiguous"]


@dataclass(frozen=True, slots=True)
class RelinkedEpisode:
    """An episode whose recording is not where it was.

    ``moved_from`` is the path at which it was, ``media`` that at which it is now, None where it is missing, changed
    (another file is at its path) or ambiguous: there are several copies (``candidates``), none of which has the name
    that it had.
    """

    episode: str
    title: str
    whereabouts: Whereabouts
    moved_from: str
    media: str | None
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Relinked:
    """The episodes whose recordings are not where they were, and how many are; ``folders`` are where was looked, in
    ``files`` recordings, of which ``hashed`` were read."""

    episodes: tuple[RelinkedEpisode, ...]
    in_place: int
    folders: tuple[str, ...]
    files: int
    hashed: int
