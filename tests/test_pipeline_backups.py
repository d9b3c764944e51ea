"""Backups: written while others write, whole or not at all, and restored all of it or nothing."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from fake_engine import FakeEngine, airquote, speak, transcribe
from libraries import add_text, make_library
from processes import PROCESSES, kill_this_process, run_apart, start_apart
from torture.kills import describe_library

import index.storage.schema
from audio.errors import MachineError, UsageError
from index.errors import LibraryError
from index.storage.store import STORE_NAME, Store
from pipeline.library import Library
from pipeline.progress import LibraryChecked, LibraryCopied, ProgressEvent

WORDS = "the ferry left the harbour at night and the storm came. " * 300


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A library of three episodes."""
    with make_library(tmp_path / "one", [WORDS, WORDS * 2, "more to come"]) as store:
        store.save_default_model("tiny.en")
        store.start_draft("episode-c", "recipe", "plan")
    return tmp_path / "one"


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.storage.database._COPIED_PAGES", 1)


def back_up(folder: Path, name: str = "saved.db") -> Path:
    with Library.open(folder) as library:
        library.backup(folder.parent / name)
    return folder.parent / name


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".airquote")]


def test_a_restored_library_holds_all_of_the_one_that_was_backed_up(folder: Path) -> None:
    saved = back_up(folder)
    assert sorted(path.name for path in folder.parent.iterdir()) == ["one", "saved.db"], "one file alone"
    with Library.open(folder.parent / "two", create=True) as library:
        restored = library.restore(saved)
        assert (restored.episodes, restored.kept) == (3, None)
        assert library.count("ferry").hits == 900, "its index is there"
    assert describe_library(folder.parent / "two") == describe_library(folder)
    with Store.open(folder.parent / "two") as store:
        assert store.default_model() == "tiny.en"


def test_the_commands_say_what_they_did(folder: Path) -> None:
    saved, other = folder.parent / "saved.db", folder.parent / "two"
    run = airquote("backup", saved, "--library", folder)
    assert (run.code, run.out) == (0, f"{saved}: 3 episodes, {saved.stat().st_size / 1e6:.1f} MB\n")
    run = airquote("restore", saved, "--library", other)
    assert (run.code, run.out) == (0, f"{other}: 3 episodes\n")
    assert airquote("backup", saved, "--library", folder, "--overwrite", "--json").answer == {
        "file": str(saved), "bytes": saved.stat().st_size, "episodes": 3,
    }  # fmt: skip
    run = airquote("restore", saved, "--library", other, "--force", "--json")
    assert run.answer == {"library": str(other), "episodes": 3, "kept": None}


@pytest.mark.usefixtures("small_steps")
def test_progress_goes_from_the_first_byte_to_the_last(folder: Path) -> None:
    events: list[ProgressEvent] = []
    with Library.open(folder, progress=events.append) as library:
        library.backup(folder.parent / "saved.db")
    copied = [(event.done, event.total) for event in events if isinstance(event, LibraryCopied)]
    size = (folder.parent / "saved.db").stat().st_size
    assert {total for _, total in copied} == {size}
    assert [done for done, _ in copied] == sorted({done for done, _ in copied})
    assert copied[-1] == (size, size)
    checked = [(event.done, event.total) for event in events if isinstance(event, LibraryChecked)]
    assert checked == [(1, 3), (2, 3), (3, 3)]


# Others write meanwhile


def add_pairs(folder: Path, begun: object, enough: object) -> None:
    """Add pairs of episodes, each in one transaction, until it is enough."""
    number = 0
    with Store.open(folder) as store:
        while not enough.is_set():  # type: ignore[attr-defined]
            with store.transaction():
                for half in ("left", "right"):
                    add_text(store, f"{half} {number}", "more words " * 200)
            number += 1
            begun.set()  # type: ignore[attr-defined]


@pytest.mark.usefixtures("small_steps")
def test_a_backup_is_of_one_moment_while_a_batch_writes(folder: Path) -> None:
    begun, enough = PROCESSES.Event(), PROCESSES.Event()
    wait = start_apart(add_pairs, folder, begun, enough)
    begun.wait(60)
    sizes = []
    with Library.open(folder, progress=lambda _: time.sleep(0.001)) as library:
        for number in range(3):
            saved = folder.parent / f"saved {number}.db"
            library.backup(saved)
            with Store(saved, sqlite3.connect(saved)) as copy:
                ids = [episode.id for episode in copy.episodes()]
                assert copy.check() == []
            halves = [{one.split("-")[1] for one in ids if one.startswith(half)} for half in ("left", "right")]
            assert halves[0] == halves[1], "no pair is cut in two"
            sizes.append(len(ids))
        assert library.episodes()[-1:]
    enough.set()
    assert wait() == 0
    assert sizes == sorted(sizes)
    assert sizes[0] > 3


