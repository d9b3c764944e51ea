"""The cheapest path through rows of costs, where a change of column costs something, too (Viterbi, 1967)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


def find_cheapest_path(costs: NDArray[np.floating[Any]], change_costs: Sequence[float] | NDArray[Any]) -> list[int]:
    """Return a column for each row, so that their costs and those of changes before rows are the least in all."""
    best = costs[0]
    origins: list[NDArray[np.intp]] = []
    for row, change in zip(costs[1:], change_costs[1:], strict=True):
        cheapest = int(best.argmin())
        changed = best[cheapest] + change
        origins.append(np.where(best <= changed, np.arange(len(best)), cheapest))
        best = np.minimum(best, changed) + row
    path = [int(best.argmin())]
    for origin in reversed(origins):
        path.append(int(origin[path[-1]]))
    return path[::-1]
