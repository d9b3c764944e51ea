"""What publishers write of episodes, as values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from index.notes import Person
from pipeline.answers import Place


@dataclass(frozen=True, slots=True)
class NumberedPlace:
    """A chapter or a soundbite of an episode: ``n`` is its number for ``Library.hit``, ``title`` None if it has none.

    A chapter ends where the next one begins, the last one with the episode.
    """

    n: int
    start: float
    end: float
    title: str | None


@dataclass(frozen=True, slots=True)
class EpisodeDescription:
    """What the publisher writes of an episode: ``text`` are its notes in lines, ``page`` is its address on the web.

    ``published`` is YYYY-MM-DD, YYYY-MM or YYYY. ``chapter_places`` may be from the recording's tags; ``soundbites``
    are passages that the publisher recommends. What is not known is None or empty.
    """

    episode: str
    title: str
    show: str | None
    published: str | None
    season: str | None
    number: str | None
    page: str | None
    people: tuple[Person, ...]
    text: str
    chapter_places: tuple[NumberedPlace, ...]
    soundbites: tuple[NumberedPlace, ...]


@dataclass(frozen=True, slots=True)
class DescribedEpisodes:
    """What publishers write of some episodes. ``kept`` is whether the numbers of places were saved, as in a search."""

    episodes: tuple[EpisodeDescription, ...]
    kept: bool = False

    @property
    def places(self) -> list[Place]:
        """The places of chapters and soundbites, in the order of their numbers."""
        return [
            Place(one.episode, at.start, at.end)
            for one in self.episodes
            for at in (*one.chapter_places, *one.soundbites)
        ]


def name_people(people: Iterable[Person]) -> str:
    """Return the names of people with their roles."""
    return ", ".join(f"{person.name} ({person.role})" for person in people)
