"""What the store knows of recordings besides their words: their files, and which sound of them is used."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from audio.recording.chapters import Chapter
from audio.recording.sound_choice import FIRST_SOUND, SoundChoice, read_sound
from index.language.tokens import SAID_FOR_SIGNS, find_token_runs, split_tokens
from index.storage.published_files import PublishedFiles
from index.storage.schema import RECORDINGS_TABLE
from index.storage.untrusted import CHAPTER_COLUMNS, check_row, check_types

_LETTERS = re.compile(r"[a-z0-9_]+")

_MAY_BE_NAMED = "(instr(lower(title), ?) OR length(CAST(title AS BLOB)) <> length(title))"
"""The condition for titles in which tokens may stand, whose argument is ``_letters_of`` these. Cutting a hundred
thousand titles into tokens takes a second, so those without the letters of a token are left out, where all of a title
is ASCII (as many bytes as letters before a zero byte)."""


def _letters_of(tokens: Sequence[str]) -> str:
    """Return letters that stand as they are in each ASCII title with these tokens: those of the longest one."""
    return max(filter(_LETTERS.fullmatch, {*tokens} - SAID_FOR_SIGNS), key=len, default="")


class RecordingFacts(PublishedFiles):
    """The part of a store that is about recordings."""

    def remember_file(self, path: str, size: int, modified: int, sha256: str) -> None:
        """Store the path, size (bytes) and modification time (ns) of an audio file with this hash."""
        with self.transaction():
            self._connection.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)", (path, size, modified, sha256))

    def remembered_hash(self, path: str, size: int, modified: int) -> str | None:
        """Return the SHA-256 stored for this path, size and modification time, None if there is none."""
        rows = self._rows("SELECT sha256 FROM files WHERE (path, size, modified) = (?, ?, ?)", path, size, modified)
        return next((row[0] for row in rows), None)

    def file_sizes(self) -> dict[str, int]:
        """Return the sizes in bytes of the recordings whose size is known, by their SHA-256."""
        sizes = dict(self._rows("SELECT sha256, size FROM files"))
        with self._damage_noticed("The list of files"):
            check_types(sizes.values(), int)
        return sizes

    def replace_recording(self, episode_id: str, media: str | None, sha256: str | None) -> None:
        """Store which file is the recording of an episode, in the place of any other; None is no longer any."""
        with self.transaction():
            self._connection.execute(
                "DELETE FROM files WHERE sha256 = (SELECT sha256 FROM episodes WHERE id = ?)", (episode_id,)
            )
            self._connection.execute(
                "UPDATE episodes SET media = ?, sha256 = ? WHERE id = ?", (media, sha256, episode_id)
            )

    def save_sound(self, episode_id: str, sound: SoundChoice) -> None:
        """Store which sound of its recording an episode is made from."""
        if sound != self.sound(episode_id):
            self._save(episode_id, "sound", json.dumps(asdict(sound)))

    def sound(self, episode_id: str) -> SoundChoice:
        """Return which sound of its recording an episode is made from."""
        sound = self._fact(episode_id, "sound")
        with self._damage_noticed(f"The sound of {episode_id}"):
            return read_sound(**json.loads(sound)) if sound is not None else FIRST_SOUND

    def save_number(self, episode_id: str, number: str | None) -> None:
        """Store the number of an episode in its show."""
        if number is not None:
            self._save(episode_id, "number", number)

    def numbers(self) -> dict[str, str]:
        """Return the numbers of the episodes that have one, by episode id."""
        if self._version() < RECORDINGS_TABLE:
            return {}
        rows = dict(self._rows("SELECT episode, number FROM recordings WHERE number IS NOT NULL"))
        with self._damage_noticed("The list of recordings"):
            check_types(rows.values(), str)
        return rows

    def save_chapters(self, episode_id: str, chapters: Iterable[Chapter]) -> None:
        """Replace the chapters of an episode."""
        with self.transaction():
            self._connection.execute("DELETE FROM chapters WHERE episode = ?", (episode_id,))
            self._connection.executemany(
                "INSERT INTO chapters VALUES (?, ?, ?, ?)",
                ((episode_id, number, one.start, one.title) for number, one in enumerate(chapters)),
            )

    def chapters(self, episode_id: str) -> list[Chapter]:
        """Return the chapters of an episode, in order."""
        return self._chapters("WHERE episode = ?", episode_id).get(episode_id, [])

    def all_chapters(self) -> dict[str, list[Chapter]]:
        """Return the chapters of the episodes that have any, by episode id."""
        return self._chapters("")

    def chapters_named(self, tokens: Sequence[str]) -> dict[str, list[Chapter]]:
        """Return the chapters in whose titles these tokens stand in a row, by episode id."""
        likely = self._chapters(f"WHERE {_MAY_BE_NAMED}", _letters_of(tokens))
        named = {
            episode: [chapter for chapter in chapters if find_token_runs(split_tokens(chapter.title), tokens)]
            for episode, chapters in likely.items()
        }
        return {episode: chapters for episode, chapters in named.items() if chapters}

    def titled_episodes(self, tokens: Sequence[str]) -> list[str]:
        """Return the ids of the episodes in whose titles these tokens stand in a row."""
        likely = list(self._rows(f"SELECT id, title FROM episodes WHERE {_MAY_BE_NAMED}", _letters_of(tokens)))
        with self._damage_noticed("The list of titles"):
            check_types([text for row in likely for text in row], str)
        return [episode for episode, title in likely if find_token_runs(split_tokens(title), tokens)]

    def _chapters(self, condition: str, *arguments: object) -> dict[str, list[Chapter]]:
        found: dict[str, list[Chapter]] = {}
        if self._version() < RECORDINGS_TABLE:
            return found
        rows = self._rows(
            f"SELECT episode, start, title FROM chapters {condition} ORDER BY episode, number", *arguments
        )
        with self._damage_noticed("The list of chapters"):
            for episode_id, start, title in rows:
                check_types((episode_id,), str)
                check_row((start, title), CHAPTER_COLUMNS)
                found.setdefault(episode_id, []).append(Chapter(start, title))
        return found

    def _save(self, episode_id: str, column: str, value: str | None) -> None:
        with self.transaction():
            self._connection.execute(
                f"INSERT INTO recordings (episode, {column}) VALUES (?, ?)"
                f" ON CONFLICT (episode) DO UPDATE SET {column} = excluded.{column}",
                (episode_id, value),
            )

    def _fact(self, episode_id: str, column: str) -> str | None:
        if self._version() < RECORDINGS_TABLE:
            return None  # a library of an earlier version, opened read-only
        row = next(self._rows(f"SELECT {column} FROM recordings WHERE episode = ?", episode_id), (None,))
        value: str | None = row[0]
        return value
