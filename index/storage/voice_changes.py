"""Changes by hand to voices and their names, in the store: what was otherwise before each, and its undoing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any

from index.errors import LibraryError
from index.storage.corrected.word_edits import WordEdit, move_segments
from index.storage.untrusted import (
    CHANGE_COLUMNS,
    CHANGED_COLUMNS,
    SEGMENT_COLUMNS,
    check_row,
    check_storable,
    check_types,
)
from index.storage.voice_facts import VoiceFacts
from index.transcript import Segment

_KEPT = {"voices": "number, seconds, vector", "profile_voices": "name, number, seconds, vector"}
"""The tables that keep rows of before a change, and their columns besides ``episode`` and ``change``."""


@dataclass(frozen=True, slots=True)
class _State:
    """All that a change by hand may change of an episode: its sentences with their labels, names, turns and voices."""

    segments: tuple[Segment, ...]
    names: Mapping[str, str]
    edited: bool
    settings: str | None
    turns: bytes | None
    rows: Mapping[str, Sequence[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class _RecordedChange:
    """What a change did: sentences that it added and removed; and as they were before names, and whether by hand, and
    the settings with which voices were found."""

    kind: str
    added: tuple[Segment, ...]
    removed: tuple[Segment, ...]
    names: Mapping[str, str]
    edited: bool
    settings: str | None


class VoiceChanges(VoiceFacts):
    """The part of a store that records changes by hand to voices, and takes them back."""

    @contextmanager
    def recorded_change(self, episode_id: str, kind: str) -> Iterator[None]:
        """Make all changes of the body or none, and record what they changed of an episode, so that it can be undone.

        ``kind`` says what was done. Nothing is recorded where nothing was changed.
        """
        with self.transaction():
            before = self._state(episode_id)
            yield
            after = self._state(episode_id)
            if after != before:
                self._record(episode_id, kind, before, after)

    def undoable_changes(self, episode_id: str) -> list[str]:
        """Return what was done by each change by hand that can be undone, in order."""
        if not self._has_voices:
            return []
        rows = self._rows(
            "SELECT number, content, turns FROM voice_changes WHERE episode = ? ORDER BY number", episode_id
        )
        with self._damage_noticed(f"The list of changes to the voices of {episode_id}"):
            return [_read_change(row).kind for row in rows]

    def undo_change(self, episode_id: str) -> str | None:
        """Undo the last change by hand, and return what it had done; None if there is none.

        A profile that was forgotten since does not come back.
        """
        with self.transaction():
            rows = self._rows(
                "SELECT number, content, turns FROM voice_changes WHERE episode = ? ORDER BY number DESC LIMIT 1",
                episode_id,
            )
            row = next(rows, None)
            if row is None:
                return None
            with self._damage_noticed(f"The list of changes to the voices of {episode_id}"):
                change = _read_change(row)
                self._restore_segments(episode_id, change)
            number, _, turns = row
            self._restore_names(episode_id, change)
            self._connection.execute(
                "UPDATE voice_findings SET turns = coalesce(?, turns), settings = coalesce(?, settings)"
                " WHERE episode = ?",
                (turns, change.settings, episode_id),
            )
            for table in _KEPT:
                self._connection.execute(f"DELETE FROM {table} WHERE (episode, change) = (?, 0)", (episode_id,))
                self._connection.execute(
                    f"UPDATE {table} SET change = 0 WHERE (episode, change) = (?, ?)", (episode_id, number)
                )
            self._connection.execute("DELETE FROM voice_changes WHERE (episode, number) = (?, ?)", (episode_id, number))
            self.voices_of(episode_id)  # what a stranger wrote is refused now, while the change is there
        return change.kind

    def _move_changes(self, episode_id: str, edits: Sequence[WordEdit]) -> None:
        """Give the sentences of recorded changes the numbers that their words have after edits."""
        rows = self._rows("SELECT number, content, turns FROM voice_changes WHERE episode = ?", episode_id)
        for row in rows:
            with self._damage_noticed(f"The list of changes to the voices of {episode_id}"):
                change = _read_change(row)
            moved = replace(
                change,
                added=tuple(move_segments(change.added, edits)),
                removed=tuple(move_segments(change.removed, edits)),
            )
            self._connection.execute(
                "UPDATE voice_changes SET content = ? WHERE (episode, number) = (?, ?)",
                (json.dumps(asdict(moved), ensure_ascii=False), episode_id, row[0]),
            )

    def faults_of_voices(self) -> Iterator[str]:
        """Yield what is wrong with voices, changes to them and profiles that cannot be read, one message each."""
        if not self._has_voices:
            return
        changed = [row[0] for row in self._rows("SELECT DISTINCT episode FROM voice_changes")]
        readers: list[Callable[[], object]] = [partial(self.voices_of, one) for one in self.with_voices()]
        readers += [*(partial(self.undoable_changes, one) for one in changed), self.profiles]
        for read in readers:
            try:
                read()
            except LibraryError as error:
                yield str(error)

    def _state(self, episode_id: str) -> _State:
        number = self._transcript_number(episode_id)
        found = self._finding(episode_id)
        return _State(
            () if number is None else tuple(self.labelled_segments(number)),
            dict(self._rows("SELECT label, name FROM speaker_names WHERE episode = ? ORDER BY label", episode_id)),
            "speakers" in self.edited_fields(episode_id),
            found and found[0],
            found and found[1],
            {
                table: list(
                    self._rows(
                        f"SELECT {columns} FROM {table} WHERE (episode, change) = (?, 0) ORDER BY 1, 2", episode_id
                    )
                )
                for table, columns in _KEPT.items()
            },
        )

    def _record(self, episode_id: str, kind: str, before: _State, after: _State) -> None:
        old, new = set(before.segments), set(after.segments)
        change = _RecordedChange(
            kind,
            tuple(one for one in after.segments if one not in old),
            tuple(one for one in before.segments if one not in new),
            before.names,
            before.edited,
            before.settings,
        )
        number: int = next(
            self._rows("SELECT coalesce(max(number), 0) + 1 FROM voice_changes WHERE episode = ?", episode_id)
        )[0]
        self._connection.execute(
            "INSERT INTO voice_changes VALUES (?, ?, ?, ?)",
            (episode_id, number, json.dumps(asdict(change), ensure_ascii=False), before.turns),
        )
        for table, columns in _KEPT.items():
            marks = ", ?" * len(columns.split())
            self._connection.executemany(
                f"INSERT INTO {table} (episode, change, {columns}) VALUES (?, ?{marks})",
                ((episode_id, number, *row) for row in before.rows[table]),
            )

    def _restore_segments(self, episode_id: str, change: _RecordedChange) -> None:
        number = self._transcript_number(episode_id)
        if number is not None and (change.added or change.removed):
            added = set(change.added)
            kept = [one for one in self.labelled_segments(number) if one not in added]
            self.replace_segments(episode_id, sorted([*kept, *change.removed], key=lambda one: one.first))

    def _restore_names(self, episode_id: str, change: _RecordedChange) -> None:
        for table, condition in (("speaker_names", ""), ("edited_fields", "AND field = 'speakers'")):
            self._connection.execute(f"DELETE FROM {table} WHERE episode = ? {condition}", (episode_id,))
        self.name_speakers(episode_id, change.names)
        if change.edited:
            self.record_edits(episode_id, ["speakers"])
        else:  # the index reads the speakers anew of transcripts that are new to it, or whose speakers were edited
            self._renumber_transcript(episode_id)

    def _transcript_number(self, episode_id: str) -> int | None:
        row = next(self._rows("SELECT number FROM transcripts WHERE episode = ?", episode_id), None)
        return None if row is None else int(row[0])


def _read_change(row: Sequence[Any]) -> _RecordedChange:
    check_row(row, CHANGE_COLUMNS)
    content = json.loads(row[1])
    values = [content[name] for name in CHANGED_COLUMNS]
    check_row(values, CHANGED_COLUMNS)
    kind, added, removed, names, edited, settings = values
    check_types([*names, *names.values()], str)
    check_storable([kind, *names, *names.values(), settings or ""])
    new, old = (tuple(map(_read_segment, listed)) for listed in (added, removed))
    return _RecordedChange(kind, new, old, names, edited, settings)


def _read_segment(values: Mapping[str, Any]) -> Segment:
    first, last, speaker, flags = (values[name] for name in ("first", "last", "speaker", "flags"))
    check_row((first, last, speaker, flags), SEGMENT_COLUMNS)
    check_storable([speaker or ""])
    return Segment(first, last, speaker, tuple(flags))
