"""The Whisper encoder alone, in each library that runs it on a CPU: the yardstick of the transcription benchmark.

    python -m bench.encoders "CTranslate2 int8" tiny.en spectrograms.npy folder

Runs one library in a process of its own, on spectrograms of windows of 30 s, float32, (windows, mels, 3000): all
threads on one window, then half of the threads on each of two windows at a time, as airquote's engine does. Writes
times to ``folder``/run.json and the output for the first window to ``folder``/output.npy. The weights are loaded, and
one window is encoded, before the clock starts. PyTorch's is the encoder of openai-whisper; ONNX Runtime and OpenVINO
run what ``torch.onnx`` exports of it.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from bench.processor import cpu_seconds
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float32]
Encode: TypeAlias = Callable[[Floats], Floats]
"""From the spectrogram of one window, (mels, 3000), to the encoder's output, (1500, width)."""

REFERENCE = "PyTorch float32"
LIBRARIES = {
    "CTranslate2 int8": ("ctranslate2",),
    "CTranslate2 float32": ("ctranslate2",),
    REFERENCE: ("torch", "whisper"),
    "ONNX Runtime float32": ("onnxruntime", "onnx", "torch", "whisper"),
    "ONNX Runtime dynamic int8": ("onnxruntime", "onnx", "torch", "whisper"),
    "OpenVINO float32": ("openvino", "onnx", "torch", "whisper"),
}
"""The modules that each needs; openvino and onnx are in the dependency group ``encoders``."""

WORKERS = (1, 2)
"""Windows that are encoded at a time; the threads are divided among them."""


def missing_modules(library: str) -> list[str]:
    """Return the modules that a library needs and that are not installed."""
    return [module for module in LIBRARIES[library] if not find_spec(module)]


def load_encoder(library: str, model: str, threads: int, workers: int) -> Encode:
    """Load the encoder of a model, to be called by ``workers`` threads at a time that share ``threads``."""
    name, _, precision = library.partition(" ")
    if name == "CTranslate2":
        return _load_ctranslate2(model, precision, threads, workers)
    if library == REFERENCE:
        return _load_pytorch(model, threads, workers)
    with tempfile.TemporaryDirectory() as folder:
        graph = _export(model, Path(folder))
        if name == "OpenVINO":
            return _load_openvino(graph, threads, workers)
        return _load_onnx_runtime(graph, threads, workers, quantized=precision.endswith("int8"))


def _load_ctranslate2(model: str, precision: str, threads: int, workers: int) -> Encode:
    import ctranslate2

    from pipeline.models.weights import find_weights

    weights = str(find_weights(model, "faster-whisper").path)
    whisper = ctranslate2.models.Whisper(
        weights, device="cpu", compute_type=precision, inter_threads=workers, intra_threads=threads // workers
    )

    def encode(spectrogram: Floats) -> Floats:
        output = whisper.encode(ctranslate2.StorageView.from_array(spectrogram[None]))
        hidden: Floats = np.array(output, np.float32)[0]
        return hidden

    return encode


def _pytorch_encoder(model: str) -> Any:
    from pipeline.engines.openai_whisper import _load_whisper
    from pipeline.models.weights import find_weights

    return _load_whisper(find_weights(model, "openai-whisper"), "cpu").encoder


def _load_pytorch(model: str, threads: int, workers: int) -> Encode:
    import torch

    torch.set_num_threads(threads // workers)
    encoder = _pytorch_encoder(model)

    def encode(spectrogram: Floats) -> Floats:
        with torch.inference_mode():
            output: Floats = encoder(torch.from_numpy(spectrogram[None]))[0].numpy()
        return output

    return encode


def _export(model: str, folder: Path) -> Path:
    """Write the encoder as an ONNX graph for one window."""
    import torch

    encoder, graph = _pytorch_encoder(model), folder / "encoder.onnx"
    mels = encoder.conv1.in_channels
    # The newer exporter (dynamo) needs one more package.
    torch.onnx.export(
        encoder, (torch.zeros(1, mels, 3000),), str(graph), input_names=["mels"], output_names=["hidden"], dynamo=False
    )
    return graph


def _load_onnx_runtime(graph: Path, threads: int, workers: int, *, quantized: bool) -> Encode:
    import onnxruntime

    if quantized:
        from onnxruntime.quantization import QuantType, quantize_dynamic

        exact, graph = graph, graph.with_name("quantized.onnx")
        # Without VNNI the sums of signed weights overflow 16 bits; ONNX Runtime advises unsigned ones there.
        quantize_dynamic(exact, graph, weight_type=QuantType.QUInt8, op_types_to_quantize=["MatMul"])
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads // workers
    session = onnxruntime.InferenceSession(str(graph), options, ["CPUExecutionProvider"])

    def encode(spectrogram: Floats) -> Floats:
        (output,) = session.run(None, {"mels": spectrogram[None]})
        first: Floats = output[0]
        return first

    return encode


def _load_openvino(graph: Path, threads: int, workers: int) -> Encode:
    sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]  # else importing openvino sends statistics
    import openvino

    settings = {"INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": workers, "INFERENCE_PRECISION_HINT": "f32"}
    compiled = openvino.Core().compile_model(str(graph), "CPU", settings)

    def encode(spectrogram: Floats) -> Floats:
        output: Floats = compiled.create_infer_request().infer([spectrogram[None]])[0][0]
        return output

    return encode


def measure(encode: Encode, spectrograms: Floats, workers: int) -> tuple[dict[str, float], Floats]:
    """Return the seconds and CPU seconds for a window, and the output for the first."""
    with ThreadPoolExecutor(workers) as pool:
        first, *_ = pool.map(encode, spectrograms[:workers])
        began, used = time.perf_counter(), cpu_seconds()
        for _ in pool.map(encode, spectrograms):
            pass
        count = len(spectrograms)
        seconds, used = (time.perf_counter() - began) / count, (cpu_seconds() - used) / count
    return {"workers": workers, "seconds": seconds, "cpu_seconds": used}, first


def main(arguments: Sequence[str]) -> None:
    """Measure one library and write what came out."""
    library, model, sound, folder = arguments
    spectrograms: Floats = np.load(sound)
    threads = os.cpu_count() or 1
    runs = []
    for workers in WORKERS:
        if workers <= threads:
            run, output = measure(load_encoder(library, model, threads, workers), spectrograms, workers)
            runs.append(run)
    np.save(Path(folder) / "output.npy", output)
    (Path(folder) / "run.json").write_text(json.dumps(runs), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
