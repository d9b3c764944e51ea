"""Where the work of a batch is done: in this process, or in several beside it.

A piece of work holds all it needs: a file, what is known of its windows, what is done already. What comes back are
events, which the batch writes to the store in one place. So another executor can send the same work elsewhere.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnContext
from pathlib import Path
from typing import Protocol

from audio.errors import AirquoteError, InputError, MachineError, UsageError
from pipeline.engines.base import Engine
from pipeline.engines.choose import load_engine
from pipeline.errors import USE_LESS_MEMORY, report_fault
from pipeline.models.weights import find_weights
from pipeline.transcription.plan import Group, Plan
from pipeline.transcription.transcribe import transcribe_media


@dataclass(frozen=True, slots=True)
class EngineSpec:
    """Which engine a process is to load."""

    engine: str
    model: str
    device: str


@dataclass(frozen=True, slots=True)
class Work:
    """One file to be transcribed. ``plan`` and ``done`` are what an earlier run left; ``prompt`` is for every
    window."""

    key: str
    media: Path
    language: str | None
    partial: bool
    plan: Plan | None
    done: frozenset[int]
    prompt: str | None = None
    force: bool = False


@dataclass(frozen=True, slots=True)
class Finished:
    """All groups of a work have come."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The work came to an end before it was done."""

    error: AirquoteError


Event = Plan | Group | Finished | Failed


class Executor(Protocol):
    """Takes work as it has room for it, and gives what comes of each, by the work's key."""

    def run(self, works: Iterable[Work]) -> Iterator[tuple[str, Event]]:
        """Events in the order they come. Raises MachineError where nothing more can be done on this machine, and
        UsageError for what no file can be transcribed with, such as an unknown language."""


class InProcess:
    """One file after the other, with a model that is loaded at the first."""

    def __init__(self, spec: EngineSpec, stopped: Callable[[], bool] = lambda: False) -> None:
        """``stopped`` tells whether to end after the event in hand."""
        self._spec = spec
        self._stopped = stopped
        self._engine: Engine | None = None

    def run(self, works: Iterable[Work]) -> Iterator[tuple[str, Event]]:
        """See Executor."""
        for work in works:
            if self._engine is None:
                self._engine = load_engine(self._spec.engine, self._spec.model, self._spec.device)
            for event in _events(work, self._engine):
                yield work.key, event
                if self._stopped():
                    return


class Processes:
    """Several files side by side, each in a process of its own with its own model and its share of the cores."""

    def __init__(self, spec: EngineSpec, jobs: int, stopped: Callable[[], bool] = lambda: False) -> None:
        """``stopped`` tells whether to end when each process has given the event that it has in hand."""
        self._spec = spec
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
                    # Found, joined or downloaded once, before the processes all look for them.
                    find_weights(self._spec.model, self._spec.engine)
                if len(workers) < self._jobs:
                    workers.append(_Worker(context, self._spec, self._jobs))
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
        """Passes events on until a worker has come to the end of its work, and gives that worker; None once the
        batch is asked to stop, and each worker has given what it had in hand."""
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
    """A process that transcribes one file at a time, seen from the process that gives it work."""

    def __init__(self, context: SpawnContext, spec: EngineSpec, jobs: int) -> None:
        self._context, self._spec, self._jobs = context, spec, jobs
        self.key: str | None = None
        self._start()

    def _start(self) -> None:
        self.connection, theirs = self._context.Pipe()
        threads = max(1, (os.cpu_count() or 1) // self._jobs)
        self._process = self._context.Process(target=_serve, args=(theirs, self._spec, threads), daemon=True)
        with _signals_kept_off():
            self._process.start()
        theirs.close()

    def take(self, work: Work) -> None:
        """Begin a file."""
        self.key = work.key
        with suppress(OSError):  # it died while it had nothing to do: ``receive`` will tell
            self.connection.send(work)

    def receive(self) -> Event:
        """The next event of the file in hand; if the process has died, that the file failed."""
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
                    USE_LESS_MEMORY,
                )
            )
        if isinstance(event, (MachineError, UsageError)):
            raise event
        if isinstance(event, (Finished, Failed)):
            self.key = None
        return event

    def stop(self) -> None:
        """End the process, whatever it does."""
        self.connection.close()
        self._process.kill()
        self._process.join()


@contextmanager
def _signals_kept_off() -> Iterator[None]:
    """What is started inside never sees Ctrl-C or SIGTERM, which are for the process that gives the work."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(connection: Connection, spec: EngineSpec, threads: int) -> None:
    """A worker's life: load the model, then work until the other end is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # for Windows, see _signals_kept_off
    try:
        engine = load_engine(spec.engine, spec.model, spec.device, threads)
        while True:
            work: Work = connection.recv()
            for event in _events(work, engine):
                connection.send(event)
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return
    except (MachineError, UsageError) as error:
        connection.send(error)


def _events(work: Work, engine: Engine) -> Iterator[Event]:
    try:
        yield from transcribe_media(
            work.media,
            engine,
            work.language,
            work.plan,
            work.done,
            partial=work.partial,
            prompt=work.prompt,
            key=work.key,
            force=work.force,
        )
    except (MachineError, UsageError):
        raise  # it would be the same for every file
    except AirquoteError as error:
        error.where = error.where or work.media  # the recording, where the error knows only its sound
        yield Failed(error)
    except Exception as error:  # noqa: BLE001 - a batch never stops for one file, whatever an engine may raise
        yield Failed(
            InputError(
                f"{work.media} could not be transcribed: {error!r}.",
                report_fault(),
                where=work.media,
            )
        )
    else:
        yield Finished()
