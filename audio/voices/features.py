"""Features of sound for the embedding model: log-mel energies as Kaldi computes them.

Methods and constants: feature-window.cc, feature-fbank.cc and mel-computations.cc of Kaldi with their defaults, without
dither. NumPy takes half the time of kaldi-native-fbank, which hands out one frame at a time.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from audio.samples import SAMPLE_RATE, Samples

FRAME = SAMPLE_RATE * 25 // 1000  # samples
STEP = SAMPLE_RATE * 10 // 1000
MELS = 80
_FFT = 512
_PREEMPHASIS = 0.97
_LOWEST_HZ = 20
_FLOOR = np.finfo(np.float32).eps


def compute_features(sound: Samples) -> NDArray[np.float32]:
    """Return the log-mel energies of whole frames of 25 ms, one every 10 ms: float32, (frames, 80)."""
    if len(sound) < FRAME:
        return np.zeros((0, MELS), np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(sound, FRAME)[::STEP]
    frames = frames - frames.mean(axis=1, keepdims=True)
    first = frames[:, :1] * (1 - _PREEMPHASIS)
    emphasized = np.hstack([first, frames[:, 1:] - np.float32(_PREEMPHASIS) * frames[:, :-1]]) * _window()
    spectrum = np.fft.rfft(emphasized, _FFT)
    power = (spectrum.real**2 + spectrum.imag**2).astype(np.float32)
    energies: NDArray[np.float32] = np.log(np.maximum(power @ _mel_weights(), _FLOOR))
    return energies


@cache
def _window() -> NDArray[np.float32]:
    """Povey's window: a Hann window to the power of 0.85."""
    return np.asarray(np.hanning(FRAME) ** 0.85, np.float32)


@cache
def _mel_weights() -> NDArray[np.float32]:
    """Triangular filters of equal width on the mel scale: float32, (257, 80)."""

    def to_mel(hertz: NDArray[np.float64]) -> NDArray[np.float64]:
        return 1127 * np.log1p(hertz / 700)

    lowest, highest = to_mel(np.array([_LOWEST_HZ, SAMPLE_RATE / 2]))
    width = (highest - lowest) / (MELS + 1)
    centres = lowest + width * np.arange(1, MELS + 1)
    bins = to_mel(np.arange(_FFT // 2 + 1) * SAMPLE_RATE / _FFT)
    weights = np.maximum(1 - np.abs(bins[:, None] - centres) / width, 0)
    weights[-1] = 0  # Kaldi leaves out the bin at half the sample rate
    return np.asarray(weights, np.float32)
