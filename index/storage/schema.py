"""The library's SQLite file: its tables, its version, and the migrations from one version to the next.

episodes     one row a recording
transcripts  one row a complete transcript; an episode has at most one
segments     its sentences, as ranges of word numbers
chunks       its words, packed by index/storage/codecs/word_codec.py
cues         the cues of the file that it was imported from, packed by index/storage/codecs/cue_codec.py
drafts       a transcription in progress: its settings, and its division into windows
draft_parts  the finished windows of a draft
files        known paths of an episode's audio, with size and time to detect changes
recordings   which sound of its recording an episode is made from (track, mix, offset), and its number in the show
chapters     the chapters of a recording
defaults     what is used where nothing else is said: the model that the library is made with
edited_fields  what of an episode a person has set, which nothing else replaces
speaker_names  the names that a person gave the speakers of an episode, by their labels in its transcripts
shows        feeds that are subscribed to: what the feed states of itself, and what is wanted of it
feed_items   their items as stated, with the episode that each became
episode_notes  what the publisher says of an episode, besides its words, and the tokens by which that is searched
published_transcripts  the publisher's own transcript of an episode, as it was fetched, compressed
published_checks  what came of asking for it the last time, by which it is asked again and told once
repeats      the passages of a transcript that recur in other episodes of its show
fingerprinted, fingerprints  what these are found by: the fingerprints of each transcript, and their inverted lists; a
             transcript that is ``pending`` is to be marked
voice_findings  who speaks when in an episode, packed by index/storage/codecs/turn_codec.py, and how that was found
voices       the voices of an episode, each with what it sounds like
voice_changes  changes of voices and their names by hand: what was otherwise before each, to undo it
profile_voices  what a person's voice sounds like, in each episode in which somebody named it
corrections  words that a person corrected, with those that were heard; ``first`` is a number among the words as they
             were heard, none for a correction that is set aside, since other words stand there now
removals     removed episodes whose words may still be in the index or the write-ahead log

A transcript's number is random, so that numbers alone identify what is indexed: neither a later transcript nor one
in a restored backup ever has the number of another. Rows of a transcript or draft are deleted with it, and both with
their episode.
"""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path

from audio.errors import try_again
from index.errors import (
    CHOOSE_OTHER_LIBRARY,
    EXAMINE,
    MAKE_ROOM_AND_RESUME,
    RESTORE_OR_CHOOSE_OTHER_LIBRARY,
    UPDATE_OR_CHOOSE_OTHER_LIBRARY,
    LibraryError,
)
from index.language.language_codes import language_code
from index.storage.files.access import Access, access_for_reading, access_without_room, choose_access, explain_refusal
from index.storage.untrusted import Tables, check_tables, distrust, read_tables

APPLICATION_ID = 0x61697271
"""``airq``: marks the file as a library, to distinguish it from other programs' databases."""

