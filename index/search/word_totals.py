"""Count the words that a query is asked about: those of each transcript that satisfy its conditions."""

from __future__ import annotations

from index.fulltext.maintenance import OpenIndex
from index.query.tree import AllOf, Query, condition_of
from index.search.resolver import QueryResolver, asks_for_speaker


def words_in_reach(query: Query, index: OpenIndex) -> dict[int, int]:
    """Return the number of words of each transcript in which a query may have a hit, by transcript number.

    These are the words that satisfy the conditions which hold for the whole query; conditions of a part of it, such as
    one alternative, do not count. A transcript without such words is left out.
    """
    words = index.store.word_counts()
    condition = condition_of(query) if isinstance(query, AllOf) else None
    if condition is None:
        return words
    index.cache.refresh()
    resolver = QueryResolver(index.cache, index.lexicon)
    found = resolver.transcripts(condition)
    if not asks_for_speaker(condition):
        return {number: words[number] for number in found}
    spoken = {number: _spoken_words(condition, number, words[number], index, resolver) for number in found}
    return {number: count for number, count in spoken.items() if count}


def _spoken_words(condition: AllOf, number: int, words: int, index: OpenIndex, resolver: QueryResolver) -> int:
    """Return how many words of a transcript satisfy a condition that asks for speakers, sentence by sentence."""
    searched = index.cache.transcript(number)
    assert searched is not None
    return sum(
        segment.last - segment.first + 1
        for segment in index.store.segments(number, 0, words - 1)
        if resolver.satisfies(condition, searched, segment.speaker)
    )
