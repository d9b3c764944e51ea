"""Choose how the channels of a recording are mixed, so that nobody who speaks on one of them is lost.

Nearly always it is the standard mix. Another is looked for only where that loses sound for a second, or where a channel
has only noise: then voice activity detection tells in which channels somebody speaks, and in which mix all are heard.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audio.decode import decode_mixes
from audio.recording.mix_loss import LOST, MixLoss
from audio.recording.sound_choice import Weights
from audio.voice_activity import FRAME_SECONDS, Speech, SpeechDetector

NewDetector = Callable[[], SpeechDetector]

LEAST_LOST = 1.0
"""Seconds of speech that a mix may lose: the ends of regions of speech move by some frames between two mixes."""

MARGIN = 10
"""Frames (0.3 s) by which regions of speech in a mix are extended before they are compared with those of a channel."""

SMOOTH = 15
"""Frames (0.5 s) over which levels are averaged: in shorter ones two microphones of one voice differ by their delay."""

NEARLY = 0.5
"""Seconds: of mixes that lose nearly as little as the best, the first is taken: more channels are in it."""


def one_channel(channel: int, channels: int) -> Weights:
    """Return the weights of the mix that is one channel alone."""
    return tuple(float(number == channel) for number in range(channels))


def choose_weights(
    path: Path, track: int | None, loss: MixLoss, new_detector: NewDetector = SpeechDetector
) -> Weights | None:
    """Return the weights with which the channels of a track are mixed, None for the standard mix.

    ``loss`` was measured while the whole track was decoded. Raises MediaError as ``decode_mixes`` does.
    """
    if max(loss.lost, default=0.0) < LEAST_LOST and not loss.steady():
        return None
    alone = [one_channel(channel, loss.channels) for channel in range(loss.channels)]
    standard, *channels = detect_mixes(path, track, [None, *alone], new_detector)
    lost = _lost_seconds(channels, standard, loss.gain)
    voices = [number for number, speech in enumerate(channels) if _speech_seconds(speech) >= LEAST_LOST]
    if lost < LEAST_LOST or not voices:
        return None
    mixes = _candidates(voices, loss)
    heard = detect_mixes(path, track, mixes, new_detector)
    losses = [
        _lost_seconds(channels, speech, max(map(abs, weights))) for weights, speech in zip(mixes, heard, strict=True)
    ]
    best = min(losses)
    if best > lost / 2:
        return None
    return next(weights for weights, seconds in zip(mixes, losses, strict=True) if seconds <= best + NEARLY)


def _candidates(voices: Sequence[int], loss: MixLoss) -> list[Weights]:
    """Return mixes of the channels with voices: the sum, one with inverted channels turned, an unequal one, each alone.

    A sum that is unequal loses no voice that is on two channels, whatever its phase in each.
    """
    loudest = max(voices, key=lambda channel: loss.covariance[channel, channel])
    turned = np.where(loss.covariance[loudest] < 0, -1.0, 1.0)
    falling = {channel: 0.5**number for number, channel in enumerate(voices)}
    every = range(loss.channels)
    mixes = [
        [float(channel in voices) for channel in every],
        [turned[channel] * (channel in voices) for channel in every],
        *([[falling.get(channel, 0.0) for channel in every]] if len(voices) == 2 else []),
        *(one_channel(channel, loss.channels) for channel in voices),
    ]
    return list(dict.fromkeys(_scaled(np.array(mix), loss) for mix in mixes))


def _scaled(mix: NDArray[np.float64], loss: MixLoss) -> Weights:
    """Return the weights scaled so that the mix is as loud as the loudest channel in it."""
    loudest = (loss.covariance.diagonal() * (mix != 0)).max()
    scale = np.sqrt(loudest / max(mix @ loss.covariance @ mix, loudest * 1e-3))
    return tuple(round(float(weight), 4) + 0.0 for weight in mix * scale)


def detect_mixes(
    path: Path, track: int | None, mixes: Sequence[Weights | None], new_detector: NewDetector = SpeechDetector
) -> list[Speech]:
    """Return the speech in each of several mixes of a track."""
    detectors = [new_detector() for _ in mixes]
    for block in decode_mixes(path, track, mixes):
        for detector, samples in zip(detectors, block, strict=True):
            detector.feed(samples)
    return [detector.finish() for detector in detectors]


def _lost_seconds(channels: Sequence[Speech], mix: Speech, gain: float) -> float:
    """Return the seconds in which somebody speaks on a channel and is not heard in the mix, where ``gain`` is the
    largest factor of a channel."""
    missing = ~_frames(mix, MARGIN)
    quiet = LOST * gain
    lost = np.zeros(len(mix.levels), bool)
    for channel in channels:
        lost |= _frames(channel) & (missing | (_smooth(mix.levels) < quiet * _smooth(channel.levels)))
    return float(lost.sum()) * FRAME_SECONDS


def _frames(speech: Speech, margin: int = 0) -> NDArray[np.bool_]:
    """Return whether each frame is in a region of speech, extended by ``margin`` frames."""
    frames = np.zeros(len(speech.levels), bool)
    for region in speech.regions:
        first, last = round(region.start / FRAME_SECONDS), round(region.end / FRAME_SECONDS)
        frames[max(0, first - margin) : last + margin] = True
    return frames


def _smooth(levels: NDArray[np.float32]) -> NDArray[np.float32]:
    power = np.convolve(levels * levels, np.full(SMOOTH, 1 / SMOOTH, np.float32), mode="same")
    return np.asarray(np.sqrt(np.maximum(power, 0)), dtype=np.float32)[: len(levels)]


def _speech_seconds(speech: Speech) -> float:
    return sum(region.duration for region in speech.regions)
