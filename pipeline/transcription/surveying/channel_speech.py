"""The speech of channels that are transcribed separately: cut into windows, and freed of other voices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from audio.recording.bleed import own_speech
from audio.recording.channels import detect_mixes, one_channel
from audio.recording.sound_choice import SoundChoice
from audio.samples import SAMPLE_RATE, Samples
from audio.timecode import Span
from audio.voice_activity import SpeechDetector
from audio.windows import Window, pack_windows
from pipeline.transcription.plan import ChannelPart

_OWN_MARGIN = 0.2
"""Seconds of a channel that are kept around its own speech: soft onsets and fading ends."""


def silence_others(samples: Samples, speech: Sequence[Span]) -> Samples:
    """Return the samples of a channel with silence where others speak, whom its microphone hears too."""
    own = np.zeros(len(samples), bool)
    for span in speech:
        own[max(0, round((span.start - _OWN_MARGIN) * SAMPLE_RATE)) : round((span.end + _OWN_MARGIN) * SAMPLE_RATE)] = (
            True
        )
    return np.where(own, samples, np.float32(0))


def pack_channels(media: Path, sound: SoundChoice, channels: int) -> tuple[tuple[Window, ...], tuple[ChannelPart, ...]]:
    """Find the speech of each channel and cut it into windows; those of all channels are numbered through."""
    weights = [one_channel(channel, channels) for channel in range(channels)]
    windows: list[Window] = []
    parts: list[ChannelPart] = []
    own = own_speech(detect_mixes(media, sound.track, weights, SpeechDetector))
    for number, (alone, speech) in enumerate(zip(weights, own, strict=True), start=1):
        packed, before = pack_windows(speech), len(windows)
        if packed:
            parts.append(ChannelPart(number, alone, len(packed), speech.regions))
            windows += [replace(window, number=before + window.number) for window in packed]
    return tuple(windows), tuple(parts)
