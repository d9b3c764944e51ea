"""Estimate the number of hits of a query from a sample of its candidate passages."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

COUNTED_PASSAGES = 200
"""The most candidate passages that are all read, so that the count is exact."""
ERROR = 0.1
"""The half-width of the 95 % confidence interval, as a share of the estimate, at which sampling stops."""
_BATCH = 48
"""Passages that are drawn at a time."""
MOST_DRAWN, MOST_WINDOWS = 3_072, 1_024
"""Passages that are drawn at most, and those of a query with near(), of which several times as many words are read."""
_NORMAL_95 = 1.96
_GOLDEN = (math.sqrt(5) - 1) / 2


class Estimate(NamedTuple):
    """An estimated number, and the half-width of its 95 % confidence interval as a share of it."""

    total: int
    error: float


def estimate_total(sizes: NDArray[np.float64], count: Callable[[int], float], most: int = MOST_DRAWN) -> Estimate:
    """Estimate the sum of ``count`` over all numbers below ``len(sizes)`` from ``most`` draws or fewer.

    Hansen and Hurwitz's estimator (1943): numbers are drawn with probabilities in proportion to their sizes, and each
    count is divided by its probability, so the estimate is unbiased whatever the sizes are, and the better the more the
    counts are in proportion to them; they are above zero. The draws follow the golden ratio instead of chance: equally
    spaced over the sizes, the same for a query each time, and any number of them can be added.
    """
    ends = np.cumsum(sizes)
    counted = cache(count)
    ratios: list[float] = []
    error = math.inf
    while error > ERROR and len(ratios) < most:
        spots = (np.arange(len(ratios), len(ratios) + _BATCH) + 0.5) * _GOLDEN % 1.0 * ends[-1]
        drawn = np.minimum(np.searchsorted(ends, spots, side="right"), len(ends) - 1)
        ratios += [counted(number) / sizes[number] for number in drawn.tolist()]
        mean = float(np.mean(ratios))
        error = _NORMAL_95 * float(np.std(ratios, ddof=1)) / math.sqrt(len(ratios)) / mean if mean else math.inf
    return Estimate(round(mean * float(ends[-1])), error if mean else 1.0)
