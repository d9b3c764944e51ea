"""The two networks as sherpa-onnx takes them: the same weights, with the metadata that it asks for.

Our graph of the embedding takes the steps of contexts and pools as inputs; here these are computed from the length of
the sound, for one vector of all of it, which makes the graph that of the published model again.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from audio.samples import SAMPLE_RATE
from audio.voices.embedding import CONTEXT_STEPS
from audio.voices.segmentation import FRAME, RECEPTIVE_FIELD, WINDOW
from pipeline.models.voice_weights import VoiceModelFiles

SEGMENTATION_FACTS: dict[str, str | int] = {
    "model_type": "pyannote-segmentation-3.0",
    "sample_rate": SAMPLE_RATE,
    "window_size": WINDOW,
    "receptive_field_size": RECEPTIVE_FIELD,
    "receptive_field_shift": FRAME,
    "num_speakers": 3,
    "powerset_max_classes": 2,
    "num_classes": 7,
}
EMBEDDING_FACTS: dict[str, str | int] = {
    "framework": "3d-speaker",
    "language": "Chinese-English",
    "output_dim": 192,
    "sample_rate": SAMPLE_RATE,
    "normalize_samples": 1,
    "feature_normalize_type": "global-mean",
}
# Weights of the steps from the frames, as audio/voices/embedding.py computes them for one pool of all steps.
WEIGHTS_OF_STEPS: tuple[tuple[str, tuple[str, ...], str, dict[str, Any]], ...] = (
    ("Shape", ("features",), "shape", {}),
    ("Gather", ("shape", "one"), "frames", {}),
    ("Add", ("frames", "one"), "more_frames", {}),
    ("Div", ("more_frames", "two"), "steps", {}),
    ("Range", ("zero", "steps", "one"), "step_numbers", {}),
    ("Div", ("step_numbers", "context_steps"), "own", {}),
    ("Sub", ("steps", "one"), "last_step", {}),
    ("Div", ("last_step", "context_steps"), "last_context", {}),
    ("Add", ("last_context", "one"), "context_count", {}),
    ("Range", ("zero", "context_count", "one"), "context_numbers", {}),
    ("Unsqueeze", ("own", "axis_0"), "own_row", {}),
    ("Unsqueeze", ("context_numbers", "axis_1"), "context_column", {}),
    ("Equal", ("own_row", "context_column"), "is_own", {}),
    ("Cast", ("is_own",), "own_contexts", {"to": TensorProto.FLOAT}),
    ("ReduceSum", ("own_contexts", "axis_1"), "context_lengths", {"keepdims": 1}),
    ("Div", ("own_contexts", "context_lengths"), "means", {}),
    ("Cast", ("steps",), "step_count", {"to": TensorProto.FLOAT}),
    ("Reciprocal", ("step_count",), "share", {}),
    ("Add", ("means", "share"), "mean_of_both", {}),
    ("Transpose", ("mean_of_both",), "by_step", {"perm": [1, 0]}),
    ("Unsqueeze", ("by_step", "axis_0"), "averages", {}),
    ("Unsqueeze", ("own_contexts", "axis_0"), "contexts", {}),
    ("Unsqueeze", ("steps", "axis_0"), "step_shape", {}),
    ("Expand", ("share", "step_shape"), "shares", {}),
    ("Unsqueeze", ("shares", "pool_axes"), "pools", {}),
)  # fmt: skip
NUMBERS: dict[str, Any] = {
    "zero": 0, "one": 1, "two": 2, "context_steps": CONTEXT_STEPS, "axis_0": [0], "axis_1": [1], "pool_axes": [0, 2],
}  # fmt: skip


def write_models(files: VoiceModelFiles, folder: Path) -> tuple[Path, Path]:
    """Write both networks with their metadata; return the files of the segmentation and of the embedding."""
    return (
        _write(onnx.load(str(files.segmentation)), SEGMENTATION_FACTS, folder / "segmentation.onnx"),
        _write(_embed_all_steps(onnx.load(str(files.embedding))), EMBEDDING_FACTS, folder / "embedding.onnx"),
    )


def _embed_all_steps(model: Any) -> Any:
    graph = model.graph
    numbers = [numpy_helper.from_array(np.array(value, np.int64), name) for name, value in NUMBERS.items()]
    before = [helper.make_node(kind, taken, [name], **options) for kind, taken, name, options in WEIGHTS_OF_STEPS]
    after = helper.make_node("Squeeze", [graph.output[0].name, "axis_1"], ["embedding"])
    whole = helper.make_graph(
        [*before, *graph.node, after],
        "embedding",
        [graph.input[0]],
        [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["batch", 192])],
        [*graph.initializer, *numbers],
    )
    return helper.make_model(whole, opset_imports=model.opset_import, ir_version=model.ir_version)


def _write(model: Any, facts: Mapping[str, str | int], path: Path) -> Path:
    onnx.checker.check_model(model)
    for name, value in facts.items():
        model.metadata_props.add(key=name, value=str(value))
    onnx.save(model, str(path))
    return path
