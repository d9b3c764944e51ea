"""Clustering: vectors of stretches of speech to voices."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from audio.voices.turns import VoiceCount

SAME_VOICE = 0.5
"""Least mean cosine of the vectors of two groups that are joined."""


def cluster_vectors(
    vectors: NDArray[np.float32],
    seconds: NDArray[np.float64],  # noqa: ARG001 - for weighing long stretches more than short ones
    count: VoiceCount,
) -> NDArray[np.int64]:
    """Return the number of the voice of each vector: int64, (vectors,), from 0 without gaps.

    ``vectors`` are float32, (vectors, 192), of length 1; ``seconds`` tells how much speech each of them is from.
    """
    from scipy.cluster.hierarchy import fcluster, linkage

    if len(vectors) < 2:
        return np.zeros(len(vectors), np.int64)
    tree = linkage(vectors, "average", "cosine")
    found = int(fcluster(tree, 1 - SAME_VOICE, "distance").max())
    wanted = min(max(found, count.fewest or 1), count.most or found, len(vectors))
    labels = fcluster(tree, wanted, "maxclust")
    return np.unique(labels, return_inverse=True)[1].astype(np.int64)
