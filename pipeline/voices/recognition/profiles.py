"""Profiles: what people sound like, learned from the voices to which a person gave their names."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from audio.voices.voice_turns import Vector, Voice
from index.storage.store import Store
from index.storage.voice_facts import ProfileVoice

MIDDLE, SLOPE = 0.45, 30.0
"""Cosine at which a voice is as likely the same person's as another's, and how fast the logarithm of the odds changes
with it. Fitted on either half of 69 people in five languages, heard through five channels: 0.38 and 36, 0.45 and 43
(tests/bench/voices_names.py); more careful than both, since recordings of other days differ more.
"""

NOISE_SECONDS = 0.25
"""Seconds of speech of which half of what a vector tells is about the words, not the voice (fitted likewise)."""

MOST, LEAST = 9.0, -6.0
"""Bounds of the logarithm of the odds: so many pairs of people were heard; a cold or another microphone."""


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """What a person sounds like: the mean of ``seconds`` of speech, of length 1, in voices of these ``episodes``."""

    name: str
    vector: Vector
    seconds: float
    episodes: tuple[str, ...]


def read_profiles(store: Store) -> list[Profile]:
    """Return the profiles of a library, by name."""
    voices: dict[str, list[ProfileVoice]] = defaultdict(list)
    for voice in store.profiles():
        voices[voice.name].append(voice)
    return [_make_profile(name, learned) for name, learned in voices.items()]


def _make_profile(name: str, voices: Sequence[ProfileVoice]) -> Profile:
    seconds = np.array([max(voice.seconds, NOISE_SECONDS) for voice in voices])
    total = (np.stack([voice.vector for voice in voices]) * seconds[:, None]).sum(axis=0)
    vector = (total / max(float(np.linalg.norm(total)), 1e-9)).astype(np.float32)
    return Profile(name, vector, float(seconds.sum()), tuple(dict.fromkeys(voice.episode for voice in voices)))


def weigh_likeness(voice: Voice, profile: Profile) -> float:
    """Return the logarithm of how many times likelier a voice sounds so if it is this person's than if it is another's.

    The cosine is corrected for what short speech adds to it of its words (attenuation, Spearman 1904).
    """
    if voice.vector is None:
        return 0.0
    reliability = _reliability(voice.seconds) * _reliability(profile.seconds)
    alike = float(voice.vector @ profile.vector) / math.sqrt(reliability)
    return min(MOST, max(LEAST, SLOPE * (alike - MIDDLE)))


def _reliability(seconds: float) -> float:
    return max(seconds, NOISE_SECONDS) / (max(seconds, NOISE_SECONDS) + NOISE_SECONDS)
