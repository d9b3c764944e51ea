"""A Ray cluster on this machine alone, whose workers have the fake engine, and what is done to it.

Ray's processes read this module by its name: nothing of it may be done when it is imported but in the process that
speaks with the cluster, which is to have groups of the same size as the workers, and in these.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from fake_engine import MODEL, ROOT, FakeEngine, install

from pipeline.batch.cluster.place import ClusterPlace
from pipeline.batch.cluster.sent_bytes import SentWeights
from pipeline.engines.base import Engine
from pipeline.engines.choose import EngineSpec
from pipeline.errors import ModelError
from pipeline.models.weights import Weights

SENT = "AIRQUOTE_FAKE_SENT"
"""The variable with the folder of weights that this machine has for workers without any."""
LOG, PAUSE, WITHOUT_WEIGHTS = "AIRQUOTE_FAKE_LOG", "AIRQUOTE_FAKE_PAUSE", "AIRQUOTE_FAKE_WITHOUT_WEIGHTS"
"""Variables of a node: the file to which its workers write whom they are and what they decode, how many seconds they
take for that, and that they have no weights."""
WITHOUT_VOICES = "AIRQUOTE_FAKE_WITHOUT_VOICES"
"""The variable of a node whose workers have no models of voices."""
SPEC = EngineSpec("faster-whisper", MODEL, "auto")


def find_fake_weights(model: str, *_: object) -> Weights:
    """See find_weights."""
    if SENT not in os.environ:
        raise ModelError(f"The weights of {model} are not on this machine.")
    return Weights(model, Path(os.environ[SENT]), "ctranslate2", "a test", False)


def has_fake_voices() -> bool:
    """See has_voice_models."""
    return WITHOUT_VOICES not in os.environ


if multiprocessing.current_process().name != "MainProcess":
    install(pytest.MonkeyPatch(), FakeEngine())
    pytest.MonkeyPatch().setattr("pipeline.batch.cluster.home.find_weights", find_fake_weights)
if Path(sys.argv[0]).name == "default_worker.py":  # of Ray
    pytest.MonkeyPatch().setattr("pipeline.batch.cluster.file_worker.has_voice_models", has_fake_voices)


def load_fake(_spec: EngineSpec, _threads: int, sent: SentWeights | None) -> Engine | None:
    """See LoadOnWorker."""
    if os.environ.get(WITHOUT_WEIGHTS) and sent is None:
        return None
    pause = float(os.environ.get(PAUSE, 0))
    log = os.environ.get(LOG)
    engine = FakeEngine(before=lambda _: time.sleep(pause), log=Path(log) if log else None)
    return install(pytest.MonkeyPatch(), engine)


@dataclass(slots=True)
class FakeCluster:
    """The cluster, and its nodes with CPUs."""

    cluster: Any
    nodes: list[Any] = field(default_factory=list)

    @property
    def place(self) -> ClusterPlace:
        """Where it is."""
        host, port = self.cluster.address.split(":")
        return ClusterPlace(host, int(port))

    def add(self, cpus: int = 1, path: Path | None = None, variables: Mapping[str, object] | None = None) -> Any:
        """Add a node with such variables of the environment, which imports from a ``path`` before all else."""
        folders = [*([path] if path else []), ROOT / "tests", ROOT]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, folders))}
        environment |= {name: str(value) for name, value in (variables or {}).items()}
        with mock.patch.dict(os.environ, environment):
            node = self.cluster.add_node(num_cpus=cpus, **_OF_EVERY_NODE)
        self.nodes.append(node)
        return node

    def remove(self, node: Any, *, kill: bool = True) -> None:
        """Kill all processes of a node, or end them, and wait until the cluster knows."""
        self.nodes.remove(node)
        self.cluster.remove_node(node, allow_graceful=not kill)
        while sum(one["Alive"] for one in self.cluster.global_state.node_table()) > len(self.nodes) + 1:
            time.sleep(0.05)

    def clear(self) -> None:
        """Remove the nodes with CPUs."""
        for node in list(self.nodes):
            self.remove(node, kill=False)


_OF_EVERY_NODE: dict[str, Any] = {
    "node_ip_address": "127.0.0.1",
    "include_dashboard": False,
    "object_store_memory": 80 * 2**20,
    "num_gpus": 0,
}
_NOTICE_SOON = {"health_check_period_ms": 500, "health_check_timeout_ms": 2000, "health_check_failure_threshold": 2}
"""When a node counts as lost: after seconds instead of half a minute."""


@contextmanager
def run_cluster() -> Iterator[FakeCluster]:
    """Run a cluster of a head without CPUs, on the loopback interface."""
    pytest.importorskip("ray")
    environment = {
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
        "RAY_AUTH_MODE": "disabled",
        "RAY_gcs_rpc_server_reconnect_timeout_s": "3",
    }
    folder = tempfile.mkdtemp(prefix="airquote-ray-")
    with mock.patch.dict(os.environ, environment):
        from ray.cluster_utils import Cluster

        cluster = Cluster()
        try:
            cluster.add_node(num_cpus=0, temp_dir=folder, _system_config=_NOTICE_SOON, **_OF_EVERY_NODE)
            yield FakeCluster(cluster)
        finally:
            cluster.shutdown()
            shutil.rmtree(folder, ignore_errors=True)


def decoded(log: Path) -> list[tuple[int, int]]:
    """The process and the fingerprint of each window that workers have decoded so far."""
    if not log.exists():
        return []
    return [(int(process), int(window)) for process, window in map(str.split, log.read_text().splitlines())]


def kill_a_worker(log: Path) -> int:
    """Kill a worker that has decoded something, and return its process."""
    while not (lines := decoded(log)):
        time.sleep(0.05)
    process = lines[-1][0]
    os.kill(process, signal.SIGKILL)
    return process
