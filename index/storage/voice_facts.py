"""What the store knows of voices: who speaks when, what each voice sounds like, and the profiles of people."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from index.errors import RESTORE_OR_CHOOSE_OTHER_LIBRARY
from index.storage.drafts import VOICES_PART
from index.storage.hand_edits import HandEdits
from index.storage.schema import DEFAULTS_TABLE, VOICES_TABLES
from index.storage.untrusted import FINDING_COLUMNS, PROFILE_COLUMNS, VOICE_COLUMNS, check_cover, check_row, check_types
from index.transcript import Segment

if TYPE_CHECKING:  # NumPy is loaded only by what reads or writes voices
    from audio.voices.voice_turns import Diarization, Vector, Voice


@dataclass(frozen=True, slots=True, eq=False)
class ProfileVoice:
    """What a person sounds like in one episode: the vector of the voice that was named so there."""

    name: str
    episode: str
    number: int
    seconds: float
    vector: Vector


class VoiceFacts(HandEdits):
    """The part of a store that is about voices."""

    vectors_wanted = True
    """Whether the user's settings let the store keep what voices sound like."""

    # Who speaks when

    def save_voices(self, episode_id: str, diarization: Diarization, settings: str) -> None:
        """Replace who speaks when in an episode, found with these ``settings``; changes by hand cannot be undone then.

        ``settings`` is a canonical JSON object of everything that shaped it.
        """
        from index.storage.codecs.turn_codec import encode_turns

        with self.transaction():
            self.forget_voices(episode_id)
            packed = encode_turns(diarization.turns)
            self._connection.execute("INSERT INTO voice_findings VALUES (?, ?, ?)", (episode_id, settings, packed))
            self._insert_voices(episode_id, diarization.voices)

    def change_voices(self, episode_id: str, diarization: Diarization, settings: str | None = None) -> None:
        """Replace who speaks when in an episode by a change that can be undone; None leaves the settings."""
        from index.storage.codecs.turn_codec import encode_turns

        with self.transaction():
            self._connection.execute(
                "UPDATE voice_findings SET turns = ?, settings = coalesce(?, settings) WHERE episode = ?",
                (encode_turns(diarization.turns), settings, episode_id),
            )
            self._connection.execute("DELETE FROM voices WHERE (episode, change) = (?, 0)", (episode_id,))
            self._insert_voices(episode_id, diarization.voices)

    def _insert_voices(self, episode_id: str, voices: Iterable[Voice]) -> None:
        from index.storage.codecs.turn_codec import encode_vector

        keep = self.keeps_vectors
        self._connection.executemany(
            "INSERT INTO voices VALUES (?, 0, ?, ?, ?)",
            ((episode_id, one.number, one.seconds, encode_vector(one.vector if keep else None)) for one in voices),
        )

    def voices_of(self, episode_id: str) -> Diarization | None:
        """Return who speaks when in an episode, None if that was never looked for."""
        found = self._finding(episode_id)
        if found is None:
            return None
        from audio.voices.voice_turns import Diarization
        from index.storage.codecs.turn_codec import decode_turns

        rows = self._rows(
            "SELECT number, seconds, vector FROM voices WHERE (episode, change) = (?, 0) ORDER BY number", episode_id
        )
        with self._damage_noticed(f"The list of the voices of {episode_id}"):
            voices, turns = tuple(map(_read_voice, rows)), decode_turns(found[1])
            if not {turn.voice for turn in turns} <= {voice.number for voice in voices}:
                raise ValueError("a turn is of a voice that is not listed")
            return Diarization(voices, turns)

    def voice_settings(self, episode_id: str) -> str | None:
        """Return the settings with which the voices of an episode were found, None if they were never looked for."""
        found = self._finding(episode_id)
        return None if found is None else found[0]

    def voice_seconds(self) -> dict[str, dict[int, float]]:
        """Return for how many seconds each voice speaks that is told by its sound, by episode id and number."""
        found: dict[str, dict[int, float]] = {}
        rows = self._rows("SELECT episode, number, seconds FROM voices WHERE change = 0") if self._has_voices else ()
        with self._damage_noticed("The list of voices"):
            for episode_id, number, seconds in rows:
                check_row((number, seconds, None), VOICE_COLUMNS)
                found.setdefault(episode_id, {})[number] = seconds
        return found

    def with_voices(self) -> list[str]:
        """Return the ids of the episodes in which voices were looked for, in order."""
        if not self._has_voices:
            return []
        return [row[0] for row in self._rows("SELECT episode FROM voice_findings ORDER BY episode")]

    def forget_voices(self, episode_id: str) -> None:
        """Delete who speaks when in an episode, and with it what could be undone; its profiles stay."""
        with self.transaction():
            self.forget_changes(episode_id)
            for table in ("voice_findings", "voices"):
                self._connection.execute(f"DELETE FROM {table} WHERE episode = ?", (episode_id,))

    def forget_changes(self, episode_id: str) -> None:
        """Delete what could be undone of the changes by hand to the voices of an episode."""
        if self._has_voices:
            with self.transaction():
                self._connection.execute("DELETE FROM voice_changes WHERE episode = ?", (episode_id,))
                for table in ("voices", "profile_voices"):
                    self._connection.execute(f"DELETE FROM {table} WHERE episode = ? AND change <> 0", (episode_id,))

    def replace_segments(self, episode_id: str, segments: Sequence[Segment]) -> None:
        """Replace the sentences of an episode's transcript, under a new number, by which the index reads it again.

        They have labels as their speakers, never names, and cover the same words.
        """
        with self.transaction():
            self._renumber_transcript(episode_id)
            for number, words in self._rows("SELECT number, words FROM transcripts WHERE episode = ?", episode_id):
                check_cover([(one.first, one.last) for one in segments], 0, words - 1)
                self._connection.execute("DELETE FROM segments WHERE transcript = ?", (number,))
                self._connection.executemany(
                    "INSERT INTO segments VALUES (?, ?, ?, ?, ?)",
                    ((number, one.first, one.last, one.speaker, json.dumps(one.flags)) for one in segments),
                )

    # Profiles

    def add_profile_voice(self, name: str, episode_id: str, number: int, seconds: float, vector: Vector) -> None:
        """Store what a person sounds like in an episode, the voice with this number there, if that may be stored."""
        from index.storage.codecs.turn_codec import encode_vector

        with self.transaction():
            if not self.keeps_vectors:
                return
            self._connection.execute(
                "INSERT OR REPLACE INTO profile_voices VALUES (?, ?, 0, ?, ?, ?)",
                (name, episode_id, number, seconds, encode_vector(vector)),
            )

    def remove_profile_voice(self, episode_id: str, number: int) -> None:
        """Delete what a voice of an episode says of how somebody sounds: it is not named so any more."""
        with self.transaction():
            self._connection.execute(
                "DELETE FROM profile_voices WHERE (episode, change, number) = (?, 0, ?)", (episode_id, number)
            )

    def profiles(self) -> list[ProfileVoice]:
        """Return what people sound like, by name, episode and number: one value for each voice that was named."""
        if not self._has_voices:
            return []
        rows = self._rows(
            "SELECT name, episode, number, seconds, vector FROM profile_voices WHERE change = 0"
            " ORDER BY name, episode, number"
        )
        with self._damage_noticed("The list of profiles", RESTORE_OR_CHOOSE_OTHER_LIBRARY):
            return list(map(_read_profile, rows))

    def known_names(self) -> list[str]:
        """Return whose voices are stored: of profiles, also those that undoing brings back, and of voices named so."""
        if not self._has_voices:
            return []
        rows = self._rows(
            "SELECT name FROM profile_voices UNION SELECT speaker_names.name FROM speaker_names JOIN voices"
            " ON voices.episode = speaker_names.episode AND label = 'Voice ' || number WHERE vector IS NOT NULL"
        )
        names = [row[0] for row in rows]
        with self._damage_noticed("The list of profiles", RESTORE_OR_CHOOSE_OTHER_LIBRARY):
            check_types(names, str)
        return names

    def forget_profile(self, name: str) -> int:
        """Delete what a person sounds like, also what undoing changes would bring back; return in how many voices.

        The voices that are or were named so stay, without what they sound like.
        """
        named = (
            "WITH named AS (SELECT episode, number FROM profile_voices WHERE name = ?1 UNION SELECT voices.episode,"
            " number FROM speaker_names JOIN voices ON voices.episode = speaker_names.episode"
            " AND label = 'Voice ' || number WHERE name = ?1 AND vector IS NOT NULL) "
        )
        with self.transaction():
            count: int = next(self._rows(f"{named} SELECT count(*) FROM named", name))[0]
            self._delete(
                f"{named} UPDATE voices SET vector = NULL WHERE (episode, number) IN named"
                " OR vector IN (SELECT vector FROM profile_voices WHERE name = ?1)"
                " OR (change <> 0 AND episode IN (SELECT episode FROM named))",
                name,
            )
            self._delete("DELETE FROM profile_voices WHERE name = ?", name)
            self._overwrite_vectors()
        return count

    def drop_vectors(self) -> int:
        """Delete what all voices sound like, and all profiles; return the number of voices.

        Who speaks when stays, except in drafts.
        """
        with self.transaction():
            self._delete("DELETE FROM profile_voices")
            self._delete("DELETE FROM draft_parts WHERE number = ?", VOICES_PART)
            dropped = self._delete("UPDATE voices SET vector = NULL WHERE vector IS NOT NULL")
            self._overwrite_vectors()
        return dropped

    @property
    def keeps_vectors(self) -> bool:
        """Whether what voices sound like is stored: neither this library nor the user's settings forbid it."""
        if not self.vectors_wanted or self._version() < DEFAULTS_TABLE:
            return self.vectors_wanted
        return not list(self._rows("SELECT 1 FROM defaults WHERE (name, value) = ('voice_profiles', 'off')"))

    def save_keeping(self, keep: bool) -> None:
        """Store whether this library may store what voices sound like."""
        with self.transaction():
            self._connection.execute(
                "INSERT OR REPLACE INTO defaults VALUES ('voice_profiles', ?)", ("on" if keep else "off",)
            )

    def stored_vectors(self) -> int:
        """Return of how many voices it is stored what they sound like."""
        if not self._has_voices:
            return 0
        count: int = next(self._rows("SELECT count(vector) FROM voices WHERE change = 0"))[0]
        return count

    def erase_deleted(self) -> bool:
        """Erase what was deleted from the write-ahead log; return whether that was done: no other process reads now."""
        return self._truncate_log()

    def _overwrite_vectors(self) -> None:
        """Make the tables that hold vectors anew, so that nothing is left of deleted ones.

        SQLite overwrites a row that it deletes, but not the copies of it that remain where it moved rows to other
        pages; it overwrites all pages of a table that is dropped.
        """
        with self.transaction():
            for table in ("voices", "profile_voices", "draft_parts") if self._has_voices else ():
                self._remake_table(table)

    def _remake_table(self, table: str) -> None:
        rows = list(self._rows(f"SELECT * FROM {table}"))
        definitions = list(
            self._rows("SELECT sql FROM sqlite_master WHERE tbl_name = ? AND sql <> '' ORDER BY type DESC", table)
        )
        self._connection.execute(f"DROP TABLE {table}")
        for (definition,) in definitions:  # the table, then its indexes
            self._connection.execute(definition)
        if rows:
            marks = ", ".join("?" * len(rows[0]))
            self._connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)

    def _delete(self, statement: str, *arguments: object) -> int:
        with self.transaction():
            return self._connection.execute(statement, arguments).rowcount

    def _finding(self, episode_id: str) -> tuple[str, bytes] | None:
        if not self._has_voices:
            return None  # a library of an earlier version, opened read-only
        rows = self._rows("SELECT settings, turns FROM voice_findings WHERE episode = ?", episode_id)
        row: tuple[str, bytes] | None = next(rows, None)
        with self._damage_noticed(f"The row of the voices of {episode_id}"):
            check_row(row or (), FINDING_COLUMNS if row else {})
        return row

    @cached_property
    def _has_voices(self) -> bool:
        """Whether the file has what was added with VOICES_TABLES."""
        return self._version() >= VOICES_TABLES


def _read_voice(row: Sequence[Any]) -> Voice:
    from audio.voices.voice_turns import Voice
    from index.storage.codecs.turn_codec import decode_vector

    check_row(row, VOICE_COLUMNS)
    number, seconds, packed = row
    return Voice(number, seconds, decode_vector(packed))


def _read_profile(row: Sequence[Any]) -> ProfileVoice:
    from index.storage.codecs.turn_codec import decode_vector

    check_row(row, PROFILE_COLUMNS)
    name, episode_id, number, seconds, packed = row
    vector = decode_vector(packed)
    assert vector is not None
    return ProfileVoice(name, episode_id, number, seconds, vector)
