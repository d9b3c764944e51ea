"""Tell whose voice is on which microphone: in a room each hears the others too, more softly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from audio.recording.mix_loss import SILENT
from audio.timecode import Span, join_near
from audio.voice_activity import FRAME_SECONDS, Speech

BLEED = 10 ** (-6 / 20)
"""A voice on a microphone is that of its speaker if it is at least this loud, -6 dB, relative to the loudest one there.

Two microphones at 0.3 m of two mouths that are 1.2 m apart hear the other voice 12 dB more softly."""

MOST_GAIN = 10 ** (9 / 20)
"""Microphones that are set more loudly than others are made equal, by at most 9 dB: the softest may be one on which
nobody speaks, and which hears only the others."""

OWN_LEVEL = 99.0
"""Percentile of a microphone's levels of speech that is taken for the level of its own speaker."""

SMOOTH = 9
"""Frames (0.3 s) over which levels are averaged, more than a syllable."""

JOINED, SHORTEST = 0.3, 0.15
"""Seconds: pauses in somebody's own speech that are kept, and the shortest speech that is."""


def own_speech(channels: Sequence[Speech]) -> list[Speech]:
    """Return the speech of each channel without that of louder ones at the same time.

    Where two speak at once both are kept.
    """
    levels = np.stack([_smooth(speech.levels) for speech in channels])
    spoken = np.stack([_spoken_frames(speech) for speech in channels])
    scaled = levels * _gains(levels, spoken)[:, np.newaxis]
    owned = spoken & (scaled >= BLEED * scaled.max(axis=0))
    return [_keep(speech, frames) for speech, frames in zip(channels, owned, strict=True)]


def _gains(levels: NDArray[np.float32], spoken: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Return the factor for each microphone that makes their own speakers equally loud."""
    own = [
        np.percentile(level[frames], OWN_LEVEL) if frames.any() else 0.0
        for level, frames in zip(levels, spoken, strict=True)
    ]
    loudest = max(own)
    return np.array([min(loudest / max(level, SILENT), MOST_GAIN) for level in own], np.float32)


def _keep(speech: Speech, frames: NDArray[np.bool_]) -> Speech:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], frames, [False]]).astype(np.int8))).tolist()
    spans = [
        Span(first * FRAME_SECONDS, min(last * FRAME_SECONDS, speech.duration))
        for first, last in zip(edges[::2], edges[1::2], strict=True)
    ]
    regions = tuple(span for span in join_near(spans, JOINED) if span.duration >= SHORTEST)
    return replace(speech, regions=regions)


def _spoken_frames(speech: Speech) -> NDArray[np.bool_]:
    frames = np.zeros(len(speech.levels), bool)
    for region in speech.regions:
        frames[round(region.start / FRAME_SECONDS) : round(region.end / FRAME_SECONDS)] = True
    return frames


def _smooth(levels: NDArray[np.float32]) -> NDArray[np.float32]:
    if len(levels) < SMOOTH:
        return levels
    power = np.convolve(levels * levels, np.full(SMOOTH, 1 / SMOOTH, np.float32), mode="same")
    return np.asarray(np.sqrt(np.maximum(power, 0)), np.float32)
