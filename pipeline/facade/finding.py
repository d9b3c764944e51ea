"""Search, and lookup by time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.answers import (
    FacetCounts,
    HitCount,
    Moment,
    Place,
    Placed,
    SearchAnswer,
    SearchOptions,
    SpokenWord,
    as_list,
)
from pipeline.facade.open_library import OpenLibrary
from pipeline.last_search import load_place

if TYPE_CHECKING:
    from index.query.periods import Period
    from pipeline.reading.episode_hits import EpisodeHits
    from pipeline.searching import SearchRequest
    from pipeline.trends.trend import Trend

# Each method imports what it needs when it is called: a timestamp lookup loads neither Whoosh nor an engine.

DEFAULT_SEARCH = SearchOptions()


class FindingStatements(OpenLibrary):
    """Search and lookup."""

    def search(self, query: str, options: SearchOptions = DEFAULT_SEARCH) -> SearchAnswer:
        """Return the best hits of a query, whose numbers are valid for ``hit`` until the next search, or suggestions.

        A query that asks only for titles, chapters and notes (``title:storm``) finds these, also of episodes that are
        not transcribed; ``found_in`` of a hit tells. ``count`` and ``facets`` count them.

        Raises QueryError for a query that does not parse, EpisodeError or UsageError for an invalid option.
        """
        from pipeline.searching import find_statements

        request = self._read_query(query, options, descriptions=True)
        answer = self._ask(lambda index: find_statements(request, index))
        places = [Place(one.episode, one.start, one.end) for one in answer.statements]
        return replace(answer, kept=self._save_places(places, options.offset + 1))

    def hits_in(self, name: str, query: str, *, fuzzy: bool = False) -> EpisodeHits:
        """Return the hits of a query in one episode as ranges of its words, in the order in which they are said.

        They are those of ``search``, which numbers them otherwise. Raises EpisodeError as ``at`` does, QueryError for a
        query that does not parse or asks only for titles, chapters and notes.
        """
        from pipeline.lookup import find_transcript
        from pipeline.reading.episode_hits import find_in_episode

        episode = find_transcript(self._store, name)[0].id
        request = self._read_query(query, SearchOptions(episode=episode, fuzzy=fuzzy))
        return self._ask(lambda index: find_in_episode(request, episode, index))

    def count(self, query: str, options: SearchOptions = DEFAULT_SEARCH) -> HitCount:
        """Count the hits of a query exactly. Raises as ``search`` does."""
        from pipeline.searching import count_hits

        request = self._read_query(query, options, descriptions=True)
        return self._ask(lambda index: count_hits(request, index))

    def facets(self, query: str, facets: Collection[str], options: SearchOptions = DEFAULT_SEARCH) -> FacetCounts:
        """Count the hits of a query for each value of the ``facets``: show, episode, year, month, speaker, language.

        Returns the ``options.limit`` most frequent of each. Raises as ``search``, or UsageError for an unknown facet.
        """
        from pipeline.trends.facets import check_facets, count_facets

        check_facets(facets)
        request = self._read_query(query, options, descriptions=True)
        return self._ask(lambda index: count_facets(request, facets, index))

    def trend(
        self,
        queries: Sequence[str],
        options: SearchOptions = DEFAULT_SEARCH,
        *,
        by: Period | None = None,
        per_show: bool = False,
    ) -> Trend:
        """Count how often each query was said in each month or year, exactly and relative to the words spoken.

        ``by`` None is months for at most three years, else years. With ``per_show`` each show is counted by itself. Of
        the options those apply that narrow or widen a search. Raises as ``search``, UsageError for an unknown ``by``.
        """
        from pipeline.trends.counts import check_period, count_trend

        check_period(by)
        requests = [self._read_query(query, options) for query in dict.fromkeys(as_list(queries))]
        return self._ask(lambda index: count_trend(requests, by, per_show, index))

    def _read_query(self, query: str, options: SearchOptions, *, descriptions: bool = False) -> SearchRequest:
        """Parse a query; what recurs in the library is marked, if the options tell it apart."""
        from pipeline.searching import read_query

        request = read_query(query, options, self._store, descriptions=descriptions)
        if options.repeats != "all":
            self._mark_repeats()
        return request

    def hit(self, number: int) -> Place:
        """Return the place with this number in the last search, ``locate`` or ``verify``, or raise UsageError."""
        return load_place(self.directory, number)

    def at(self, name: str, times: Sequence[float], before: int = 1, after: int = 1) -> list[Moment]:
        """Return what is said in an episode at each of ``times``, with ``before`` and ``after`` sentences of context.

        Raises EpisodeError for an episode that is unknown or has no transcript, TimeError for a time past the end.
        """
        from pipeline.lookup import moments_at

        return moments_at(self._store, name, times, before, after)

    def words(self, place: Placed) -> list[SpokenWord]:
        """Return every word of a place with times, probability and speaker. Raises as ``at`` and ``place`` do."""
        from pipeline.lookup import words_of

        return words_of(self._store, place)

    def place(self, name: str, start: float, end: float | None = None) -> Place:
        """Return a span of an episode as a place, after checking it; without ``end`` the moment ``start``.

        Raises EpisodeError for an unknown episode, TimeError for a time past the end or an end before the start.
        """
        from pipeline.lookup import check_span, check_time

        episode = self._store.resolve_episode(name)
        place = Place(episode.id, start, start if end is None else end)
        check_span(place)
        check_time(self._store, episode, place.end)
        return place
