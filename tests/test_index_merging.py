"""Segment merges concurrent with readers, writers and kills lose nothing."""

from __future__ import annotations

import re
import shutil
import signal
from pathlib import Path
from typing import Any

import pytest
from fake_engine import airquote
from hypothesis import given
from hypothesis import strategies as st
from index_truth import SECRET, answers, assert_no_secret, assert_true_to_store, contents
from libraries import add_text, everything_in, search
from processes import PROCESSES, patch_and_die, run_apart, start_apart

import index.fulltext.merge_policy
from index.fulltext.maintenance import index_folder, open_index, rebuild_index, update_index
from index.fulltext.manifest import WHOOSH
from index.fulltext.merge_policy import (
    REWRITTEN_PASSAGES,
    SEGMENT_PASSAGES,
    SMALL_SEGMENTS,
    IndexSegment,
    select_background_merge,
    select_commit_merge,
)
from index.fulltext.merging import is_merge_due, merge_index, purge_index
from index.fulltext.whoosh.writer import list_segments, merge_segments
from index.storage.store import Store
from pipeline.batch.background_merge import LOG_NAME, BackgroundMerge

SEGMENTS = st.lists(st.tuples(st.integers(0, 24_000), st.sampled_from([0, 0, 0, 1, 500])), max_size=40).map(
    lambda sizes: [IndexSegment(f"s{number}", size, deleted) for number, (size, deleted) in enumerate(sizes)]
)


@given(SEGMENTS, st.integers(0, 24_000))
def test_a_commit_writes_little_again_and_never_what_is_much_larger_than_what_it_adds(
    segments: list[IndexSegment], pending: int
) -> None:
    joined = select_commit_merge(segments, pending)
    assert sum(segment.passages for segment in joined) <= REWRITTEN_PASSAGES
    total = pending
    for segment in joined:
        assert segment.deleted or segment.passages <= total
        total += segment.passages


@given(SEGMENTS)
def test_joining_comes_to_an_end_with_few_segments_none_of_them_too_large(segments: list[IndexSegment]) -> None:
    wanted = sum(segment.passages for segment in segments)
    while joined := select_background_merge(segments):
        assert len(joined) > 1 or joined[0].deleted
        size = sum(segment.passages for segment in joined)
        assert len(joined) == 1 or size <= SEGMENT_PASSAGES
        segments = [segment for segment in segments if segment not in joined]
        segments.append(IndexSegment(f"joined {len(segments)} {size}", size, 0))
    assert sum(segment.passages for segment in segments) == wanted
    assert sum(segment.passages < SEGMENT_PASSAGES / 2 for segment in segments) < SMALL_SEGMENTS
    assert bool(select_background_merge(segments, share=0.0)) == any(segment.deleted for segment in segments)


def build_in_pieces(folder: Path) -> Path:
    """A library whose index has a segment for each episode, enough of them for a merge."""
    with pytest.MonkeyPatch.context() as monkeypatch, Store.open(folder, create=True) as store:
        monkeypatch.setattr(index.fulltext.merge_policy, "REWRITTEN_PASSAGES", 0)
        for number in range(SMALL_SEGMENTS):
            add_text(
                store, f"episode {number}", f"The ferry left the harbour{number}; the storm was more to come. " * 30
            )
            update_index(store)
    return folder


