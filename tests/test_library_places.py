"""What docs/library.md says about a library's folder: what is in it, what may be deleted, that it may be moved."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from fake_engine import airquote
from generated_docs import ROOT

from index.storage.store import Store

TEXT = (ROOT / "docs" / "library.md").read_text(encoding="utf-8")
HIT = "more"


@pytest.fixture
def used(spoken_talk: Path, library: Path) -> Path:
    """A library that was filled and searched."""
    assert spoken_talk.exists()
    assert airquote("search", HIT).code == 0
    return library


def deletable() -> list[str]:
    (paragraph,) = re.findall(r"^Always, (.*?)\n\n", TEXT, flags=re.MULTILINE | re.DOTALL)
    return [name.rstrip("/") for name in re.findall(r"`([^`]+)`", paragraph) if "airquote/" not in name]


def test_everything_in_a_library_is_listed(used: Path) -> None:
    listed = re.findall(r"`([a-z.-]+)/?`", TEXT)
    assert {path.name for path in used.iterdir()} <= set(listed)


def test_what_may_be_deleted_is_made_again(used: Path) -> None:
    answers = airquote("search", HIT, "--json").out
    names = deletable()
    assert {"index", "locks", "last-search.json"} <= set(names)
    for name in names:
        for path in used.glob(name):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert {path.name for path in used.iterdir()} <= {"airquote.db", "airquote.db-wal", "airquote.db-shm"}
    assert airquote("search", HIT, "--json").out == answers
    assert airquote("doctor").code == 0


def test_a_library_that_is_moved_while_nothing_runs_is_the_same(used: Path, tmp_path: Path) -> None:
    answers = airquote("search", HIT, "--json").out
    moved = tmp_path / "elsewhere" / "shelf"
    moved.parent.mkdir()
    used.rename(moved)
    assert airquote("search", HIT, "--json", "--library", moved).out == answers
    with Store.open(moved) as store:
        assert store.check() == []
