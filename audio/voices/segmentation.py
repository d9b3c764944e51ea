"""Segmentation: which of up to three local voices speak in each frame of a window of ten seconds.

The model (pyannote/segmentation-3.0) numbers the voices of each window anew, hence local. Its classes are sets of at
most two voices at once (Plaquet and Bredin, "Powerset multi-class cross entropy loss", 2023).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audio.samples import SAMPLE_RATE, Samples
from audio.voices.sessions import open_session

Activity = NDArray[np.bool_]
"""Which local voices speak: bool, (frames, 3)."""

WINDOW = 10 * SAMPLE_RATE  # samples: what the model was trained with
FRAME = 270  # samples from one frame to the next: strides of 10, 3, 3 and 3
RECEPTIVE_FIELD = 991  # samples on which the first frame depends
WINDOW_FRAMES = 589
FRAME_SECONDS = FRAME / SAMPLE_RATE
LOCAL_VOICES = 3

_CLASSES = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [1, 0, 1], [0, 1, 1]], np.bool_)


class Segmenter:
    """The model, loaded."""

    def __init__(self, model: Path) -> None:
        self._session = open_session(model)

    def segment(self, window: Samples) -> Activity:
        """Return the most probable set of voices for each of the 589 frames of a window of 160,000 samples."""
        (scores,) = self._session.run(None, {"sound": window.reshape(1, 1, WINDOW)})
        activity: Activity = _CLASSES[np.argmax(scores[0], axis=1)]
        return activity