MIGRATIONS = (
    """
    CREATE TABLE episodes (
        id TEXT PRIMARY KEY, show TEXT, title TEXT NOT NULL, published TEXT, source TEXT NOT NULL,
        media TEXT, sha256 TEXT, duration REAL
    );
    CREATE UNIQUE INDEX episodes_by_sha256 ON episodes(sha256);
    CREATE TABLE transcripts (
        number INTEGER PRIMARY KEY,
        episode TEXT NOT NULL UNIQUE REFERENCES episodes(id) ON DELETE CASCADE,
        language TEXT, engine TEXT NOT NULL, model TEXT NOT NULL, settings TEXT NOT NULL,
        timing TEXT NOT NULL, gaps TEXT NOT NULL, words INTEGER NOT NULL
    );
    CREATE TABLE segments (
        transcript INTEGER NOT NULL REFERENCES transcripts(number) ON DELETE CASCADE,
        first INTEGER NOT NULL, last INTEGER NOT NULL, speaker TEXT, flags TEXT NOT NULL,
        PRIMARY KEY (transcript, first)
    ) WITHOUT ROWID;
    CREATE TABLE chunks (
        transcript INTEGER NOT NULL REFERENCES transcripts(number) ON DELETE CASCADE,
        first INTEGER NOT NULL, words BLOB NOT NULL,
        PRIMARY KEY (transcript, first)
    );
    CREATE TABLE drafts (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        episode TEXT NOT NULL UNIQUE REFERENCES episodes(id) ON DELETE CASCADE,
        recipe TEXT NOT NULL, plan TEXT NOT NULL
    );
    CREATE TABLE draft_parts (
        draft INTEGER NOT NULL REFERENCES drafts(number) ON DELETE CASCADE,
        number INTEGER NOT NULL, content TEXT NOT NULL,
        PRIMARY KEY (draft, number)
    );
    """,
    """
    CREATE TABLE files (
        path TEXT PRIMARY KEY, size INTEGER NOT NULL, modified INTEGER NOT NULL,
        sha256 TEXT NOT NULL REFERENCES episodes(sha256) ON DELETE CASCADE
    ) WITHOUT ROWID;
    CREATE INDEX files_by_sha256 ON files(sha256);
    """,
    # Languages were stored as written (eng, german), so that neither stemming nor lang:en worked. A new number makes
    # the index read the transcript again.
    """
    PRAGMA defer_foreign_keys = ON;
    CREATE TEMP TABLE renamed AS
        SELECT number AS old, random() & 0x3FFFFFFFFFFFFFFF AS new, language_code(language) AS code
        FROM transcripts WHERE language IS NOT language_code(language);
    UPDATE segments SET transcript = (SELECT new FROM renamed WHERE old = transcript)
        WHERE transcript IN (SELECT old FROM renamed);
    UPDATE chunks SET transcript = (SELECT new FROM renamed WHERE old = transcript)
        WHERE transcript IN (SELECT old FROM renamed);
    UPDATE transcripts SET
        language = (SELECT code FROM renamed WHERE old = number), number = (SELECT new FROM renamed WHERE old = number)
        WHERE number IN (SELECT old FROM renamed);
    DROP TABLE renamed;
    """,
    """
    CREATE TABLE removals (id TEXT PRIMARY KEY, title TEXT NOT NULL, media TEXT, sha256 TEXT);
    CREATE INDEX imported_files ON transcripts(settings) WHERE engine = 'import';
    """,
    """
    CREATE TABLE cues (
        transcript INTEGER PRIMARY KEY REFERENCES transcripts(number) ON DELETE CASCADE, content BLOB NOT NULL
    );
    """,
    """
    CREATE TABLE recordings (
        episode TEXT PRIMARY KEY REFERENCES episodes(id) ON DELETE CASCADE, sound TEXT, number TEXT
    ) WITHOUT ROWID;
    CREATE TABLE chapters (
        episode TEXT NOT NULL REFERENCES episodes(id) ON DELETE CASCADE,
        number INTEGER NOT NULL, start REAL NOT NULL, title TEXT NOT NULL,
        PRIMARY KEY (episode, number)
    ) WITHOUT ROWID;
    """,
    """
    ALTER TABLE episodes ADD COLUMN address TEXT;
    CREATE TABLE edited_fields (
        episode TEXT NOT NULL REFERENCES episodes(id) ON DELETE CASCADE, field TEXT NOT NULL,
        PRIMARY KEY (episode, field)
    ) WITHOUT ROWID;
    CREATE TABLE speaker_names (
        episode TEXT NOT NULL REFERENCES episodes(id) ON DELETE CASCADE, label TEXT NOT NULL, name TEXT NOT NULL,
        PRIMARY KEY (episode, label)
    ) WITHOUT ROWID;
    """,
    # The model of most transcripts is the one that the library is made with.
    """
    CREATE TABLE defaults (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    INSERT INTO defaults SELECT 'model', model FROM transcripts WHERE engine <> 'import'
        GROUP BY model ORDER BY count(*) DESC, model LIMIT 1;
    """,
    """
    CREATE TABLE shows (
        number INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL, address TEXT NOT NULL UNIQUE,
        feed TEXT NOT NULL, choices TEXT NOT NULL, entity_tag TEXT, modified TEXT, checked TEXT, fault TEXT,
        gone INTEGER NOT NULL
    );
    CREATE TABLE feed_items (
        show INTEGER NOT NULL REFERENCES shows(number) ON DELETE CASCADE,
        identity TEXT NOT NULL, sound TEXT, published TEXT, position INTEGER NOT NULL, content TEXT NOT NULL,
        episode TEXT REFERENCES episodes(id) ON DELETE SET NULL, removed INTEGER NOT NULL,
        PRIMARY KEY (show, identity)
    ) WITHOUT ROWID;
    CREATE INDEX feed_items_by_episode ON feed_items(episode);
    CREATE INDEX feed_items_by_date ON feed_items(show, published DESC, position DESC, identity);
    CREATE INDEX made_items ON feed_items(show, episode) WHERE episode IS NOT NULL;
    CREATE INDEX unmade_items ON feed_items(show) WHERE episode IS NULL AND removed = 0;
    CREATE TABLE episode_notes (
        episode TEXT PRIMARY KEY REFERENCES episodes(id) ON DELETE CASCADE,
        words TEXT NOT NULL, content TEXT NOT NULL
    );
    CREATE TABLE published_transcripts (
        episode TEXT PRIMARY KEY REFERENCES episodes(id) ON DELETE CASCADE,
        address TEXT NOT NULL, type TEXT, language TEXT, content BLOB NOT NULL
    );
    CREATE TABLE repeats (
        transcript INTEGER NOT NULL REFERENCES transcripts(number) ON DELETE CASCADE,
        first INTEGER NOT NULL, last INTEGER NOT NULL, family INTEGER NOT NULL,
        PRIMARY KEY (transcript, first)
    ) WITHOUT ROWID;
    CREATE INDEX repeats_by_family ON repeats(family);
    CREATE TABLE fingerprinted (
        key INTEGER PRIMARY KEY, transcript INTEGER NOT NULL, show TEXT, language TEXT, pending INTEGER NOT NULL
    );
    CREATE INDEX fingerprinted_transcripts ON fingerprinted(transcript);
    CREATE TABLE fingerprints (
        hash INTEGER NOT NULL, key INTEGER NOT NULL, place INTEGER NOT NULL,
        PRIMARY KEY (hash, key, place)
    ) WITHOUT ROWID;
    CREATE INDEX episodes_by_source ON episodes(source);
    """,
    # Vectors of voices are biometric data: they are stored in the tables voices and profile_voices, and in a draft till
    # it is finished. The rows of ``change`` 0 are those of now; the others are those before this change by hand, until
    # it is undone.
    """
    CREATE TABLE voice_findings (
        episode TEXT PRIMARY KEY REFERENCES episodes(id) ON DELETE CASCADE,
        settings TEXT NOT NULL, turns BLOB NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE voices (
        episode TEXT NOT NULL REFERENCES episodes(id) ON DELETE CASCADE,
        change INTEGER NOT NULL, number INTEGER NOT NULL, seconds REAL NOT NULL, vector BLOB,
        PRIMARY KEY (episode, change, number)
    ) WITHOUT ROWID;
    CREATE TABLE voice_changes (
        episode TEXT NOT NULL REFERENCES episodes(id) ON DELETE CASCADE,
        number INTEGER NOT NULL, content TEXT NOT NULL, turns BLOB,
        PRIMARY KEY (episode, number)
    ) WITHOUT ROWID;
    CREATE TABLE profile_voices (
        name TEXT NOT NULL, episode TEXT NOT NULL REFERENCES episodes(id) ON DELETE CASCADE,
        change INTEGER NOT NULL, number INTEGER NOT NULL, seconds REAL NOT NULL, vector BLOB NOT NULL,
        PRIMARY KEY (name, episode, change, number)
    ) WITHOUT ROWID;
    CREATE INDEX profile_voices_by_episode ON profile_voices(episode);
    CREATE TABLE published_checks (
        episode TEXT PRIMARY KEY REFERENCES episodes(id) ON DELETE CASCADE,
        address TEXT NOT NULL, digest TEXT NOT NULL, entity_tag TEXT, modified TEXT, fault TEXT
    ) WITHOUT ROWID;
    CREATE TABLE corrections (
        episode TEXT NOT NULL REFERENCES episodes(id) ON DELETE CASCADE,
        number INTEGER NOT NULL, first INTEGER, heard BLOB NOT NULL, words BLOB NOT NULL, replaced_by INTEGER,
        PRIMARY KEY (episode, number)
    ) WITHOUT ROWID;
    """,
)
"""MIGRATIONS[n] takes a library from version n to version n + 1; a new file passes through all of them."""

