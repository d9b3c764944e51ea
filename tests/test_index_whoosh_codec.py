"""Whoosh's files without pickles: nothing passes through pickle, and nothing that is read is trusted."""

from __future__ import annotations

import importlib
import json
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
import whoosh
from index_truth import answers, assert_true_to_store
from libraries import add_text
from whoosh.filedb.structfile import StructFile

import index.fulltext.merge_policy
from index.errors import IndexDamagedError
from index.fulltext.maintenance import index_folder, open_index, update_index
from index.fulltext.merging import is_merge_due, merge_index, purge_index
from index.fulltext.whoosh.writer import list_segments
from index.storage.store import Store

PICKLES = ("load", "loads", "dump", "dumps", "pickle", "load_pickle", "dump_pickle")
"""The names by which Whoosh's modules call pickle."""
RUNS = "whoosh.externalsort"
"""Sorts postings in files of its own that no other process knows; it reads no file of a library."""


def pickling_names() -> Iterator[str]:
    """Every name in a module of Whoosh by which it can reach pickle."""
    for found in pkgutil.walk_packages(whoosh.__path__, "whoosh."):
        if found.name.startswith(("whoosh.lang", "whoosh.support")) or found.name == RUNS:
            continue
        try:
            module = importlib.import_module(found.name)
        except ImportError:  # such as for Google's App Engine
            continue
        yield from (f"{found.name}.{name}" for name in PICKLES if hasattr(module, name))


@pytest.fixture
def no_pickles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every use of pickle by Whoosh fail."""

    def refuse(*_: object, **__: object) -> NoReturn:
        raise AssertionError("Whoosh pickles or unpickles")

    names = list(pickling_names())
    assert {"whoosh.index.pickle", "whoosh.codec.whoosh3.loads", "whoosh.filedb.structfile.load_pickle"} <= set(names)
    for name in names:
        monkeypatch.setattr(name, refuse)


@pytest.mark.usefixtures("no_pickles")
def test_an_index_is_written_read_merged_and_purged_without_pickles(
    indexed_library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index.fulltext.merge_policy, "SMALL_SEGMENTS", 2)
    with Store.open(indexed_library) as store:
        before = answers(store)
        add_text(store, "new", "The ferry left a storm of new words. " * 20)
        update_index(store)
        assert is_merge_due(store)
        merge_index(store)
        store.remove_episode("new")
        update_index(store)
        purge_index(store)
        assert answers(store) == before
        assert_true_to_store(store)


def contents_of(store: Store) -> Path:
    """The table of contents of a library's index."""
    (contents,) = (index_folder(store) / "whoosh").glob("*.toc")
    return contents


@pytest.mark.parametrize(
    "change",
    [
        {"id": "../../../secret00"},
        {"id": "0123456789abcdef"},
        {"id": 7},
        {"passages": 10**12},
        {"passages": -1},
        {"passages": 1.5},
        {"passages": None},
        {"deleted": [10**6]},
        {"deleted": [-1]},
        {"deleted": [[]]},
    ],
    ids=str,
)
def test_a_table_of_contents_is_checked(indexed_library: Path, change: dict[str, Any]) -> None:
    with Store.open(indexed_library) as store:
        contents = contents_of(store)
        segments = json.loads(contents.read_text())
        contents.write_text(json.dumps([segments[0] | change, *segments[1:]]))
        with pytest.raises(IndexDamagedError):
            list_segments(contents.parent)
        contents.write_text(json.dumps(segments))
        assert len(list_segments(contents.parent)) == len(segments), "only the change was refused"


@pytest.mark.parametrize("text", ["", "[", "{}x", "[" * 100_000, "null", '[{"id": "a"}]', "\x80\x04."])
def test_a_table_of_contents_that_is_no_list_of_segments_is_damage(indexed_library: Path, text: str) -> None:
    with Store.open(indexed_library) as store:
        contents = contents_of(store)
        contents.write_text(text)
        with pytest.raises(IndexDamagedError):
            list_segments(contents.parent)


@pytest.mark.parametrize("term", ["ferri", "no such term"])
def test_damaged_postings_are_damage_of_the_index(
    indexed_library: Path, monkeypatch: pytest.MonkeyPatch, term: str
) -> None:
    read = StructFile.get

    def get(self: StructFile, position: int, length: int) -> bytes:
        found: bytes = read(self, position, length)
        return found[::-1] if str(self).endswith(".trm") else found

    with Store.open(indexed_library) as store, open_index(store) as opened:
        monkeypatch.setattr(StructFile, "get", get)
        with pytest.raises(IndexDamagedError):
            opened.fulltext.postings("stems", term)
        with pytest.raises(IndexDamagedError):
            opened.fulltext.frequency("stems", term)
