"""Sessions of ONNX Runtime for the models of voices."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def open_session(model: Path) -> Any:
    """Load a model for one thread, so that the sums in it, and with them the result, are the same on each run."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.inter_op_num_threads = 1
    options.intra_op_num_threads = 1
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
