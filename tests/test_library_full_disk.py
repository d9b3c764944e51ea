"""A library on a full disk or in a read-only folder: all of it can be read, and refusals tell the cause."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import signal
import sqlite3
import tempfile
from collections import namedtuple
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from fake_engine import airquote
from index_truth import answers
from libraries import add_text
from processes import run_apart

from audio.atomic_write import ROOM_BYTES, choose_way_out
from audio.errors import make_room
from index.errors import LibraryError
from index.fulltext.maintenance import index_folder
from index.storage.files.access import explain_unwritten_index
from index.storage.schema import explain_database_error
from index.storage.store import STORE_NAME, Store

Usage = namedtuple("Usage", "total used free")
NEW_TITLE = "The title in the log"


def read_everything(folder: Path) -> list[tuple[str, int, str]]:
    """Run every command that only reads, and return what it printed."""
    listed = airquote("list", "--library", folder, "--json")
    assert listed.answers, listed.err
    first = listed.answers[0]
    name = first["episode"]
    commands: list[tuple[object, ...]] = [
        ("list", "--json"), ("show", name), ("show", name, "--gaps"), ("at", name, "0:00"), ("words", name, 0, 1),
        ("search", "ferry"), ("search", "ferr*", "--count"), ("search", "ferry", "--facets", "show"),
        ("locate", "the ferry"), ("export", name, "-f", "srt"),
    ]  # fmt: skip
    runs = [(command, airquote(*command, "--library", folder)) for command in commands]
    assert all(run.code in (0, 1) and "Traceback" not in run.err for _, run in runs), runs
    return [(str(command), run.code, run.out) for command, run in runs]


def read_with_no_room(folder: Path, expected: list[tuple[str, int, str]]) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    assert read_everything(folder) == expected
    refused = airquote("remove", "one", "--library", folder)
    assert refused.code == 4
    assert "File too large" in refused.err
    assert "free disk space and run the same command again" in refused.err
    assert read_everything(folder) == expected


def change_a_title_and_be_killed(folder: Path) -> None:
    with Store.open(folder) as store:
        store.update_episode(replace(store.episodes()[0], title=NEW_TITLE))
        os.kill(os.getpid(), signal.SIGKILL)


def add_later(folder: Path) -> None:
    with Store.open(folder) as store:
        add_text(store, "later", "A later ferry.")


def leave_log(folder: Path, left: str) -> None:
    """Leave what a killed writer leaves, or what is left of that in a copy."""
    if left != "no log":
        assert run_apart(change_a_title_and_be_killed, folder) == -signal.SIGKILL
        assert (folder / f"{STORE_NAME}-wal").stat().st_size
    if left == "a log alone":
        (folder / f"{STORE_NAME}-shm").unlink()


LEFT = pytest.mark.parametrize("left", ["no log", "a log", "a log alone"])


@LEFT
def test_a_library_on_a_full_disk_can_be_read(indexed_library: Path, tmp_path: Path, left: str) -> None:
    with Store.open(indexed_library) as store:
        add_text(store, "one", "One more ferry.")
    assert airquote("search", "ferry", "--library", indexed_library).code == 0
    leave_log(indexed_library, left)
    expected = read_everything(shutil.copytree(indexed_library, tmp_path / "copy"))
    assert (NEW_TITLE in expected[0][2]) == (left != "no log")
    assert run_apart(read_with_no_room, indexed_library, expected) == 0
    assert read_everything(indexed_library) == expected
    assert airquote("remove", "one", "--library", indexed_library).code == 0
    assert not (indexed_library / f"{STORE_NAME}-shm").exists()


@LEFT
def test_shared_memory_is_not_written_where_that_would_kill(
    indexed_library: Path, monkeypatch: pytest.MonkeyPatch, left: str
) -> None:
    leave_log(indexed_library, left)
    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(10**9, 10**9, ROOM_BYTES - 1))
    with Store.open(indexed_library) as store:
        assert all(answers(store))
        assert any(episode.title == NEW_TITLE for episode in store.episodes()) == (left != "no log")
        shared = indexed_library / f"{STORE_NAME}-shm"
        assert shared.stat().st_size == (32768 if left == "a log" else 0)
        # Another process found room meanwhile: its changes are seen, and nothing is locked out.
        monkeypatch.undo()
        before = len(store.episodes())
        assert run_apart(add_later, indexed_library) == 0
        assert len(store.episodes()) == before + 1
        with pytest.raises(LibraryError, match="open it again"):
            add_text(store, "never", "Not that ferry.")
    with Store.open(indexed_library) as store:
        assert store.check() == []


@pytest.mark.parametrize("total", [0, 10**9])
def test_a_disk_that_does_not_tell_its_size_counts_as_one_with_room(
    indexed_library: Path, monkeypatch: pytest.MonkeyPatch, total: int
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(total, 0, 0))
    with Store.open(indexed_library) as store:
        if total == 0:
            add_text(store, "new", "A new ferry.")
        else:
            with pytest.raises(LibraryError):
                add_text(store, "new", "A new ferry.")


# Read-only folders


@contextmanager
def make_read_only(source: Path) -> Iterator[Path]:
    """Copy a library to a place that every user may read and nobody but root may write."""
    with tempfile.TemporaryDirectory() as outside:
        folder = shutil.copytree(source, Path(outside, "library"))
        Path(outside).chmod(0o755)
        paths = [folder, *folder.rglob("*")]
        for path in paths:
            path.chmod(0o555 if path.is_dir() else 0o444)
        try:
            yield folder
        finally:
            for path in paths:
                path.chmod(0o755)


def become_nobody(folder: Path) -> None:
    """Give up root's permission to write everywhere, having imported what another user perhaps may not read."""
    if os.geteuid() == 0:
        shutil.copytree(folder, folder.parent / "warm")
        airquote("search", "ferry", "--library", folder.parent / "warm")
        read_everything(folder.parent / "warm")
        os.setuid(65534)
        for variable in ("HOME", "XDG_CONFIG_HOME"):
            os.environ[variable] = str(folder.parent)


