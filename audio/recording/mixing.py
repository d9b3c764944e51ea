"""Mix the channels of a recording to one: by the standard mix, or by weights that were chosen for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from audio.recording.sound_choice import Weights
from audio.samples import Samples


def to_float(samples: NDArray[Any]) -> NDArray[np.float32]:
    """Convert samples of any number type to float32 with full scale at 1.0, same shape."""
    if samples.dtype == np.uint8:
        return (samples.astype(np.float32) - np.float32(128)) / np.float32(128)
    if samples.dtype == np.int16:
        return samples * np.float32(1 / 32768)  # exact, and quicker than a division of 64-bit numbers
    if np.issubdtype(samples.dtype, np.integer):
        return (samples / float(-np.iinfo(samples.dtype).min)).astype(np.float32)
    return samples.astype(np.float32, copy=False)


def mix_channels(sound: NDArray[np.float32], channels: Sequence[str], weights: Weights | None = None) -> Samples:
    """Mix sound (samples, channels) down to one channel, (samples,), by ``weights`` if they are for so many channels.

    The standard mix is the mean; of a surround layout, the centre (which carries the voices) and the front.
    ``channels`` are FFmpeg's names.
    """
    if weights is not None and len(weights) == sound.shape[1]:
        return np.asarray(sum(sound[:, n] * np.float32(weight) for n, weight in enumerate(weights) if weight))
    if sound.shape[1] == 1:
        return np.ascontiguousarray(sound[:, 0])
    if sound.shape[1] == 2:
        return (sound[:, 0] + sound[:, 1]) / np.float32(2)
    if "FC" in channels:
        by_name = dict(zip(channels, sound.T, strict=True))
        front = [by_name[name] for name in ("FL", "FR") if name in by_name]
        return np.asarray((by_name["FC"] + sum(front) / max(1, len(front))) / 2, dtype=np.float32)
    return np.asarray(sound.mean(axis=1), dtype=np.float32)


def standard_gain(channels: Sequence[str]) -> float:
    """Return the largest factor that the standard mix gives to a channel."""
    return 0.5 if len(channels) > 2 and "FC" in channels else 1 / len(channels)
