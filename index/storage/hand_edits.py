"""What a person has set of episodes: fields that nothing else replaces, and names of speakers; and other ids."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping

from index.storage.episode_notes import PublisherFacts
from index.storage.schema import OF_EPISODES, OF_TRANSCRIPTS
from index.storage.untrusted import check_types


class HandEdits(PublisherFacts):
    """The part of a store that is about what was edited by hand."""

    def edited_fields(self, episode_id: str) -> frozenset[str]:
        """Return the fields of an episode that a person has set."""
        if not self._has_edits:
            return frozenset()
        return frozenset(row[0] for row in self._rows("SELECT field FROM edited_fields WHERE episode = ?", episode_id))

    def record_edits(self, episode_id: str, fields: Iterable[str]) -> None:
        """Record that a person has set these fields of an episode."""
        with self.transaction():
            self._connection.executemany(
                "INSERT OR IGNORE INTO edited_fields VALUES (?, ?)", ((episode_id, field) for field in fields)
            )

    def save_address(self, episode_id: str, address: str | None) -> None:
        """Store the address of an episode."""
        with self.transaction():
            self._connection.execute("UPDATE episodes SET address = ? WHERE id = ?", (address, episode_id))

    def save_language(self, episode_id: str, language: str) -> None:
        """Store the language of an episode's transcript, under a new number, by which the index reads it again."""
        with self.transaction():
            self._connection.execute("UPDATE transcripts SET language = ? WHERE episode = ?", (language, episode_id))
            self._renumber_transcript(episode_id)

    def _renumber_transcript(self, episode_id: str) -> None:
        self._connection.execute("PRAGMA defer_foreign_keys = ON")
        for (old,) in self._rows("SELECT number FROM transcripts WHERE episode = ?", episode_id):
            new = secrets.randbits(62)
            self._connection.execute("UPDATE transcripts SET number = ? WHERE number = ?", (new, old))
            for table in OF_TRANSCRIPTS:
                self._connection.execute(f"UPDATE {table} SET transcript = ? WHERE transcript = ?", (new, old))

    def rename_episode(self, old: str, new: str) -> None:
        """Give an episode another id, which no other may have."""
        with self.transaction():
            self._connection.execute("PRAGMA defer_foreign_keys = ON")
            self._connection.execute("UPDATE episodes SET id = ? WHERE id = ?", (new, old))
            for table in OF_EPISODES:
                self._connection.execute(f"UPDATE {table} SET episode = ? WHERE episode = ?", (new, old))

    def speaker_labels(self, episode_id: str) -> list[str]:
        """Return the labels of the speakers in the transcript of an episode, in the order in which they first speak."""
        rows = self._rows(
            "SELECT s.speaker FROM transcripts t JOIN segments s ON s.transcript = t.number"
            " WHERE t.episode = ? AND s.speaker IS NOT NULL GROUP BY s.speaker ORDER BY min(s.first)",
            episode_id,
        )
        labels = [row[0] for row in rows]
        with self._damage_noticed("The list of speakers"):
            check_types(labels, str)
        return labels

    def name_speakers(self, episode_id: str, names: Mapping[str, str]) -> None:
        """Give speakers of an episode names, by their labels; a name that is the label takes an earlier one back."""
        with self.transaction():
            for label, name in names.items():
                self._connection.execute(
                    "DELETE FROM speaker_names WHERE (episode, label) = (?, ?)", (episode_id, label)
                )
                if name != label:
                    self._connection.execute("INSERT INTO speaker_names VALUES (?, ?, ?)", (episode_id, label, name))

    def named_speakers(self) -> dict[str, tuple[str, ...]]:
        """Return the names that a person gave the speakers of episodes, by episode id, in the order of the labels."""
        if not self._has_edits:
            return {}
        named: dict[str, dict[str, None]] = {}
        with self._damage_noticed("The list of speakers"):
            for episode_id, name in self._rows("SELECT episode, name FROM speaker_names ORDER BY episode, label"):
                check_types((name,), str)
                named.setdefault(episode_id, {})[name] = None
        return {episode_id: tuple(names) for episode_id, names in named.items()}

    def edited_speakers(self) -> dict[int, str]:
        """Return a text for each transcript whose speakers were named by hand, by number, that differs when they do."""
        if not self._has_edits:
            return {}
        rows = self._rows(
            "SELECT t.number, (SELECT group_concat(label || char(10) || name, char(10)) FROM"
            " (SELECT label, name FROM speaker_names n WHERE n.episode = t.episode ORDER BY label))"
            " FROM transcripts t JOIN edited_fields e ON e.episode = t.episode"
            " WHERE e.field = 'speakers' ORDER BY t.number"
        )
        return {number: str(names or "") for number, names in rows}
