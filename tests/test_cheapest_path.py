"""The cheapest path is that which trying all paths finds."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from audio.voices.cheapest_path import find_cheapest_path

costs_of = st.integers(-5, 5)


@given(
    st.integers(1, 3).flatmap(
        lambda width: st.lists(st.lists(costs_of, min_size=width, max_size=width), min_size=1, max_size=5)
    ),
    st.lists(st.integers(0, 4), min_size=5, max_size=5),
)
def test_no_path_is_cheaper(rows: list[list[int]], changes: list[int]) -> None:
    def cost(path: tuple[int, ...]) -> int:
        moves = sum(change for change, (one, other) in zip(changes[1:], pairwise(path), strict=False) if one != other)
        return moves + sum(row[column] for row, column in zip(rows, path, strict=True))

    found = find_cheapest_path(np.array(rows, np.float64), changes[: len(rows)])
    assert cost(tuple(found)) == min(map(cost, product(range(len(rows[0])), repeat=len(rows))))
