"""Atomic writes: the target is complete or unchanged, and no temporary file is left."""

from __future__ import annotations

from pathlib import Path

import pytest

from audio.atomic_write import write_atomically


@pytest.mark.parametrize("before", [None, "old"])
def test_the_file_is_there_once_it_is_whole(tmp_path: Path, before: str | None) -> None:
    target = tmp_path / ("n" * 250 + ".txt")
    if before is not None:
        target.write_text(before)
    with write_atomically(target) as unfinished:
        unfinished.write_text("new")
        assert unfinished.parent == target.parent
        assert (target.read_text() if target.exists() else None) == before
    assert target.read_text() == "new"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("error", [OSError("full"), ValueError("wrong"), KeyboardInterrupt()])
def test_what_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path, error: BaseException) -> None:
    target = tmp_path / "kept"
    target.write_text("old")
    with pytest.raises(type(error)) as caught, write_atomically(target) as unfinished:
        unfinished.write_text("half of the n")
        raise error
    assert caught.value is error
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_target_that_cannot_be_replaced_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "folder" / "full").mkdir(parents=True)
    with pytest.raises(OSError), write_atomically(tmp_path / "folder") as unfinished:
        unfinished.write_text("new")
    assert list(tmp_path.iterdir()) == [tmp_path / "folder"]


def test_a_folder_that_is_not_there_is_what_is_reported(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"), write_atomically(tmp_path / "nowhere" / "f") as unfinished:
        unfinished.write_text("new")