CURRENT_TABLES = 2
"""The oldest version with the current tables: a read-only library from it on is used without migration."""

REMOVALS_TABLE = 4
"""The version that added the table ``removals``."""

CUES_TABLE = 5
"""The version that added the table ``cues``."""

RECORDINGS_TABLE = 6
"""The version that added the tables ``recordings`` and ``chapters``."""

EDITS_TABLES = 7
"""The version that added the addresses of episodes, and the tables ``edited_fields`` and ``speaker_names``."""

DEFAULTS_TABLE = 8
"""The version that added the table ``defaults``."""

SHOWS_TABLES = 9
"""The version that added ``shows``, ``feed_items``, ``episode_notes`` and ``published_transcripts``."""

VOICES_TABLES = 10
"""The version that added ``voice_findings``, ``voices``, ``voice_changes`` and ``profile_voices``."""

CHECKS_TABLE = 10
"""The version that added ``published_checks``."""

CORRECTIONS_TABLE = 10
"""The version that added ``corrections``."""

OF_EPISODES = (
    "transcripts", "drafts", "recordings", "chapters", "edited_fields", "speaker_names", "feed_items", "episode_notes",
    "published_transcripts", "voice_findings", "voices", "voice_changes", "profile_voices", "published_checks",
    "corrections",
)  # fmt: skip
"""The tables whose column ``episode`` is the id of an episode."""

