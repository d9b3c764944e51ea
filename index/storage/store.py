"""The library's store: one SQLite file, the source of truth. The index next to it is derived from it."""

from __future__ import annotations

import json
import secrets
import sqlite3
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, Self, cast

from audio.errors import UsageError
from audio.timecode import Span
from index.errors import (
    CHOOSE_OTHER_LIBRARY,
    MAKE_LIBRARY,
    RESTORE_OR_CHOOSE_OTHER_LIBRARY,
    LibraryError,
    restore,
)
from index.storage.codecs.cue_codec import encode_cues
from index.storage.corrected.stored_corrections import WordCorrections
from index.storage.drafts import Drafts
from index.storage.episode_names import resolve_name
from index.storage.library_defaults import LibraryDefaults
from index.storage.recurring.fingerprint_lists import FingerprintLists
from index.storage.schema import REMOVALS_TABLE, connect, explain_database_error
from index.storage.show_facts import ShowFacts
from index.storage.transcript_reader import TranscriptFacts
from index.storage.untrusted import (
    EPISODE_COLUMNS,
    LISTED_COLUMNS,
    SEARCHED_COLUMNS,
    TRANSCRIPT_COLUMNS,
    Columns,
    check_row,
    check_types,
)
from index.transcript import Episode, State, Transcript, check_segments

STORE_NAME = "airquote.db"
_EPISODE_COLUMNS = """
    e.id, e.show, e.title, e.published, e.source, e.media, e.sha256, e.duration, {address},
    CASE WHEN t.engine = 'import' THEN 'imported' WHEN t.number IS NOT NULL THEN 'transcribed'
         WHEN d.number IS NOT NULL THEN 'transcribing' ELSE 'registered' END
    FROM episodes e LEFT JOIN transcripts t ON t.episode = e.id LEFT JOIN drafts d ON d.episode = e.id
"""
_BY_SHOW = "e.show IS NULL, e.show, e.published, e.title, e.id"
_TRANSCRIBED = "transcripts t JOIN episodes e ON e.id = t.episode"


