"""Convert CTranslate2's Whisper format to a checkpoint that openai-whisper loads: the same tensors under other names.

So weights that are on the machine in one format serve both engines. The format of ``model.bin`` is that of
CTranslate2's `python/ctranslate2/specs/model_spec.py`, `_serialize`, binary version 6; the names are those of its
`whisper_spec.py` and of openai-whisper's `model.py`.
"""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from audio.atomic_write import write_atomically
from pipeline.errors import FETCH_WEIGHTS_AGAIN, ModelError, use_engine
from pipeline.models.checksums import hash_file_once, is_as_made, remember_made

BINARY_VERSION = 6
SPECIFICATION = "WhisperSpec"
DTYPES = ("float32", "int8", "int16", "int32", "float16", "bfloat16")  # by CTranslate2's DataType number
ITEM_BYTES = (4, 1, 2, 4, 2, 2)
FLOATS = ("float32", "float16")
ENGLISH_ONLY_VOCABULARY = 51_864  # tokens; multilingual models have more (openai-whisper, Whisper.is_multilingual)


@dataclass(frozen=True, slots=True)
class StoredTensor:
    """The place of one tensor in ``model.bin``."""

    shape: tuple[int, ...]
    dtype: str
    offset: int


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A ``model.bin`` whose table of contents has been read and matches its length."""

    path: Path
    tensors: dict[str, StoredTensor]

    def read(self, name: str) -> NDArray[Any]:
        """One tensor, in its stored dtype and shape. Raises ModelError if it is missing or stored as bfloat16."""
        tensor = self.tensors.get(name)
        if tensor is None:
            raise ModelError(
                f"{self.path} has no tensor {name}: it does not have the architecture of Whisper.", where=self.path
            )
        if tensor.dtype == "bfloat16":
            raise ModelError(f"{self.path} is stored as bfloat16.", use_engine("faster-whisper"), where=self.path)
        count = int(np.prod(tensor.shape, dtype=np.int64))
        flat = np.fromfile(self.path, dtype=tensor.dtype, count=count, offset=tensor.offset)
        return flat.reshape(tensor.shape)

    @property
    def multilingual(self) -> bool:
        """Whether the vocabulary is that of a multilingual model."""
        return self.tensors["decoder/embeddings/weight"].shape[0] > ENGLISH_ONLY_VOCABULARY


def open_model_file(path: Path) -> ModelFile:
    """Read the table of contents of a ``model.bin``. Raises ModelError if it is truncated or in another format."""
    try:
        with path.open("rb") as file:
            return ModelFile(path, _read_contents(file, path.stat().st_size))
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror}.", where=path) from error
    except (ValueError, IndexError, KeyError) as error:
        raise ModelError(
            f"{path} is damaged or not a Whisper model in CTranslate2's format ({error}).",
            FETCH_WEIGHTS_AGAIN,
            where=path,
        ) from error


def _read_contents(file: BinaryIO, size: int) -> dict[str, StoredTensor]:
    def take(count: int) -> bytes:
        taken = file.read(count)
        if len(taken) < count:
            raise ValueError("it ends too early")
        return taken

    def number(kind: str) -> int:
        return int(struct.unpack(kind, take(struct.calcsize(kind)))[0])

    def string() -> str:
        return take(number("<H"))[:-1].decode()

    version = number("<I")
    if version != BINARY_VERSION or string() != SPECIFICATION:
        raise ValueError(f"binary version {version}, not {BINARY_VERSION} of {SPECIFICATION}")
    number("<I")  # the specification's revision
    tensors: dict[str, StoredTensor] = {}
    for _ in range(number("<I")):
        name = string()
        shape = tuple(number("<I") for _ in range(number("<B")))
        dtype = number("<B")
        length, offset = number("<I"), file.tell()
        if length != int(np.prod(shape, dtype=np.int64)) * ITEM_BYTES[dtype]:
            raise ValueError(f"{name} has {length} bytes, which its shape {shape} does not explain")
        if offset + length > size:
            raise ValueError(f"it ends inside {name}")
        tensors[name] = StoredTensor(shape, DTYPES[dtype], offset)
        file.seek(length, os.SEEK_CUR)
    for _ in range(number("<I")):
        alias, name = string(), string()
        tensors[alias] = tensors[name]
    if "decoder/embeddings/weight" not in tensors:
        raise ValueError("it has no embeddings")
    return tensors


def convert_checkpoint(folder: Path, name: str, cache: Path) -> Path:
    """The openai-whisper checkpoint with the weights of ``folder``, converted unless ``cache`` has it, as it was made.

    Its file name begins with ``name`` and ends in a hash of the weights. It is written to a temporary file and renamed,
    so that any number of processes may do this at once. Raises ModelError for weights that cannot be converted.
    """
    target = cache / f"{name}-{hash_file_once(folder / 'model.bin')[:16]}.pt"
    if is_as_made(target):
        return target
    import torch

    checkpoint = build_checkpoint(folder)
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with write_atomically(target) as unfinished, unfinished.open("wb") as file:
            torch.save(checkpoint, file)
        remember_made(target)
    except (OSError, RuntimeError) as error:  # torch reports a full disk as RuntimeError
        raise ModelError(f"The weights of {name} cannot be written to {cache}: {error}.", where=cache) from error
    return target


def build_checkpoint(folder: Path) -> dict[str, Any]:
    """The content of an openai-whisper checkpoint, ``dims`` and ``model_state_dict``, with ``alignment_heads``: (heads,
    2), layer and head.

    openai-whisper has the alignment heads in its source, by the model's name; here they are part of the checkpoint.
    """
    import torch

    weights = open_model_file(folder / "model.bin")
    if any(tensor.dtype not in FLOATS for name, tensor in weights.tensors.items() if name.endswith("/weight")):
        raise ModelError(f"The folder {folder} holds quantized weights.", use_engine("faster-whisper"), where=folder)
    state = {name: torch.from_numpy(tensor) for name, tensor in _renamed(weights)}
    heads = json.loads((folder / "config.json").read_text(encoding="utf-8")).get("alignment_heads")
    return {
        "dims": _dimensions(weights),
        "model_state_dict": state,
        "alignment_heads": torch.tensor(heads) if heads else None,
    }


def _layers(weights: ModelFile, part: str) -> int:
    numbers = {name.split("/")[1] for name in weights.tensors if name.startswith(f"{part}/layer_")}
    return len(numbers - {"layer_norm"})


def _dimensions(weights: ModelFile) -> dict[str, int]:
    vocabulary, text_state = weights.tensors["decoder/embeddings/weight"].shape
    audio_state, mels, _ = weights.tensors["encoder/conv1/weight"].shape
    return {
        "n_mels": mels,
        "n_audio_ctx": weights.tensors["encoder/position_encodings/encodings"].shape[0],
        "n_audio_state": audio_state,
        "n_audio_head": int(weights.read("encoder/num_heads")),
        "n_audio_layer": _layers(weights, "encoder"),
        "n_vocab": vocabulary,
        "n_text_ctx": weights.tensors["decoder/position_encodings/encodings"].shape[0],
        "n_text_state": text_state,
        "n_text_head": int(weights.read("decoder/num_heads")),
        "n_text_layer": _layers(weights, "decoder"),
    }


def _renamed(weights: ModelFile) -> Iterator[tuple[str, NDArray[Any]]]:
    """Every tensor of the model with openai-whisper's name."""
    yield "encoder.positional_embedding", weights.read("encoder/position_encodings/encodings")
    yield "decoder.positional_embedding", weights.read("decoder/position_encodings/encodings")
    yield "decoder.token_embedding.weight", weights.read("decoder/embeddings/weight")
    for convolution in ("conv1", "conv2"):
        for kind in ("weight", "bias"):
            yield f"encoder.{convolution}.{kind}", weights.read(f"encoder/{convolution}/{kind}")
    yield from _norm(weights, "encoder/layer_norm", "encoder.ln_post")
    yield from _norm(weights, "decoder/layer_norm", "decoder.ln")
    for part in ("encoder", "decoder"):
        for number in range(_layers(weights, part)):
            yield from _block(weights, f"{part}/layer_{number}", f"{part}.blocks.{number}", part == "decoder")


