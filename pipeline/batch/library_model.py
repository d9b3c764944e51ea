"""The model of a batch, and the one that its library is made with: which is used, told and remembered."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from audio.errors import AirquoteError, UsageError
from index.storage.store import Store
from pipeline.answers import ModelListing
from pipeline.engines.choose import AUTO, default_model, has_accelerator_driver
from pipeline.errors import name_weights
from pipeline.models.catalogue import BY_NAME
from pipeline.models.weights import list_models
from pipeline.progress import ModelChosen, ProgressCallback
from pipeline.transcription.options import TranscriptionOptions


def name_model(options: TranscriptionOptions, of_library: str | None) -> TranscriptionOptions:
    """Return the options with the model of the library, or else their default one, where they name none.

    The path of weights is made absolute, so that it names the same weights from every folder.
    """
    model = options.engine.model
    if model == AUTO:
        model = of_library or options.default_model or AUTO
    with suppress(OSError, RuntimeError, ValueError):  # what is no path is refused when its weights are looked for
        if model not in (AUTO, *BY_NAME) and (place := Path(model).expanduser()).exists():
            model = str(place.absolute())
    return replace(options, engine=replace(options.engine, model=model))


def model_to_name(directory: Path, of_settings: str | None) -> ModelListing | None:
    """Return the model that a request to transcribe into a library should name, so that it downloads nothing.

    None where it need name none: the library is made with one, or the default one is on this machine. One without a
    place is the default one where there are no weights at all: it will be downloaded. The default one is that
    ``of_settings``, else this machine's.
    """
    with suppress(AirquoteError), Store.open(directory) as store:
        if store.default_model() is not None:
            return None
    default = of_settings or default_model("cuda" if has_accelerator_driver() else "cpu")
    models = {one.name: one for one in list_models()}
    if default not in models or models[default].place:
        return None
    return next((one for one in reversed(models.values()) if one.place), models[default])


class LibraryModel:
    """The ``model`` of a batch, ``named`` in its request or not, in a library that was made with one or with none."""

    def __init__(self, store: Store, model: str, named: bool, progress: ProgressCallback) -> None:
        self._store, self._model, self._named, self._progress = store, model, named, progress
        self._before = store.default_model()
        self._told = self._kept = False

    def tell(self) -> None:
        """Tell once with which model transcription begins.

        Raises UsageError for weights at a path that nobody named: the library, which names it, may be a stranger's.
        """
        if self._told:
            return
        if not self._named and self._model == self._before and self._model not in BY_NAME:
            raise UsageError(
                f"This library is made with the weights at {self._model}, which are not used unasked.",
                name_weights(self._model),
                where=self._model,
            )
        self._progress(ModelChosen(self._model, self._named, self._before))
        self._told = True

    def remember(self) -> None:
        """Make it the model of the library, now that its weights are loaded and a draft begins."""
        if not self._kept and self._model != self._before:
            self._store.save_default_model(self._model)
        self._kept = True
