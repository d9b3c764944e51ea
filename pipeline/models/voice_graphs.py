"""The two networks for telling voices apart, as ONNX graphs made of their published weights.

Segmentation: pyannote/segmentation-3.0 (Bredin, "pyannote.audio 2.1", 2023; PyanNet in pyannote.audio): sinc filters
(Ravanelli and Bengio, 2018), two convolutions, four bidirectional LSTM layers, linear layers.

Embedding: CAM++ (Wang et al., 2023, arXiv:2303.00332; 3D-Speaker, speakerlab/models/campplus): 2-D convolutions, three
blocks of densely connected layers with context-aware masking, and statistics pooling. Which frames share a context and
which are pooled are inputs here, so that the layers below run once for all the stretches of a piece of sound.

The graphs are built node by node rather than exported from a module, since exporters differ between releases of PyTorch
and need further packages. Batch normalizations that follow a convolution are folded into it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Tensors = Mapping[str, NDArray[Any]]
"""The weights of a network by name."""

Shape = tuple[str | int, ...]
"""The dimensions of a tensor, by name where they are not fixed."""

GRAPH_VERSION = 1
"""Part of the names of the files in the cache: to be raised with every change of a graph."""

OPSET = 17  # that ONNX Runtime has known since 1.12
IR_VERSION = 8  # of the same time
LEAKY_SLOPE = 0.01  # PyTorch's default, with which segmentation-3.0 was trained
NORM_EPSILON = 1e-5  # PyTorch's default, of both networks

# The sinc filters of segmentation-3.0 (asteroid-filterbanks, ParamSincFB).
SAMPLE_RATE = 16000
LEAST_LOW_HZ = 50
LEAST_BAND_HZ = 50
SINC_STRIDE = 10  # config.yaml of segmentation-3.0
LSTM_LAYERS = 4

# Number of layers and dilation of the three blocks of CAM++.
DENSE_BLOCKS = ((12, 1), (24, 2), (16, 2))


class _Graph:
    """A graph in the making: each method adds a node and returns the name of its output."""

    def __init__(self) -> None:
        self._nodes: list[Any] = []
        self._constants: list[Any] = []

    def add(self, kind: str, *inputs: str | NDArray[Any], **attributes: Any) -> str:
        """Add a node of one output; arrays among the inputs become constants."""
        from onnx import helper

        name = f"{kind.lower()}_{len(self._nodes)}"
        names = [one if isinstance(one, str) else self._constant(one) for one in inputs]
        self._nodes.append(helper.make_node(kind, names, [name], name, **attributes))
        return name

    def _constant(self, values: NDArray[Any]) -> str:
        from onnx import numpy_helper

        name = f"constant_{len(self._constants)}"
        kept = values.astype(np.float32) if values.dtype.kind == "f" else values
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(kept), name))
        return name

    def finish(
        self, inputs: Mapping[str, tuple[str | int, ...]], output: tuple[str, str, tuple[str | int, ...]]
    ) -> bytes:
        """Serialize the graph: ``inputs`` by name, and ``output`` as node, name and shape; all are float32."""
        from onnx import TensorProto, checker, helper

        node, name, shape = output
        self._nodes.append(helper.make_node("Identity", [node], [name], name))
        taken = [helper.make_tensor_value_info(one, TensorProto.FLOAT, dims) for one, dims in inputs.items()]
        given = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)]
        graph = helper.make_graph(self._nodes, "voices", taken, given, self._constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
        checker.check_model(model)
        return bytes(model.SerializeToString())


# Segmentation


def build_segmentation(weights: Tensors) -> bytes:
    """The graph of segmentation-3.0.

    ``sound`` is (batch, 1, samples), and ``scores`` are log-probabilities of the sets of voices, (batch, frames, 7).
    """
    graph = _Graph()
    found = _normalize_instances(graph, "sound", weights, "sincnet.wav_norm1d")
    found = graph.add("Conv", found, make_sinc_filters(weights), strides=[SINC_STRIDE])
    found = graph.add("Abs", found)
    for layer in range(3):
        if layer:
            name = f"sincnet.conv1d.{layer}"
            found = graph.add("Conv", found, weights[f"{name}.weight"], weights[f"{name}.bias"])
        found = graph.add("MaxPool", found, kernel_shape=[3], strides=[3])
        found = _normalize_instances(graph, found, weights, f"sincnet.norm1d.{layer}")
        found = graph.add("LeakyRelu", found, alpha=LEAKY_SLOPE)
    found = graph.add("Transpose", found, perm=[2, 0, 1])
    for layer in range(LSTM_LAYERS):
        found = graph.add("LSTM", found, *_lstm_weights(weights, layer), direction="bidirectional", hidden_size=128)
        found = graph.add("Transpose", found, perm=[0, 2, 1, 3])
        found = graph.add("Reshape", found, np.array([0, 0, -1]))
    for name in ("linear.0", "linear.1"):
        found = graph.add("LeakyRelu", _apply_linear(graph, found, weights, name), alpha=LEAKY_SLOPE)
    found = graph.add("LogSoftmax", _apply_linear(graph, found, weights, "classifier"), axis=-1)
    found = graph.add("Transpose", found, perm=[1, 0, 2])
    return graph.finish({"sound": ("batch", 1, "samples")}, (found, "scores", ("batch", "frames", 7)))


def make_sinc_filters(weights: Tensors) -> NDArray[np.float64]:
    """The band-pass filters, float64, (80, 1, 251): 40 even ones, and 40 odd ones of the same bands."""
    name = "sincnet.conv1d.0.filterbank"
    low = LEAST_LOW_HZ + np.abs(weights[f"{name}.low_hz_"].astype(np.float64))
    high = np.clip(low + LEAST_BAND_HZ + np.abs(weights[f"{name}.band_hz_"]), LEAST_LOW_HZ, SAMPLE_RATE / 2)
    window, moments = weights[f"{name}.window_"], weights[f"{name}.n_"].astype(np.float64)
    even = (np.sin(high * moments) - np.sin(low * moments)) / (moments / 2) * window
    odd = (np.cos(low * moments) - np.cos(high * moments)) / (moments / 2) * window
    band = high - low
    filters = np.vstack(
        [np.hstack([even, 2 * band, even[:, ::-1]]), np.hstack([odd, np.zeros_like(band), -odd[:, ::-1]])]
    )
    return np.expand_dims(filters / np.vstack([2 * band, 2 * band]), 1)


def _normalize_instances(graph: _Graph, found: str, weights: Tensors, name: str) -> str:
    scale, shift = weights[f"{name}.weight"], weights[f"{name}.bias"]
    return graph.add("InstanceNormalization", found, scale, shift, epsilon=NORM_EPSILON)


def _lstm_weights(weights: Tensors, layer: int) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Weights of a layer in both directions, with ONNX's order of gates (input, output, forget, cell)."""

    def gather(kind: str) -> NDArray[Any]:
        both = [weights[f"lstm.{kind}_l{layer}{direction}"] for direction in ("", "_reverse")]
        return np.stack([np.concatenate([np.split(one, 4)[gate] for gate in (0, 3, 1, 2)]) for one in both])

    return gather("weight_ih"), gather("weight_hh"), np.hstack([gather("bias_ih"), gather("bias_hh")])


