"""Executors of a batch: in this process, or in several worker processes.

A work item is self-contained: a file, the options, the plan of its windows, the groups that are done; or a file whose
voices are to be found. The results are events, which the batch writes to the store in one place. So another executor
could send the same items to other machines.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import chain
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnContext
from pathlib import Path
from typing import Protocol

from audio.errors import AirquoteError, InputError, MachineError, UsageError
from audio.recording.sound_choice import SoundChoice
from audio.voices.voice_count import VoiceCount
from pipeline.batch.running.early_start import Ahead, GroupsLeft
from pipeline.engines.base import Engine
from pipeline.engines.choose import EngineSpec, load_engine
from pipeline.errors import USE_LESS_MEMORY, as_failure
from pipeline.models.voice_weights import find_voice_models
from pipeline.models.weights import find_weights
from pipeline.processes.blocked_signals import signals_blocked
from pipeline.progress import ProgressCallback, ignore_progress
from pipeline.transcription.diarization import FoundVoices, VoiceRequest, VoicesScanned, find_voices
from pipeline.transcription.options import TranscriptionOptions
from pipeline.transcription.plan import Group, Plan, Scanned
from pipeline.transcription.transcribe import transcribe_media

LoadEngine = Callable[[EngineSpec], Engine]
"""Returns an engine, which is kept for the next file."""


class Work(Protocol):
    """Work on one file. ``key`` is its SHA-256."""

    @property
    def key(self) -> str: ...

    @property
    def media(self) -> Path: ...

    def prepare(self, progress: ProgressCallback) -> None:
        """Find, join or download weights once, before several processes look for them."""

    def results(self, load: LoadEngine) -> Iterator[Result]:
        """Do the work and yield what comes of it."""


@dataclass(frozen=True, slots=True)
class Transcription:
    """One file to transcribe. ``plan`` and the numbers of the groups that are ``done`` are what an earlier run saved;
    ``voices`` are to be found too, if any are."""

    key: str
    media: Path
    options: TranscriptionOptions
    plan: Plan | None
    done: frozenset[int]
    voices: VoiceRequest | None = None

    def prepare(self, progress: ProgressCallback) -> None:
        """See Work."""
        find_weights(self.options.engine.model, self.options.engine.name, progress)

    def results(self, load: LoadEngine) -> Iterator[Result]:
        """See Work."""
        engine, seed = load(self.options.engine), int(self.key, 16)
        return transcribe_media(self.media, engine, self.options, self.plan, self.done, seed=seed, voices=self.voices)


@dataclass(frozen=True, slots=True)
class VoiceSearch:
    """One file whose voices are to be found in its ``sound``."""

    key: str
    media: Path
    sound: SoundChoice
    count: VoiceCount

    def prepare(self, progress: ProgressCallback) -> None:  # noqa: ARG002 - of the protocol
        """See Work."""
        find_voice_models()

    def results(self, load: LoadEngine) -> Iterator[Result]:  # noqa: ARG002 - of the protocol
        """See Work."""
        return find_voices(self.media, self.sound, self.count)


@dataclass(frozen=True, slots=True)
class Finished:
    """The event after the last group of a file."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The event of a file that could not be finished."""

    error: AirquoteError


Result = Scanned | Plan | Group | VoicesScanned | FoundVoices
Event = Result | Finished | Failed


class Executor(Protocol):
    """Takes work items as it has capacity, and yields their events, each with the key of its item."""

    def run(self, works: Iterable[Work]) -> Iterator[tuple[str, Event]]:
        """Yield events as they occur. Raises MachineError if nothing more can be transcribed on this machine, and
        UsageError for options that are invalid for every file, such as an unknown language."""


