"""The store's file: missing, of another program, damaged, newer, older, on a full disk, shared, moved."""

from __future__ import annotations

import random
import resource
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from libraries import add_episode, add_text, make_library, make_transcript
from processes import PROCESSES, run_apart, start_apart

import index.storage.schema
import index.storage.store
from audio.errors import UsageError
from index.errors import LibraryError
from index.storage.schema import split_statements
from index.storage.store import STORE_NAME, Store

LONG = " ".join(f"word{number}" for number in range(2600))


# The file


def test_no_library_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no library"):
        Store.open(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


def test_a_folder_that_is_a_file_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("hello")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(LibraryError, match="cannot be made"):
            Store.open(folder, create=True)
        with pytest.raises(UsageError, match="no library"):
            Store.open(folder)


def test_a_store_that_is_a_folder_is_said_so(tmp_path: Path) -> None:
    (tmp_path / STORE_NAME).mkdir()
    with pytest.raises(LibraryError, match="cannot be opened"):
        Store.open(tmp_path)


def test_a_newer_library_is_refused_and_not_changed(tmp_path: Path) -> None:
    make_library(tmp_path, ["so it is"]).close()
    with closing(sqlite3.connect(tmp_path / STORE_NAME)) as connection:
        connection.execute("PRAGMA user_version = 99")
    check_refused_unchanged(tmp_path, "newer airquote")


@pytest.mark.parametrize("version", [0, 1, 99])
def test_another_programs_database_is_refused_and_not_changed(tmp_path: Path, version: int) -> None:
    with closing(sqlite3.connect(tmp_path / STORE_NAME)) as connection, connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
        connection.execute(f"PRAGMA user_version = {version}")
    check_refused_unchanged(tmp_path, "not an airquote library")


@pytest.mark.parametrize("content", [b"my diary\n" * 500, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_file_that_is_no_database_is_refused_and_not_changed(tmp_path: Path, content: bytes) -> None:
    (tmp_path / STORE_NAME).write_bytes(content)
    check_refused_unchanged(tmp_path, "damaged|not a database|could not be used")


def check_refused_unchanged(folder: Path, said: str) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    for create in (False, True):
        with pytest.raises(LibraryError, match=said):
            Store.open(folder, create=create)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_damaged_library_never_gives_a_traceback(tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    with make_library(whole, [LONG, LONG[5000:], "so it is"]) as store:
        draft = store.start_draft("episode-a", "recipe", "plan")
        store.save_draft_parts(draft.number, [(part, LONG[:900]) for part in range(9)])
    content = (whole / STORE_NAME).read_bytes()
    dice = random.Random(5)
    noticed = 0
    for attempt in range(60):
        damaged = bytearray(content)
        if attempt % 3 == 0:
            del damaged[dice.randrange(100, len(content)) :]
        else:
            place = dice.randrange(100, len(content) - 3000)
            size = dice.choice([1, 8, 3000])
            damaged[place : place + size] = dice.randbytes(size)
        (tmp_path / STORE_NAME).write_bytes(damaged)
        try:
            with Store.open(tmp_path) as store:
                faults = store.check()
                noticed += bool(faults)
                for episode in store.episodes():
                    store.draft(episode.id, "recipe")
                    store.transcript(episode.id)
                store.remove_episode("episode-a")
                add_text(store, "new", "new words")
        except LibraryError as error:
            noticed += 1
            assert str(tmp_path) in str(error)
        for path in tmp_path.glob(STORE_NAME + "*"):
            path.unlink()
    assert noticed > 30


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE chunks SET words = x'0011'",
        "UPDATE chunks SET words = 'text'",
        "DELETE FROM chunks WHERE first = 512",
        "DELETE FROM segments WHERE first = 12",
        "UPDATE segments SET flags = '[1'",
        "UPDATE transcripts SET gaps = '[[2, 1]]'",
        "UPDATE transcripts SET gaps = 'x'",
        "UPDATE transcripts SET words = 5",
        "UPDATE transcripts SET words = 'many'",
    ],
)
def test_damage_in_one_transcript_is_found_by_check(tmp_path: Path, damage: str) -> None:
    with make_library(tmp_path, [LONG]) as store:
        with closing(sqlite3.connect(store.path)) as connection, connection:
            connection.execute(damage)
        assert store.check()
        with pytest.raises(LibraryError):
            store.transcript("episode-a")


def test_a_library_of_an_older_version_is_brought_up_to_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with make_library(tmp_path, ["so it is"]) as store:
        before = store.transcript("episode-a")
    steps = index.storage.schema.MIGRATIONS
    monkeypatch.setattr(
        index.storage.schema, "MIGRATIONS", (*steps, "CREATE TABLE notes (text TEXT); SELECT * FROM nothing")
    )
    with pytest.raises(LibraryError):
        Store.open(tmp_path)
    monkeypatch.setattr(index.storage.schema, "MIGRATIONS", steps)
    with Store.open(tmp_path) as store:
        assert store.transcript("episode-a") == before
    monkeypatch.setattr(
        index.storage.schema,
        "MIGRATIONS",
        (*steps, "CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES ('kept')"),
    )
    for _ in range(2):
        with Store.open(tmp_path) as store:
            assert store.transcript("episode-a") == before
            with closing(sqlite3.connect(store.path)) as connection:
                assert connection.execute("SELECT text FROM notes").fetchall() == [("kept",)]
                assert connection.execute("PRAGMA user_version").fetchone() == (len(steps) + 1,)
    monkeypatch.setattr(index.storage.schema, "MIGRATIONS", steps)
    with pytest.raises(LibraryError, match="newer airquote"):
        Store.open(tmp_path)


# A full disk


@pytest.mark.parametrize("room", [0, 1, 5])
def test_a_full_disk_is_named_and_what_was_saved_stays(store: Store, room: int) -> None:
    episode = add_text(store, "talk", "the old words")
    draft = store.start_draft(episode.id, "recipe", "plan")
    store.save_draft_parts(draft.number, [(0, "one")])
    before = store.transcript(episode.id)
    (pages,) = store._connection.execute("PRAGMA page_count").fetchone()
    store._connection.execute(f"PRAGMA max_page_count = {pages + room}")
    for work in (
        lambda: store.save_draft_parts(draft.number, [(1, "x" * 100_000)]),
        lambda: store.save_transcript(episode.id, make_transcript(LONG * 4)),
    ):
        with pytest.raises(LibraryError, match=r"disk of the library .* is full"):
            work()
    assert store.draft(episode.id, "recipe") == type(draft)(draft.number, "plan", {0: "one"})
    assert store.transcript(episode.id) == before
    store._connection.execute("PRAGMA max_page_count = 100000")
    store.save_draft_parts(draft.number, [(1, "two")])
    store.save_transcript(episode.id, make_transcript(LONG))
    assert store.check() == []


def save_parts_until_full(folder: Path, transcript: bool) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
    with Store.open(folder) as store:
        draft = store.draft("talk", "recipe")
        assert draft is not None
        with pytest.raises(LibraryError, match="disk"):
            for part in range(100):
                if transcript:
                    add_text(store, f"more {part}", LONG)
                store.save_draft_parts(draft.number, [(part, f"{part} " * 5000)])
                (folder / "saved").write_text(str(part))


@pytest.mark.parametrize("transcript", [True, False])
def test_a_file_that_cannot_grow_keeps_every_part_that_was_saved(tmp_path: Path, transcript: bool) -> None:
    with Store.open(tmp_path, create=True) as store:
        add_episode(store, "talk")
        store.start_draft("talk", "recipe", "plan")
    assert run_apart(save_parts_until_full, tmp_path, transcript) == 0
    saved = int((tmp_path / "saved").read_text())
    with Store.open(tmp_path) as store:
        draft = store.draft("talk", "recipe")
        assert draft is not None
        assert draft.parts == {part: f"{part} " * 5000 for part in range(saved + 1)}
        assert store.check() == []
        store.save_draft_parts(draft.number, [(100, "goes on")])


# Concurrency


def add_many(folder: Path, prefix: str, barrier: Any) -> None:
    barrier.wait(30)
    for number in range(6):
        with Store.open(folder, create=True) as store:
            add_text(store, f"{prefix} {number}", LONG)
            draft = store.start_draft(f"{prefix}-{number}", "recipe", "plan")
            store.save_draft_parts(draft.number, [(0, "one")])


def test_processes_that_make_and_fill_one_library_at_once_all_succeed(tmp_path: Path) -> None:
    for attempt in range(2):
        folder = tmp_path / str(attempt)
        barrier = PROCESSES.Barrier(3)
        waits = [start_apart(add_many, folder, prefix, barrier) for prefix in ("a", "b", "c")]
        assert [wait() for wait in waits] == [0, 0, 0]
        with Store.open(folder) as store:
            assert len(store.episodes()) == len(store.transcripts()) == 18
            assert store.check() == []


def test_a_library_can_be_moved(tmp_path: Path) -> None:
    with make_library(tmp_path / "here", ["so it is"]) as store:
        before = store.transcript("episode-a")
    shutil.move(tmp_path / "here", tmp_path / "there #1?%20")
    with Store.open(tmp_path / "there #1?%20") as store:
        assert store.transcript("episode-a") == before


def test_the_statements_of_a_migration_are_not_cut_in_strings_comments_or_triggers() -> None:
    statements = [
        "CREATE TABLE notes (text TEXT DEFAULT 'a;b');",
        "-- first; second\nINSERT INTO notes VALUES ('it''s; done');",
        "CREATE TRIGGER note AFTER INSERT ON notes BEGIN DELETE FROM notes; SELECT 1; END;",
        "SELECT 1",
    ]
    assert [one.strip() for one in split_statements("\n".join(statements) + "\n  ")] == statements
