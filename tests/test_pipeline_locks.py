"""Locks of recordings: one process at a time holds one, also while its file is deleted."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from filelock import FileLock

from pipeline.batch.locks import Taken, lock_source


def test_a_lock_is_held_once(tmp_path: Path) -> None:
    with lock_source(tmp_path, "a"):
        with lock_source(tmp_path, "b"):
            pass
        with pytest.raises(Taken), lock_source(tmp_path, "a"):
            pytest.fail("held twice")
    with lock_source(tmp_path, "a"):
        pass


def test_the_file_of_a_removed_recording_is_deleted_before_the_lock_is_released(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "locks" / "a.lock"
    present_at_release: list[bool] = []
    release = FileLock.release

    def note_and_release(self: FileLock, force: bool = False) -> None:
        present_at_release.append(path.exists())
        release(self, force)

    monkeypatch.setattr(FileLock, "release", note_and_release)
    with lock_source(tmp_path, "a", discard=True):
        assert path.exists()
    assert present_at_release[0] is False


def test_who_opened_a_file_before_it_was_deleted_does_not_hold_the_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else two processes would hold it: this one a file without a name, and the next one a new file."""
    path = tmp_path / "locks" / "a.lock"
    take = os.open

    def open_and_lose(file: str, flags: int, mode: int = 0o777) -> int:
        descriptor = take(file, flags, mode)
        if Path(file) == path:
            path.unlink(missing_ok=True)
        return descriptor

    monkeypatch.setattr(os, "open", open_and_lose)
    with pytest.raises(Taken), lock_source(tmp_path, "a"):
        pytest.fail("holds a file that is gone")
