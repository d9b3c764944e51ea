"""The choice of engine, model and device where it is left to airquote, and the engine itself, loaded."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from audio.errors import MachineError, UsageError

if TYPE_CHECKING:
    from pipeline.engines.base import Engine

EngineName = Literal["faster-whisper", "openai-whisper"]
Device = Literal["cpu", "cuda"]

CPU_MODEL = "small"
CUDA_MODEL = "turbo"
DRIVER_NODES = ("/dev/nvidiactl", "/dev/nvhost-gpu", "/dev/dxg", "/dev/kfd")  # Linux, Jetson, WSL, AMD's ROCm


def choose_engine(name: str = "auto", device: str = "auto") -> tuple[EngineName, Device]:
    """The engine and its device; "auto" leaves either to this machine.

    On a CPU ``auto`` is faster-whisper; with a CUDA device, the engine that can use it. Raises UsageError for
    other names, MachineError for ``cuda`` where the engine finds no CUDA device.
    """
    if device not in ("auto", "cpu", "cuda"):
        raise UsageError(f"{device!r} is no device.", "Choose auto, cpu or cuda.")
    if name not in ("auto", "faster-whisper", "openai-whisper"):
        raise UsageError(f"{name!r} is no engine.", "Choose auto, faster-whisper or openai-whisper.")
    if device != "cpu" and name != "openai-whisper" and ctranslate2_sees_cuda():
        return "faster-whisper", "cuda"
    # PyTorch takes seconds to import, so it is asked only if a driver is installed or the user wants it.
    asks_torch = name == "openai-whisper" or device == "cuda" or has_accelerator_driver()
    if device != "cpu" and name != "faster-whisper" and asks_torch and torch_sees_cuda():
        return "openai-whisper", "cuda"
    if device == "cuda":
        raise MachineError("No CUDA device can be used here.", "Choose --device cpu, or leave it out.")
    return ("openai-whisper" if name == "openai-whisper" else "faster-whisper"), "cpu"


def default_model(device: str) -> str:
    """The default model for a device: ``small`` on a CPU, ``turbo`` on CUDA."""
    return CUDA_MODEL if device == "cuda" else CPU_MODEL


def load_engine(
    engine: str = "auto", model: str | None = None, device: str = "auto", threads: int | None = None
) -> Engine:
    """An engine with its weights loaded, downloaded first if need and net be.

    ``model`` is a name or a path; ``threads`` is how many to use on a CPU, None for the library's own choice.
    Raises UsageError, MachineError or ModelError, each of which says what to do.
    """
    from pipeline.models.weights import find_weights

    name, chosen = choose_engine(engine, device)
    weights = find_weights(model or default_model(chosen), name)
    if name == "faster-whisper":
        from pipeline.engines.faster_whisper import FasterWhisperEngine

        return FasterWhisperEngine(weights, chosen, threads)
    from pipeline.engines.openai_whisper import OpenAIWhisperEngine

    return OpenAIWhisperEngine(weights, chosen, threads)


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
