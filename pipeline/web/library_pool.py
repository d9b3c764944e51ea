"""A library for many who ask at once: child processes that read, one that counts, checks and writes each."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import LifoQueue
from typing import Any, TypeVar

from pipeline.answers import SearchOptions
from pipeline.library import Library
from pipeline.progress import ProgressCallback, ignore_progress
from pipeline.web.worker_process import Message, WorkerDiedError, WorkerProcess

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
        self._writer = _Workers(directory, 1, creates=True)

    def start(self) -> None:
        """Start the processes that answer, and let each load what it needs: the first question finds them ready."""
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
        """End the processes, whatever they do; a change that is being made is finished first."""
        for workers in (self._readers, self._counter, self._checker):
            workers.kill()
        for workers in (self._readers, self._counter, self._checker, self._writer):
            workers.close()


class _Workers:
    """Child processes, started when needed, and as many threads."""

    def __init__(self, directory: Path, count: int, niceness: int = 0, *, creates: bool = False) -> None:
        self._directory, self._count, self._niceness, self._creates = directory, count, niceness, creates
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="library")
        self._busy: set[WorkerProcess] = set()
        self._killed = False
        self._idle: LifoQueue[WorkerProcess | None] = LifoQueue()
        """The one that answered last comes first: what it has read is still in the caches of the processor."""
        for _ in range(count):
            self._idle.put(None)

    def start(self) -> None:
        """Start all of them; each begins with a search, which brings the index up to date, however long that takes."""
        for _ in range(self._count):
            self._threads.submit(self._ask, (_warm_up, (), False), None, lambda _: True)

    def _make_worker(self) -> WorkerProcess:
        return WorkerProcess(self._directory, self._niceness, creates=self._creates)

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
        self._busy.add(worker)
        kept: WorkerProcess | None = None
        try:
            if self._killed:
                raise WorkerDiedError
            for kind, value in worker.ask(question, limit):
                if kind == "error":
                    kept = worker
                    raise value
                if not take((kind, value)):
                    return
            kept = worker
        finally:
            self._busy.discard(worker)
            if kept is None:
                worker.close()
            self._idle.put(kept)

    def kill(self) -> None:
        """Let those that are busy give no answer."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._killed = True
        for worker in tuple(self._busy):
            worker.kill()

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        for _ in range(self._count):
            if worker := self._idle.get():
                worker.close()


def _warm_up(library: Library) -> None:
    """Load what a search needs."""
    library.search("the", SearchOptions(limit=1))
