"""Clustering: the voices of a recording, from vectors of pieces of speech.

Vectors are joined bottom up by the mean cosine between groups, a thousand at a time, and what these thousands give
once more: hours of sound take seconds and little memory. Groups of little speech, which are mostly mixtures of two
voices at a change, are dropped. The centroids of the others are refined as in spherical k-means (Dhillon and Modha,
2001). In long recordings mixtures and odd speech add up to more seconds: what tells them from a voice that says little
is that they come for a moment only, again and again, or are much like another voice.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audio.voices.packed_vectors import PackedVectors
from audio.voices.voice_turns import VoiceCount

SAME_VOICE = 0.55
"""Least mean cosine of the vectors of two groups that are joined. Vectors of 1.5 s have 0.36 or less with
another reader's in 95 of 100 cases, and 0.42 or more with those of their own."""

LEAST_SECONDS = 3.5
LEAST_SHARE = 0.15
"""Voices of less speech are dropped: so many seconds, or that share of all speech where it is less, as in half minutes
of meetings. With 2.5 s a mixture of two voices became a fifth voice of four readers."""

LITTLE_SHARE = 0.05
"""Share of all speech below which a group has to be unlike the others, and to speak for longer than moments. What is no
voice had at most 0.04 of it in podcasts of 200 s that were repeated for an hour."""

RUN = 4
"""Pieces in a row, of half a second each, that are more than a moment: what happens in a moment, such as a change of
voice, is in the vectors of three, which overlap."""

LEAST_IN_RUNS = 0.25
"""Least share of the pieces of such a group in runs. Readers have 0.58 or more, mixtures hardly any."""

ALIKE = 0.7
"""Least cosine of the centroids of two groups that are one voice: those of two readers have at most 0.44,
those of two women on the telephone 0.7."""

NEAR = 0.5
"""Least cosine of a vector with its centroid that counts for the centroid: others may be of two voices."""

ROUNDS = 5
BATCH = 1000
"""Vectors that are joined at a time: the time and memory of joining grow with their square."""

TIGHTER = (0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 1.0)
"""Cosines at which groups are joined where the usual one gives fewer voices than there are."""

Vectors = NDArray[np.float32] | PackedVectors
"""Vectors of length 1: (vectors, 192)."""

Centroids = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class _Groups:
    """Groups of vectors: their centroids, float32, (groups, 192), and the seconds of speech in each."""

    centroids: Centroids
    seconds: NDArray[np.float64]

    def keep(self, chosen: NDArray[np.bool_]) -> _Groups:
        """Return the chosen groups."""
        return _Groups(self.centroids[chosen], self.seconds[chosen])


def find_voices(
    vectors: Vectors, seconds: NDArray[np.float64], count: VoiceCount, places: NDArray[np.int64] | None = None
) -> Centroids:
    """Return the centroids of the voices in at least one vector: float32, (voices, 192).

    ``seconds`` is how much speech each vector stands for; ``places`` are the half seconds of the recording that they
    are pieces of, if they are. There are as many voices as ``count`` says, unless there are fewer different vectors.
    """
    groups = _drop_short(_join(vectors, seconds, SAME_VOICE))
    for _ in range(ROUNDS):
        groups = _merge_alike(_refine(groups, vectors, seconds), ALIKE)
    if places is not None:
        groups = _drop_odd(groups, vectors, seconds, places, count.fewest or 1)
    for cosine in TIGHTER:
        if len(groups.centroids) >= (count.fewest or 1):
            break
        groups = _keep_longest(_join(vectors, seconds, cosine), count.fewest or 1)
    while count.most and len(groups.centroids) > max(count.most, 1):
        groups = _merge_most_alike(groups)
    return groups.centroids


def _join(vectors: Vectors, seconds: NDArray[np.float64], cosine: float) -> _Groups:
    """Join vectors to groups that have at least this mean cosine."""
    parts = [
        _join_batch(vectors[start : start + BATCH], seconds[start : start + BATCH], cosine)
        for start in range(0, len(vectors), BATCH)
    ]
    groups = _Groups(
        np.concatenate([part.centroids for part in parts]), np.concatenate([part.seconds for part in parts])
    )
    if len(parts) == 1:
        return groups
    enough = len(groups.centroids) <= BATCH
    return (_join_batch if enough else _join)(groups.centroids, groups.seconds, cosine)


def _join_batch(vectors: Centroids, seconds: NDArray[np.float64], cosine: float) -> _Groups:
    from scipy.cluster.hierarchy import fcluster, linkage

    labels = np.zeros(len(vectors), np.int64)
    if len(vectors) > 1:
        # Rounding makes equal vectors differ by some 1e-7.
        labels = fcluster(linkage(vectors, "average", "cosine"), max(1 - cosine, 1e-6), "distance") - 1
    return _sum_up(vectors, seconds, labels, int(labels.max()) + 1)