class Store(ShowFacts, WordCorrections, FingerprintLists, LibraryDefaults, Drafts):
    """An open library directory's SQLite file. Use as a context manager, from one thread at a time."""

    @classmethod
    def open(cls, directory: Path, *, create: bool = False) -> Self:
        """Open the library in ``directory``.

        Raises UsageError if it does not exist and ``create`` is false, LibraryError if it cannot be used.
        """
        path = directory / STORE_NAME
        try:
            exists = path.exists()
            if create:
                directory.mkdir(parents=True, exist_ok=True)
            lost = (directory / "index" / "manifest.json").exists() and not (exists and path.stat().st_size)
        except (OSError, ValueError) as error:  # ValueError: a zero byte
            raise LibraryError(
                f"The library folder {directory} cannot be {'made' if create else 'read'}:"
                f" {getattr(error, 'strerror', error)}.",
                CHOOSE_OTHER_LIBRARY,
                where=directory,
            ) from error
        if lost:
            raise LibraryError(
                f"The library {path} is missing or empty, but its index exists.",
                restore("Put a backup in its place; to start over, name another folder for the library."),
                where=path,
            )
        if not exists and not create:
            raise _no_library(directory)
        try:
            return cls(path, connect(path))
        except sqlite3.Error as error:
            raise explain_database_error(error, path) from error

    # Episodes

    def add_episode(self, episode: Episode, digest: str | None = None) -> Episode:
        """Register an episode. An id already in use gets a suffix from ``digest``, the hash of the file that it is made
        from (by default its recording), or a random one.
        """
        digest = digest or episode.sha256
        with self.transaction():
            unique = episode.id
            while self.episode(unique) is not None:
                # From the hash if known, so that the same file gets the same id in every library.
                suffix = digest[:6] if digest and unique == episode.id else uuid.uuid4().hex[:8]
                unique = f"{episode.id}-{suffix}"
            episode = replace(episode, id=unique)
            self._connection.execute(
                "INSERT INTO episodes (id, show, title, published, source, media, sha256, duration)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    episode.id, episode.show, episode.title, episode.published, episode.source,
                    episode.media, episode.sha256, episode.duration,
                ),
            )  # fmt: skip
        return episode

    def update_episode(self, episode: Episode) -> None:
        """Update the fields of an episode except its id, its address, and a hash that is already stored."""
        with self.transaction():
            self._connection.execute(
                "UPDATE episodes SET show = ?, title = ?, published = ?, source = ?, media = ?,"
                " sha256 = coalesce(sha256, ?), duration = ? WHERE id = ?",
                (episode.show, episode.title, episode.published, episode.source, episode.media,
                 episode.sha256, episode.duration, episode.id),
            )  # fmt: skip

    def episodes(self) -> list[Episode]:
        """Return all episodes, by show, date and title."""
        return self._episodes(f"SELECT {self._episode_columns} ORDER BY {_BY_SHOW}")

    def listed(
        self, chosen: Iterable[str] | None = None
    ) -> list[tuple[Episode, str | None, str | None, str | None, str | None]]:
        """Return all episodes, in the same order, each with language, engine, model and settings of its transcript.

        With ``chosen`` only those with these ids.
        """
        columns = f"t.language, t.engine, t.model, t.settings, {self._episode_columns}"
        condition = "" if chosen is None else "WHERE e.id IN (SELECT value FROM json_each(?))"
        arguments = [] if chosen is None else [json.dumps([*chosen])]
        with self._episode_damage_noticed():
            rows = self._rows(f"SELECT {columns} {condition} ORDER BY {_BY_SHOW}", *arguments)
            return [(_episode(row[4:]), *_checked(row[:4], LISTED_COLUMNS)) for row in rows]

    def episode(self, episode_id: str) -> Episode | None:
        """Return the episode with exactly this id, None if there is none."""
        return next(iter(self._episodes(f"SELECT {self._episode_columns} WHERE e.id = ?", episode_id)), None)

    def episode_by_hash(self, sha256: str) -> Episode | None:
        """Return the episode whose audio file has this SHA-256, None if there is none."""
        return next(iter(self._episodes(f"SELECT {self._episode_columns} WHERE e.sha256 = ?", sha256)), None)

    def resolve_episode(self, name: str) -> Episode:
        """Return the episode with this name: an id, a title, or a unique prefix of an id.

        Raises EpisodeError, with suggestions or candidates, if none or several match.
        """
        with suppress(UnicodeEncodeError):  # a name of bytes that are not UTF-8 is not an id
            exact = self.episode(name)
            if exact is not None:
                return exact
        return resolve_name(name, self.episodes())

    def remove_episode(self, episode_id: str, *, with_sound: bool = False) -> None:
        """Remove an episode with its transcript and draft, and record that until ``forget_removals`` is called.

        Its words may still be in the index, and in SQLite's write-ahead log.
        With ``with_sound`` its file is recorded too, to be removed if airquote downloaded it.
        """
        with self.transaction():
            self._connection.execute(
                "INSERT OR REPLACE INTO removals"
                " SELECT id, title, iif(?, media, NULL), sha256 FROM episodes WHERE id = ?",
                (with_sound, episode_id),
            )
            self.mark_item_removed(episode_id)
            self._connection.execute("DELETE FROM episodes WHERE id = ?", (episode_id,))

    def removals(self) -> list[Episode]:
        """Return the removed episodes that are recorded, with id, title, media and hash alone."""
        if self._version() < REMOVALS_TABLE:
            return []  # a library of an earlier version, opened read-only
        return self._episodes("SELECT id, NULL, title, NULL, '', media, sha256, NULL, NULL, 'registered' FROM removals")

    def forget_removals(self, removed: Iterable[Episode]) -> None:
        """Erase removed episodes with their voices, then the record of them, when the index no longer has them.

        While a long read by another process keeps the write-ahead log in use, they stay recorded.
        """
        self._overwrite_vectors()
        if self._truncate_log():
            with self.transaction():
                self._connection.executemany("DELETE FROM removals WHERE id = ?", ((one.id,) for one in removed))
            self._truncate_log()

    # Transcripts

    def save_transcript(self, episode_id: str, transcript: Transcript) -> int:
        """Replace the episode's transcript and delete its draft, in one transaction; return the new number.

        Changes by hand to its voices cannot be undone then: they are those of other sentences. Corrections are made
        where the same words were heard again, else set aside.
        """
        gaps = json.dumps([[gap.start, gap.end] for gap in transcript.gaps])
        with self.transaction():
            transcript = self._correct_again(episode_id, transcript)
            self.forget_changes(episode_id)
            self._connection.execute("DELETE FROM transcripts WHERE episode = ?", (episode_id,))
            self._connection.execute("DELETE FROM drafts WHERE episode = ?", (episode_id,))
            number = secrets.randbits(62)
            self._connection.execute(
                "INSERT INTO transcripts (number, episode, language, engine, model, settings, timing, gaps, words)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    number, episode_id, transcript.language, transcript.engine, transcript.model,
                    transcript.settings, transcript.timing, gaps, len(transcript.words),
                ),
            )  # fmt: skip
            self._connection.executemany(
                "INSERT INTO segments VALUES (?, ?, ?, ?, ?)",
                (
                    (number, s.first, s.last, s.speaker, json.dumps(s.flags) if s.flags else "[]")
                    for s in transcript.segments
                ),
            )
            self._insert_words(number, transcript.words)
            if transcript.cues or transcript.flaws:
                packed = encode_cues(transcript.cues, transcript.flaws)
                self._connection.execute("INSERT INTO cues VALUES (?, ?)", (number, packed))
        return number

    def transcripts(self) -> dict[int, str]:
        """Return the episode id of every complete transcript, by transcript number."""
        return dict(self._rows("SELECT number, episode FROM transcripts"))

    def titles(self) -> dict[int, str]:
        """Return the title of the episode of every complete transcript, by transcript number, in ascending order."""
        titles = dict(self._rows(f"SELECT t.number, e.title FROM {_TRANSCRIBED} ORDER BY t.number"))
        with self._damage_noticed("The list of titles"):
            check_types(titles.values(), str)
        return titles

    def numbers_by_date(self, *, oldest_first: bool) -> list[int]:
        """Return the numbers of all transcripts by date, then by episode id; undated episodes last."""
        order = "e.published IS NULL, e.published" if oldest_first else "coalesce(e.published, '') DESC"
        return [row[0] for row in self._rows(f"SELECT t.number FROM {_TRANSCRIBED} ORDER BY {order}, e.id")]

    def conditions(self) -> list[tuple[int, str, str | None, str | None, str | None]]:
        """Return what searches can be narrowed by: number, episode id, show, date and language of each transcript."""
        rows = list(self._rows(f"SELECT t.number, e.id, e.show, e.published, t.language FROM {_TRANSCRIBED}"))
        with self._damage_noticed("The list of transcripts"):
            for column in [*zip(*rows, strict=True)][1:]:
                check_types(column, str, type(None))
        return rows

    def searched(self, transcript: int) -> tuple[Episode, str | None, int] | None:
        """Return episode, language and number of words of a transcript, None if it does not exist."""
        rows = self._rows(f"SELECT t.language, t.words, {self._episode_columns} WHERE t.number = ?", transcript)
        row = next(rows, None)
        with self._episode_damage_noticed():
            return (_episode(row[2:]), *_checked(row[:2], SEARCHED_COLUMNS)) if row else None

    def word_counts(self) -> dict[int, int]:
        """Return the number of words of every complete transcript, by transcript number."""
        counts = dict(self._rows("SELECT number, words FROM transcripts"))
        with self._damage_noticed("The list of transcripts"):
            check_types(counts.values(), int)
            if min(counts.values(), default=0) < 0:
                raise ValueError("a transcript has less than no words")
        return counts

    def languages(self) -> list[str | None]:
        """Return the languages of the transcripts, each once; None if one is unknown."""
        languages = [row[0] for row in self._rows("SELECT DISTINCT language FROM transcripts ORDER BY language")]
        with self._damage_noticed("The list of transcripts"):
            check_types(languages, str, type(None))
        return languages

    def facts(self, episode_id: str) -> TranscriptFacts | None:
        """Return the metadata of an episode's transcript, None if it has none."""
        return next(self._facts("WHERE episode = ?", episode_id), None)

    def all_facts(self) -> dict[str, TranscriptFacts]:
        """Return the metadata of every transcript, by episode id."""
        owners = self.transcripts()
        return {owners[facts.number]: facts for facts in self._facts("") if facts.number in owners}

    def imported_episode(self, settings: str) -> Episode | None:
        """Return the episode whose imported transcript has these settings, which contain the imported file's hash.

        The transcript may have others after them: how its times were changed.
        """
        more = settings.removesuffix("}") + ", "
        rows = self._rows(
            "SELECT episode FROM transcripts WHERE engine = 'import'"
            " AND (settings = ? OR (settings >= ? AND settings < ?))",
            settings, more, more.removesuffix(" ") + "!",
        )  # fmt: skip
        owner = next(rows, None)
        return self.episode(owner[0]) if owner else None

    def imported_from(self, source: str) -> Episode | None:
        """Return the episode whose transcript was last imported from the file at this path, None if there is none."""
        found = self._episodes(
            f"SELECT {self._episode_columns} WHERE t.engine = 'import' AND e.source = ? ORDER BY e.rowid DESC", source
        )
        return next(iter(found), None)

    def repeated_imports(self) -> list[list[Episode]]:
        """Return the episodes whose transcripts were imported from the same file, each group from the oldest on.

        Publishers' transcripts are none of these: two episodes of a feed may have the same.
        """
        rows = self._rows(
            "SELECT t.settings, t.episode FROM transcripts t JOIN episodes e ON e.id = t.episode"
            " WHERE t.engine = 'import' AND t.settings IN"
            " (SELECT settings FROM transcripts WHERE engine = 'import' AND instr(settings, '\"publisher\": ') = 0"
            " GROUP BY settings HAVING count(*) > 1)"
            " ORDER BY e.rowid"
        )
        groups: dict[str, list[Episode]] = {}
        for settings, episode_id in rows:
            episode = self.episode(episode_id)
            assert episode is not None
            groups.setdefault(settings, []).append(episode)
        return list(groups.values())

    def transcript(self, episode_id: str) -> Transcript | None:
        """Return the complete transcript of an episode, None if it has none."""
        with self.snapshot():
            facts = self.facts(episode_id)
            if facts is None:
                return None
            with self._damage_noticed(f"The transcript of {episode_id}"):
                return Transcript(
                    facts.language, facts.engine, facts.model, facts.settings, facts.timing,
                    tuple(self.words(facts.number, 0, facts.words - 1)),
                    tuple(self.segments(facts.number, 0, facts.words - 1)),
                    facts.gaps,
                    *self._cues_as_corrected(episode_id, facts.number),
                    tuple(self.speaker_names(facts.number).items()),
                )  # fmt: skip

    def speakers(self, transcript: int) -> list[str]:
        """Return the names of the speakers of a transcript."""
        rows = self._rows(
            "SELECT DISTINCT speaker FROM segments WHERE transcript = ? AND speaker IS NOT NULL", transcript
        )
        names = self.speaker_names(transcript)
        return list(dict.fromkeys(names.get(row[0], row[0]) for row in rows))

    # The file

    def check(self, progress: Callable[[int, int], None] = lambda _, __: None) -> list[str]:
        """Run SQLite's integrity check, read every transcript, all notes and voices; return the faults as messages.

        ``progress`` is called with the transcripts that were read, and all.
        """
        faults = []
        try:
            faults += [row[0] for row in self._rows("PRAGMA integrity_check") if row[0] != "ok"]
            owners = self.transcripts()
            for done, (number, episode_id) in enumerate(owners.items(), start=1):
                progress(done, len(owners))
                try:
                    self._check_transcript(episode_id)
                except LibraryError as error:
                    faults.append(f"transcript {number} of {episode_id}: {error}")
            faults += self.faults_of_notes()
            faults += self.faults_of_voices()
            faults += self.faults_of_corrections()
            for episode_id in sorted(self.published_addresses()):
                try:
                    self.published(episode_id)
                    self.published_check(episode_id)
                except LibraryError as error:
                    faults.append(str(error))
        except LibraryError as error:
            faults.append(str(error))
        return faults

    def _check_transcript(self, episode_id: str) -> None:
        """Read what a transcript is made of, as ``transcript`` does."""
        with self.snapshot():
            facts = self.facts(episode_id)
            if facts is not None:
                self.check_words(facts.number, facts.words)
                with self._damage_noticed(f"The transcript of {episode_id}"):
                    check_segments(self.segments(facts.number, 0, facts.words - 1), facts.words)
                    self._cues_as_corrected(episode_id, facts.number)
                    self.speaker_names(facts.number)

    @cached_property
    def _episode_columns(self) -> str:
        return _EPISODE_COLUMNS.format(address="e.address" if self._has_edits else "NULL")

    def _episodes(self, statement: str, *arguments: object) -> list[Episode]:
        rows = self._rows(statement, *arguments)
        with self._episode_damage_noticed():
            return list(map(_episode, rows))

    def _episode_damage_noticed(self) -> AbstractContextManager[None]:
        return self._damage_noticed("The row of an episode", RESTORE_OR_CHOOSE_OTHER_LIBRARY)

    def _facts(self, condition: str, *arguments: object) -> Iterator[TranscriptFacts]:
        rows = self._rows(
            f"SELECT number, language, engine, model, settings, timing, gaps, words FROM transcripts {condition}",
            *arguments,
        )
        for row in rows:
            number, language, engine, model, settings, timing, packed, words = row
            with self._damage_noticed(f"The row of transcript {number}"):
                spans = json.loads(packed)
                check_row((number, language, engine, model, settings, timing, spans, words), TRANSCRIPT_COLUMNS)
                gaps = tuple(Span(start, end) for start, end in spans)
            yield TranscriptFacts(number, language, engine, model, settings, timing, gaps, words)


def _no_library(directory: Path) -> UsageError:
    try:
        directory.stat()
    except FileNotFoundError:
        if not directory.is_symlink():
            return UsageError(f"There is no library in {directory} yet.", MAKE_LIBRARY, where=directory)
        reason = "it is a symbolic link to nothing"
    except (OSError, ValueError) as error:
        reason = f"{getattr(error, 'strerror', error)}"
    else:
        if directory.is_dir():
            return UsageError(f"There is no library in {directory} yet.", MAKE_LIBRARY, where=directory)
        reason = "it is not a folder"
    return UsageError(f"There is no library in {directory}: {reason}.", CHOOSE_OTHER_LIBRARY, where=directory)


def _checked(row: Sequence[Any], columns: Columns) -> Sequence[Any]:
    """Return a row, or a part of one. Raises ValueError if its values are not of the kinds of these columns."""
    check_row(row, columns)
    return row


def _episode(row: Sequence[Any]) -> Episode:
    episode_id, show, title, published, source, media, sha256, duration, address, state = _checked(row, EPISODE_COLUMNS)
    return Episode(episode_id, show, title, published, source, cast("State", state), media, sha256, duration, address)
