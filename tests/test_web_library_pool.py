"""Processes that answer from a library: which one is asked, what none of them may do, and how they end."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from libraries import make_library

from audio.errors import AirquoteError
from pipeline.library import Library
from pipeline.web.library_pool import LibraryPool
from pipeline.web.worker_process import WorkerDiedError

FAR = 600.0  # seconds that no test waits


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a library."""
    make_library(tmp_path / "library", ["There is more to come."]).close()
    return tmp_path / "library"


@pytest.fixture
def pool(folder: Path) -> Iterator[LibraryPool]:
    """A pool of two readers on a library."""
    pool = LibraryPool(folder, 2)
    yield pool
    pool.close()


def process(_library: Library) -> int:
    return os.getpid()


def titles(library: Library) -> list[str]:
    return [episode.title for episode in library.episodes()]


def answer_never(_library: Library, begun: str) -> None:
    Path(begun).touch()
    time.sleep(FAR)


def test_who_asks_one_after_the_other_is_answered_by_one_process(pool: LibraryPool) -> None:
    async def ask() -> set[int]:
        return {await pool.ask(process) for _ in range(4)}

    assert len(asyncio.run(ask())) == 1


def test_only_a_change_creates_a_library(tmp_path: Path) -> None:
    folder = tmp_path / "later"
    pool = LibraryPool(folder, 1)

    async def ask() -> list[str]:
        with pytest.raises(AirquoteError, match="later"):
            await pool.ask(titles)
        assert not folder.exists()
        await pool.change(titles)
        assert folder.exists()
        return await pool.ask(titles)

    try:
        assert asyncio.run(ask()) == []
    finally:
        pool.close()


def test_closing_waits_for_no_answer(folder: Path, tmp_path: Path) -> None:
    pool = LibraryPool(folder, 1)
    begun = tmp_path / "begun"

    def close() -> None:
        while not begun.exists():
            time.sleep(0.01)
        pool.close()

    closing = threading.Thread(target=close)

    async def ask() -> None:
        closing.start()
        with pytest.raises(WorkerDiedError):
            await pool.ask(answer_never, str(begun), limit=FAR)

    asyncio.run(ask())
    closing.join()