def read_as_nobody(folder: Path, expected: list[tuple[str, int, str]]) -> None:
    become_nobody(folder)
    assert read_everything(folder) == expected
    refused = airquote("remove", "a-title", "--library", folder)
    assert refused.code in (2, 4)


@LEFT
def test_a_read_only_library_can_be_read_with_what_is_in_its_log(
    indexed_library: Path, tmp_path: Path, left: str
) -> None:
    leave_log(indexed_library, left)
    expected = read_everything(shutil.copytree(indexed_library, tmp_path / "copy"))
    with make_read_only(indexed_library) as folder:
        assert run_apart(read_as_nobody, folder, expected) == 0


def search_as_nobody(folder: Path) -> None:
    become_nobody(folder)
    run = airquote("search", "ferry", "--library", folder)
    assert run.code == 4, run.err
    assert "Permission denied" in run.err
    assert "Check the permissions" in run.err
    assert "disk space" not in run.err


def test_a_read_only_index_that_must_be_built_is_not_called_a_full_disk(indexed_library: Path) -> None:
    with Store.open(indexed_library) as store:
        (index_folder(store) / "manifest.json").unlink()
    with make_read_only(indexed_library) as folder:
        assert run_apart(search_as_nobody, folder) == 0


# Causes

CAUSES = {
    errno.ENOSPC: "make_room_and",
    errno.EDQUOT: "make_room_and",
    errno.EFBIG: "make_room_and",
    errno.EROFS: "check_permissions",
    errno.EACCES: "check_permissions",
    errno.EPERM: "check_permissions",
    errno.ELOOP: "choose_other_file",
    errno.ENAMETOOLONG: "choose_other_file",
}


@pytest.mark.parametrize("number", CAUSES)
def test_the_way_out_follows_from_the_cause(number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cause = OSError(number, os.strerror(number))

    def fail(_: int) -> None:
        raise cause

    monkeypatch.setattr("os.fsync", fail)
    (tmp_path / STORE_NAME).touch()
    silent = sqlite3.OperationalError("disk I/O error")
    silent.sqlite_errorname = "SQLITE_IOERR_WRITE"
    errors = [
        explain_unwritten_index(tmp_path, cause),
        explain_unwritten_index(tmp_path, silent),
        explain_database_error(silent, tmp_path / STORE_NAME),
    ]
    for error in errors:
        assert os.strerror(number) in error.message
        assert error.way_out is not None
        assert error.way_out.kind.startswith(CAUSES[number])
    assert choose_way_out(cause, make_room("")).kind == CAUSES[number].removesuffix("_and")
    assert [path.name for path in tmp_path.iterdir()] == [STORE_NAME]
