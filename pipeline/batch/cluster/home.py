"""The process of a batch on a cluster that speaks with the cluster: it gives units to workers, and events to the batch.

It is a process of its own because Ray ends the process that is connected when the head of the cluster is gone, and what
writes into the library must not end so.
"""

from __future__ import annotations

import os
import queue
import signal
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from audio.errors import AirquoteError, MachineError, UsageError
from pipeline.batch.cluster.file_worker import LoadOnWorker, Source
from pipeline.batch.cluster.place import ClusterPlace
from pipeline.batch.cluster.ray_cluster import ClusterNode, RayCluster, WorkerLostError
from pipeline.batch.cluster.schedule import Schedule
from pipeline.batch.cluster.sent_bytes import SentWeights, list_weights, read_chunks
from pipeline.batch.cluster.unit import FileUnit, WorkerFacts
from pipeline.batch.running.executor import Event, Failed, Work
from pipeline.engines.choose import EngineSpec
from pipeline.errors import GO_ON, PREPARE_WORKERS, ClusterError, as_failure
from pipeline.models.catalogue import BY_NAME
from pipeline.models.weights import find_weights
from pipeline.progress import ProgressEvent, WorkerJoined, WorkerLeft

CORES_A_WORKER = 2
"""A worker decodes so many batches side by side (faster_whisper.CPU_WORKERS) with one copy of the model in memory."""
NODE_SECONDS = 3.0
"""Between two looks at which machines there are."""
WAIT_SECONDS = 0.1
"""How long events of workers are waited for before the batch is listened to."""
MOST_DEATHS = 5
"""Workers that may die on a machine, one after the other, before no other is started there."""
MOST_AHEAD = 16
"""Files that are known, at most, beside those that workers have: one for each other worker, so that the last ones are
scanned before they are all that is left."""
PATIENCE_SECONDS = 60.0
"""How long a cluster without any machine to work on is waited for: a cloud replaces what it has taken back."""


@dataclass(frozen=True, slots=True)
class ClusterRequest:
    """Where and with what engine a batch is transcribed. ``log`` is the file for what Ray prints; None leaves it."""

    place: ClusterPlace
    spec: EngineSpec
    load: LoadOnWorker
    log: Path | None = None


@dataclass(frozen=True, slots=True)
class HomeMessage:
    """From this process to the batch: the ``event`` of the file ``key``; what is ``told``; an ``error`` that ends all;
    that ``more`` work is wanted; or, with none of these, the end."""

    key: str = ""
    event: Event | None = None
    told: ProgressEvent | None = None
    error: Exception | None = None
    more: bool = False


@dataclass(eq=False, slots=True)
class _Remote:
    """A worker on a node: its actor, the call it is in, and what it has of which file."""

    name: str
    node: str
    actor: Any
    for_voices: bool = False
    facts: WorkerFacts | None = None
    call: Any = None
    unit: FileUnit | None = None
    kept: str | None = None
    never_shared: bool = False


@dataclass(slots=True)
class _Inbox:
    """What the batch sends: work, None after the last; and whether it wants to stop, or is gone."""

    works: queue.SimpleQueue[Work | None] = field(default_factory=queue.SimpleQueue)
    stopped: threading.Event = field(default_factory=threading.Event)
    gone: threading.Event = field(default_factory=threading.Event)


STOP = "stop"
"""Sent by the batch to stop after the current event of each worker."""


