"""Which voice each piece of speech is: by its vector, with few changes, and two for two who speak at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from audio.voices.cheapest_path import find_cheapest_path
from audio.voices.clustering import Centroids
from audio.voices.pieces import AROUND, RegionSpeech

CHANGE = 0.2
"""What a change of voice costs from a piece to the next, in cosines: 0.8 confuses twice as much."""

Labels = NDArray[np.int64]
"""A voice for each piece: int64, (pieces,)."""

Scores = NDArray[np.float32]
"""How alike each piece is to each voice: (pieces, voices)."""


def label_pieces(region: RegionSpeech, centroids: Centroids) -> Labels:
    """Return the voice of each piece of a region.

    The pieces of a local voice change from one voice to another where it pays. Where two local voices
    that speak at once would be the same, the one that is less like it gets the next best.
    """
    scores = region.vectors @ centroids.T
    scores *= np.clip(region.alone / AROUND, 0.05, 1.0)[:, None]  # those of little speech count less
    labels = np.zeros(len(scores), np.int64)
    locals_ = np.unique(region.local).tolist()
    for local in locals_:
        own = region.local == local
        labels[own] = find_cheapest_path(-scores[own], [CHANGE] * int(own.sum()))
    strongest = sorted(locals_, key=lambda local: -float(scores[region.local == local].sum(axis=0).max()))
    for place, local in enumerate(strongest):
        for other in strongest[:place]:
            _part_two(region, scores, labels, local, other)
    return labels


def give_each_a_piece(regions: Sequence[RegionSpeech], labels: Sequence[Labels], centroids: Centroids) -> None:
    """Give each voice without any piece the one that is most like it, of voices that have others left."""
    counts = np.bincount(np.concatenate(labels), minlength=len(centroids))
    for voice in np.flatnonzero(counts == 0).tolist():
        free = (
            (float(vector @ centroids[voice]), number, piece)
            for number, region in enumerate(regions)
            for piece, vector in enumerate(region.vectors)
            if counts[labels[number][piece]] > 1
        )
        _, number, piece = max(free, default=(0.0, -1, -1))
        if number < 0:
            return
        counts[labels[number][piece]] -= 1
        counts[voice] = 1
        labels[number][piece] = voice


def _part_two(region: RegionSpeech, scores: Scores, labels: Labels, local: int, other: int) -> None:
    """Give pieces of ``local`` another voice where ``other`` has theirs while both speak."""
    if scores.shape[1] < 2:
        return
    both = region.activity[:, local] & region.activity[:, other]
    if not both.any():
        return
    own, others = region.local == local, region.local == other
    for voice in np.intersect1d(labels[own], labels[others]).tolist():
        total = scores[own].sum(axis=0)
        total[voice] = -np.inf
        labels[own & (labels == voice)] = int(total.argmax())
