"""Find the weights of a model on this machine, or download them; never those of another model.

The places, in this order: the path that was given; Python packages that contain weights; the caches of openai-whisper
and of the Hugging Face hub; and, unless offline, the engine's own download.
"""

from __future__ import annotations

import difflib
import importlib
import importlib.util
import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import platformdirs

from audio.errors import UsageError, choose_other_file, correct_input
from pipeline.answers import ModelListing
from pipeline.errors import (
    FETCH_WEIGHTS_AGAIN,
    ModelError,
    choose_local_model,
    install_other_model,
    install_weights,
    use_engine,
    use_engine_with_weights,
)
from pipeline.models.catalogue import BY_NAME, CARRIERS, CATALOGUE, Carrier, CatalogueEntry
from pipeline.models.checksums import check_carried
from pipeline.models.conversion import convert_checkpoint
from pipeline.models.files import WeightsFormat, check_checkpoint, check_folder, join_parts
from pipeline.progress import ModelDownloading, ProgressCallback, ignore_progress

_log = logging.getLogger("airquote.models")

FASTER_WHISPER, OPENAI_WHISPER = "faster-whisper", "openai-whisper"
HUB_FILES = ("config.json", "preprocessor_config.json", "model.bin", "tokenizer.json", "vocabulary.*")


_NAME_WEIGHTS = choose_other_file("Give a folder with model.bin, or a .pt file.")


@dataclass(frozen=True, slots=True)
class Weights:
    """One model's weights on this machine: a folder in CTranslate2's format, or a `.pt` checkpoint.

    ``model`` is the name or path that the user gave; ``source`` is where they are from, in words.
    """

    model: str
    path: Path
    format: WeightsFormat
    source: str
    multilingual: bool


@dataclass(frozen=True, slots=True)
class _FoundWeights:
    """Weights that were found but not checked."""

    format: WeightsFormat
    place: Path
    source: str
    parts: tuple[Path, ...] = ()  # folders to join to ``place`` before use
    carrier: Carrier | None = None  # the packages that they are in, whose files are known


def find_weights(model: str, engine: str, progress: ProgressCallback = ignore_progress) -> Weights:
    """The weights of ``model`` (a name, a folder or a `.pt` file) in the format that ``engine`` loads.

    Joins parts, converts CTranslate2's format for openai-whisper, and downloads, as far as needed. ``progress`` is
    called for a download; if it ignores progress, the download libraries show none either. Raises ModelError for an
    unknown name, for damaged weights, and if there are none on this machine and they cannot be downloaded.
    """
    entry = BY_NAME.get(model)
    found = (_find_known(entry, engine) or _download(entry, engine, progress)) if entry else _find_path(model)
    try:
        return _check_weights(found, model, entry.name if entry else found.place.stem, engine)
    except ModelError as error:
        if entry is None and error.way_out == FETCH_WEIGHTS_AGAIN:
            error.way_out = _NAME_WEIGHTS  # airquote can fetch only what it knows by name
        raise


def find_weights_here(model: str, engine: str) -> Weights | None:
    """The weights of a ``model`` that is known by its name, if they are on this machine; downloads nothing.

    None for a path as well: on another machine it may name other weights. Raises ModelError for damaged ones.
    """
    entry = BY_NAME.get(model)
    found = _find_known(entry, engine) if entry else None
    return _check_weights(found, model, entry.name, engine) if entry and found else None


def find_weights_in(place: Path, model: str, engine: str) -> Weights:
    """The weights of ``model`` that were put in a ``place``, a folder or a `.pt` file. Raises ModelError."""
    return _check_weights(_find_path(str(place)), model, place.stem, engine)


def _check_weights(found: _FoundWeights, model: str, name: str, engine: str) -> Weights:
    if engine == FASTER_WHISPER and found.format == "pt":
        raise ModelError(
            f"{found.place} is a checkpoint of openai-whisper.", use_engine("openai-whisper"), where=found.place
        )
    if found.carrier and found.parts:
        join_parts(found.carrier, found.parts, found.place)
    elif found.carrier:
        check_carried(found.carrier, [found.place])
    if found.format == "pt":
        multilingual = check_checkpoint(found.place)
        return Weights(model, found.place, "pt", found.source, multilingual)
    file = check_folder(found.place)
    weights = Weights(model, found.place, "ctranslate2", found.source, file.multilingual)
    if engine == FASTER_WHISPER:
        return weights
    checkpoint = convert_checkpoint(found.place, name, cache_folder())
    source = f"{found.source}, rewritten for openai-whisper"
    return replace(weights, path=checkpoint, format="pt", source=source)