OF_TRANSCRIPTS = ("segments", "chunks", "cues", "repeats", "fingerprinted")
"""The tables whose column ``transcript`` is the number of a transcript."""

_LOCK_TIMEOUT = 60.0
"""Seconds to wait for another process that writes."""


def connect(path: Path) -> sqlite3.Connection:
    """Open the library, creating or migrating it if needed; where it cannot be written, for reading only.

    Raises LibraryError for a file that is not a library, is damaged, or was made by a newer airquote.
    """
    try:
        try:
            return _open(path, choose_access(path))
        except sqlite3.OperationalError as error:
            # A quota or a limit of this process: there was no room for the file in shared memory.
            if not error.sqlite_errorname.startswith("SQLITE_IOERR_SHM"):
                raise
            return _open(path, access_without_room(path))
    except sqlite3.DatabaseError as error:
        raise explain_database_error(error, path) from error


def connect_for_reading(path: Path) -> sqlite3.Connection:
    """Open the file of a library, or a backup of one, for reading only: it is neither migrated nor changed.

    Raises as ``connect`` does.
    """
    try:
        return _open(path, access_for_reading(path))
    except sqlite3.DatabaseError as error:
        raise explain_database_error(error, path) from error


def _open(path: Path, access: Access) -> sqlite3.Connection:
    address = f"{path.absolute().as_uri()}?{access.options}"
    connection = sqlite3.connect(
        address, uri=True, timeout=_LOCK_TIMEOUT, isolation_level=None, check_same_thread=False
    )
    try:
        if access.without_locks:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")  # the first, since others read the file already
        connection.execute("PRAGMA foreign_keys = ON")
        # Deleted rows are overwritten, not only unlinked.
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA synchronous = FULL")
        distrust(connection)
        _prepare(connection, path, access.writable)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, path: Path, writable: bool) -> None:
    # Checked before anything is written, so that a file of another program stays unchanged.
    with _transaction(connection, "DEFERRED"):
        version = _read_version(connection, path)
        if version == len(MIGRATIONS) or (version >= CURRENT_TABLES and not writable):
            return
        if version == 0 and not writable:
            raise LibraryError(f"{path} is empty.", CHOOSE_OTHER_LIBRARY, where=path)
    _enable_write_ahead_log(connection)
    connection.create_function("language_code", 1, language_code, deterministic=True)
    with _transaction(connection, "IMMEDIATE"):
        for step in range(_read_version(connection, path), len(MIGRATIONS)):
            for statement in split_statements(MIGRATIONS[step]):
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


