"""One speaker, changed: effects after which a file still has one voice.

Pitch three semitones up and down (formants and tempo with it), whisper (noise instead of the voice's excitation, by
linear prediction), the band of a telephone, and reverberation.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_toeplitz
from scipy.signal import fftconvolve, lfilter

from audio.samples import SAMPLE_RATE, Samples

SEMITONE = 2 ** (1 / 12)
ORDER = 16  # of the prediction: a formant for each kHz
FRAME, STEP = 512, 256  # samples
TELEPHONE_HZ = (300, 3400)
REVERBERATION = 0.5  # seconds until the sound is 60 dB less


def shift_pitch(sound: Samples, semitones: float) -> Samples:
    """Play the sound faster or slower."""
    places = np.arange(0, len(sound) - 1, SEMITONE**semitones)
    return np.interp(places, np.arange(len(sound)), sound).astype(np.float32)


def whisper(sound: Samples) -> Samples:
    """Replace what excites the vocal tract by noise of the same level, frame by frame."""
    rng = np.random.default_rng(0)
    window = np.hanning(FRAME)
    spoken = np.zeros(len(sound) + FRAME)
    for start in range(0, len(sound) - FRAME, STEP):
        frame = sound[start : start + FRAME] * window
        filtered = _filter_noise(frame, rng.standard_normal(FRAME))
        spoken[start : start + FRAME] += filtered * window
    return spoken[: len(sound)].astype(np.float32)


def _filter_noise(frame: NDArray[np.float64], noise: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return noise with the spectral envelope and the level of a frame."""
    correlation = np.correlate(frame, frame, "full")[FRAME - 1 : FRAME + ORDER]
    level = float(np.sqrt(np.mean(frame**2)))
    if level < 1e-6:
        return np.zeros(FRAME)
    correlation[0] *= 1.0001  # so that it can be solved
    prediction = solve_toeplitz(correlation[:ORDER], correlation[1 : ORDER + 1])
    voiceless = lfilter([1.0], np.concatenate([[1.0], -prediction]), noise)
    return np.asarray(voiceless * level / np.sqrt(np.mean(voiceless**2)))


def limit_band(sound: Samples) -> Samples:
    """Keep what a telephone transmits."""
    spectrum = np.fft.rfft(sound)
    hertz = np.fft.rfftfreq(len(sound), 1 / SAMPLE_RATE)
    spectrum[(hertz < TELEPHONE_HZ[0]) | (hertz > TELEPHONE_HZ[1])] = 0
    return np.fft.irfft(spectrum, len(sound)).astype(np.float32)


def reverberate(sound: Samples) -> Samples:
    """Add decaying noise after each sound, as a room does."""
    times = np.arange(round(REVERBERATION * SAMPLE_RATE)) / SAMPLE_RATE
    room = np.random.default_rng(0).standard_normal(len(times)) * 10 ** (-3 * times / REVERBERATION) * 0.02
    room[0] = 1.0
    echoing: Samples = fftconvolve(sound, room)[: len(sound)].astype(np.float32)
    return echoing


EFFECTS: dict[str, Callable[[Samples], Samples]] = {
    "3 semitones up": lambda sound: shift_pitch(sound, 3),
    "3 semitones down": lambda sound: shift_pitch(sound, -3),
    "whisper": whisper,
    "telephone": limit_band,
    "reverberation": reverberate,
}
