"""Which segments of the index are written anew as one, and when: a little with each commit, the rest beside."""

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
"""So many segments of less than half the full size are joined. Each more costs the first search of a process 0.1 ms."""
DELETED_SHARE = 0.2
"""Of a segment's passages: where more are of transcripts that are gone, it is written anew without them."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the index in a file of its own. ``deleted`` more passages in it are of transcripts that are gone."""

    name: str
    passages: int
    deleted: int


def joined_by_commit(segments: Iterable[Segment], pending: int) -> list[Segment]:
    """What a commit of ``pending`` new passages joins with them, because somebody waits for it: little.

    The segments that lost a passage, and those no larger than what is joined so far.
    """
    joined: list[Segment] = []
    total = 0
    for segment in sorted(segments, key=lambda segment: (not segment.deleted, segment.passages)):
        fits = total + segment.passages <= REWRITTEN_PASSAGES
        if fits and (segment.deleted or segment.passages <= pending + total):
            joined.append(segment)
            total += segment.passages
    return joined


def joined_beside(segments: Iterable[Segment], share: float = DELETED_SHARE) -> list[Segment]:
    """What is to be joined next while nobody waits; empty if nothing is.

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
