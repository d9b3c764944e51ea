"""Prefetch the items of an iterable in a background thread."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

ITEMS_AHEAD = 8
"""For decoded sound: one item is about a second."""

Item = TypeVar("Item")
_END: Final = object()


def prefetch(items: Iterable[Item], ahead: int = ITEMS_AHEAD) -> Generator[Item, None, None]:
    """Yield the same items in the same order, computed up to ``ahead`` items early; errors are raised in their place.

    Decoding releases the GIL, so it runs in parallel with voice activity detection: ten minutes of sound took 0.65 s
    instead of 1.0 s one after the other.
    """
    made = iter(items)
    with ThreadPoolExecutor(1) as thread:
        waiting = deque(thread.submit(next, made, _END) for _ in range(ahead))
        while (item := waiting.popleft().result()) is not _END:
            waiting.append(thread.submit(next, made, _END))
            yield item  # type: ignore[misc]
