"""What the store knows of what publishers say of their episodes, besides their words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple
from typing import Any

from audio.recording.chapters import Chapter
from index.errors import LibraryError
from index.language.tokens import split_tokens
from index.notes import EpisodeNotes, Person, Soundbite
from index.storage.recording_facts import RecordingFacts
from index.storage.schema import SHOWS_TABLES
from index.storage.untrusted import (
    CHAPTER_COLUMNS,
    NOTES_COLUMNS,
    PERSON_COLUMNS,
    SOUNDBITE_COLUMNS,
    Columns,
    check_row,
    check_types,
)


class PublisherFacts(RecordingFacts):
    """The part of a store that is about what publishers say of their episodes."""

    def save_notes(self, episode_id: str, notes: EpisodeNotes) -> None:
        """Replace what the publisher says of an episode."""
        content = json.dumps(astuple(notes), ensure_ascii=False)
        with self.transaction():
            self._connection.execute(
                "INSERT OR REPLACE INTO episode_notes VALUES (?, ?, ?)", (episode_id, searched_words(notes), content)
            )

    def notes(self, episode_id: str) -> EpisodeNotes | None:
        """Return what the publisher says of an episode, None if nothing is known."""
        if self._version() < SHOWS_TABLES:
            return None  # a library of an earlier version, opened read-only
        rows = self._rows("SELECT content FROM episode_notes WHERE episode = ?", episode_id)
        with self._damage_noticed(f"The notes of {episode_id}"):
            return next((_read_notes(json.loads(content)) for (content,) in rows), None)

    def faults_of_notes(self) -> Iterator[str]:
        """Yield what is wrong with notes that cannot be read, one message each."""
        if self._version() < SHOWS_TABLES:
            return
        for (episode_id,) in self._rows("SELECT episode FROM episode_notes ORDER BY episode"):
            try:
                self.notes(episode_id)
            except LibraryError as error:
                yield str(error)

    def people(self) -> dict[str, tuple[Person, ...]]:
        """Return the people of the episodes whose publishers name any, by episode id."""
        if self._version() < SHOWS_TABLES:
            return {}
        rows = self._rows(
            "SELECT episode, json_extract(content, '$[1]') FROM episode_notes"
            " WHERE json_array_length(content, '$[1]') > 0"
        )
        with self._damage_noticed("The list of people"):
            return {episode_id: _read_people(json.loads(people)) for episode_id, people in rows}

    def noted_episodes(self, tokens: Sequence[str]) -> list[str]:
        """Return the ids of the episodes in whose notes these tokens stand in a row."""
        if self._version() < SHOWS_TABLES:
            return []
        rows = self._rows("SELECT episode FROM episode_notes WHERE instr(words, ?)", f" {' '.join(tokens)} ")
        found = [row[0] for row in rows]
        with self._damage_noticed("The list of notes"):
            check_types(found, str)
        return found


def searched_words(notes: EpisodeNotes) -> str:
    """Return the tokens of notes as they are searched: between spaces, each part of the notes on a line."""
    titles = [bite.title for bite in notes.soundbites if bite.title]
    parts = (notes.notes, *(person.name for person in notes.people), *titles)
    return "\n".join(f" {' '.join(split_tokens(part))} " for part in parts)


def _read_notes(content: Sequence[Any]) -> EpisodeNotes:
    check_row(content, NOTES_COLUMNS)
    notes, people, soundbites, chapters, page, season = content
    return EpisodeNotes(
        notes,
        _read_people(people),
        tuple(Soundbite(*row) for row in _checked(soundbites, SOUNDBITE_COLUMNS)),
        tuple(Chapter(*row) for row in _checked(chapters, CHAPTER_COLUMNS)),
        page,
        season,
    )


def _read_people(rows: Sequence[Sequence[str]]) -> tuple[Person, ...]:
    return tuple(Person(*row) for row in _checked(rows, PERSON_COLUMNS))


def _checked(rows: Iterable[Sequence[Any]], columns: Columns) -> Iterator[Sequence[Any]]:
    for row in rows:
        check_row(row, columns)
        yield row
