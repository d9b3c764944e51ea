"""Embedding: vectors that tell what the voices in a piece of sound sound like (CAM++)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audio.samples import Samples
from audio.voices.features import FRAME, STEP, compute_features
from audio.voices.sessions import open_session

STEP_SAMPLES = 2 * STEP
"""Samples from one step of the model to the next: it halves the number of frames."""

STEP_CENTRE = FRAME // 2
"""Samples from the start of the sound to the middle of the first step."""

CONTEXT_STEPS = 100  # steps of a context in CAM++ (campplus, seg_pooling)


class Embedder:
    """The model, loaded."""

    def __init__(self, model: Path) -> None:
        self._session = open_session(model)

    def embed(self, sound: Samples, pools: Sequence[NDArray[np.bool_]]) -> NDArray[np.float32]:
        """Return a vector of length 1 for each of ``pools``, masks over the steps of the sound: float32, (pools, 192).

        The model runs once for all of them. The features that it takes are those of the whole sound less their mean.
        """
        features = compute_features(sound)
        steps = (len(features) + 1) // 2
        weights = np.stack([pool[:steps] / max(pool[:steps].sum(), 1) for pool in pools], axis=1)
        own = np.arange(steps) // CONTEXT_STEPS
        contexts = (own == np.arange(own[-1] + 1)[:, None]).astype(np.float32)
        averages = (contexts / contexts.sum(axis=1, keepdims=True) + 1 / steps).T
        inputs = {
            "features": features - features.mean(axis=0),
            "averages": averages.astype(np.float32),
            "contexts": contexts,
            "pools": weights.astype(np.float32),
        }
        (vectors,) = self._session.run(None, {name: values[None] for name, values in inputs.items()})
        return np.asarray(vectors[0] / np.linalg.norm(vectors[0], axis=1, keepdims=True))