def test_a_backup_goes_on_while_a_file_is_transcribed(tmp_path: Path, library: Path, engine: FakeEngine) -> None:
    codes = []
    engine.before = lambda number: codes.append(airquote("backup", tmp_path / f"{number}.db").code)
    assert transcribe(speak(tmp_path / "talk.wav", 6)).code == 0
    assert set(codes) == {0}
    assert len(codes) > 1
    with Library.open(tmp_path / "two", create=True) as restored:
        restored.restore(tmp_path / f"{len(codes) - 1}.db")
        assert [one.state for one in restored.episodes()] == ["transcribing"]
    engine.before = lambda _: None
    asked = len(engine.asked)
    assert transcribe(tmp_path / "talk.wav", "--library", tmp_path / "two").answer["status"] == "done"
    assert len(engine.asked) - asked < asked, "what was finished at that moment is not done again"
    with Store.open(library) as one, Store.open(tmp_path / "two") as two:
        assert one.transcript("talk") == two.transcript("talk")


# What is refused


def test_files_and_libraries_are_not_replaced_unasked(folder: Path) -> None:
    saved = back_up(folder)
    before = saved.read_bytes()
    with Store.open(folder) as store:
        add_text(store, "new", "new words")
    run = airquote("backup", saved, "--library", folder)
    assert (run.code, "--overwrite" in run.err, saved.read_bytes()) == (2, True, before)
    run = airquote("restore", saved, "--library", folder)
    assert (run.code, run.out) == (2, "")
    assert "There is a library in" in run.err
    assert "with 4 episodes" in run.err
    assert "--force" in run.err
    assert len(airquote("list", "--library", folder, "--json").answers) == 4
    assert airquote("restore", saved, "--library", folder, "--force").code == 0
    assert len(airquote("list", "--library", folder, "--json").answers) == 3
    assert airquote("search", "new", "--library", folder).code == 1


@pytest.mark.parametrize("name", ["one/airquote.db", "one/backup.db", ".", "no/folder.db"])
def test_places_that_cannot_hold_a_backup(name: str, folder: Path) -> None:
    before = (folder / STORE_NAME).read_bytes()
    with Library.open(folder) as library, pytest.raises(UsageError):
        library.backup(folder.parent / name, overwrite=True)
    assert (folder / STORE_NAME).read_bytes() == before


DAMAGE: dict[str, Callable[[Path], object]] = {
    "cut": lambda file: file.write_bytes(file.read_bytes()[:-9000]),
    "no database": lambda file: file.write_bytes(b"my diary\n" * 500),
    "empty": lambda file: file.write_bytes(b""),
    "a row": lambda file: change(file, "UPDATE chunks SET words = x'0011'"),
    "of another program": lambda file: change(file, "CREATE TABLE bookmarks (url TEXT)"),
    "newer": lambda file: change(file, "PRAGMA user_version = 99"),
    "gone": lambda file: file.unlink(),
}


