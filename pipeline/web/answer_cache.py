"""Answers that are kept for as long as the library stays as it is, and counts that keep no search waiting."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar

from fastapi import Request

from pipeline.library import stamp_library
from pipeline.web.library_pool import LibraryPool
from pipeline.web.worker_process import QuestionLeftError

T = TypeVar("T")
KEPT = 500
"""Answers, each of some 20 kB: what people ask again is mostly what they asked just now, by the back button."""


class AnswerCache:
    """Asks a pool, and keeps the latest answers; a change of the library's file makes them old."""

    def __init__(self, pool: LibraryPool) -> None:
        self._pool = pool
        self._kept: OrderedDict[Any, Any] = OrderedDict()
        self._counting = asyncio.Lock()

    async def ask(self, function: Callable[..., T], *arguments: Any) -> T:
        """Return ``function(library, *arguments)``, as ``LibraryPool.ask`` does."""
        key = self._key(function, arguments)
        if key not in self._kept:
            self._keep(key, await self._pool.ask(function, *arguments))
        answer: T = self._recall(key)
        return answer

    async def count(self, request: Request, function: Callable[..., T], *arguments: Any) -> T:
        """Return what a function counts, which may take as long as a hundred searches: one count after the other.

        A page asks for counts again whenever its query changes, and no longer waits for those before: raises
        QuestionLeftError if nobody does once it is this count's turn.
        """
        key = self._key(function, arguments)
        if key not in self._kept:
            await request.body()  # until it is read, nothing tells whether the connection is closed
            async with self._counting:
                if await request.is_disconnected():
                    raise QuestionLeftError
                if key not in self._kept:  # somebody may have asked the same before
                    self._keep(key, await self._pool.count(function, *arguments))
        answer: T = self._recall(key)
        return answer

    def _key(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        return function, arguments, stamp_library(self._pool.directory)

    def _keep(self, key: Any, answer: Any) -> None:
        self._kept[key] = answer
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)

    def _recall(self, key: Any) -> Any:
        self._kept.move_to_end(key)
        return self._kept[key]
