"""Find the hits of a query in one episode, as ranges of its words, in the order in which they are said."""

from __future__ import annotations

from dataclasses import dataclass

from audio.errors import WayOut
from index.fulltext.maintenance import OpenIndex
from index.search.searcher import search
from pipeline.searching import SearchRequest, explain_nothing, write_for

MOST_HITS = 2000
"""Hits that are listed: a page marks no more of them one by one. All are counted."""


@dataclass(frozen=True, slots=True)
class HitWords:
    """A hit: the words ``first`` to ``last`` of the episode, and those of them that the query ``asked`` for."""

    first: int
    last: int
    start: float
    end: float
    asked: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class EpisodeHits:
    """The hits of a query in an episode, the first MOST_HITS of them in order, and the number of all.

    ``suggestions`` and ``notes`` are as in SearchAnswer; they are not part of the JSON.
    """

    episode: str
    hits: tuple[HitWords, ...]
    total: int
    exact: bool
    suggestions: tuple[WayOut, ...] = ()
    notes: tuple[str, ...] = ()


def find_in_episode(request: SearchRequest, episode: str, index: OpenIndex) -> EpisodeHits:
    """Return the hits of a query whose options name this one ``episode``."""
    query, notes = write_for(index, request)
    found = search(query, index, limit=MOST_HITS, sort="time")
    hits = tuple(HitWords(one.first, one.last, one.span.start, one.span.end, one.asked) for one in found.hits)
    suggestions = () if hits else explain_nothing(request, index)
    return EpisodeHits(episode, hits, found.total, found.exact, suggestions, notes)
