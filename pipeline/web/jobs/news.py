"""What is new in a library: read now and then from its files, which any process may have written, and told to all.

Who begins to listen, or comes back after a break, first gets how everything is now.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

from anyio import to_thread

from audio.errors import AirquoteError
from pipeline.jobs.queue_file import JobQueue
from pipeline.web.json_answers import JsonAnswer

LOOK_SECONDS = 0.4
"""Between two looks, while anybody listens."""
QUIET_SECONDS = 15.0
"""After which an empty message is sent, so that no proxy takes the connection for dead."""

Message = tuple[str, bytes]
"""The kind of an event and its data; an empty message has no kind."""


class LibraryNews:
    """Tells all who listen of jobs and changes of the library in a folder."""

    def __init__(self, library: Path) -> None:
        self._queue = JobQueue(library)
        self._files = [library / name for name in ("airquote.db", "airquote.db-wal")]
        self._latest: dict[str, bytes] = {}
        self._listeners: set[asyncio.Queue[Message | None]] = set()
        self._work: asyncio.Task[None] | None = None

    def close(self) -> None:
        """End all streams."""
        for listener in self._listeners:
            listener.put_nowait(None)
        if self._work is not None:
            self._work.cancel()

    async def follow(self) -> AsyncIterator[Message]:
        """Yield how everything is, and then each change as it is seen, until ``close``."""
        mine: asyncio.Queue[Message | None] = asyncio.Queue()
        await self._look()
        for latest in self._latest.items():
            mine.put_nowait(latest)
        self._listeners.add(mine)
        if self._work is None:
            self._work = asyncio.create_task(self._watch())
        try:
            while (message := await self._next(mine)) is not None:
                yield message
        finally:
            self._listeners.discard(mine)

    async def _next(self, mine: asyncio.Queue[Message | None]) -> Message | None:
        try:
            return await asyncio.wait_for(mine.get(), QUIET_SECONDS)
        except TimeoutError:
            return "", b""

    async def _watch(self) -> None:
        while self._listeners:
            await asyncio.sleep(LOOK_SECONDS)
            await self._look()
        self._work = None

    async def _look(self) -> None:
        """Read how everything is, and tell those who listen what is otherwise than before."""
        for kind, data in (await to_thread.run_sync(self._read)).items():
            if self._latest.get(kind) != data:
                self._latest[kind] = data
                for listener in self._listeners:
                    listener.put_nowait((kind, data))

    def _read(self) -> dict[str, bytes]:
        return {"jobs": _in_json(self._read_jobs()), "library": _in_json({"changed": self._read_change()})}

    def _read_jobs(self) -> dict[str, object]:
        try:
            return {"jobs": [job.listed for job in self._queue.jobs()]}
        except AirquoteError as error:
            return {"error": error.message, "way_out": error.way_out}

    def _read_change(self) -> str:
        """Return a text that is another after every change of the library."""
        parts = []
        for file in self._files:
            with suppress(OSError):
                status = file.stat()
                parts.append(f"{status.st_size}-{status.st_mtime_ns}")
        return ":".join(parts)


def _in_json(value: object) -> bytes:
    return bytes(JsonAnswer(value).body)
