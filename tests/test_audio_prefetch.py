"""Prefetching: the same items, errors in their place, and no thread left running."""

import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.prefetch import prefetch


@given(st.lists(st.integers()), st.integers(1, 5))
def test_items_come_as_they_are(items: list[int], ahead: int) -> None:
    assert list(prefetch(iter(items), ahead)) == items


def test_an_error_comes_after_what_was_made_before_it() -> None:
    def broken() -> Iterator[int]:
        yield 1
        yield 2
        raise ValueError("at three")

    came: list[int] = []
    with pytest.raises(ValueError, match="at three"):
        for item in prefetch(broken(), 5):
            came.append(item)  # noqa: PERF402 - keeps the items before the error
    assert came == [1, 2]


def test_it_is_so_many_items_ahead_and_no_more() -> None:
    made: list[int] = []
    items = prefetch((made.append(number) or number for number in range(100)), 3)  # type: ignore[func-returns-value]
    next(items)
    items.close()
    assert 3 <= len(made) <= 4


def test_who_stops_early_leaves_no_thread() -> None:
    before = threading.active_count()
    items = prefetch(range(100))
    assert next(items) == 0
    items.close()
    assert threading.active_count() == before
