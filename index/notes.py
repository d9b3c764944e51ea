"""What the publisher of an episode says of it besides its words: notes, people, recommended passages, its page."""

from __future__ import annotations

from dataclasses import dataclass

from audio.recording.chapters import Chapter


@dataclass(frozen=True, slots=True)
class Person:
    """A person of an episode or a show; ``role`` in lower case, host if the feed states none."""

    name: str
    role: str = "host"


@dataclass(frozen=True, slots=True)
class Soundbite:
    """A passage that the publisher recommends."""

    start: float
    duration: float
    title: str | None = None


@dataclass(frozen=True, slots=True)
class EpisodeNotes:
    """What the publisher says of an episode. ``notes`` is plain text in lines, ``page`` the episode's web page.

    ``soundbites`` and ``chapters`` count from what players show as the start of the recording.
    """

    notes: str = ""
    people: tuple[Person, ...] = ()
    soundbites: tuple[Soundbite, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    page: str | None = None
    season: str | None = None
