"""The only module that calls Ray: connect to a cluster or start one here, its nodes, and workers as actors on them."""

from __future__ import annotations

import os
import pickle
import socket
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from pipeline.batch.cluster.place import ClusterPlace
from pipeline.errors import CHECK_CLUSTER, ClusterError

CONNECT_SECONDS = 10
"""How long a head is waited for, and a node of its cluster on this machine."""
HEAD_SECONDS = 20
"""How long a head may be out of reach before this process ends; Ray's own choice is 60."""


class WorkerLostError(Exception):
    """A worker, or the machine that it runs on, is gone."""


@dataclass(frozen=True, slots=True)
class ClusterNode:
    """A machine of a cluster: its id, its name, and the CPUs and GPUs that Ray may give away there."""

    id: str
    host: str
    cpus: int
    gpus: int


class RayCluster:
    """A connection to a Ray cluster. One process has at most one, and Ray ends the process when the head is gone."""

    def __init__(self, place: ClusterPlace) -> None:
        """Raises ClusterError if the cluster cannot be reached or started."""
        self._joined: subprocess.Popen[bytes] | None = None
        self._here: str = ""
        _set_environment(place)
        import ray
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        self._ray, self._at_node = ray, NodeAffinitySchedulingStrategy
        try:
            if place.address is None:
                ray.init(include_dashboard=False, log_to_driver=False, configure_logging=False, address="local")
            else:
                self._connect(place)
        except (ConnectionError, RuntimeError, ValueError, OSError, TimeoutError) as error:
            self.close()
            first = str(error).strip().split("\n")[0]
            raise ClusterError(
                f"There is no connection to {place}: {first}", CHECK_CLUSTER, where=str(place)
            ) from error
        self._here = ray.get_runtime_context().get_node_id()
        self._actor: Any = ray.remote(_actor_class())

    def _connect(self, place: ClusterPlace) -> None:
        """Connect through a node of the cluster on this machine; one without CPUs is started if there is none."""
        assert place.host is not None
        socket.create_connection((place.host, place.port), CONNECT_SECONDS).close()
        try:
            self._init(place)
        except (ConnectionError, RuntimeError):
            command = [
                sys.executable, "-m", "ray.scripts.scripts", "start", f"--address={place.address}", "--num-cpus=0",
                "--num-gpus=0", "--block",
            ]  # fmt: skip
            self._joined = subprocess.Popen(command, stdin=subprocess.DEVNULL)
            self._init(place)

    def _init(self, place: ClusterPlace) -> None:
        self._ray.init(address=place.address, log_to_driver=False, configure_logging=False)

    @property
    def here(self) -> str:
        """The id of the node that is this machine."""
        return self._here

    def nodes(self) -> list[ClusterNode]:
        """The machines that are alive."""
        return [
            ClusterNode(
                node["NodeID"],
                node["NodeManagerHostname"],
                int(node["Resources"].get("CPU", 0)),
                int(node["Resources"].get("GPU", 0)),
            )
            for node in self._ray.nodes()
            if node["Alive"]
        ]

    def start_worker(self, node: str, cpus: int, gpus: int, arguments: tuple[object, ...]) -> Any:
        """Start a worker on a node, and return its actor; ``arguments`` are those of FileWorker."""
        affinity = self._at_node(node, soft=False)
        options = self._actor.options(num_cpus=cpus, num_gpus=gpus, scheduling_strategy=affinity, max_restarts=0)
        return options.remote(version("airquote"), pickle.dumps(arguments))

    def put(self, chunk: bytes) -> Any:
        """Put bytes where workers can get them; they stay as long as what is returned."""
        return self._ray.put(chunk)

    def call(self, actor: Any, method: str, *arguments: object) -> Any:
        """Call a method of a worker, and return what ``wait`` and ``result`` take. Chunks are the last arguments."""
        return getattr(actor, method).remote(*arguments)

    def wait(self, calls: Sequence[Any], seconds: float) -> list[Any]:
        """Wait until one of some calls is done, and return all that are; none after so many seconds."""
        ready, _ = self._ray.wait(list(calls), timeout=seconds)
        if ready and len(calls) > 1:
            ready, _ = self._ray.wait(list(calls), num_returns=len(calls), timeout=0)
        return list(ready)

    def result(self, call: Any) -> Any:
        """Return what a call that is done has returned. Raises WorkerLostError if the worker is gone."""
        try:
            return self._ray.get(call)
        except self._ray.exceptions.RayError as error:
            raise WorkerLostError(str(error).strip().split("\n")[0]) from error

    def kill(self, actor: Any) -> None:
        """Kill a worker, if it is still there."""
        self._ray.kill(actor)

    def close(self) -> None:
        """Leave the cluster; one that was started here ends, and so do the workers of this connection."""
        self._ray.shutdown()
        if self._joined is not None:
            self._joined.terminate()
            self._joined.wait()


def _set_environment(place: ClusterPlace) -> None:
    """Set what Ray reads when it is imported."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    os.environ.setdefault("RAY_gcs_rpc_server_reconnect_timeout_s", str(HEAD_SECONDS))
    os.environ.setdefault("RAY_gcs_server_request_timeout_seconds", str(CONNECT_SECONDS))
    os.environ.pop("RAY_ADDRESS", None)
    if place.is_local:  # else Ray takes the address of this machine in its network for 127.0.0.1, and all listen there
        os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"


def _actor_class() -> type:
    """Return the class of workers. It is sent by its content, so that a machine without airquote can say so."""

    class AirquoteWorker:
        def __init__(self, version: str, arguments: bytes) -> None:
            import pickle
            import platform
            from importlib.metadata import PackageNotFoundError
            from importlib.metadata import version as version_of

            self.worker: Any = None
            self.fault = ""
            self.host = platform.node()
            try:
                here = version_of("airquote")
                if here != version:
                    self.fault = f"its airquote is {here}, not {version}"
                    return
                from pipeline.batch.cluster.file_worker import FileWorker

                self.worker = FileWorker(*pickle.loads(arguments))
            except PackageNotFoundError:
                self.fault = "airquote is not installed there"
            except Exception as error:  # noqa: BLE001 - the reason is told where the batch is
                self.fault = f"airquote does not start there: {error!r}"

        def prepare(self, sent: Any, *chunks: bytes) -> Any:
            return self.fault or self.worker.prepare(sent, chunks)

        def begin(self, unit: Any, source: str, size: int, *chunks: bytes) -> None:
            self.worker.begin(unit, source, size, chunks)

        def next_event(self) -> Any:
            return self.worker.next_event()

    return AirquoteWorker
