"""Pieces of speech: half seconds of a local voice, each with a vector of the second and a half around it.

Ten to a region of five seconds. They are finer than turns, because segmentation misses some changes between voices that
are alike: the vectors then tell that a local voice is two.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from audio.voices.packed_vectors import Packed, pack_vectors, unpack_vectors
from audio.voices.segmentation import FRAME_SECONDS, LOCAL_VOICES, Activity

REGION_FRAMES = 296
SLOTS = 10
"""Pieces of a local voice that speaks for a whole region."""

AROUND = round(1.5 / FRAME_SECONDS)
"""Frames around the middle of a piece from which its vector is taken, where its voice speaks alone."""

LEAST_ALONE = round(0.2 / FRAME_SECONDS)
"""Frames without which a piece has no vector of its own; shorter ones tell next to nothing."""

Mask = NDArray[np.bool_]
"""Frames of a region: bool, (296,)."""

_SLOTS = np.arange(REGION_FRAMES) * SLOTS // REGION_FRAMES
_MIDDLES = (np.arange(SLOTS) + 0.5) * REGION_FRAMES / SLOTS


@dataclass(frozen=True, slots=True)
class SpeechPiece:
    """A piece of the voice ``local`` at ``slot`` of a region; ``heard`` are the frames from which its vector is taken,
    in ``alone`` of which it speaks alone."""

    local: int
    slot: int
    alone: int
    heard: Mask


@dataclass(frozen=True, slots=True, eq=False)
class RegionSpeech:
    """The speech of region ``number``: its ``activity``, packed, and its pieces, by local voice and slot.

    ``local``, ``slot`` and ``alone`` are those of the pieces, int16, (pieces,).
    """

    number: int
    packed: NDArray[np.uint8]
    local: NDArray[np.int16]
    slot: NDArray[np.int16]
    alone: NDArray[np.int16]
    packed_vectors: Packed

    @property
    def activity(self) -> Activity:
        """Which local voices speak: bool, (296, 3)."""
        return np.unpackbits(self.packed, axis=0, count=REGION_FRAMES).astype(np.bool_)

    @property
    def vectors(self) -> NDArray[np.float32]:
        """The vectors of the pieces, of length 1: float32, (pieces, 192)."""
        return unpack_vectors(self.packed_vectors)

    @property
    def seconds(self) -> NDArray[np.float64]:
        """The seconds of speech that each piece stands for: each frame is heard in three of them."""
        return self.alone.astype(np.float64) * (FRAME_SECONDS * REGION_FRAMES / SLOTS / AROUND)

    @property
    def places(self) -> NDArray[np.int64]:
        """The half second of the recording in which each piece is."""
        return self.number * SLOTS + self.slot.astype(np.int64)


def describe_region(
    number: int, activity: Activity, pieces: list[SpeechPiece], vectors: NDArray[np.float32]
) -> RegionSpeech:
    """Return the speech of a region in little memory."""
    local, slot, alone = np.array([(piece.local, piece.slot, piece.alone) for piece in pieces], np.int16).T
    return RegionSpeech(number, np.packbits(activity, axis=0), local, slot, alone, pack_vectors(vectors))


def cut_pieces(activity: Activity) -> Iterator[SpeechPiece]:
    """Yield the pieces of each local voice of a region; a voice too short for one has a piece of all its frames."""
    single = activity.sum(axis=1) == 1
    frames = np.arange(REGION_FRAMES)
    for local in range(LOCAL_VOICES):
        speaking = activity[:, local]
        alone = speaking & single
        cut = 0
        for slot in np.unique(_SLOTS[speaking]).tolist():
            heard = alone & (np.abs(frames - _MIDDLES[slot]) <= AROUND / 2)
            if heard.sum() >= LEAST_ALONE:
                cut += 1
                yield SpeechPiece(local, slot, int(heard.sum()), heard)
        if speaking.any() and not cut:
            yield SpeechPiece(local, int(_SLOTS[speaking][0]), int(alone.sum()), alone if alone.any() else speaking)


def find_runs(region: RegionSpeech, labels: NDArray[np.int64]) -> Iterator[tuple[int, int, int]]:
    """Yield the voice, first frame and end of each run of speech in a region.

    A frame has the label of the nearest piece of its local voice. Frames are counted from the start of the recording.
    """
    activity = region.activity
    first = region.number * REGION_FRAMES
    for local in range(LOCAL_VOICES):
        own = np.flatnonzero(region.local == local)
        if not len(own):
            continue
        nearest = own[np.argmin(np.abs(region.slot[own] - np.arange(SLOTS)[:, None]), axis=1)]
        voices = np.where(activity[:, local], labels[nearest][_SLOTS], -1)
        borders = [0, *(np.flatnonzero(np.diff(voices)) + 1).tolist(), REGION_FRAMES]
        for start, end in pairwise(borders):
            if voices[start] >= 0:
                yield int(voices[start]), first + start, first + end
