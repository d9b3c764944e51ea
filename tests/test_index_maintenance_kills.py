"""An index whose writer was killed at any moment is completed by the next writer."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from index_truth import SECRET, answers, assert_no_secret, assert_true_to_store
from libraries import add_text, hit_text, search
from processes import patch_and_die, run_apart

from index.fulltext.maintenance import index_folder, rebuild_index, update_index
from index.storage.store import Store


def update_and_be_killed(folder: Path, target: str, after: bool) -> None:
    """Update the index, and die before or after the first call of ``target``."""
    with pytest.MonkeyPatch.context() as monkeypatch, Store.open(folder) as store:
        patch_and_die(monkeypatch, target, after)
        update_index(store)


MOMENTS = [
    ("index.fulltext.maintenance.change_index", False),
    ("whoosh.writing.SegmentWriter.add_document", True),
    ("whoosh.writing.SegmentWriter._finalize_segment", False),
    ("index.fulltext.whoosh.writer.write_contents", False),
    ("index.fulltext.whoosh.writer.clean_files", False),
    ("index.fulltext.maintenance.change_index", True),
    ("index.fulltext.lexicon.Lexicon._count", True),
    ("index.fulltext.lexicon.Lexicon.change", True),
    ("index.fulltext.maintenance.write_manifest", False),
    ("index.fulltext.maintenance.write_manifest", True),
]


@pytest.mark.parametrize(("target", "after"), MOMENTS)
def test_an_update_killed_at_any_moment_is_completed_by_the_next(
    indexed_library: Path, target: str, after: bool
) -> None:
    with Store.open(indexed_library) as store:
        add_text(store, "new", f"The new ferry left the storm. {SECRET} " * 20)
    assert run_apart(update_and_be_killed, indexed_library, target, after) == -signal.SIGKILL
    with Store.open(indexed_library) as store:
        hits = search(store, "zwitterion")
        assert len(hits) == 20
        assert hit_text(store, hits[0]) == "zwitterion"
        assert_true_to_store(store)


@pytest.mark.parametrize(("target", "after"), MOMENTS)
def test_what_a_killed_update_left_of_an_episode_goes_with_it(indexed_library: Path, target: str, after: bool) -> None:
    with Store.open(indexed_library) as store:
        before = answers(store)
        add_text(store, "new", f"The new ferry left the storm. {SECRET} " * 20)
    assert run_apart(update_and_be_killed, indexed_library, target, after) == -signal.SIGKILL
    with Store.open(indexed_library) as store:
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
    ("target", "after"),
    [
        ("index.fulltext.whoosh.writer.clean_files", False),
        ("index.fulltext.maintenance.write_manifest", True),
        ("pathlib.Path.rename", True),
        ("pathlib.Path.rename", False),
    ],
)
def test_a_rebuild_killed_at_any_moment_leaves_an_index_or_is_done_again(
    indexed_library: Path, target: str, after: bool
) -> None:
    with Store.open(indexed_library) as store:
        before = answers(store)
        add_text(store, "new", SECRET)
        update_index(store)
    assert run_apart(rebuild_and_be_killed, indexed_library, target, after) == -signal.SIGKILL
    with Store.open(indexed_library) as store:
        assert len(search(store, "zwitterion")) == 1
        store.remove_episode("new")
        update_index(store)
        assert_no_secret(index_folder(store))
        assert answers(store) == before
        assert_true_to_store(store)
