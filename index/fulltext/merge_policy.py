"""The merge policy of the index: which segments a commit merges, and which the background merge does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

SEGMENT_PASSAGES = 20_000
"""Approximate maximum size of a segment: what a rebuild commits at a time; writing a merge of that size takes 49 s.

The terms and postings of real podcasts take 346 bytes a passage in segments of this size and 415 in segments of 5,000,
because each segment has its own terms. The number of segments does not affect a warm search.
"""
REWRITTEN_PASSAGES = 100
"""Passages that a commit may rewrite to reduce the number of segments: at 2.3 ms each, a quarter of a second."""
SMALL_SEGMENTS = 10
"""Number of segments below half the full size that triggers a merge. Each adds 0.1 ms to a process's first search."""
DELETED_SHARE = 0.2
"""Share of deleted passages above which a segment is rewritten without them."""


@dataclass(frozen=True, slots=True)
class IndexSegment:
    """A segment of the index, one file, with the numbers of its live ``passages`` and of its ``deleted`` ones."""

    name: str
    passages: int
    deleted: int


def select_commit_merge(segments: Iterable[IndexSegment], pending: int) -> list[IndexSegment]:
    """Select the segments that a commit of ``pending`` new passages merges: few, since the caller waits for it.

    Segments with deletions first, then those no larger than what is merged so far.
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
    """Select the segments to merge next in the background; empty if no merge is due.

    One segment with more than this share of deleted passages, or the smallest of many small ones.
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
