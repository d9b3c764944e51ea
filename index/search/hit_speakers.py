"""Who says the words of a hit, and notes on queries that ask for a voice without a name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from index.fulltext.maintenance import OpenIndex
from index.query.tree import AllOf, Filter, Query, condition_of, parts_of
from index.search.resolver import QueryResolver, is_named
from index.search.searcher import Hit
from index.speaker_labels import note_unnamed
from index.transcript import OVERLAP, Segment


class HitSpeakers(NamedTuple):
    """Who says most of the words of a hit, None if unknown; all who say any of them, in the order in which they do;
    and whether others speak at the same time."""

    most: str | None
    every: tuple[str, ...]
    overlap: bool


def find_hit_speakers(hit: Hit, segments: Sequence[Segment]) -> HitSpeakers:
    """Return who says the words of a hit that were asked for; ``segments`` are the sentences that these are in."""
    counts: Counter[str | None] = Counter()
    overlap = False
    for segment in segments:
        if words := sum(segment.first <= word <= segment.last for word in hit.asked):
            counts[segment.speaker] += words
            overlap |= OVERLAP in segment.flags
    most = max(counts, key=counts.__getitem__, default=None)
    return HitSpeakers(most, tuple(filter(None, counts)), overlap)


def note_unnamed_voices(query: Query, index: OpenIndex) -> Iterator[str]:
    """Yield a note for each voice without a name that a query asks for in several episodes: each has another."""
    asked = [one for one in parts_of(query) if isinstance(one, Filter) and one.field == "speaker"]
    if not asked:
        return
    resolver = QueryResolver(index.cache, index.lexicon)
    condition = condition_of(query) if isinstance(query, AllOf) else None
    for one in dict.fromkeys(asked):
        names = {name for name in {*chain(*index.lexicon.speakers().values())} if is_named(name, one.values)}
        reach = resolver.transcripts(one)
        if condition is not None:
            reach &= resolver.transcripts(condition)
        yield from note_unnamed(names, len(reach))
