"""A library for many who ask at once: child processes that read, one that counts, checks and writes each."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import Any, TypeVar

from pipeline.progress import ProgressCallback, ignore_progress
from pipeline.web.worker_process import Message, WorkerProcess

T = TypeVar("T")
LONGEST_QUESTION = 20.0
"""Seconds after which a question without an answer is given up and its process replaced."""
READERS = max(2, min(4, os.cpu_count() or 2))
NICENESS = 10
"""Of the process that counts: searches come first."""


class LibraryPool:
    """Child processes with an open library each, and a thread that waits for each of them.

    Functions that are asked are of modules, and take the library first; arguments and answers cross processes.
    """

    def __init__(self, directory: Path, readers: int = READERS) -> None:
        self.directory = directory
        self._readers = _Workers(directory, readers)
        self._counter = _Workers(directory, 1, NICENESS)
        self._checker = _Workers(directory, 1)
        self._writer = _Workers(directory, 1)

    def start(self) -> None:
        """Start the processes that answer now, so that the first question does not wait for them."""
        self._readers.start()
        self._counter.start()

    async def ask(self, function: Callable[..., T], *arguments: Any, limit: float = LONGEST_QUESTION) -> T:
        """Return ``function(library, *arguments)`` of a reader.

        Raises what it raises, and NoAnswerError, as after ``limit`` seconds.
        """
        return await self._readers.answer(function, arguments, limit)

    async def count(self, function: Callable[..., T], *arguments: Any, limit: float = LONGEST_QUESTION) -> T:
        """Return ``function(library, *arguments)`` of a process of its own, for what takes long, as ``ask`` does."""
        return await self._counter.answer(function, arguments, limit)

    async def change(self, function: Callable[..., T], *arguments: Any) -> T:
        """Return ``function(library, *arguments)`` of the writer; one change is made after the other."""
        return await self._writer.answer(function, arguments, None)

    def stream(
        self,
        function: Callable[..., Any],
        *arguments: Any,
        limit: float = LONGEST_QUESTION,
        progress: ProgressCallback = ignore_progress,
    ) -> AsyncIterator[Any]:
        """Yield the items of the iterable that ``function`` returns, each as it comes, at most ``limit`` seconds apart.

        It has a process of its own. ``progress`` is called with what the library tells meanwhile. A consumer that ends
        early ends the work too.
        """
        return self._checker.stream(function, arguments, limit, progress)

    def close(self) -> None:
        """End the processes."""
        for workers in (self._readers, self._counter, self._checker, self._writer):
            workers.close()


class _Workers:
    """Child processes, started when needed, and as many threads."""

    def __init__(self, directory: Path, count: int, niceness: int = 0) -> None:
        self._directory, self._count, self._niceness = directory, count, niceness
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="library")
        self._idle: SimpleQueue[WorkerProcess | None] = SimpleQueue()
        for _ in range(count):
            self._idle.put(None)

    def start(self) -> None:
        for _ in range(self._count):
            self._idle.get()
            self._idle.put(self._make_worker())

    def _make_worker(self) -> WorkerProcess:
        return WorkerProcess(self._directory, self._niceness)

    async def answer(self, function: Callable[..., T], arguments: tuple[Any, ...], limit: float | None) -> T:
        found: list[T] = []

        def take(message: Message) -> bool:
            if message[0] == "item":
                found.append(message[1])
            return True

        await self._in_thread(function, arguments, False, limit, take)
        return found[0]

    async def stream(
        self, function: Callable[..., Any], arguments: tuple[Any, ...], limit: float | None, progress: ProgressCallback
    ) -> AsyncIterator[Any]:
        loop, messages = asyncio.get_running_loop(), asyncio.Queue[Message]()
        wanted = [True]

        def take(message: Message) -> bool:
            loop.call_soon_threadsafe(messages.put_nowait, message)
            return wanted[0]

        work = asyncio.ensure_future(self._in_thread(function, arguments, True, limit, take))
        work.add_done_callback(lambda _: messages.put_nowait(("end", None)))
        try:
            while (message := await messages.get())[0] != "end":
                if message[0] == "item":
                    yield message[1]
                else:
                    progress(message[1])
            await work
        finally:
            wanted[0] = False

    async def _in_thread(
        self,
        function: Callable[..., Any],
        arguments: tuple[Any, ...],
        one_by_one: bool,
        limit: float | None,
        take: Callable[[Message], bool],
    ) -> None:
        question = (function, arguments, one_by_one)
        await asyncio.get_running_loop().run_in_executor(self._threads, self._ask, question, limit, take)

    def _ask(self, question: Any, limit: float | None, take: Callable[[Message], bool]) -> None:
        worker = self._idle.get()
        if worker is None or not worker.is_alive:
            worker = self._make_worker()
        kept: WorkerProcess | None = None
        try:
            for kind, value in worker.ask(question, limit):
                if kind == "error":
                    kept = worker
                    raise value
                if not take((kind, value)):
                    return
            kept = worker
        finally:
            if kept is None:
                worker.close()
            self._idle.put(kept)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        for _ in range(self._count):
            if worker := self._idle.get():
                worker.close()
