"""Check that an index is consistent with its store; and a library to check."""

from __future__ import annotations

import json
from pathlib import Path

from libraries import add_text, everything_in, make_library, search

from index.fulltext.maintenance import check_index, index_folder, open_index, rebuild_index, update_index
from index.storage.library_defaults import IndexKind
from index.storage.store import Store

TEXTS = [
    "The ferry left the harbour at night, and the storm came. " * 40,
    "Nobody said that the ferries would not run to the harbour. " * 30,
    "There is more to come, she said of the storm. " * 3,
]
QUERIES = ["ferry", "storm OR harbour", '"the ferry left"', '"more to come"', "ferry -storm", "said the"]
SECRET = "xylophonist quagmire zwitterion"


def answers(store: Store) -> list[list[tuple[str, int, int, float]]]:
    return [
        [(hit.episode.id, hit.first, hit.last, round(hit.score, 9)) for hit in search(store, query)]
        for query in QUERIES
    ]


def assert_true_to_store(store: Store) -> None:
    """Check that the index gives the results, passages and words of a fresh one, and that no files are left over."""
    found, size = answers(store), contents(store)
    assert check_index(store) == []
    named = set(json.loads((index_folder(store) / "manifest.json").read_text().partition("\n")[2])["files"])
    assert {name for name in files_of(store) if not name.endswith(("LOCK", ".lock"))} == named | {"manifest.json"}
    assert not list(store.directory.glob("index.[no]*"))
    rebuild_index(store)
    assert size == contents(store)
    assert found == answers(store)


def contents(store: Store) -> tuple[int, list[int]]:
    with open_index(store) as opened:
        words = ["ferry", "ferries", "harbour", "the", "storm", "zwitterion", "new"]
        return opened.fulltext.passages(), [opened.lexicon.count(word) for word in words]


def files_of(store: Store) -> dict[str, Path]:
    folder = index_folder(store)
    return {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}


def assert_no_secret(folder: Path) -> None:
    left = everything_in(folder)
    for word in SECRET.split():
        assert word[:5].encode() not in left


def build_library(folder: Path, kind: IndexKind | None = None) -> Path:
    """A library whose index has one large and one small segment."""
    with make_library(folder, TEXTS[:2]) as store:
        if kind:
            store.save_index_kind(kind)
        update_index(store)
        add_text(store, "episode c", TEXTS[2])
        update_index(store)
    return folder
