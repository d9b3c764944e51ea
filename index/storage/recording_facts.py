"""What the store knows of recordings besides their words: their files, and which sound of them is used."""

from __future__ import annotations

import json
from dataclasses import asdict

from audio.recording.sound_choice import FIRST_SOUND, SoundChoice, read_sound
from index.storage.schema import RECORDINGS_TABLE
from index.storage.transcript_reader import TranscriptReader


class RecordingFacts(TranscriptReader):
    """The part of a store that is about recordings."""

    def remember_file(self, path: str, size: int, modified: int, sha256: str) -> None:
        """Store the path, size (bytes) and modification time (ns) of an audio file with this hash."""
        with self.transaction():
            self._connection.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)", (path, size, modified, sha256))

    def remembered_hash(self, path: str, size: int, modified: int) -> str | None:
        """Return the SHA-256 stored for this path, size and modification time, None if there is none."""
        rows = self._rows("SELECT sha256 FROM files WHERE (path, size, modified) = (?, ?, ?)", path, size, modified)
        return next((row[0] for row in rows), None)

    def save_sound(self, episode_id: str, sound: SoundChoice) -> None:
        """Store which sound of its recording an episode is made from."""
        if sound != self.sound(episode_id):
            self._save(episode_id, "sound", json.dumps(asdict(sound)))

    def sound(self, episode_id: str) -> SoundChoice:
        """Return which sound of its recording an episode is made from."""
        sound = self._fact(episode_id, "sound")
        with self._damage_noticed(f"The sound of {episode_id}"):
            return read_sound(**json.loads(sound)) if sound is not None else FIRST_SOUND

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
