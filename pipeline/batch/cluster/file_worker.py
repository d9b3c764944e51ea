"""What a worker of a cluster does: it holds an engine, and works on one unit after the other, asked for each event."""

from __future__ import annotations

import os
import platform
import shutil
import tempfile
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from audio.errors import AirquoteError, MachineError, UsageError
from pipeline.batch.cluster.sent_bytes import SentWeights, write_weights
from pipeline.batch.cluster.unit import FileUnit, WorkerFacts
from pipeline.batch.running.executor import Event, Failed, Finished, do_work
from pipeline.engines.base import Engine
from pipeline.engines.choose import EngineSpec, load_weights
from pipeline.models.voice_weights import has_voice_models
from pipeline.models.weights import find_weights_here, find_weights_in
from pipeline.transcription.diarization import VoicesScanned
from pipeline.transcription.plan import Scanned
from pipeline.transcription.transcribe import settings_of

LoadOnWorker = Callable[[EngineSpec, int, SentWeights | None], Engine | None]
"""Loads an engine with so many threads on a CPU, with weights that were sent or that this machine has; None where it
has none. It is sent to workers by its name."""

Source = Literal["sent", "shared", "kept"]
"""Where a worker has a file from: its bytes are sent, it opens the path, or it has the bytes from the unit before."""

TOLD_SECONDS = 1.0
"""Between two reports of how far a scan is."""
_FOLDER = "airquote-worker-"


def load_on_worker(spec: EngineSpec, threads: int, sent: SentWeights | None) -> Engine | None:
    """See LoadOnWorker. Raises as ``load_engine`` does, and downloads nothing."""
    found = find_weights_in(sent.place, spec.model, spec.name) if sent else find_weights_here(spec.model, spec.name)
    return load_weights(spec, found, threads) if found else None


class FileWorker:
    """One worker. Each method returns in bounded time, a group of windows at most, and raises nothing."""

    def __init__(self, load: LoadOnWorker, spec: EngineSpec | None, threads: int) -> None:
        """``spec`` None is a worker for voices alone."""
        self._load, self._spec, self._threads = load, spec, threads
        self._engine: Engine | None = None
        _remove_abandoned()
        self._folder = Path(tempfile.mkdtemp(prefix=f"{_FOLDER}{os.getpid()}-"))
        self._kept: tuple[str, Path] | None = None
        self._media: tuple[Path, Path] | None = None
        self._events: Generator[Event, None, None] | None = None
        self._fault: MachineError | None = None
        self._told = 0.0

    def prepare(self, sent: SentWeights | None, chunks: Sequence[bytes]) -> WorkerFacts:
        """Load the engine, with the weights that are sent if any are, and return what this worker is."""
        facts = WorkerFacts(platform.node(), version("airquote"), voices=has_voice_models())
        if self._spec is None:
            return facts
        try:
            if sent is not None and not sent.are_here:
                if not chunks:
                    return replace(facts, lacks=f"it has no weights of {self._spec.model}", needs_weights=True)
                write_weights(sent, chunks)
            spec = self._spec.resolve()
            engine = self._load(spec, self._threads, sent)
        except (AirquoteError, OSError) as error:
            return replace(facts, lacks=str(error), voices=False)
        if engine is None:
            return replace(facts, lacks=f"it has no weights of {spec.model}", needs_weights=True)
        self._engine = engine
        return replace(
            facts, engine=engine.name, model=engine.model, device=engine.device, threads=self._threads,
            settings=settings_of(engine),
        )  # fmt: skip

    def begin(self, unit: FileUnit, source: Source, size: int, chunks: Sequence[bytes]) -> None:
        """Begin a unit; what is left of the one before is given up. ``size`` is that of its file, in bytes."""
        self._end()
        self._fault = None
        media = unit.work.media
        try:
            if source == "sent":
                media = self._write(unit.key, media.suffix, chunks)
            elif source == "kept" and self._kept is not None:
                media = self._kept[1]
            elif not media.is_file() or media.stat().st_size != size:
                return
        except OSError as error:
            self._fault = MachineError(f"The sound cannot be written to {self._folder}: {error.strerror or error}.")
            return
        self._media = media, unit.work.media
        self._events = do_work(replace(unit.work, media=media), self._the_engine)  # type: ignore[type-var]

    def next_event(self) -> Event | MachineError | UsageError | None:
        """Return the next event of the unit; an error for which nothing can be done here, or not at all; None if the
        file is not here."""
        if self._fault is not None or self._events is None:
            return self._fault
        try:
            for event in self._events:
                if isinstance(event, (Scanned, VoicesScanned)):
                    now = time.monotonic()
                    if now - self._told < TOLD_SECONDS:
                        continue
                    self._told = now
                if isinstance(event, Failed):
                    self._name_file(event.error)
                return event
        except (MachineError, UsageError) as error:
            self._name_file(error)
            return error
        return Finished()

    def _the_engine(self, _: EngineSpec) -> Engine:
        if self._engine is None:
            raise MachineError("This worker has no engine.")
        return self._engine

    def _end(self) -> None:
        if self._events is not None:
            with suppress(Exception):
                self._events.close()
            self._events = None

    def _write(self, key: str, suffix: str, chunks: Sequence[bytes]) -> Path:
        """Write the sound of a file, in place of the one before."""
        if self._kept is not None:
            self._kept[1].unlink(missing_ok=True)
            self._kept = None
        target = self._folder / f"{key}{suffix}"
        with target.open("wb") as file:
            for chunk in chunks:
                file.write(chunk)
        self._kept = key, target
        return target

    def _name_file(self, error: AirquoteError) -> None:
        """Name the file in an error by the path that it has at home."""
        if self._media is None:
            return
        here, home = map(str, self._media)
        error.message = error.message.replace(here, home)
        if error.where is not None and str(error.where) == here:
            error.where = self._media[1]


def _remove_abandoned() -> None:
    """Remove the files of workers of this machine that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_FOLDER}*-*"):
        process = folder.name.removeprefix(_FOLDER).split("-")[0]
        if os.name == "posix" and process.isdigit() and not _is_running(int(process)):
            shutil.rmtree(folder, ignore_errors=True)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