def change(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(statement)


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_backup_that_is_not_whole_changes_nothing(damage: str, folder: Path) -> None:
    saved = back_up(folder)
    DAMAGE[damage](saved)
    before = saved.read_bytes() if saved.exists() else None
    whole = describe_library(folder)
    for library in (folder, folder.parent / "new"):
        run = airquote("restore", saved, "--library", library, "--force")
        assert run.code == (2 if damage == "gone" else 4)
        assert str(saved) in run.err
        assert "Traceback" not in run.err
    assert describe_library(folder) == whole
    assert not (folder.parent / "new" / STORE_NAME).exists()
    assert (saved.read_bytes() if saved.exists() else None) == before


def test_a_damaged_library_gives_no_backup_and_replaces_none(folder: Path) -> None:
    saved = back_up(folder)
    before = saved.read_bytes()
    change(folder / STORE_NAME, "UPDATE chunks SET words = x'0011' WHERE first = 0")
    with Library.open(folder) as library, pytest.raises(LibraryError, match="damaged"):
        library.backup(saved, overwrite=True)
    assert saved.read_bytes() == before
    assert leftovers(folder.parent) == []


@pytest.mark.parametrize("damage", ["no database", "of another program", "newer", "missing"])
def test_a_library_that_cannot_be_read_is_set_aside(damage: str, folder: Path) -> None:
    saved = back_up(folder)
    whole = describe_library(folder)
    if damage == "missing":
        (folder / STORE_NAME).unlink()
    else:
        DAMAGE[damage](folder / STORE_NAME)
        assert airquote("restore", saved, "--library", folder).code == 2
    damaged = (folder / STORE_NAME).read_bytes() if damage != "missing" else b""
    run = airquote("restore", saved, "--library", folder, "--force", "--json")
    assert run.code == 0
    assert describe_library(folder) == whole
    if damage != "missing":
        assert Path(run.answer["kept"]).read_bytes()[100:] == damaged[100:]


def test_an_earlier_version_is_restored_and_brought_up_to_date(tmp_path: Path) -> None:
    steps = index.storage.schema.MIGRATIONS
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index.storage.schema, "MIGRATIONS", steps[:3])
        make_library(tmp_path / "one", [WORDS]).close()
        shutil.copy(tmp_path / "one" / STORE_NAME, tmp_path / "copy.db")
    with Library.open(tmp_path / "two", create=True) as library:
        assert library.restore(tmp_path / "copy.db").episodes == 1
        assert library.count("ferry").hits == 300
    with closing(sqlite3.connect(tmp_path / "copy.db")) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (3,), "the backup stays as it is"


def test_a_library_is_not_replaced_while_another_process_fills_it(
    tmp_path: Path, library: Path, engine: FakeEngine
) -> None:
    make_library(tmp_path / "one", ["other words"]).close()
    saved = back_up(tmp_path / "one")
    runs = []
    engine.before = lambda _: runs.append(airquote("restore", saved, "--force"))
    assert transcribe(speak(tmp_path / "talk.wav", 3)).code == 0
    assert {run.code for run in runs} == {4}
    assert all("Another airquote is working on the library" in run.err for run in runs)
    with Store.open(library) as store:
        assert [episode.id for episode in store.episodes()] == ["talk"]


def test_a_full_disk_is_told_before_anything_is_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    saved = back_up(folder)
    whole = describe_library(folder)
    with monkeypatch.context() as patch:
        patch.setattr("index.storage.files.backup.disk_usage", lambda _: SimpleNamespace(free=100_000))
        with Library.open(folder) as library:
            with pytest.raises(MachineError, match="MB are needed"):
                library.backup(folder.parent / "more.db")
            with pytest.raises(MachineError, match="MB are needed"):
                library.restore(saved, replace=True)
    assert not (folder.parent / "more.db").exists()
    assert describe_library(folder) == whole


# Kills


def die_at(folder: Path, step: int, work: str, saved: Path) -> None:
    steps = 0

    def count(event: ProgressEvent) -> None:
        nonlocal steps
        if isinstance(event, LibraryCopied):
            if steps == step:
                kill_this_process()
            steps += 1

    with pytest.MonkeyPatch.context() as patch, Library.open(folder, create=True, progress=count) as library:
        patch.setattr("index.storage.database._COPIED_PAGES", 1)
        if work == "backup":
            library.backup(saved, overwrite=True)
        else:
            library.restore(saved, replace=True)


@pytest.mark.parametrize("step", [0, 3, 9])
def test_a_killed_backup_leaves_the_earlier_one(step: int, folder: Path) -> None:
    saved = back_up(folder)
    before = saved.read_bytes()
    with Store.open(folder) as store:
        add_text(store, "new", "new words")
    assert run_apart(die_at, folder, step, "backup", saved) == -signal.SIGKILL
    assert saved.read_bytes() == before
    with Library.open(folder) as library:
        assert library.backup(saved, overwrite=True).episodes == 4


@pytest.mark.parametrize("step", [0, 3, 9])
def test_a_killed_restoration_leaves_the_library_as_it_was(step: int, folder: Path) -> None:
    saved = back_up(folder)
    expected = describe_library(folder)
    with Store.open(folder) as store:
        add_text(store, "new", "new words")
    before = describe_library(folder)
    assert run_apart(die_at, folder, step, "restore", saved) == -signal.SIGKILL
    assert describe_library(folder) == before
    fresh = folder.parent / "fresh"
    assert run_apart(die_at, fresh, step, "restore", saved) == -signal.SIGKILL
    for library, replace in ((folder, True), (fresh, False)):
        with Library.open(library, create=True) as opened:
            opened.restore(saved, replace=replace)
        assert describe_library(library) == expected
