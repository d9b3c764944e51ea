"""What the store knows of recordings besides their words: their files, and which sound of them is used."""

from __future__ import annotations

import json
from dataclasses import asdict

from audio.recording.sound_choice import FIRST_SOUND, SoundChoice, read_sound
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
        if sound == self.sound(episode_id):
            return
        with self.transaction():
            choice = json.dumps(asdict(sound))
            self._connection.execute("INSERT OR REPLACE INTO sounds VALUES (?, ?)", (episode_id, choice))

    def sound(self, episode_id: str) -> SoundChoice:
        """Return which sound of its recording an episode is made from."""
        if not self.has_table("sounds"):
            return FIRST_SOUND
        row = next(self._rows("SELECT choice FROM sounds WHERE episode = ?", episode_id), None)
        with self._damage_noticed(f"The row of the sound of {episode_id}"):
            return read_sound(**json.loads(row[0])) if row else FIRST_SOUND

    def has_table(self, name: str) -> bool:
        """Whether there is a table: a library of an earlier version that cannot be written lacks some."""
        return bool(next(self._rows("SELECT count(*) FROM sqlite_master WHERE name = ?", name))[0])
