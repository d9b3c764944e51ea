"""An index whose writer was killed at any moment is completed by the next writer."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path

import pytest
from index_truth import SECRET, answers, assert_no_secret, assert_true_to_store
from libraries import add_text, hit_text, search
from processes import patch_and_die, run_apart

from index.fulltext.maintenance import index_folder, rebuild_index, update_index
from index.fulltext.merging import purge_index
from index.storage.store import Store


def update_and_be_killed(folder: Path, target: str, after: bool) -> None:
    """Update the index, and die before or after the first call of ``target``."""
    with pytest.MonkeyPatch.context() as monkeypatch, Store.open(folder) as store:
        patch_and_die(monkeypatch, target, after)
        update_index(store)


WHOOSH_MOMENTS = [
    ("index.fulltext.index_kinds.FullTextWriter.change", False),
    ("whoosh.writing.SegmentWriter.add_document", True),
    ("whoosh.writing.SegmentWriter._finalize_segment", False),
    ("index.fulltext.whoosh.writer.write_contents", False),
    ("index.fulltext.whoosh.writer.clean_files", False),
    ("index.fulltext.index_kinds.FullTextWriter.change", True),
    ("index.fulltext.lexicon.Lexicon._count", True),
    ("index.fulltext.lexicon.Lexicon.change", True),
    ("index.fulltext.maintenance.write_manifest", False),
    ("index.fulltext.maintenance.write_manifest", True),
]
TANTIVY_MOMENTS = [
    ("index.fulltext.index_kinds.next_folder", True),
    ("pathlib.Path.hardlink_to", True),
    ("index.fulltext.tantivy.tantivy_writer.Document", True),
    ("index.fulltext.tantivy.tantivy_writer.write_columns", False),
    ("index.fulltext.tantivy.tantivy_writer.write_columns", True),
    ("index.fulltext.lexicon.Lexicon.change", True),
    ("index.fulltext.maintenance.write_manifest", False),
    ("index.fulltext.maintenance.write_manifest", True),
    ("index.fulltext.index_kinds.FullTextWriter.clear", True),
]
MOMENTS = [
    *(("whoosh", target, after) for target, after in WHOOSH_MOMENTS),
    *(("tantivy", target, after) for target, after in TANTIVY_MOMENTS),
]


@pytest.fixture
def library(request: pytest.FixtureRequest, kind: str, tmp_path: Path) -> Path:
    """The library of ``build_library`` with this kind of index, for this test alone."""
    original = request.getfixturevalue("indexed_original" if kind == "whoosh" else "tantivy_original")
    return shutil.copytree(original, tmp_path / "library")


@pytest.mark.parametrize(("kind", "target", "after"), MOMENTS)
def test_an_update_killed_at_any_moment_is_completed_by_the_next(library: Path, target: str, after: bool) -> None:
    with Store.open(library) as store:
        add_text(store, "new", f"The new ferry left the storm. {SECRET} " * 20)
    assert run_apart(update_and_be_killed, library, target, after) == -signal.SIGKILL
    with Store.open(library) as store:
        hits = search(store, "zwitterion")
        assert len(hits) == 20
        assert hit_text(store, hits[0]) == "zwitterion"
        assert_true_to_store(store)


@pytest.mark.parametrize(("kind", "target", "after"), MOMENTS)
def test_what_a_killed_update_left_of_an_episode_goes_with_it(library: Path, target: str, after: bool) -> None:
    with Store.open(library) as store:
        before = answers(store)
        add_text(store, "new", f"The new ferry left the storm. {SECRET} " * 20)
    assert run_apart(update_and_be_killed, library, target, after) == -signal.SIGKILL
    with Store.open(library) as store:
        store.remove_episode("new")
        update_index(store)
        assert_no_secret(index_folder(store))
        assert answers(store) == before
        assert_true_to_store(store)


def rebuild_and_be_killed(folder: Path, target: str, after: bool) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch, Store.open(folder) as store:
        patch_and_die(monkeypatch, target, after)
        rebuild_index(store)


@pytest.mark.parametrize(
    ("kind", "target", "after"),
    [
        ("whoosh", "index.fulltext.whoosh.writer.clean_files", False),
        ("tantivy", "index.fulltext.tantivy.tantivy_writer.write_columns", False),
        *((kind, "index.fulltext.maintenance.write_manifest", True) for kind in ("whoosh", "tantivy")),
        *((kind, "pathlib.Path.rename", after) for kind in ("whoosh", "tantivy") for after in (True, False)),
    ],
)
def test_a_rebuild_killed_at_any_moment_leaves_an_index_or_is_done_again(
    library: Path, target: str, after: bool
) -> None:
    with Store.open(library) as store:
        before = answers(store)
        add_text(store, "new", SECRET)
        update_index(store)
    assert run_apart(rebuild_and_be_killed, library, target, after) == -signal.SIGKILL
    with Store.open(library) as store:
        assert len(search(store, "zwitterion")) == 1
        store.remove_episode("new")
        update_index(store)
        purge_index(store)
        assert_no_secret(index_folder(store))
        assert answers(store) == before
        assert_true_to_store(store)
