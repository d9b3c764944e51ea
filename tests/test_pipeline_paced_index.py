"""The index is brought up to date during a batch, but does not take most of its time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fake_engine import FakeEngine, airquote, speak, transcribe

from index.fulltext import maintenance, merging
from index.fulltext.maintenance import check_index
from index.fulltext.manifest import read_manifest
from index.storage.store import Store
from pipeline.batch.running import paced_index
from pipeline.batch.running.paced_index import SHARE, PacedIndex


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize("between", [0.01, 0.3, 3.0, 60.0])
def test_updates_take_their_share_of_the_time_at_most(
    between: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, took, updates = Clock(), 2.0, 0

    def update(_: Store) -> None:
        nonlocal updates
        updates += 1
        clock.now += took

    monkeypatch.setattr(paced_index, "update_index", update)
    monkeypatch.setattr(paced_index, "update_repeats", lambda _: None)
    with Store.open(tmp_path, create=True) as store:
        paced = PacedIndex(store, clock)
        for _ in range(200):
            clock.now += between
            paced.note_change()
        spent = updates * took
        assert spent <= took + SHARE * clock.now
        assert updates == 200 or updates + 1 >= clock.now // (took / SHARE + between), "and as often as that allows"
        before = updates
        paced.catch_up()
        paced.catch_up()
        assert updates - before <= 1, "nothing is indexed twice"


def test_after_a_batch_all_of_it_is_indexed(
    tmp_path: Path, library: Path, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paced_index, "SHARE", 1e-9)
    files = [speak(tmp_path / f"{seed}.wav", 2, seed) for seed in range(4)]
    assert transcribe(*files).code == 0
    assert len(engine.asked) == 8
    with Store.open(library) as store:
        assert check_index(store) == []


@pytest.mark.usefixtures("library")
def test_a_search_amid_a_batch_finds_what_is_not_indexed_yet(
    tmp_path: Path, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paced_index, "SHARE", 1e-9)
    found: list[int] = []

    def before(call: int) -> None:
        if call == 2:
            found.append(airquote("search", "kestrel", "--json").code)

    engine.before = before
    engine.answers.extend(["falcon", "kestrel", "sparrow"])
    files = [speak(tmp_path / f"{seed}.wav", 1, seed) for seed in range(3)]
    assert transcribe(*files).code == 0
    assert found == [0], "the second file is saved, and not indexed before this search"


@pytest.mark.usefixtures("library")
def test_the_list_of_the_library_is_not_read_for_an_episode_that_is_not_indexed(
    tmp_path: Path, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether a merge is due is told by the manifest, which names every transcript."""
    read: list[int] = []

    def read_counted(folder: Path) -> dict[str, Any] | None:
        read.append(1)
        return read_manifest(folder)

    for module in (merging, maintenance):
        monkeypatch.setattr(module, "read_manifest", read_counted)
    monkeypatch.setattr(paced_index, "SHARE", 1e-9)
    reads = []
    for batch in ((0,), range(1, 3), range(3, 9)):
        assert transcribe(*(speak(tmp_path / f"{seed}.wav", 1, seed) for seed in batch)).code == 0
        reads.append(len(read))
        read.clear()
    assert len(engine.asked) == 9
    assert reads[1] == reads[2] > 0, "two episodes and six"