def _block(weights: ModelFile, old: str, new: str, decoder: bool) -> Iterator[tuple[str, NDArray[Any]]]:
    yield from _norm(weights, f"{old}/self_attention/layer_norm", f"{new}.attn_ln")
    yield from _projections(weights, f"{old}/self_attention/linear_0", f"{new}.attn", ("query", "key", "value"))
    yield from _projections(weights, f"{old}/self_attention/linear_1", f"{new}.attn", ("out",))
    if decoder:
        yield from _norm(weights, f"{old}/attention/layer_norm", f"{new}.cross_attn_ln")
        yield from _projections(weights, f"{old}/attention/linear_0", f"{new}.cross_attn", ("query",))
        yield from _projections(weights, f"{old}/attention/linear_1", f"{new}.cross_attn", ("key", "value"))
        yield from _projections(weights, f"{old}/attention/linear_2", f"{new}.cross_attn", ("out",))
    yield from _norm(weights, f"{old}/ffn/layer_norm", f"{new}.mlp_ln")
    yield from _projections(weights, f"{old}/ffn/linear_0", f"{new}.mlp", ("0",))
    yield from _projections(weights, f"{old}/ffn/linear_1", f"{new}.mlp", ("2",))


def _norm(weights: ModelFile, old: str, new: str) -> Iterator[tuple[str, NDArray[Any]]]:
    yield f"{new}.weight", weights.read(f"{old}/gamma")
    yield f"{new}.bias", weights.read(f"{old}/beta")


def _projections(weights: ModelFile, old: str, new: str, names: tuple[str, ...]) -> Iterator[tuple[str, NDArray[Any]]]:
    """The projections that are stored as one matrix. Keys have no bias in Whisper; CTranslate2 stores zeros."""
    for kind in ("weight", "bias"):
        parts = np.split(weights.read(f"{old}/{kind}"), len(names))
        for name, part in zip(names, parts, strict=True):
            if (name, kind) != ("key", "bias"):
                yield f"{new}.{name}.{kind}", np.ascontiguousarray(part)
