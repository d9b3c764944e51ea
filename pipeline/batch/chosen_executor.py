"""Which executor a batch gets: one process, several, or a cluster."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pipeline.batch.cluster.place import ClusterPlace
from pipeline.batch.running.executor import Executor, InProcess, Processes
from pipeline.engines.choose import AUTO, CUDA_MODEL, EngineSpec
from pipeline.progress import ProgressCallback
from pipeline.transcription.options import TranscriptionOptions


def resolve_options(options: TranscriptionOptions, place: ClusterPlace | None) -> TranscriptionOptions:
    """Return the options with engine and model; a GPU need only be where the transcription is.

    Raises as ``TranscriptionOptions.resolve`` does.
    """
    engine = options.engine
    if place is not None and engine.device == "cuda":
        model = CUDA_MODEL if engine.model == AUTO else engine.model
        options = replace(options, engine=EngineSpec(engine.name, model, "cpu"))
    return options.resolve()


def choose_executor(
    jobs: int,
    place: ClusterPlace | None,
    resolved: EngineSpec,
    device: str,
    stopped: Callable[[], bool],
    progress: ProgressCallback,
    *,
    begins_early: bool = False,
) -> Executor:
    """Return the executor for so many files at once, or for a cluster, each of whose workers has its own ``device``.

    ``begins_early`` is as for InProcess.

    Raises ClusterError if Ray is not installed.
    """
    if place is not None:
        from pipeline.batch.cluster.on_cluster import OnCluster

        return OnCluster(place, EngineSpec(resolved.name, resolved.model, device), stopped, progress)
    if jobs > 1:
        return Processes(jobs, stopped, progress)
    return InProcess(stopped, progress, begins_early=begins_early)