def list_models() -> list[ModelListing]:
    """Every model by name, smallest first: where it is, which engines can use it, how to get it. Downloads nothing."""
    return [_listing(entry) for entry in CATALOGUE]


def _listing(entry: CatalogueEntry) -> ModelListing:
    finds = {engine: _find_known(entry, engine) for engine in (FASTER_WHISPER, OPENAI_WHISPER)}
    usable = {engine: found for engine, found in finds.items() if found is not None}
    place = next((found.parts[0] if found.parts else found.place for found in usable.values()), None)
    source = next((found.source for found in usable.values()), None)
    install = next((carrier.install for carrier in CARRIERS if carrier.model == entry.name), None)
    return ModelListing(entry.name, entry.megabytes, entry.multilingual, place, tuple(usable), source, install)


# Places of weights


def cache_folder() -> Path:
    """airquote's cache of weights that it joined or converted; anything in it may be deleted."""
    return platformdirs.user_cache_path("airquote") / "weights"


def _xdg_cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def hub_cache() -> Path:
    """The cache of the Hugging Face hub's client (huggingface_hub, constants.py)."""
    if "HF_HUB_CACHE" in os.environ:
        return Path(os.environ["HF_HUB_CACHE"]).expanduser()
    home = os.environ.get("HF_HOME")
    return (Path(home).expanduser() if home else _xdg_cache() / "huggingface") / "hub"


def whisper_cache() -> Path:
    """openai-whisper's cache of checkpoints (whisper/__init__.py, load_model)."""
    return _xdg_cache() / "whisper"


def _find_path(model: str) -> _FoundWeights:
    try:
        path = Path(model).expanduser()
        if model and path.is_dir():
            return _FoundWeights("ctranslate2", path, "the path that was given")
        if path.is_file() and path.suffix == ".pt":
            return _FoundWeights("pt", path, "the path that was given")
        exists = bool(model) and path.exists()
    except (OSError, RuntimeError) as error:  # a name that is too long, the home of an unknown user
        reason = getattr(error, "strerror", error)
        raise ModelError(f"{model} cannot be read: {reason}.", _NAME_WEIGHTS, where=model) from error
    if exists:
        raise ModelError(f"{model} is not a weights file.", _NAME_WEIGHTS, where=model)
    if path.suffix == ".pt" or len(path.parts) > 1:
        raise ModelError(f"There are no weights at {model}.", _NAME_WEIGHTS, where=model)
    names = list(BY_NAME)
    names.sort(key=lambda name: -difflib.SequenceMatcher(None, model.lower(), name).ratio())
    raise UsageError(
        f"There is no model {model!r}.", correct_input(f"Models, the closest first: {', '.join(names)}."), where=model
    )


def _find_known(entry: CatalogueEntry, engine: str) -> _FoundWeights | None:
    """Weights on this machine that ``engine`` can use, or None. Cheap: it only looks whether files exist."""
    looks: list[Callable[[], _FoundWeights | None]] = [lambda: _in_package(entry), lambda: _in_hub_cache(entry)]
    if engine == OPENAI_WHISPER:
        looks.insert(1, lambda: _in_whisper_cache(entry))
        if not entry.in_openai_whisper:
            return None
    return next((found for look in looks if (found := look()) is not None), None)


def _in_package(entry: CatalogueEntry) -> _FoundWeights | None:
    for carrier in CARRIERS:
        folders = [_carried_folder(carrier, module) for module in carrier.modules]
        if carrier.model != entry.name or not all(folder is not None and folder.is_dir() for folder in folders):
            continue
        present = tuple(folder for folder in folders if folder is not None)
        source = f"the package {carrier.modules[0].replace('_', '-')}"
        if len(present) == 1:
            return _FoundWeights("ctranslate2", present[0], source, carrier=carrier)
        size = sum(part.stat().st_size for folder in present for part in folder.glob("model.bin.part*"))
        return _FoundWeights("ctranslate2", cache_folder() / f"{entry.name}-{size}", source, present, carrier)
    return None


def _carried_folder(carrier: Carrier, module: str) -> Path | None:
    specification = importlib.util.find_spec(module)
    if specification is None or not specification.submodule_search_locations:
        return None
    return Path(specification.submodule_search_locations[0]) / carrier.folder


def _in_hub_cache(entry: CatalogueEntry) -> _FoundWeights | None:
    from huggingface_hub import try_to_load_from_cache

    cached = try_to_load_from_cache(entry.hub_repository, "model.bin", cache_dir=hub_cache())
    return _FoundWeights("ctranslate2", Path(cached).parent, "the hub's cache") if isinstance(cached, str) else None


def _in_whisper_cache(entry: CatalogueEntry) -> _FoundWeights | None:
    path = whisper_cache() / entry.checkpoint_name
    return _FoundWeights("pt", path, "openai-whisper's cache") if path.is_file() else None


