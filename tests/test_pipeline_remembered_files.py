"""A file that is done and has not changed is not read again; any change of size or time is noticed."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from fake_engine import FakeEngine, airquote, speak, stored, transcribe

import index.storage.schema
from index.storage.store import Store

pytestmark = pytest.mark.usefixtures("engine")

LONG_AGO = 1_600_000_000


def settled(path: Path, utterances: int, seed: int = 0, time: int = LONG_AGO) -> Path:
    """A sound file with an old modification time."""
    speak(path, utterances, seed)
    os.utime(path, (time, time))
    return path


def refuse(*_: object) -> None:
    raise AssertionError("it was read")


def forbid_reading(patch: pytest.MonkeyPatch) -> None:
    for name in ("hash_file", "probe_media"):
        patch.setattr(f"pipeline.batch.batch.{name}", refuse)


def test_a_file_that_is_done_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [settled(tmp_path / f"{name}.wav", 1, seed) for seed, name in enumerate("ab")]
    assert transcribe(*files).code == 0
    forbid_reading(monkeypatch)
    again = transcribe(tmp_path)
    assert [answer["status"] for answer in again.answers] == ["skipped"] * 2
    assert {answer["reason"] for answer in again.answers} == {"already transcribed"}
    assert transcribe(files[0], "--title", "Another").answer["status"] == "skipped"
    assert {row["title"] for row in airquote("list", "--json").answers} == {"Another", "b"}


@pytest.mark.parametrize("seed", [0, 1])
def test_a_new_time_is_noticed(seed: int, tmp_path: Path, engine: FakeEngine) -> None:
    file = settled(tmp_path / "a.wav", 1)
    transcribe(file)
    settled(file, 1, seed, time=LONG_AGO + 5)
    assert transcribe(file).answer["status"] == ("done" if seed else "skipped")
    assert len(engine.asked) == 1 + seed


def test_another_size_is_noticed(tmp_path: Path, engine: FakeEngine) -> None:
    transcribe(settled(tmp_path / "a.wav", 1))
    assert transcribe(settled(tmp_path / "a.wav", 2, seed=1)).answer["status"] == "done"
    assert len(engine.asked) == 3


def test_force_another_model_and_a_moved_file_are_read(tmp_path: Path, engine: FakeEngine) -> None:
    file = settled(tmp_path / "a.wav", 1)
    transcribe(file)
    assert transcribe(file, "--force").answer["status"] == "done"
    assert transcribe(file, "--model", "base", "--force").answer["status"] == "done"
    assert len(engine.asked) == 3
    moved = file.rename(tmp_path / "moved.wav")
    assert transcribe(moved, "--model", "base").answer["status"] == "skipped"
    assert [row["media"] for row in airquote("list", "--json").answers] == [str(moved)]


def test_what_changed_a_moment_ago_is_not_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = speak(tmp_path / "a.wav", 1)
    transcribe(file)
    forbid_reading(monkeypatch)
    assert "it was read" in transcribe(file).err


def test_files_go_with_their_episode(tmp_path: Path, library: Path) -> None:
    transcribe(settled(tmp_path / "a.wav", 1))
    with closing(sqlite3.connect(library / "airquote.db")) as connection:
        assert connection.execute("SELECT path FROM files").fetchall() == [(str(tmp_path / "a.wav"),)]
    assert airquote("remove", "a").code == 0
    with closing(sqlite3.connect(library / "airquote.db")) as connection:
        assert connection.execute("SELECT path FROM files").fetchall() == []
    assert b"a.wav" not in (library / "airquote.db").read_bytes()
    assert transcribe(tmp_path / "a.wav").answer["status"] == "done"


def test_a_library_of_version_1_keeps_everything(
    tmp_path: Path, library: Path, monkeypatch: pytest.MonkeyPatch, engine: FakeEngine
) -> None:
    file = settled(tmp_path / "a.wav", 2)
    steps = index.storage.schema.MIGRATIONS
    with monkeypatch.context() as patch:
        patch.setattr(index.storage.schema, "MIGRATIONS", steps[:1])
        patch.setattr(Store, "remember_file", lambda *_: None)
        patch.setattr(Store, "remembered_hash", lambda *_: None)
        patch.setattr(Store, "save_chapters", lambda *_: None)
        patch.setattr(Store, "_save", lambda *_: None)  # facts of the recording
        patch.setattr(Store, "save_default_model", lambda *_: None)
        patch.setattr(Store, "save_voices", lambda *_: None)
        transcribe(file)
        before = stored(library)
    assert stored(library) == before
    assert transcribe(file).answer["status"] == "skipped"
    assert len(engine.asked) == 2
    forbid_reading(monkeypatch)
    assert transcribe(file).answer["status"] == "skipped"
    with Store.open(library) as store:
        assert store.check() == []