def split_statements(script: str) -> Iterator[str]:
    """Yield the statements of a script one by one: ``executescript`` would commit the transaction that it is part of.

    A semicolon in a string, a comment or a trigger does not end a statement.
    """
    statement = ""
    for piece in re.split("(?<=;)", script):
        statement += piece
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        yield statement


@contextmanager
def _transaction(connection: sqlite3.Connection, kind: str) -> Iterator[None]:
    connection.execute(f"BEGIN {kind}")
    try:
        yield
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _read_version(connection: sqlite3.Connection, path: Path) -> int:
    """Return the version of a usable library, 0 for a new file; raises LibraryError for any other file."""
    owner, version = _read_pragma(connection, "application_id"), _read_pragma(connection, "user_version")
    fresh = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
    if owner != APPLICATION_ID and not (fresh and owner == version == 0):
        raise LibraryError(f"{path} is a database, but not an airquote library.", CHOOSE_OTHER_LIBRARY, where=path)
    if version > len(MIGRATIONS):
        raise LibraryError(
            f"The library {path} has format {version}; this airquote knows formats up to {len(MIGRATIONS)}.",
            UPDATE_OR_CHOOSE_OTHER_LIBRARY,
            where=path,
        )
    try:
        check_tables(connection, _tables_of(version))
    except ValueError as error:
        raise LibraryError(
            f"{path} is not as airquote made it: {error}.", RESTORE_OR_CHOOSE_OTHER_LIBRARY, where=path
        ) from error
    return version


@cache
def _tables_of(version: int) -> Tables:
    """Return what a library of this version is made of."""
    with closing(sqlite3.connect(":memory:")) as made:
        made.create_function("language_code", 1, language_code, deterministic=True)
        made.executescript("".join(MIGRATIONS[:version]))
        return read_tables(made)


def _enable_write_ahead_log(connection: sqlite3.Connection) -> None:
    # SQLite's own timeout does not cover two processes that do this at once: one gets SQLITE_BUSY.
    deadline = time.monotonic() + _LOCK_TIMEOUT
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname != "SQLITE_BUSY" or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _read_pragma(connection: sqlite3.Connection, name: str) -> int:
    value: int = connection.execute(f"PRAGMA {name}").fetchone()[0]
    return value


def explain_database_error(error: sqlite3.Error, path: Path) -> LibraryError:
    """Convert an SQLite error to a LibraryError with a message for the user."""
    code = getattr(error, "sqlite_errorname", None) or ""
    if code.startswith("SQLITE_FULL") or "disk is full" in str(error):
        return LibraryError(
            f"The disk of the library {path} is full.",
            MAKE_ROOM_AND_RESUME,
            where=path,
        )
    if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return LibraryError(
            f"The library {path} has been busy for a minute.",
            try_again("Wait for the other airquote to finish."),
            where=path,
        )
    if code.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
        return LibraryError(
            f"The library {path} is damaged: {error}.",
            RESTORE_OR_CHOOSE_OTHER_LIBRARY,
            where=path,
        )
    if code.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_PERM", "SQLITE_IOERR")):
        return explain_refusal(error, path)
    return LibraryError(f"The library {path} could not be used: {error}.", EXAMINE, where=path)
