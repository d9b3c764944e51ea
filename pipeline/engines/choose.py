"""Choose engine, model and device where they are left to airquote, and load the engine."""

from __future__ import annotations

import logging
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from audio.errors import MachineError, UsageError, correct_input
from pipeline.errors import CHOOSE_CPU
from pipeline.progress import ProgressCallback, ignore_progress

if TYPE_CHECKING:
    from pipeline.engines.base import Engine
    from pipeline.models.weights import Weights

_log = logging.getLogger("airquote.engines")

EngineName = Literal["faster-whisper", "openai-whisper"]
Device = Literal["cpu", "cuda"]

AUTO = "auto"
"""Leaves an engine, a model or a device to this machine."""

CPU_MODEL = "small"
CUDA_MODEL = "turbo"
DRIVER_NODES = ("/dev/nvidiactl", "/dev/nvhost-gpu", "/dev/dxg", "/dev/kfd")  # Linux, Jetson, WSL, AMD's ROCm


@dataclass(frozen=True, slots=True)
class EngineSpec:
    """An engine (``faster-whisper``, ``openai-whisper``), its model (a name or path) and device (``cpu``, ``cuda``).

    ``auto`` leaves the choice to this machine.
    """

    name: str = AUTO
    model: str = AUTO
    device: str = AUTO

    @property
    def is_resolved(self) -> bool:
        """Whether no choice is left to the machine."""
        return AUTO not in (self.name, self.model, self.device)

    def resolve(self) -> EngineSpec:
        """Replace each "auto" by this machine's choice. Raises as ``choose_engine`` does."""
        name, device = choose_engine(self.name, self.device)
        return EngineSpec(name, default_model(device) if self.model == AUTO else self.model, device)


AUTO_ENGINE = EngineSpec()


def choose_engine(name: str = "auto", device: str = "auto") -> tuple[EngineName, Device]:
    """Choose the engine and its device; "auto" leaves either to this machine.

    On a CPU ``auto`` is faster-whisper; with a CUDA device, the engine that can use it. Raises UsageError for
    other names, MachineError for ``cuda`` where the engine finds no CUDA device.
    """
    if device not in ("auto", "cpu", "cuda"):
        raise UsageError(f"{device!r} is not a device.", correct_input("Choose auto, cpu or cuda."), where=device)
    if name not in ("auto", "faster-whisper", "openai-whisper"):
        raise UsageError(
            f"{name!r} is not an engine.", correct_input("Choose auto, faster-whisper or openai-whisper."), where=name
        )
    if device != "cpu" and name != "openai-whisper" and ctranslate2_sees_cuda():
        return "faster-whisper", "cuda"
    # PyTorch takes seconds to import, so it is asked only if a driver is installed or the user wants it.
    asks_torch = name == "openai-whisper" or device == "cuda" or has_accelerator_driver()
    if device != "cpu" and name != "faster-whisper" and asks_torch and torch_sees_cuda():
        return "openai-whisper", "cuda"
    if device == "cuda":
        raise MachineError("This machine has no usable CUDA device.", CHOOSE_CPU)
    return ("openai-whisper" if name == "openai-whisper" else "faster-whisper"), "cpu"


def default_model(device: str) -> str:
    """The default model for a device: ``small`` on a CPU, ``turbo`` on CUDA."""
    return CUDA_MODEL if device == "cuda" else CPU_MODEL


def load_engine(
    spec: EngineSpec = AUTO_ENGINE, threads: int | None = None, *, progress: ProgressCallback = ignore_progress
) -> Engine:
    """Load an engine with its weights, which are downloaded if they are not on this machine.

    ``threads`` is how many to use on a CPU, None for the library's own choice. ``progress`` is called for a download.
    Raises UsageError, MachineError or ModelError, each of which says what to do.
    """
    from pipeline.models.weights import find_weights

    spec = spec.resolve()
    weights = find_weights(spec.model, spec.name, progress)
    return load_weights(spec, weights, threads)


def load_weights(spec: EngineSpec, weights: Weights, threads: int | None = None) -> Engine:
    """Load an engine, of which no choice is left to the machine, with weights that are here. Raises ModelError."""
    _log.info("loading %s on %s with %s from %s", spec.name, spec.device, spec.model, weights.path)
    if spec.name == "faster-whisper":
        from pipeline.engines.faster_whisper import FasterWhisperEngine

        return FasterWhisperEngine(weights, spec.device, threads)
    from pipeline.engines.openai_whisper import OpenAIWhisperEngine

    return OpenAIWhisperEngine(weights, spec.device, threads)


def ctranslate2_sees_cuda() -> bool:
    """Whether CTranslate2 was built for CUDA and finds a device."""
    import ctranslate2

    try:
        return bool(ctranslate2.get_cuda_device_count() > 0)
    except RuntimeError:  # a driver that is too old
        return False


def has_accelerator_driver() -> bool:
    """Whether a driver of NVIDIA's or AMD's is installed: a cheap test, true wherever PyTorch can use one."""
    return shutil.which("nvidia-smi") is not None or any(Path(node).exists() for node in DRIVER_NODES)


def torch_sees_cuda() -> bool:
    """Whether PyTorch was built for CUDA and finds a device."""
    import torch

    return bool(torch.cuda.is_available())