def serve_cluster(connection: Connection, request: ClusterRequest) -> None:
    """The main function of the process: transcribe what the batch sends, until it sends no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if request.log is not None:
        log = os.open(request.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(log, 1)
        os.dup2(log, 2)
    inbox = _Inbox()
    threading.Thread(target=_listen, args=(connection, inbox), daemon=True).start()
    try:
        cluster = RayCluster(request.place)
        try:
            _Home(cluster, request, connection.send, inbox).run()
        except AirquoteError as error:
            connection.send(HomeMessage(error=error))
        else:
            connection.send(HomeMessage())
        finally:
            cluster.close()
    except AirquoteError as error:
        connection.send(HomeMessage(error=error))
    except (BrokenPipeError, ConnectionResetError):  # the batch is gone
        return
    except Exception:  # noqa: BLE001 - a fault of this program, which is not to look like a lost cluster
        connection.send(HomeMessage(error=RuntimeError(traceback.format_exc())))


def _listen(connection: Connection, inbox: _Inbox) -> None:
    try:
        while True:
            message = connection.recv()
            if message == STOP:
                inbox.stopped.set()
            else:
                inbox.works.put(message)
    except (EOFError, OSError):
        inbox.gone.set()


class _Home:
    """The work of the process; see ``serve_cluster``."""

    def __init__(
        self, cluster: RayCluster, request: ClusterRequest, send: Callable[[HomeMessage], None], inbox: _Inbox
    ) -> None:
        self._cluster, self._request, self._send, self._inbox = cluster, request, send, inbox
        self._schedule = Schedule()
        self._remotes: dict[str, _Remote] = {}
        self._numbers: Counter[str] = Counter()
        self._unfit: Counter[str] = Counter()
        self._deaths: Counter[str] = Counter()
        self._voice_workers = 0
        self._reasons: dict[str, str] = {}
        self._asked = False
        self._looked = float("-inf")
        self._alone_since: float | None = None
        self._weights: tuple[SentWeights, list[Path]] | None = None
        self._weight_chunks: list[Any] = []

    def run(self) -> None:
        """Work until all is done, or the batch wants to stop or is gone. Raises MachineError and UsageError."""
        while not (self._schedule.all_added and not self._schedule.files) and not self._inbox.gone.is_set():
            self._take_works()
            if self._inbox.stopped.is_set():
                if not any(remote.unit and remote.call for remote in self._remotes.values()):
                    return
            else:
                self._look_at_nodes()
                self._give_units()
            calls = {remote.call: remote for remote in self._remotes.values() if remote.call is not None}
            if not calls:
                time.sleep(WAIT_SECONDS)
                continue
            for call in self._cluster.wait(list(calls), WAIT_SECONDS):
                self._take_result(calls[call])

    # The batch

    def _take_works(self) -> None:
        while not self._inbox.works.empty():
            work = self._inbox.works.get()
            self._asked = False
            if work is None:
                self._schedule.all_added = True
            else:
                self._emit(self._schedule.add(work))
        stopping = self._schedule.all_added or self._inbox.stopped.is_set()
        wanted = self._schedule.idle + min(max(1, self._schedule.workers), MOST_AHEAD)
        if not self._asked and not stopping and self._schedule.new_files < wanted:
            self._asked = True
            self._send(HomeMessage(more=True))

    def _emit(self, events: list[tuple[str, Event]]) -> None:
        for key, event in events:
            self._send(HomeMessage(key=key, event=event))

    # Workers

    def _look_at_nodes(self) -> None:
        """Start workers where there are fewer than there may be; end those of machines that are gone."""
        if time.monotonic() - self._looked < NODE_SECONDS:
            return
        self._looked = time.monotonic()
        nodes = self._cluster.nodes()
        alive = {node.id for node in nodes}
        for remote in list(self._remotes.values()):
            if remote.node not in alive:
                self._lose(remote, "its machine is gone")
        for node in nodes:
            self._fill(node)
        if self._schedule.lacks_voices:
            self._find_voices_here(nodes)
        self._check_workers(nodes)

    def _find_voices_here(self, nodes: list[ClusterNode]) -> None:
        """Start a worker for voices on this machine; where that finds none either, files end without voices."""
        there = next((remote for remote in self._remotes.values() if remote.for_voices), None)
        here = next((node for node in nodes if node.id == self._cluster.here), None)
        if there is None and here is not None and self._voice_workers < MOST_DEATHS:
            self._voice_workers += 1
            self._start(here, 0, 0, None)
        elif there is None or there.facts is not None:
            self._emit(self._schedule.give_up_voices())

    def _check_workers(self, nodes: list[ClusterNode]) -> None:
        """Raise ClusterError if no worker is left, and none will come."""
        if any(not remote.for_voices for remote in self._remotes.values()):
            self._alone_since = None
            return
        self._alone_since = self._alone_since or time.monotonic()
        if any(self._unfit[node.id] or self._deaths[node.id] >= MOST_DEATHS for node in nodes):
            reasons = "; ".join(f"{name}: {reason.removesuffix('.')}" for name, reason in self._reasons.items())
            raise ClusterError(f"No worker of {self._request.place} can transcribe ({reasons}).", PREPARE_WORKERS)
        if time.monotonic() - self._alone_since > PATIENCE_SECONDS:
            message = f"There is no machine with a CPU or GPU to work on in {self._request.place}."
            raise ClusterError(message, GO_ON)

    def _fill(self, node: ClusterNode) -> None:
        """Start the workers that a machine may have and has not."""
        spec = self._request.spec
        by_gpu = node.gpus > 0 and spec.device != "cpu"
        wanted = node.gpus if by_gpu else max(1, node.cpus // CORES_A_WORKER) if node.cpus else 0
        if not wanted or (spec.device == "cuda" and not by_gpu) or self._deaths[node.id] >= MOST_DEATHS:
            return
        there = sum(remote.node == node.id and not remote.for_voices for remote in self._remotes.values())
        cpus = max(1, node.cpus // wanted) if node.cpus else 0
        for _ in range(wanted - there - self._unfit[node.id]):
            device = spec.device if by_gpu else "cpu"
            self._start(node, cpus, int(by_gpu), EngineSpec(spec.name, spec.model, device))

    def _start(self, node: ClusterNode, cpus: int, gpus: int, spec: EngineSpec | None) -> None:
        self._numbers[node.host] += 1
        name = f"{node.host}/{self._numbers[node.host]}"
        arguments = (self._request.load, spec, max(1, cpus))
        actor = self._cluster.start_worker(node.id, cpus, gpus, arguments)
        remote = _Remote(name, node.id, actor, for_voices=spec is None)
        self._remotes[name] = remote
        sent = None
        if spec is not None and spec.model not in BY_NAME:  # on another machine the path may name other weights
            sent = self._list_weights()[0]
        remote.call = self._cluster.call(actor, "prepare", sent)

    def _list_weights(self) -> tuple[SentWeights, list[Path]]:
        """The weights of this machine, which are downloaded if need be, as they are sent. Raises ModelError."""
        if self._weights is None:
            spec = self._request.spec
            found = find_weights(spec.model, spec.name, lambda event: self._send(HomeMessage(told=event)))
            self._weights = list_weights(found.path)
        return self._weights

    def _prepared(self, remote: _Remote, answer: WorkerFacts | str) -> None:
        """Take a worker that is ready; send it weights if it has none; leave out one that cannot work."""
        if isinstance(answer, str):
            self._leave_out(remote, answer)
        elif answer.needs_weights:
            try:
                sent, files = self._list_weights()
            except MachineError as error:
                self._leave_out(remote, f"{answer.lacks}, and none can be sent: {error.message}")
                return
            told = remote.facts is not None  # that it should look whether it has them from before
            remote.facts = answer
            if told and not self._weight_chunks:
                self._weight_chunks = [self._cluster.put(chunk) for file in files for chunk in read_chunks(file)]
            remote.call = self._cluster.call(remote.actor, "prepare", sent, *(self._weight_chunks if told else ()))
        elif answer.lacks is not None:
            self._leave_out(remote, answer.lacks)
        else:
            remote.facts = answer
            self._schedule.join(remote.name, answer)
            if not remote.for_voices:
                self._send(HomeMessage(told=WorkerJoined(remote.name, answer.describe())))

    def _leave_out(self, remote: _Remote, reason: str) -> None:
        """End a worker that cannot work; no other is started in its place."""
        self._unfit[remote.node] += 1
        self._lose(remote, reason)

    def _lose(self, remote: _Remote, reason: str) -> None:
        """End a worker that is gone or of no use, and tell it."""
        self._reasons[remote.name] = reason
        del self._remotes[remote.name]
        self._cluster.kill(remote.actor)
        self._send(HomeMessage(told=WorkerLeft(remote.name, reason)))
        self._emit(self._schedule.lose(remote.name))

    # Units

    def _give_units(self) -> None:
        for remote in list(self._remotes.values()):
            ready = remote.facts is not None and remote.call is None
            if ready and not self._schedule.has_work(remote.name):
                unit = self._schedule.assign(remote.name)
                if unit is not None:
                    self._begin(remote, unit)

    def _begin(self, remote: _Remote, unit: FileUnit) -> None:
        """Send a unit to a worker, with the sound of its file if the worker has not got it and cannot open it."""
        media = unit.work.media
        source: Source = "sent"
        if remote.kept == unit.key:
            source = "kept"
        elif self._request.place.shares(media) and not remote.never_shared:
            source = "shared"
        chunks: list[Any] = []
        try:
            size = media.stat().st_size
            if source == "sent":
                chunks = [self._cluster.put(chunk) for chunk in read_chunks(media)]
        except OSError as error:
            self._emit(self._schedule.take(remote.name, Failed(as_failure(error, media))))
            return
        remote.kept = None if source == "shared" else unit.key
        remote.unit = unit
        self._cluster.call(remote.actor, "begin", unit, source, size, *chunks)
        remote.call = self._cluster.call(remote.actor, "next_event")

    def _take_result(self, remote: _Remote) -> None:
        """Take what a call of a worker has returned, and ask for the next event unless its unit is done."""
        call, remote.call = remote.call, None
        try:
            answer = self._cluster.result(call)
        except WorkerLostError as error:
            if remote.name in self._remotes:
                self._deaths[remote.node] += 1
                self._lose(remote, f"it is gone ({str(error).removesuffix('.')})")
            return
        if remote.unit is None:
            self._prepared(remote, answer)
        elif self._schedule.has_work(remote.name):
            self._take_event(remote, remote.unit, answer)
        else:  # its file has failed meanwhile
            remote.unit = None

    def _take_event(self, remote: _Remote, unit: FileUnit, answer: Event | MachineError | UsageError | None) -> None:
        if answer is None:  # it cannot open the shared folder
            remote.never_shared = True
            assert remote.facts is not None
            told = f"{remote.facts.describe()}; it cannot open {unit.work.media}: sound is sent to it"
            self._send(HomeMessage(told=WorkerJoined(remote.name, told)))
            self._begin(remote, unit)
            return
        if isinstance(answer, UsageError):
            raise answer
        if isinstance(answer, MachineError):
            self._leave_out(remote, answer.message)
            return
        self._deaths[remote.node] = 0
        self._emit(self._schedule.take(remote.name, answer))
        if not self._schedule.has_work(remote.name):
            remote.unit = None
        elif not self._inbox.stopped.is_set():
            remote.call = self._cluster.call(remote.actor, "next_event")