def _apply_linear(graph: _Graph, found: str, weights: Tensors, name: str) -> str:
    return graph.add("Add", graph.add("MatMul", found, weights[f"{name}.weight"].T), weights[f"{name}.bias"])


# Embedding


def build_embedding(weights: Tensors) -> bytes:
    """The graph of CAM++: features of sound to vectors that tell what the voice sounds like.

    ``features`` (batch, frames, 80) are log-mel energies less their mean. The other inputs are about steps of two
    frames: ``averages`` (batch, steps, contexts) are the weights of the steps in each context, and ``contexts`` (batch,
    contexts, steps) is 1 where a step takes that context; ``pools`` (batch, steps, pools) are the weights of the steps
    in each pool, which add up to 1. ``vectors`` is (batch, pools, 192).
    """
    graph = _Graph()
    found = graph.add("Transpose", "features", perm=[0, 2, 1])
    found = _apply_head(graph, graph.add("Unsqueeze", found, np.array([1])), weights)
    found = graph.add("Reshape", found, np.array([0, weights["xvector.tdnn.linear.weight"].shape[1], -1]))
    found = _convolve(
        graph, found, weights, "xvector.tdnn.linear", "xvector.tdnn.nonlinear.batchnorm", pads=2, stride=2
    )
    found = graph.add("Relu", found)
    for block, (layers, dilation) in enumerate(DENSE_BLOCKS, 1):
        for layer in range(1, layers + 1):
            added = _apply_dense_layer(graph, found, weights, f"xvector.block{block}.tdnnd{layer}", dilation)
            found = graph.add("Concat", found, added, axis=1)
        found = _activate(graph, found, weights, f"xvector.transit{block}.nonlinear.batchnorm")
        following = "xvector.out_nonlinear.batchnorm" if block == len(DENSE_BLOCKS) else None
        found = _convolve(graph, found, weights, f"xvector.transit{block}.linear", following)
    found = _pool(graph, graph.add("Relu", found))
    found = _convolve(graph, found, weights, "xvector.dense.linear", "xvector.dense.nonlinear.batchnorm")
    found = graph.add("Transpose", found, perm=[0, 2, 1])
    inputs: dict[str, Shape] = {
        "features": ("batch", "frames", 80),
        "averages": ("batch", "steps", "contexts"),
        "contexts": ("batch", "contexts", "steps"),
        "pools": ("batch", "steps", "pools"),
    }
    return graph.finish(inputs, (found, "vectors", ("batch", "pools", 192)))