class InProcess:
    """Transcribes one file after the other; the engine is loaded for the first.

    With ``begins_early`` the next file is begun beside the last group of this one, if the engine takes windows of
    several files at once. Its events come after all of this one's even so.
    """

    def __init__(
        self,
        stopped: Callable[[], bool] = lambda: False,
        progress: ProgressCallback = ignore_progress,
        *,
        begins_early: bool = False,
    ) -> None:
        """``stopped`` returns whether to end after the current event of each file; ``progress`` is called for
        downloads; ``begins_early`` is for works none of which has to be waited for."""
        self._stopped = stopped
        self._begins_early = begins_early
        self._load_engine = lru_cache(maxsize=1)(partial(load_engine, progress=progress))

    def run(self, works: Iterable[Work]) -> Iterator[tuple[str, Event]]:
        """See Executor."""
        waiting = iter(works)
        running: list[_Running] = []
        """This file, and the next if it is begun."""
        try:
            while running or self._begin(waiting, running, ahead=False):
                this = running[0]
                for event in this.events:
                    yield this.key, event
                    if self._stopped():
                        yield from chain.from_iterable(file.end() for file in running)
                        return
                    if len(running) == 1 and self._begins_early and this.leaves_cores_idle(event):
                        self._begin(waiting, running, ahead=True)
                running.remove(this)
        finally:
            for file in running:
                file.stop()  # without waiting for its current event

    def _begin(self, waiting: Iterator[Work], running: list[_Running], *, ahead: bool) -> bool:
        """Begin the next work, if there is one."""
        work = next(waiting, None)
        if work is not None:
            running.append(_Running(work, self._load_engine, ahead=ahead))
        return work is not None


class _Running:
    """A file that is worked on: as its events are taken, or ``ahead``, in a thread."""

    def __init__(self, work: Work, load: LoadEngine, *, ahead: bool) -> None:
        self.key = work.key
        self._work, self._load = work, load
        self._ahead = Ahead(do_work(work, load)) if ahead else None
        self._left = GroupsLeft(work.plan, work.done) if isinstance(work, Transcription) else None
        self.events: Iterable[Event] = self._ahead or do_work(work, load)

    def leaves_cores_idle(self, event: Event) -> bool:
        """Whether after an event its last windows are decoded, by an engine that could take others meanwhile."""
        if self._left is None or not isinstance(self._work, Transcription):
            return False
        self._left.note(event)
        return self._left.at_most_one and self._load(self._work.options.engine).files_at_once > 1

    def stop(self) -> None:
        """Let it end after the current event."""
        if self._ahead is not None:
            self._ahead.stop()

    def end(self) -> Iterator[tuple[str, Event]]:
        """End after the current event, and yield what is left of the events until then."""
        self.stop()
        for event in self._ahead or ():
            yield self.key, event


class Processes:
    """Transcribes several files in parallel, each in a worker process with its own model and a share of the cores."""

    def __init__(
        self, jobs: int, stopped: Callable[[], bool] = lambda: False, progress: ProgressCallback = ignore_progress
    ) -> None:
        """``stopped`` returns whether to end after the current event of each worker; ``progress`` is called
        for downloads."""
        self._jobs = jobs
        self._stopped = stopped
        self._progress = progress

    def run(self, works: Iterable[Work]) -> Iterator[tuple[str, Event]]:
        """See Executor."""
        waiting = iter(works)
        context = multiprocessing.get_context("spawn")
        workers: list[_Worker] = []
        try:
            for work in waiting:
                if not workers:
                    work.prepare(self._progress)
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
        unstopped = set(workers)
        while True:
            if self._stopped():
                for worker in unstopped:
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
                    unstopped.discard(worker)
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
        with signals_blocked():
            self._process.start()
        theirs.close()

    def take(self, work: Work) -> None:
        """Send a work item to the process."""
        self.key = work.key
        with suppress(OSError):  # the process died while idle: ``receive`` reports it
            self.connection.send(work)

    def receive(self) -> Event:
        """Return the next event of the current file; if the process died, Failed, and start it again."""
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
        """Kill the process."""
        self.connection.close()
        self._process.kill()
        self._process.join()


def _serve(connection: Connection, threads: int) -> None:
    """The main function of a worker process: work on file after file until the parent closes the connection."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # for Windows, see signals_blocked
    load = lru_cache(maxsize=1)(partial(load_engine, threads=threads))
    try:
        while True:
            work: Work = connection.recv()
            for event in do_work(work, load):
                connection.send(event)
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return
    except (MachineError, UsageError) as error:
        connection.send(error)


def do_work(work: Work, load: LoadEngine) -> Generator[Event, None, None]:
    """Yield the events of a work item, the last of them Finished or Failed. Raises MachineError and UsageError."""
    try:
        yield from work.results(load)
    except Exception as error:  # noqa: BLE001 - one file never stops a batch, whatever an engine raises
        failure = as_failure(error, work.media)
        failure.where = failure.where or work.media  # errors of the sound do not name the file
        yield Failed(failure)
    else:
        yield Finished()
