"""Downloads run ahead of their use: in order, few at once, told of in one thread, ended when nobody wants them."""

from __future__ import annotations

import threading
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.progress import DownloadAdvanced, ProgressEvent, ignore_progress
from pipeline.shows.updates.downloads_ahead import ITEMS_AHEAD, DownloadsAhead


def never() -> bool:
    return False


@given(st.lists(st.integers()))
def test_results_come_in_the_order_of_the_tasks(tasks: list[int]) -> None:
    assert list(DownloadsAhead(ignore_progress, never).each(tasks, lambda one: one + 1)) == [one + 1 for one in tasks]


@given(st.integers(0, 12))
def test_few_tasks_are_begun_before_they_are_wanted(count: int) -> None:
    begun: list[int] = []
    with closing(DownloadsAhead(ignore_progress, never).each(range(count), begun.append)) as results:
        for taken, _ in enumerate(results, start=1):
            assert len(begun) <= taken + ITEMS_AHEAD


def test_progress_is_told_in_the_thread_that_takes_the_results() -> None:
    told: list[tuple[int, ProgressEvent]] = []
    downloads = DownloadsAhead(lambda event: told.append((threading.get_ident(), event)), never)
    here = threading.get_ident()

    def fetch(number: int) -> int:
        assert threading.get_ident() != here
        downloads.report(DownloadAdvanced("x", number, None))
        return number

    assert list(downloads.each(range(5), fetch)) == list(range(5))
    assert [(thread, event.done) for thread, event in told if isinstance(event, DownloadAdvanced)] == [
        (here, number) for number in range(5)
    ]


def test_an_error_is_raised_in_its_place() -> None:
    def fetch(number: int) -> int:
        if number == 1:
            raise ValueError("one")
        return number

    results = DownloadsAhead(ignore_progress, never).each(range(3), fetch)
    assert next(results) == 0
    with pytest.raises(ValueError, match="one"):
        next(results)


@pytest.mark.parametrize("by_stop", [True, False])
def test_a_download_ends_when_the_run_is_stopped_or_over(by_stop: bool) -> None:
    stopped = threading.Event()
    running = threading.Event()
    downloads = DownloadsAhead(ignore_progress, stopped.is_set)

    def fetch(number: int) -> int:
        while number:
            running.set()
            downloads.report(DownloadAdvanced("x", 0, None))  # raises when it is to end
        return number

    results = downloads.each(range(8), fetch)
    assert next(results) == 0
    assert running.wait(30)
    if by_stop:
        stopped.set()
        assert list(results) == []
    else:
        results.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("airquote-download")]
