"""Count the words that a query is asked about: those of each transcript that satisfy its conditions."""

from __future__ import annotations

from collections import Counter

from index.fulltext.maintenance import OpenIndex
from index.query.tree import AllOf, Query, condition_of
from index.search.circumstances import CircumstanceReader
from index.search.resolver import QueryResolver


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
    circumstances = CircumstanceReader(index.store, condition)
    if not circumstances.is_needed:
        return {number: words[number] for number in found}

    def count(number: int) -> int:
        """Count the words of a transcript that satisfy the condition."""
        searched = index.cache.transcript(number)
        assert searched is not None
        said = Counter(circumstances.read(searched, 0, words[number] - 1))
        return sum(times for one, times in said.items() if resolver.satisfies(condition, number, one))

    return {number: counted for number in found if (counted := count(number))}
