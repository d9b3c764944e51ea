"""Indexes of recordings are made once, and damaged files of them again."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from audio.errors import MediaError
from audio.recording.ogg_links import ByteRange
from audio.seeking import index_cache
from audio.seeking.index_cache import IndexCache
from audio.seeking.packet_index import LinkIndex, RecordingIndex

STARTS = np.array([0, 47, 1199, 2351])
LINKS = (
    LinkIndex(ByteRange(0, 900), STARTS, np.array([-312, 648, 1608]), np.array([10, 2**20, 0], np.int32)),
    LinkIndex(ByteRange(900, 2**40), STARTS + 2**40, np.zeros(0, np.int64), np.array([7, 8, 0], np.int32)),
)
CHAIN, PLAIN = (
    RecordingIndex(44100, 2, LINKS),
    RecordingIndex(8000, 1, (LinkIndex(None, STARTS, STARTS[1:], LINKS[0].sizes),)),
)


def refuse() -> RecordingIndex:
    raise AssertionError("there is an index")


def as_lists(index: RecordingIndex) -> object:
    links = [(one.link, one.starts.tolist(), one.marks.tolist(), one.sizes.tolist()) for one in index.links]
    return index.rate, index.channels, links


@pytest.mark.parametrize("index", [CHAIN, PLAIN])
def test_an_index_is_read_again_as_it_was(index: RecordingIndex, tmp_path: Path) -> None:
    made = IndexCache(tmp_path / "sound").find("a", lambda: index)
    assert made is index
    assert as_lists(IndexCache(tmp_path / "sound").find("a", refuse)) == as_lists(index)


def test_a_damaged_file_is_made_again(tmp_path: Path) -> None:
    IndexCache(tmp_path).find("a", lambda: CHAIN)
    (file,) = tmp_path.iterdir()
    content = file.read_bytes()
    for damaged in (b"", content[:100], content[:-30], b"text" * 100, content.replace(b"\x00", b"\x01")):
        file.write_bytes(damaged)
        assert IndexCache(tmp_path).find("a", lambda: PLAIN) is PLAIN
        assert as_lists(IndexCache(tmp_path).find("a", refuse)) == as_lists(PLAIN)


def test_one_thread_makes_an_index_and_the_others_wait(tmp_path: Path) -> None:
    cache, together, made = IndexCache(tmp_path), threading.Barrier(4), []

    def find() -> RecordingIndex:
        together.wait()
        return cache.find("a", lambda: made.append(1) or CHAIN)  # type: ignore[func-returns-value]

    with ThreadPoolExecutor(4) as threads:
        found = [one.result() for one in [threads.submit(find) for _ in range(4)]]
    assert all(one is CHAIN for one in found)
    assert made == [1]


def test_what_failed_is_tried_again(tmp_path: Path) -> None:
    cache = IndexCache(tmp_path)

    def fail() -> RecordingIndex:
        raise MediaError("No sound.")

    for _ in range(2):
        with pytest.raises(MediaError, match="No sound"):
            cache.find("a", fail)
    assert cache.find("a", lambda: CHAIN) is CHAIN


def test_a_folder_that_cannot_be_made_costs_only_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    for _ in range(2):
        assert IndexCache(tmp_path / "file").find("a", lambda: CHAIN) is CHAIN


def test_the_files_used_last_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_cache, "IN_FILES", 2)
    for number, name in enumerate("abc"):
        IndexCache(tmp_path).find(name, lambda: CHAIN)
        for file in tmp_path.glob(f"{name}-*"):
            os.utime(file, (number, number))
        IndexCache(tmp_path).find("a", lambda: CHAIN)
    assert sorted(file.name[0] for file in tmp_path.iterdir()) == ["a", "c"]


def test_few_are_kept_in_memory(tmp_path: Path) -> None:
    cache = IndexCache(tmp_path)
    for number in range(3 * index_cache.IN_MEMORY):
        cache.find(f"{number}", lambda: CHAIN)
        assert cache.find(f"{number}", refuse) is CHAIN
    assert len(cache._latest) == index_cache.IN_MEMORY
