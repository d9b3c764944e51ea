"""Find what publishers write: the titles, the chapters and the notes of episodes, transcribed or not.

A query of conditions alone, one of which asks for a title, a chapter or notes, finds *places* that are not speech. Of
each episode these are its chapters that a filter by chapter fits, where the whole query is satisfied in this chapter;
and, where the whole query is satisfied outside of all chapters, its title if a filter by title fits, else its notes if
one by notes does. Filters that are excluded find nothing. By speaker, an episode satisfies who speaks anywhere in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from audio.recording.chapters import Chapter
from index.fulltext.maintenance import OpenIndex
from index.query.dates import lies_between
from index.query.tree import AllOf, AnyOf, Filter, Query, describing_filters, parts_of
from index.search.resolver import is_named
from index.search.searcher import Sort
from index.transcript import Episode

DescriptionKind = Literal["title", "chapter", "notes"]

SCORES: dict[DescriptionKind, float] = {"title": 3.0, "chapter": 2.0, "notes": 1.0}
"""A title says best what an episode is about; notes name much that is only mentioned."""


@dataclass(frozen=True, slots=True)
class Description:
    """A title, a chapter or notes of an episode; ``chapter`` if it is one."""

    episode: Episode
    kind: DescriptionKind
    chapter: Chapter | None = None

    @property
    def start(self) -> float:
        """Seconds from the recording's start."""
        return self.chapter.start if self.chapter else 0.0


def find_descriptions(query: Query, index: OpenIndex, sort: Sort = "score") -> list[Description]:
    """Return all places of a query that asks for what publishers write, in order; undated episodes are the last."""
    with index.store.snapshot():
        found = list(_Finder(query, index).find())
    found.sort(key=lambda one: (one.episode.id, one.start))
    if sort == "time":
        found.sort(key=lambda one: (one.episode.published is None, one.episode.published or ""))
    else:
        found.sort(key=lambda one: one.episode.published or "", reverse=True)
    if sort == "score":
        found.sort(key=lambda one: -SCORES[one.kind])
    return found


@dataclass(frozen=True, slots=True)
class _EpisodePart:
    """An episode, and the chapter of it in which a query may be satisfied; None is outside of all."""

    episode: Episode
    language: str | None
    chapter: Chapter | None = None


class _Finder:
    """One query against one library."""

    def __init__(self, query: Query, index: OpenIndex) -> None:
        self._query = query
        self._asked = list(dict.fromkeys(describing_filters(query)))
        self._store = index.store
        filters = {part for part in parts_of(query) if isinstance(part, Filter)}
        values: dict[str, set[tuple[str, ...]]] = defaultdict(set)
        for one in filters:
            values[one.field].add(one.values)
        self._noted = {tokens: {*self._store.noted_episodes(tokens)} for tokens in values["notes"]}
        self._chapters = {tokens: self._store.chapters_named(tokens) for tokens in values["chapter"]}
        self._speakers: dict[str, list[str]] = {}
        if values["speaker"]:
            owners = self._store.transcripts()
            named = index.lexicon.speakers().items()
            self._speakers = {owners[number]: names for number, names in named if number in owners}
        self._fits: dict[str, Callable[[_EpisodePart, tuple[str, ...]], bool]] = {
            "show": lambda unit, tokens: is_named(unit.episode.show, tokens),
            "title": lambda unit, tokens: is_named(unit.episode.title, tokens),
            "chapter": lambda unit, tokens: is_named(unit.chapter.title if unit.chapter else None, tokens),
            "notes": lambda unit, tokens: unit.episode.id in self._noted[tokens],
            "speaker": lambda unit, tokens: any(is_named(n, tokens) for n in self._speakers.get(unit.episode.id, ())),
            "episode": self._is_episode,
            "lang": lambda unit, code: unit.language == code[0],
            "date": lambda unit, days: (
                unit.episode.published is not None and lies_between(unit.episode.published, *days)
            ),
        }

    def find(self) -> Iterator[Description]:
        """Yield all places."""
        for episode, language, *_ in self._store.listed(self._likely()):
            for chapter in self._chapters_asked_for(episode):
                if self._satisfies(self._query, _EpisodePart(episode, language, chapter)):
                    yield Description(episode, "chapter", chapter)
            unit = _EpisodePart(episode, language)
            if self._satisfies(self._query, unit):
                fitting = {one.field for one in self._asked if self._satisfies(one, unit)}
                if fitting:
                    yield Description(episode, "title" if "title" in fitting else "notes")

    def _likely(self) -> set[str]:
        """Return the ids of the episodes of which a title, a chapter or notes fit a filter: no other has a place."""
        found: set[str] = set()
        for one in self._asked:
            if one.field == "title":
                found.update(self._store.titled_episodes(one.values))
            else:
                found.update(self._chapters[one.values] if one.field == "chapter" else self._noted[one.values])
        return found

    def _chapters_asked_for(self, episode: Episode) -> list[Chapter]:
        """Return the chapters of an episode that some filter by chapter fits, which is not excluded."""
        asked = [self._chapters[one.values].get(episode.id, ()) for one in self._asked if one.field == "chapter"]
        return list(dict.fromkeys(chapter for chapters in asked for chapter in chapters))

    def _satisfies(self, condition: Query, unit: _EpisodePart) -> bool:
        match condition:
            case AllOf(children, excluded):
                return all(self._satisfies(child, unit) for child in children) and not any(
                    self._satisfies(child, unit) for child in excluded
                )
            case AnyOf(children):
                return any(self._satisfies(child, unit) for child in children)
            case Filter(field, values):
                return self._fits[field](unit, values)
            case _:
                raise ValueError(f"{condition} is not a condition")

    def _is_episode(self, unit: _EpisodePart, values: tuple[str, ...]) -> bool:
        """Whether an episode has this id or, where no other has, one that begins with it."""
        asked = values[0]
        return unit.episode.id == asked or (unit.episode.id.startswith(asked) and self._store.episode(asked) is None)
