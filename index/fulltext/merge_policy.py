"""The merge policy of the index: which segments a commit merges, and which are merged in the background."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

SEGMENT_PASSAGES = 20_000
"""About the most that one segment holds: what a rebuild commits at a time, and what a merge writes at most, in 46 s.

30,000 passages take 4.4 KB each in segments of this size, 6.0 KB in such of 5,000 and 10.9 KB in such of 400, because
each has a list of its terms. To a search in a process that is warm their number makes no difference.
"""
REWRITTEN_PASSAGES = 100
"""Passages that a commit may write again to have fewer segments: at 2.3 ms each, a quarter of a second."""
SMALL_SEGMENTS = 10
"""So many segments of less than half the full size are merged. Each more costs the first search of a process 0.1 ms."""
DELETED_SHARE = 0.2
"""Of a segment's passages: where more are deleted, for their transcripts are gone, it is rewritten without them."""


@dataclass(frozen=True, slots=True)
class IndexSegment:
    """A segment of the index, in a file of its own; beside its ``passages`` it holds so many ``deleted`` ones."""

    name: str
    passages: int
    deleted: int


def select_commit_merge(segments: Iterable[IndexSegment], pending: int) -> list[IndexSegment]:
    """The segments that a commit of ``pending`` new passages merges with them: few, for somebody waits for it.

    Those that lost a passage, and those no larger than what is merged so far.
    """
    merged: list[IndexSegment] = []
    total = 0
    for segment in sorted(segments, key=lambda segment: (not segment.deleted, segment.passages)):
        fits = total + segment.passages <= REWRITTEN_PASSAGES
        if fits and (segment.deleted or segment.passages <= pending + total):
            merged.append(segment)
            total += segment.passages
    return merged


def select_background_merge(segments: Iterable[IndexSegment], share: float = DELETED_SHARE) -> list[IndexSegment]:
    """The segments to merge next in the background; empty if nothing is due.

    A segment that has lost more than this share of its passages, or the smallest of many small ones.
    """
    by_size = sorted(segments, key=lambda segment: segment.passages)
    for segment in by_size:
        if segment.deleted > share * (segment.passages + segment.deleted):
            return [segment]
    small = [segment for segment in by_size if segment.passages < SEGMENT_PASSAGES / 2]
    if len(small) < SMALL_SEGMENTS:
        return []
    totals = accumulate(segment.passages for segment in small)
    return [segment for segment, total in zip(small, totals, strict=True) if total <= SEGMENT_PASSAGES]