def _sum_up(vectors: Centroids, seconds: NDArray[np.float64], labels: NDArray[np.int64], groups: int) -> _Groups:
    """Return the groups of labelled vectors; one without vectors has a centroid of zeros."""
    sums = np.zeros((groups, vectors.shape[1]))
    np.add.at(sums, labels, vectors * seconds[:, None])
    lengths = np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), np.finfo(np.float64).tiny)
    return _Groups((sums / lengths).astype(np.float32), np.bincount(labels, seconds, groups).astype(np.float64))


def _drop_short(groups: _Groups) -> _Groups:
    least = min(LEAST_SECONDS, LEAST_SHARE * float(groups.seconds.sum()), float(groups.seconds.max()))
    return groups.keep(groups.seconds >= least)


def _keep_longest(groups: _Groups, count: int) -> _Groups:
    longest = np.argsort(-groups.seconds, kind="stable")[:count]
    return groups.keep(np.isin(np.arange(len(groups.seconds)), longest))


def _refine(groups: _Groups, vectors: Vectors, seconds: NDArray[np.float64]) -> _Groups:
    """Return the groups with the centroids of the vectors nearest to each, less those far from all."""
    found = len(groups.centroids)
    sums, weights = np.zeros(groups.centroids.shape), np.zeros(found)
    for start in range(0, len(vectors), BATCH):
        batch = vectors[start : start + BATCH]
        cosines = batch @ groups.centroids.T
        labels, near = np.argmax(cosines, axis=1), np.max(cosines, axis=1) >= NEAR
        own = seconds[start : start + BATCH]
        np.add.at(sums, labels[near], batch[near] * own[near, None])
        weights += np.bincount(labels, own, found)
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    refined = np.where(lengths > 0, sums / np.where(lengths > 0, lengths, 1.0), groups.centroids).astype(np.float32)
    return _Groups(refined, weights).keep(weights > 0) if weights.any() else groups


def _drop_odd(
    groups: _Groups, vectors: Vectors, seconds: NDArray[np.float64], places: NDArray[np.int64], fewest: int
) -> _Groups:
    """Drop groups of little speech that are no voices, the least first: others may then get its vectors."""
    while len(groups.centroids) > fewest:
        labels = _label_near(groups, vectors)
        alike = (groups.centroids @ groups.centroids.T - 2 * np.eye(len(groups.centroids))).max(axis=1)
        odd = [
            one
            for one in np.flatnonzero(groups.seconds < LITTLE_SHARE * groups.seconds.sum())
            if alike[one] >= SAME_VOICE or _share_in_runs(places[labels == one]) < LEAST_IN_RUNS
        ]
        if not odd:
            break
        least = min(odd, key=lambda one: float(groups.seconds[one]))
        groups = _refine(groups.keep(np.arange(len(groups.seconds)) != least), vectors, seconds)
    return groups


def _label_near(groups: _Groups, vectors: Vectors) -> NDArray[np.int64]:
    """Return the group of each vector, -1 for those far from all: int64, (vectors,)."""
    labels = np.empty(len(vectors), np.int64)
    for start in range(0, len(vectors), BATCH):
        cosines = vectors[start : start + BATCH] @ groups.centroids.T
        near = np.max(cosines, axis=1) >= NEAR
        labels[start : start + BATCH] = np.where(near, np.argmax(cosines, axis=1), -1)
    return labels


def _share_in_runs(places: NDArray[np.int64]) -> float:
    """Return the share of places that have RUN or more in a row."""
    places = np.unique(places)
    runs = np.diff(np.concatenate([[0], np.flatnonzero(np.diff(places) > 1) + 1, [len(places)]]))
    return float(runs[runs >= RUN].sum() / max(len(places), 1))


def _merge_alike(groups: _Groups, cosine: float) -> _Groups:
    while len(groups.centroids) > 1 and _most_alike(groups)[0] >= cosine:
        groups = _merge_most_alike(groups)
    return groups


def _most_alike(groups: _Groups) -> tuple[float, int, int]:
    """Return the greatest cosine of two centroids, and which."""
    cosines = np.triu(groups.centroids @ groups.centroids.T + 2.0, 1)
    one, other = np.unravel_index(int(np.argmax(cosines)), cosines.shape)
    return float(cosines[one, other]) - 2.0, int(one), int(other)


def _merge_most_alike(groups: _Groups) -> _Groups:
    _, one, other = _most_alike(groups)
    labels = np.arange(len(groups.centroids))
    labels[other] = one
    return _sum_up(groups.centroids, groups.seconds, np.unique(labels, return_inverse=True)[1], len(labels) - 1)
