"""The executor of a batch on a Ray cluster: the batch's side of the process that speaks with the cluster."""

from __future__ import annotations

import logging
import multiprocessing
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from importlib.util import find_spec
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from pipeline.batch.cluster.file_worker import LoadOnWorker, load_on_worker
from pipeline.batch.cluster.home import STOP, ClusterRequest, HomeMessage, serve_cluster
from pipeline.batch.cluster.place import ClusterPlace
from pipeline.batch.running.executor import Event, Work
from pipeline.engines.choose import EngineSpec
from pipeline.errors import GO_ON, INSTALL_CLUSTER, ClusterError
from pipeline.processes.blocked_signals import signals_blocked
from pipeline.progress import ProgressCallback, ignore_progress

_log = logging.getLogger("airquote.batch")

POLL_SECONDS = 0.5
"""Between two questions whether the batch is to stop."""
END_SECONDS = 20
"""How long the process may take to leave the cluster before it is killed."""


class OnCluster:
    """Transcribes files on the workers of a Ray cluster, one of which is started here if the place names none."""

    def __init__(
        self,
        place: ClusterPlace,
        spec: EngineSpec,
        stopped: Callable[[], bool] = lambda: False,
        progress: ProgressCallback = ignore_progress,
        load: LoadOnWorker | None = None,
    ) -> None:
        """``spec`` names engine and model; its device ``auto`` leaves that to each worker. ``stopped`` returns whether
        to end after the current event of each worker; ``progress`` is called for workers and downloads;
        ``load`` loads the engine of a worker.

        Raises ClusterError if Ray is not installed.
        """
        if find_spec("ray") is None:
            raise ClusterError("Ray is not installed.", INSTALL_CLUSTER)
        self._place, self._spec, self._stopped, self._progress = place, spec, stopped, progress
        self._load = load or load_on_worker

    def run(self, works: Iterable[Work]) -> Iterator[tuple[str, Event]]:
        """See Executor. Raises ClusterError if the cluster cannot be reached, is lost, or has no fit worker."""
        waiting = iter(works)
        first = next(waiting, None)
        if first is None:
            return
        with tempfile.TemporaryDirectory(prefix="airquote-cluster-") as folder:
            log = Path(folder) / "ray.log"
            request = ClusterRequest(self._place, self._spec, self._load, log)
            context = multiprocessing.get_context("spawn")
            connection, theirs = context.Pipe()
            process = context.Process(target=serve_cluster, args=(theirs, request))
            with signals_blocked():
                process.start()
            theirs.close()
            try:
                connection.send(first)
                yield from self._events(connection, waiting)
            except (EOFError, OSError) as error:
                process.join()
                _log_end(log)
                message = f"The connection to {self._place} was lost: its head is gone."
                raise ClusterError(message, GO_ON, where=str(self._place)) from error
            finally:
                connection.close()
                _end(process)

    def _events(self, connection: Connection, waiting: Iterator[Work]) -> Iterator[tuple[str, Event]]:
        """Yield events as they come; send work when it is wanted. Raises EOFError if the process has ended."""
        told = False
        while True:
            if self._stopped() and not told:
                connection.send(STOP)
                told = True
            if not connection.poll(POLL_SECONDS):
                continue
            message: HomeMessage = connection.recv()
            if message.error is not None:
                raise message.error
            if message.event is not None:
                yield message.key, message.event
            elif message.told is not None:
                self._progress(message.told)
            elif message.more:
                if not told:
                    connection.send(next(waiting, None))
            else:
                return


def _end(process: BaseProcess) -> None:
    """Let the process leave the cluster, and kill it if it does not."""
    process.join(END_SECONDS)
    if process.is_alive():
        process.kill()
    process.join()


def _log_end(log: Path) -> None:
    """Log the last that Ray has printed."""
    with suppress(OSError):
        for line in log.read_text(encoding="utf-8", errors="replace").splitlines()[-5:]:
            _log.info("ray: %s", line)
