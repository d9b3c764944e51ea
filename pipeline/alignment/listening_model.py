"""Load the smallest model on this machine that knows a language: for times the smallest is exact enough."""

from __future__ import annotations

from functools import lru_cache

from pipeline.engines.base import Engine
from pipeline.engines.choose import EngineSpec, load_engine
from pipeline.errors import ModelError, choose_model
from pipeline.models.weights import list_models
from pipeline.progress import ProgressCallback


def load_named_or_smallest(model: str | None, language: str, progress: ProgressCallback) -> Engine:
    """Load a model by its name or path, which is downloaded if need be; without one as ``load_smallest``."""
    return load_smallest(language) if model is None else load_engine(EngineSpec(model=model), progress=progress)


def load_smallest(language: str) -> Engine:
    """Return the smallest model whose weights are here and that knows the language; nothing is downloaded.

    Raises ModelError if there is none.
    """
    known = [model for model in list_models() if model.engines and (model.multilingual or language == "en")]
    if not known:
        raise ModelError(f"There is no model on this machine that knows {language!r}.", choose_model("tiny"))
    # Of two of one size, the English one knows English better.
    smallest = min(known, key=lambda model: (model.megabytes, model.multilingual))
    usual = EngineSpec(model=smallest.name).resolve()
    spec = usual if usual.name in smallest.engines else EngineSpec(smallest.engines[0], smallest.name).resolve()
    return _load(spec)


@lru_cache(maxsize=1)
def _load(spec: EngineSpec) -> Engine:
    return load_engine(spec)