def _apply_head(graph: _Graph, found: str, weights: Tensors) -> str:
    """The 2-D convolutions; each block of two has a shortcut, and the first of its layer halves the frequencies."""

    def convolve(given: str, convolution: str, norm: str, stride: int = 1) -> str:
        kernel, bias = _fold(weights, f"head.{convolution}", f"head.{norm}")
        pads = [1, 1, 1, 1] if kernel.shape[-1] == 3 else [0, 0, 0, 0]
        return graph.add("Conv", given, kernel, bias, strides=[stride, 1], pads=pads)

    found = graph.add("Relu", convolve(found, "conv1", "bn1"))
    for layer in ("layer1", "layer2"):
        for block in (0, 1):
            name, stride = f"{layer}.{block}", 2 - block
            kept = found if block else convolve(found, f"{name}.shortcut.0", f"{name}.shortcut.1", stride)
            found = graph.add("Relu", convolve(found, f"{name}.conv1", f"{name}.bn1", stride))
            found = graph.add("Relu", graph.add("Add", convolve(found, f"{name}.conv2", f"{name}.bn2"), kept))
    return graph.add("Relu", convolve(found, "conv2", "bn2", 2))


def _apply_dense_layer(graph: _Graph, found: str, weights: Tensors, name: str, dilation: int) -> str:
    """A layer with context-aware masking: its output is scaled by a gate that depends on the context of each step."""
    found = _activate(graph, found, weights, f"{name}.nonlinear1.batchnorm")
    found = graph.add("Relu", _convolve(graph, found, weights, f"{name}.linear1", f"{name}.nonlinear2.batchnorm"))
    gate = graph.add("MatMul", found, "averages")
    gate = graph.add("Relu", _convolve(graph, gate, weights, f"{name}.cam_layer.linear1"))
    gate = graph.add("Sigmoid", _convolve(graph, gate, weights, f"{name}.cam_layer.linear2"))
    gate = graph.add("MatMul", gate, "contexts")
    local = _convolve(graph, found, weights, f"{name}.cam_layer.linear_local", pads=dilation, dilation=dilation)
    return graph.add("Mul", local, gate)


def _pool(graph: _Graph, found: str) -> str:
    """Weighted mean and standard deviation (unbiased, for equal weights that of the sample) over each pool."""
    mean = graph.add("MatMul", found, "pools")
    square = graph.add("MatMul", graph.add("Mul", found, found), "pools")
    biased = graph.add("Relu", graph.add("Sub", square, graph.add("Mul", mean, mean)))
    lost = graph.add("ReduceSum", graph.add("Mul", "pools", "pools"), np.array([1]))
    # 1 - 1/n for a pool of n equal weights; a pool of one step has no deviation, which is divided by anything but 0.
    kept = graph.add("Max", graph.add("Sub", np.array([1.0]), lost), np.array([0.5]))
    variance = graph.add("Div", biased, kept)
    return graph.add("Concat", mean, graph.add("Sqrt", variance), axis=1)


def _activate(graph: _Graph, found: str, weights: Tensors, norm: str) -> str:
    scale, shift = _norm_as_line(weights, norm)
    return graph.add("Relu", graph.add("Add", graph.add("Mul", found, scale[:, None]), shift[:, None]))


def _convolve(
    graph: _Graph, found: str, weights: Tensors, name: str, norm: str | None = None, *, pads: int = 0, **options: int
) -> str:
    kernel, bias = _fold(weights, name, norm)
    attributes = {f"{option}s": [value] for option, value in options.items()}
    return graph.add("Conv", found, kernel, bias, pads=[pads, pads], **attributes)


def _fold(weights: Tensors, name: str, norm: str | None) -> tuple[NDArray[Any], NDArray[Any]]:
    """Kernel and bias of a convolution together with the batch normalization that follows it."""
    kernel = weights[f"{name}.weight"].astype(np.float64)
    bias = weights.get(f"{name}.bias", np.zeros(len(kernel)))
    if norm is None:
        return kernel, bias
    scale, shift = _norm_as_line(weights, norm)
    return kernel * scale.reshape(-1, *[1] * (kernel.ndim - 1)), bias * scale + shift


def _norm_as_line(weights: Tensors, name: str) -> tuple[NDArray[Any], NDArray[Any]]:
    """Scale and shift of each channel of a batch normalization in use."""
    mean, variance = (weights[f"{name}.running_{kind}"].astype(np.float64) for kind in ("mean", "var"))
    scale = weights.get(f"{name}.weight", np.ones_like(mean)) / np.sqrt(variance + NORM_EPSILON)
    return scale, weights.get(f"{name}.bias", np.zeros_like(mean)) - mean * scale