@pytest.fixture(scope="module")
def pieces_original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The original of ``library_in_pieces``; tests only read it."""
    return build_in_pieces(tmp_path_factory.mktemp("pieces"))


@pytest.fixture
def library_in_pieces(pieces_original: Path, tmp_path: Path) -> Path:
    """A copy of the library of ``build_in_pieces`` for one test."""
    return shutil.copytree(pieces_original, tmp_path / "library")


def segments_of(store: Store) -> list[IndexSegment]:
    return list_segments(index_folder(store) / WHOOSH)


def assert_tidy(store: Store) -> None:
    assert not list(store.directory.glob("index.*[!k]"))
    assert_true_to_store(store)


def test_a_merge_changes_no_answer(library_in_pieces: Path) -> None:
    with Store.open(library_in_pieces) as store:
        before, size = answers(store), contents(store)
        assert is_merge_due(store)
        assert len(segments_of(store)) == SMALL_SEGMENTS
        merge_index(store)
        assert not is_merge_due(store)
        assert len(segments_of(store)) == 1
        assert (answers(store), contents(store)) == (before, size)
        assert_tidy(store)


def test_an_index_that_is_open_answers_as_before_while_it_is_merged(library_in_pieces: Path) -> None:
    with Store.open(library_in_pieces) as store, open_index(store) as opened:
        found = {word: opened.fulltext.postings("stems", word).tolist() for word in ("the", "ferri", "harbour3")}
        merge_index(store)
        for word, passages in found.items():
            assert opened.fulltext.postings("stems", word).tolist() == passages
        assert not opened.is_current()


def test_a_library_without_an_index_has_nothing_to_merge(tmp_path: Path) -> None:
    with Store.open(tmp_path / "new", create=True) as store:
        assert not is_merge_due(store)


# Killed


def merge_and_be_killed(folder: Path, target: str, after: bool) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch, Store.open(folder) as store:
        patch_and_die(monkeypatch, target, after)
        merge_index(store)


@pytest.mark.parametrize(
    ("target", "after"),
    [
        ("index.fulltext.merging.merge_segments", False),
        ("whoosh.writing.SegmentWriter.add_reader", True),
        ("index.fulltext.whoosh.writer.write_contents", False),
        ("index.fulltext.merging.merge_segments", True),
        ("pathlib.Path.replace", True),
        ("index.fulltext.whoosh.writer.write_contents", True),
        ("index.fulltext.merging.replace_segments", True),
        ("index.fulltext.merging.write_manifest", False),
        ("index.fulltext.merging.write_manifest", True),
        ("index.fulltext.merging.remove_index_files", True),
    ],
)
def test_a_merge_killed_at_any_moment_leaves_the_index_whole(library_in_pieces: Path, target: str, after: bool) -> None:
    with Store.open(library_in_pieces) as store:
        before = answers(store)
    assert run_apart(merge_and_be_killed, library_in_pieces, target, after) == -signal.SIGKILL
    with Store.open(library_in_pieces) as store, pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr("index.fulltext.maintenance._rebuild", None)  # a killed merge must not cause a rebuild
        assert answers(store) == before
        merge_index(store)
        assert len(segments_of(store)) == 1
        assert answers(store) == before
    with Store.open(library_in_pieces) as store:
        assert_tidy(store)


# Concurrency


@pytest.mark.parametrize("act", ["add", "remove", "rebuild"])
def test_what_others_change_while_segments_are_joined_is_kept(
    library_in_pieces: Path, act: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    acts = [act]

    def join_and_act(*arguments: Any) -> None:
        merge_segments(*arguments)
        with Store.open(library_in_pieces) as other:
            match acts.pop() if acts else None:
                case "add":
                    add_text(other, "new", "a new ferry " * 20)
                    update_index(other)
                case "remove":
                    other.remove_episode("episode-3")
                    update_index(other)
                case "rebuild":
                    rebuild_index(other)

    monkeypatch.setattr("index.fulltext.merging.merge_segments", join_and_act)
    with Store.open(library_in_pieces) as store:
        merge_index(store)
        assert len(search(store, "new")) == (20 if act == "add" else 0)
        assert len(search(store, "harbour3")) == (0 if act == "remove" else 30)
        assert_tidy(store)


def merge_often(folder: Path, barrier: Any) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch, Store.open(folder) as store:
        monkeypatch.setattr(index.fulltext.merge_policy, "SMALL_SEGMENTS", 2)
        barrier.wait(30)
        for _ in range(8):
            merge_index(store)


def add_often(folder: Path, barrier: Any) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch, Store.open(folder) as store:
        monkeypatch.setattr(index.fulltext.merge_policy, "REWRITTEN_PASSAGES", 0)
        barrier.wait(30)
        for number in range(5):
            add_text(store, f"new {number}", "a new ferry " * 20)
            update_index(store)


def test_two_that_merge_one_that_adds_and_one_that_searches_at_once(library_in_pieces: Path) -> None:
    barrier = PROCESSES.Barrier(4)
    waits = [start_apart(work, library_in_pieces, barrier) for work in (merge_often, merge_often, add_often)]
    with Store.open(library_in_pieces) as store:
        barrier.wait(30)
        seen = 0
        for _ in range(12):
            found = len(search(store, "new"))
            assert found % 20 == 0
            assert seen <= found
            seen = found
            assert len(search(store, '"more to come"')) == 30 * SMALL_SEGMENTS
        assert [wait() for wait in waits] == [0, 0, 0]
        assert len(search(store, "new")) == 100
        assert_tidy(store)


# Removed words


@pytest.mark.parametrize(
    "target", [None, "index.fulltext.merging.merge_segments", "index.fulltext.merging.write_manifest"]
)
def test_a_purge_leaves_no_word_of_what_was_removed_however_large_its_segment_was(
    library_in_pieces: Path, target: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index.fulltext.merge_policy, "REWRITTEN_PASSAGES", 0)
    with Store.open(library_in_pieces) as store:
        add_text(store, "new", f"{SECRET} ferry storm. " * 100)
        add_text(store, "old", "a ferry in the storm. " * 100)
        update_index(store)
        store.remove_episode("new")
        update_index(store)
        before = answers(store)
        assert search(store, "zwitterion") == []
        assert b"zwitterion" in everything_in(index_folder(store))
    if target:
        assert run_apart(merge_and_be_killed, library_in_pieces, target, True) == -signal.SIGKILL
    with Store.open(library_in_pieces) as store:
        purge_index(store)
        assert_no_secret(index_folder(store))
        assert answers(store) == before
        assert_tidy(store)


def test_a_purge_of_a_damaged_index_builds_it_anew(library_in_pieces: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index.fulltext.merge_policy, "REWRITTEN_PASSAGES", 0)
    with Store.open(library_in_pieces) as store:
        before = answers(store)
        add_text(store, "new", f"{SECRET} ferry storm. " * 100)
        add_text(store, "old", "other words " * 100)
        update_index(store)
        store.remove_episode("new")
        store.remove_episode("old")
        for file in (index_folder(store) / WHOOSH).glob("*.seg"):
            file.write_bytes(b"damaged")
        purge_index(store)
        assert_no_secret(index_folder(store))
        assert answers(store) == before
        assert_tidy(store)


# During a batch


def test_a_batch_has_a_process_beside_it_that_merges(library_in_pieces: Path) -> None:
    with Store.open(library_in_pieces) as store, BackgroundMerge(store) as merging:
        merging.begin()
        process = merging._process
        assert process is not None
        assert process.wait(60) == 0
        assert len(segments_of(store)) == 1
        log = (library_in_pieces / LOG_NAME).read_text(encoding="utf-8")
        assert re.search(r"INFO airquote\.merge: merging \d+ segments of \d+ passages", log)
        assert log.rstrip().endswith("is done")
        merging.begin()
        assert merging._process is process, "another process was started with nothing to merge"
        assert_tidy(store)


@pytest.mark.parametrize("way", ["import", "transcribe"])
def test_a_batch_merges_what_earlier_ones_left(
    library_in_pieces: Path, way: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    begun: list[int] = []
    monkeypatch.setattr(BackgroundMerge, "begin", lambda _: begun.append(1))
    (tmp_path / "talk.txt").write_text("a new ferry")
    (tmp_path / "talk.wav").touch()
    airquote(way, tmp_path / ("talk.txt" if way == "import" else "talk.wav"), "--library", library_in_pieces)
    assert begun


def test_a_process_still_at_work_at_the_end_of_a_batch_is_killed(library_in_pieces: Path) -> None:
    with Store.open(library_in_pieces) as store:
        before = answers(store)
        with BackgroundMerge(store) as merging:
            merging.begin()
        assert merging._process is not None
        assert merging._process.returncode == -signal.SIGKILL
        assert answers(store) == before
        assert_tidy(store)
