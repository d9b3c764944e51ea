"""Executors of a batch: they do its work in this process, or in several worker processes.

A piece of work holds all that it needs: a file, the options, the plan of its windows, what is done already. The
results are events, which the batch writes to the store in one place. So another executor can send the same work to
other machines.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnContext
from pathlib import Path
from typing import Protocol

from audio.errors import AirquoteError, InputError, MachineError, UsageError
from pipeline.engines.base import Engine
from pipeline.engines.choose import load_engine
from pipeline.models.weights import find_weights
from pipeline.transcription.options import TranscriptionOptions
from pipeline.transcription.plan import Group, Plan
from pipeline.transcription.transcribe import transcribe_media


@dataclass(frozen=True, slots=True)
class Work:
    """One file to be transcribed. ``key`` is its SHA-256; ``plan`` and the groups that are ``done`` are those that an
    earlier run saved."""

    key: str
    media: Path
    options: TranscriptionOptions
    plan: Plan | None
    done: frozenset[int]


@dataclass(frozen=True, slots=True)
class Finished:
    """The event after the last group of a file."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The event of a file that could not be finished."""

    error: AirquoteError


Event = Plan | Group | Finished | Failed


class Executor(Protocol):
    """Takes work whenever it has room for it, and yields the events of each, with the work's key."""

    def run(self, works: Iterable[Work]) -> Iterator[tuple[str, Event]]:
        """Events in the order in which they come. Raises MachineError if nothing more can be done on this machine, and
        UsageError for options with which no file can be transcribed, such as an unknown language."""


class InProcess:
    """One file after the other, with the engine loaded at the first."""

    def __init__(self, stopped: Callable[[], bool] = lambda: False) -> None:
        """``stopped`` tells whether to end after the current event."""
        self._stopped = stopped
        self._load_engine = lru_cache(maxsize=1)(load_engine)

    def run(self, works: Iterable[Work]) -> Iterator[tuple[str, Event]]:
        """See Executor."""
        for work in works:
            for event in _transcribe(work, self._load_engine(work.options.engine)):
                yield work.key, event
                if self._stopped():
                    return


class Processes:
    """Several files in parallel, each in a worker process with its own model and its share of the cores."""

    def __init__(self, jobs: int, stopped: Callable[[], bool] = lambda: False) -> None:
        """``stopped`` tells whether to end after the current event of each worker."""
        self._jobs = jobs
        self._stopped = stopped

    def run(self, works: Iterable[Work]) -> Iterator[tuple[str, Event]]:
        """See Executor."""
        waiting = iter(works)
        context = multiprocessing.get_context("spawn")
        workers: list[_Worker] = []
        try:
            for work in waiting:
                if not workers:
                    # Find, join or download the weights once, before all workers look for them.
                    find_weights(work.options.engine.model, work.options.engine.name)
                if len(workers) < self._jobs:
                    workers.append(_Worker(context, self._jobs))
                    workers[-1].take(work)
                    continue
                idle = yield from self._until_idle(workers)
                if idle is None:
                    return
                idle.take(work)
            while any(worker.key for worker in workers):
                if (yield from self._until_idle(workers)) is None:
                    return
        finally:
            for worker in workers:
                worker.stop()

    def _until_idle(self, workers: list[_Worker]) -> Generator[tuple[str, Event], None, _Worker | None]:
        """Yield events until a worker has finished its file, and return that worker; None once the batch is asked to
        stop, after the current event of each worker."""
        waited = set(workers)
        while True:
            if self._stopped():
                for worker in waited:
                    if worker.key is not None:
                        yield worker.key, worker.receive()
                return None
            busy = {worker.connection: worker for worker in workers if worker.key}
            for connection in wait(list(busy)):
                worker = next(worker for channel, worker in busy.items() if channel is connection)
                key = worker.key
                event = worker.receive()
                assert key is not None
                yield key, event
                if self._stopped():
                    waited.discard(worker)
                elif isinstance(event, (Finished, Failed)):
                    return worker


class _Worker:
    """The parent's side of a worker process, which transcribes one file at a time."""

    def __init__(self, context: SpawnContext, jobs: int) -> None:
        self._context, self._jobs = context, jobs
        self.key: str | None = None
        self._start()

    def _start(self) -> None:
        self.connection, theirs = self._context.Pipe()
        threads = max(1, (os.cpu_count() or 1) // self._jobs)
        self._process = self._context.Process(target=_serve, args=(theirs, threads), daemon=True)
        with _signals_blocked():
            self._process.start()
        theirs.close()

    def take(self, work: Work) -> None:
        """Send it a file."""
        self.key = work.key
        with suppress(OSError):  # it died while idle: ``receive`` reports that
            self.connection.send(work)

    def receive(self) -> Event:
        """The next event of the current file; Failed if the process has died, which is started again."""
        try:
            event: Event | MachineError | UsageError = self.connection.recv()
        except (EOFError, OSError):
            self._process.join()
            code = self._process.exitcode
            self.connection.close()
            self._start()
            event = Failed(
                InputError(
                    f"The process that transcribed it died (exit code {code}).",
                    "Often memory has run out: try fewer --jobs or a smaller --model. What was finished is saved.",
                )
            )
        if isinstance(event, (MachineError, UsageError)):
            raise event
        if isinstance(event, (Finished, Failed)):
            self.key = None
        return event

    def stop(self) -> None:
        """Kill the process."""
        self.connection.close()
        self._process.kill()
        self._process.join()


@contextmanager
def _signals_blocked() -> Iterator[None]:
    """A process started inside never sees Ctrl-C or SIGTERM, which are for its parent."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(connection: Connection, threads: int) -> None:
    """The main function of a worker process: transcribe file after file until the parent closes the connection."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # for Windows, see _signals_blocked
    load = lru_cache(maxsize=1)(load_engine)
    try:
        while True:
            work: Work = connection.recv()
            for event in _transcribe(work, load(work.options.engine, threads)):
                connection.send(event)
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return
    except (MachineError, UsageError) as error:
        connection.send(error)


def _transcribe(work: Work, engine: Engine) -> Iterator[Event]:
    try:
        yield from transcribe_media(work.media, engine, work.options, work.plan, work.done, seed=int(work.key, 16))
    except (MachineError, UsageError):
        raise  # it would be the same for every file
    except AirquoteError as error:
        yield Failed(error)
    except Exception as error:  # noqa: BLE001 - a batch never stops for one file, whatever an engine may raise
        yield Failed(InputError(f"{work.media} could not be transcribed: {error!r}.", "Please report this."))
    else:
        yield Finished()