# Downloads


_HIDING = threading.Lock()
"""Held while the bars of a library are hidden, so that the thread that finishes last restores them."""


def _download(entry: CatalogueEntry, engine: str, progress: ProgressCallback) -> _FoundWeights:
    fetch = {FASTER_WHISPER: _download_from_hub, OPENAI_WHISPER: _download_checkpoint}[engine]
    if engine == OPENAI_WHISPER and not entry.in_openai_whisper:
        raise ModelError(f"openai-whisper does not have {entry.name}.", use_engine("faster-whisper"), where=entry.name)
    return fetch(entry, progress)


@contextmanager
def _failure_explained(entry: CatalogueEntry, engine: str) -> Iterator[None]:
    """Raise a ModelError where a download fails. What the progress callback raises is not one: call it outside."""
    try:
        yield
    except (OSError, RuntimeError, ValueError) as error:  # what httpx2, the hub's client and urllib raise
        raise _missing(entry, engine) from error


def _announce_download(entry: CatalogueEntry, progress: ProgressCallback) -> None:
    _log.info("downloading the weights of %s (%d MB)", entry.name, entry.megabytes)
    progress(ModelDownloading(entry.name, entry.megabytes))


def _download_from_hub(entry: CatalogueEntry, progress: ProgressCallback) -> _FoundWeights:
    import huggingface_hub

    if not _is_offline():
        _announce_download(entry, progress)
    bars = importlib.import_module("huggingface_hub.utils.tqdm")  # the attribute of that name is a class
    with (
        _failure_explained(entry, FASTER_WHISPER),
        _hide_bars(progress, bars, "are_progress_bars_disabled", lambda *_: True),
    ):
        folder = huggingface_hub.snapshot_download(
            entry.hub_repository,
            cache_dir=hub_cache(),
            allow_patterns=list(HUB_FILES),
            local_files_only=_is_offline(),
        )
    return _FoundWeights("ctranslate2", Path(folder), "downloaded from the hub")


def _download_checkpoint(entry: CatalogueEntry, progress: ProgressCallback) -> _FoundWeights:
    if _is_offline():
        raise _missing(entry, OPENAI_WHISPER)
    import urllib.request

    import whisper

    address = whisper._MODELS[entry.name]
    with _failure_explained(entry, OPENAI_WHISPER):
        urllib.request.urlopen(urllib.request.Request(address, method="HEAD"), timeout=10).close()
    _announce_download(entry, progress)
    with (
        _failure_explained(entry, OPENAI_WHISPER),
        _hide_bars(progress, whisper, "tqdm", partial(whisper.tqdm, disable=True)),
    ):
        checkpoint = Path(whisper._download(address, str(whisper_cache()), False))
    return _FoundWeights("pt", checkpoint, "downloaded from OpenAI")


@contextmanager
def _hide_bars(progress: ProgressCallback, module: Any, name: str, hidden: Any) -> Iterator[None]:
    """Unless progress was asked for, replace what a download library draws its bars with by ``hidden``.

    stderr is not redirected, because other threads of the program may write to it meanwhile.
    """
    if progress is not ignore_progress:
        yield
        return
    with _HIDING:
        shown = getattr(module, name)
        setattr(module, name, hidden)
        try:
            yield
        finally:
            setattr(module, name, shown)


def _is_offline() -> bool:
    return os.environ.get("HF_HUB_OFFLINE", "").upper() in ("1", "TRUE", "YES", "ON")


def _missing(entry: CatalogueEntry, engine: str) -> ModelError:
    places = [f"the packages {', '.join(carrier.modules[0] for carrier in CARRIERS)}"]
    places += [str(whisper_cache())] if engine == OPENAI_WHISPER else []
    places += [str(hub_cache()), "the network (HF_HUB_OFFLINE is set)" if _is_offline() else "the network"]
    here = [listing.name for listing in list_models() if engine in listing.engines]
    carrier = next((carrier for carrier in CARRIERS if carrier.model == entry.name), None)
    other = OPENAI_WHISPER if engine == FASTER_WHISPER else FASTER_WHISPER
    if _find_known(entry, other) is not None:
        way_out = use_engine_with_weights(other)
    elif carrier is not None:
        way_out = install_weights(carrier.install)
    elif here:
        way_out = choose_local_model(here[0])
    else:
        way_out = install_other_model(CARRIERS[0].install, CARRIERS[0].model)
    return ModelError(
        f"The weights of {entry.name} are not on this machine and could not be downloaded; looked in"
        f" {'; '.join(places)}.",
        way_out,
        where=entry.name,
    )
