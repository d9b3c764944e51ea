"""Measure, while a recording is decoded, what the standard mix of its channels loses."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from audio.samples import Samples

FRAME_SECONDS = 0.1
"""About a syllable: levels of shorter frames hang on single periods of a voice."""

LOST = 10 ** (-12 / 20)
"""A sound is lost in a mix that has less than this share of its amplitude, -12 dB.

A front channel of 5.1 has -6 dB in the standard mix beside the centre, and a voice on both channels of a stereo file
whose second one is inverted at 80 % of its loudness -14 dB."""

SILENT = 10 ** (-60 / 20)
"""Levels below it are no voice: the noise of a room is at -60 dB where a voice is at -20 dB."""

STEADY = 10 ** (6 / 20)
"""Hum and noise of a broken microphone differ less between their loudest and quietest tenth; speech has pauses, and
differs by 20 dB and more."""


class MixLoss:
    """Levels of the channels and of their mix, added up over a file."""

    def __init__(self) -> None:
        self.lost = np.zeros(0)
        """Seconds in which the mix lost the sound of each channel, (channels,)."""
        self.covariance = np.zeros((0, 0))
        """Covariance of the channels, (channels, channels)."""
        self.gain = 1.0
        """The largest factor of a channel in the mix."""
        self._levels: list[NDArray[np.float32]] = []

    @property
    def channels(self) -> int:
        """How many channels were measured; those of a file's first part, if their number changes."""
        return len(self.lost)

    def add(self, sound: NDArray[np.float32], mix: Samples, gain: float, rate: int) -> None:
        """Add sound (samples, channels) and its mix (samples,), with ``gain`` as the largest factor of a channel."""
        channels = sound.shape[1]
        if channels == 1 or channels != (self.channels or channels):
            return
        if not self.channels:
            self.lost, self.covariance, self.gain = np.zeros(channels), np.zeros((channels, channels)), gain
        edges = np.arange(0, len(sound), max(1, round(FRAME_SECONDS * rate)))
        lengths = np.diff([*edges.tolist(), len(sound)])
        levels = _levels(np.ascontiguousarray(sound.T), edges, lengths)
        mixed = _levels(mix[np.newaxis], edges, lengths)[0] / gain
        self.lost += ((levels > SILENT) & (mixed < LOST * levels)) @ lengths / rate
        self.covariance += sound.T @ sound
        self._levels.append(levels)

    def steady(self) -> list[int]:
        """Return the channels that hold only hum or noise, where another has sound that is not steady."""
        if not self._levels:
            return []
        quiet, loud = np.percentile(np.concatenate(self._levels, axis=1), (10, 90), axis=1)
        steady = (quiet > SILENT) & (loud < STEADY * quiet)
        return np.flatnonzero(steady).tolist() if not steady.all() else []


def _levels(rows: NDArray[np.float32], edges: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the RMS of each frame of each row, (rows, frames)."""
    return np.sqrt(np.add.reduceat(rows * rows, edges, axis=1) / lengths).astype(np.float32)
