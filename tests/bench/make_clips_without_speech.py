"""Make six clips of a minute each without speech: any words transcribed from them are hallucinations."""

from __future__ import annotations

import wave
from collections.abc import Callable
from functools import partial

import numpy as np
from bench.materials import CACHE, CLIPS_WITHOUT_SPEECH, WITHOUT_SPEECH
from numpy.typing import NDArray

Sound = NDArray[np.float64]

RATE = 44_100  # Hz
COUNT = 60 * RATE
LEVEL_DBFS = -23.0  # the loudness of broadcasts (EBU R 128)
CLAPS_PER_SECOND = 120  # a small hall


def at_level(sound: Sound) -> Sound:
    """Scale to LEVEL_DBFS."""
    return np.asarray(sound * 10 ** (LEVEL_DBFS / 20) / np.sqrt(np.mean(sound**2)))


def shape_noise(rng: np.random.Generator, slope: float, count: int = COUNT) -> Sound:
    """Make noise with amplitude proportional to frequency ** ``slope`` above 40 Hz: 0 is white, -0.5 pink."""
    spectrum = np.fft.rfft(rng.standard_normal(count))
    hertz = np.fft.rfftfreq(count, 1 / RATE)
    return np.fft.irfft(np.where(hertz < 40, 0, spectrum * np.maximum(hertz, 40) ** slope), count)


def make_hum() -> Sound:
    """Make mains hum at 50 Hz with harmonics, slowly modulated."""
    t = np.arange(COUNT) / RATE
    hum = sum(np.sin(2 * np.pi * 50 * harmonic * t) / harmonic for harmonic in (1, 2, 3, 4, 6))
    return np.asarray(at_level(hum * (1 + 0.2 * np.sin(2 * np.pi * 0.3 * t))))


def make_applause(rng: np.random.Generator) -> Sound:
    """Make short overlapping bursts of noise at random times and levels."""
    claps = np.zeros(COUNT + RATE)
    for first in rng.integers(0, COUNT, 60 * CLAPS_PER_SECOND):
        length = int(rng.uniform(0.005, 0.02) * RATE)
        claps[first : first + length] += (
            rng.lognormal(0, 0.7) * rng.standard_normal(length) * np.exp(-np.arange(length) / (length / 4))
        )
    return at_level(claps[:COUNT])


def make_music(rng: np.random.Generator) -> Sound:
    """Make plucked chords, a bass and a beat, at 96 beats a minute."""
    music = np.zeros(COUNT + 4 * RATE)
    beat = 60 / 96
    chords = ((57, 64, 69, 73), (53, 60, 65, 69), (55, 62, 67, 71), (52, 59, 64, 68))  # MIDI
    for number in range(int(60 / beat)):
        chord = chords[number // 4 % len(chords)]
        first = int(number * beat * RATE)
        for step, note in enumerate((chord[0] - 12, *rng.permutation(chord[1:]))):
            t = np.arange(2 * RATE) / RATE
            pitch = 440 * 2 ** ((note - 69) / 12)
            tone = sum(np.sin(2 * np.pi * pitch * h * t) * np.exp(-t * (1 + h)) / h for h in range(1, 7))
            start = first + int(step * beat / 4 * RATE)
            music[start : start + len(t)] += np.minimum(t / 0.005, 1) * tone
        stroke = shape_noise(rng, 0.0 if number % 2 else -1.0, RATE // 8)
        music[first : first + len(stroke)] += 0.4 * stroke / np.abs(stroke).max() * np.linspace(1, 0, len(stroke)) ** 3
    return at_level(music[:COUNT])


def make_clips() -> None:
    """Write all six clips."""
    rng = np.random.default_rng(6)
    makers: dict[str, Callable[[], Sound]] = {
        "music": partial(make_music, rng),
        "white_noise": lambda: at_level(shape_noise(rng, 0.0)),
        "pink_noise": lambda: at_level(shape_noise(rng, -0.5)),
        "hum": make_hum,
        "silence": lambda: np.zeros(COUNT),
        "applause": partial(make_applause, rng),
    }
    for name in CLIPS_WITHOUT_SPEECH:
        sound = makers[name]()
        path = CACHE / WITHOUT_SPEECH / f"{name}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())


if __name__ == "__main__":
    make_clips()
