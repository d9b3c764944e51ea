"""Which sound of a file is used: its audio track, how its channels are mixed, and where players show its start."""

from __future__ import annotations

import math
from dataclasses import dataclass

Weights = tuple[float, ...]
"""The factor of each channel in a mix."""


@dataclass(frozen=True, slots=True)
class SoundChoice:
    """The sound that a time line was made from.

    ``track`` is the number of the audio track, from 1; None is the first that can be decoded. ``weights`` mix its
    channels; None is the standard mix. ``offset`` are the seconds that players show at the first sample.
    """

    track: int | None = None
    weights: Weights | None = None
    offset: float = 0.0


FIRST_SOUND = SoundChoice()
"""What was used before files could have more than one: the first track and the standard mix."""


def read_sound(track: object = None, weights: object = None, offset: object = 0.0) -> SoundChoice:
    """Return the choice with these values, as they were read from JSON. Raises ValueError for any other."""
    if not (track is None or (isinstance(track, int) and track > 0)):
        raise ValueError(f"its track cannot be {track!r:.60}")
    if not (weights is None or (isinstance(weights, list) and weights and all(map(_is_finite, weights)))):
        raise ValueError(f"its weights cannot be {weights!r:.60}")
    if not _is_finite(offset):
        raise ValueError(f"its offset cannot be {offset!r:.60}")
    return SoundChoice(track, None if weights is None else tuple(map(float, weights)), float(offset))  # type: ignore[arg-type]


def _is_finite(value: object) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)
