"""People who search at once, over HTTP: each asks a query a second at a random moment of it, whatever is answered yet.

Times count from the moment at which a person asks, so that a server that is behind cannot slow down who asks. Each
connection stays open, as a browser's, and a person who asks while an answer is due opens another one. A page asks for
counts after each answer, and gives them up when its query changes; so do these people ``with_counts``.
"""

from __future__ import annotations

import asyncio
import random
import resource
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from bench.scoring import percentile_95

SEARCH = {"context": 1, "limit": 20}
COUNTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("facets", {"facets": ["show", "speaker", "language"], "limit": 8}),
    ("trend", {}),
)
"""What the page asks, beside the query, and what it asks once hits are shown."""
BEFORE_COUNTS = 0.25
"""Seconds after the hits at which it does."""
LONGEST = 30.0
"""Seconds after which an answer is given up."""


@dataclass(frozen=True, slots=True)
class Query:
    """What a person asks: in which second of the run, and whether somebody has asked the same before."""

    person: int
    moment: float
    text: str
    is_repeated: bool


@dataclass(slots=True)
class LoadTimes:
    """Milliseconds of answers, by what was asked; ``late`` is how late the generator itself was, which counts too."""

    people: int
    seconds: float
    search: list[float] = field(default_factory=list)
    repeated: list[float] = field(default_factory=list)
    counts: list[float] = field(default_factory=list)
    counts_left: int = 0
    failed: int = 0
    late: list[float] = field(default_factory=list)
    generator_seconds: float = 0.0
    """Of a processor, of the process that asks."""


def plan_queries(texts: Sequence[str], people: int, seconds: int, chance: random.Random) -> list[Query]:
    """Return the queries of people in order: one in each second of each of them, at a random moment of it.

    Each takes the next of the ``texts``, and the first again after the last.
    """
    moments = sorted((second + chance.random(), person) for person in range(people) for second in range(seconds))
    asked: set[str] = set()
    planned = []
    for number, (moment, person) in enumerate(moments):
        text = texts[number % len(texts)]
        planned.append(Query(person, moment, text, text in asked))
        asked.add(text)
    return planned


def percentiles(values: Sequence[float]) -> tuple[float, float, float]:
    """Return the median, the 95th and the 99th percentile."""
    return statistics.median(values), percentile_95(values), statistics.quantiles(values, n=100)[-1]


def ask_for_minutes(port: int, queries: Sequence[Query], *, with_counts: bool) -> LoadTimes:
    """Ask a server on this machine what is planned, and return how long it took."""
    people = len({query.person for query in queries})
    taken = LoadTimes(people, max(query.moment for query in queries))
    began = _used()
    asyncio.run(_ask_all(port, queries, taken, with_counts))
    taken.generator_seconds = _used() - began
    return taken


def _used() -> float:
    own = resource.getrusage(resource.RUSAGE_SELF)
    return own.ru_utime + own.ru_stime


async def _ask_all(port: int, queries: Sequence[Query], taken: LoadTimes, with_counts: bool) -> None:
    people = [Person(port, taken) for _ in range(taken.people)]
    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for query in queries:
            await asyncio.sleep(began + query.moment - time.perf_counter())
            group.create_task(people[query.person].search(query, began + query.moment, with_counts))
        await asyncio.sleep(0)
    for person in people:
        person.leave()


class Person:
    """One who searches; connections that are free are used again."""

    def __init__(self, port: int, taken: LoadTimes) -> None:
        self._port, self._taken = port, taken
        self._free: list[Connection] = []
        self._counting: list[asyncio.Task[None]] = []

    async def search(self, query: Query, due: float, with_counts: bool) -> None:
        """Ask a query, and for its counts if that is wanted."""
        self._give_up_counts()
        self._taken.late.append(1000 * (time.perf_counter() - due))
        answered = await self._ask("/api/search", {"q": query.text, **SEARCH})
        if not answered:
            self._taken.failed += 1
            return
        (self._taken.repeated if query.is_repeated else self._taken.search).append(1000 * (time.perf_counter() - due))
        if with_counts:
            self._give_up_counts()
            self._counting = [asyncio.create_task(self._count(query, *asked)) for asked in COUNTS]

    def _give_up_counts(self) -> None:
        for task in self._counting:
            task.cancel()

    async def _count(self, query: Query, name: str, parameters: dict[str, Any]) -> None:
        try:
            await asyncio.sleep(BEFORE_COUNTS)
            began = time.perf_counter()
            if await self._ask(f"/api/{name}", {"q": query.text, **parameters}):
                self._taken.counts.append(1000 * (time.perf_counter() - began))
        except asyncio.CancelledError:
            self._taken.counts_left += 1

    async def _ask(self, path: str, parameters: dict[str, Any]) -> bool:
        """Whether the answer is a good one. A connection that the server has closed meanwhile is replaced."""
        is_used = bool(self._free)
        connection = self._free.pop() if is_used else Connection(self._port)
        try:
            status = await asyncio.wait_for(connection.get(f"{path}?{urlencode(parameters, doseq=True)}"), LONGEST)
        except asyncio.CancelledError:
            connection.close()
            raise
        except TimeoutError:
            connection.close()
            return False
        except (OSError, EOFError):
            connection.close()
            return is_used and await self._ask(path, parameters)
        self._free.append(connection)
        return status == 200

    def leave(self) -> None:
        """Close the connections."""
        self._give_up_counts()
        for connection in self._free:
            connection.close()


class Connection:
    """A connection that stays open, and reads an answer with as little work as that takes."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str) -> int:
        """Ask for a path and return the status of its answer, once all of it is there."""
        reader, writer = self._streams = self._streams or await asyncio.open_connection("127.0.0.1", self._port)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\nAccept-Encoding: gzip\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = head.partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0]
        await reader.readexactly(int(length))
        return int(head.split(maxsplit=2)[1])

    def close(self) -> None:
        """Close it."""
        if self._streams is not None:
            with suppress(OSError):
                self._streams[1].close()


def each_in_turn(*paths: Sequence[str]) -> Iterator[str]:
    """Yield the first of each sequence, then the second of each and so on; one that ends begins anew."""
    number = 0
    while True:
        for one in paths:
            yield one[number % len(one)]
        number += 1


async def _work_off(port: int, paths: Iterator[str], number: int, at_once: int) -> None:
    async def work() -> None:
        nonlocal number
        connection = Connection(port)
        try:
            while number > 0:
                number -= 1
                path = next(paths)
                if (status := await connection.get(path)) != 200:
                    raise ValueError(f"{path} answers {status}")
        finally:
            connection.close()

    async with asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(work())


def ask_in_a_row(port: int, paths: Iterator[str], number: int, at_once: int = 4) -> None:
    """Ask for so many of the ``paths``, the next whenever a connection is free. Raises ValueError on an error."""
    asyncio.run(_work_off(port, paths, number, at_once))
