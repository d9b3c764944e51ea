"""Choose and load the models that are asked whether a text fits the sound: only those on this machine, unless named."""

from __future__ import annotations

from index.storage.transcript_reader import TranscriptFacts
from pipeline.answers import ModelListing
from pipeline.engines.base import Engine
from pipeline.engines.choose import EngineSpec, load_engine
from pipeline.errors import ModelError, choose_model
from pipeline.models.weights import OPENAI_WHISPER, find_weights, list_models
from pipeline.progress import ProgressCallback


class ListeningModels:
    """Loads each model once, when it is first needed."""

    def __init__(self, named: str | None, progress: ProgressCallback) -> None:
        """``named`` is a model's name or path for all transcripts, downloaded if need be; None leaves the choice.

        Raises UsageError for a named model that is unknown, ModelError for one that is damaged or not to be had.
        """
        self._progress = progress
        self._named = _specify(named) if named is not None else None
        if self._named:
            find_weights(self._named.model, self._named.name, progress)
        self._chosen: dict[tuple[str, str], EngineSpec] = {}
        self._loaded: dict[EngineSpec, Engine] = {}

    def load(self, facts: TranscriptFacts) -> Engine:
        """Return the model for a transcript. Raises ModelError if no model on this machine knows its language."""
        spec = self._named or self._choose(facts.model, facts.language or "en")
        if spec not in self._loaded:
            self._loaded[spec] = load_engine(spec, progress=self._progress)
        return self._loaded[spec]

    def _choose(self, transcribed: str, language: str) -> EngineSpec:
        key = transcribed, language
        if key not in self._chosen:
            usual = EngineSpec().resolve().model
            self._chosen[key] = _specify(choose_listener(list_models(), transcribed, language, usual))
        return self._chosen[key]


def choose_listener(models: list[ModelListing], transcribed: str, language: str, usual: str) -> str:
    """Return the largest model on this machine that knows the language.

    It is no larger than the model that ``transcribed`` or the ``usual`` one of this device, whichever is larger, so
    that listening takes no longer than the user is used to. Raises ModelError if there is none.
    """
    sizes = {model.name: model.megabytes for model in models}
    most = max(sizes.get(transcribed, 0), sizes.get(usual, 0))
    fitting = [
        model
        for model in models
        if model.engines and model.megabytes <= most and (model.multilingual or language == "en")
    ]
    if not fitting:
        raise ModelError("There are no weights on this machine for listening.", choose_model(usual))
    # Of two of one size, the English one knows English better.
    return max(fitting, key=lambda model: (model.megabytes, not model.multilingual)).name


def _specify(model: str) -> EngineSpec:
    """Return a model with this machine's engine, or with the other one where that alone has the weights."""
    spec = EngineSpec(model=model).resolve()
    local = next((listing.engines for listing in list_models() if listing.name == model), ())
    if model.endswith(".pt"):
        local = (OPENAI_WHISPER,)
    return spec if not local or spec.name in local else EngineSpec(local[0], model).resolve()
