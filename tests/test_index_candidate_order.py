"""Candidates are put in the order of their positions, however they lie in the index."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.search.candidate_order import order_by_position

POSITIONS = st.tuples(st.integers(1, 4), st.integers(0, 30))
LISTS = st.lists(POSITIONS, max_size=40, unique=True)


@given(st.one_of(LISTS, LISTS.map(sorted), LISTS.map(lambda found: sorted(found, key=lambda one: (-one[0], one[1])))))
def test_passages_are_ordered_by_transcript_and_position(passages: list[tuple[int, int]]) -> None:
    transcripts, firsts = np.array(passages, dtype=np.int64).reshape(-1, 2).T
    order = order_by_position(transcripts, firsts.astype(np.int32))
    assert [passages[place] for place in order.tolist()] == sorted(passages)
