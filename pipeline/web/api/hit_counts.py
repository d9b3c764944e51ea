"""Counts of hits: all of them, by the values of facets, and by month or year."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from pydantic import Field

from pipeline.answers import FacetCounts, FacetValue, HitCount, SearchOptions
from pipeline.library import Library
from pipeline.trends.trend import Trend, TrendPoint
from pipeline.web.api.search_parameters import NarrowedQuery, QueryParameters
from pipeline.web.dependencies import Answers
from pipeline.web.description.answer_schemas import Suggestion, keys
from pipeline.web.json_answers import JsonAnswer, tell_ways_out

router = APIRouter(tags=["search"])

Facet = Literal["show", "episode", "year", "month", "speaker", "language"]


class FacetedQuery(NarrowedQuery):
    """A query, and by what its hits are counted."""

    facets: Annotated[list[Facet], Field(min_length=1, max_length=6)]
    limit: Annotated[int, Field(ge=1, le=1000, description="The most values of each facet.")] = 10

    def options(self) -> SearchOptions:
        """Return the options of the search."""
        return SearchOptions(**self.model_dump(exclude={"q", "facets"}))


class DatedQuery(NarrowedQuery):
    """A query whose hits are counted by time."""

    by: Literal["month", "year"] | None = None

    def options(self) -> SearchOptions:
        """Return the options of the search."""
        return SearchOptions(**self.model_dump(exclude={"q", "by"}))


_COUNT = keys("CountedHits", hits=int, episodes=int, exact=bool, notes=list[str], suggestions=list[Suggestion])
_FACETS = keys("CountedFacets", values=list[FacetValue], hits=int, notes=list[str])
_TREND = keys(
    "CountedTrend", by=Literal["month", "year"], points=list[TrendPoint], undated_episodes=int, notes=list[str]
)


@router.get("/count", response_model=_COUNT)
async def count(request: Request, answers: Answers, asked: QueryParameters) -> JsonAnswer:
    """Count the hits of a query, and the episodes that have any, exactly."""
    counted = await answers.count(request, count_all, asked.q, asked.options())
    return JsonAnswer(
        {
            "hits": counted.hits,
            "episodes": counted.episodes,
            "exact": counted.exact,
            "notes": counted.notes,
            "suggestions": tell_ways_out(counted.suggestions),
        }
    )


@router.get("/facets", response_model=_FACETS)
async def facets(request: Request, answers: Answers, asked: Annotated[FacetedQuery, Query()]) -> JsonAnswer:
    """Count the hits of a query for the most frequent values of each facet."""
    counted = await answers.count(request, count_facets, asked.q, tuple(dict.fromkeys(asked.facets)), asked.options())
    return JsonAnswer({"values": counted.values, "hits": counted.hits, "notes": counted.notes})


@router.get("/trend", response_model=_TREND)
async def trend(request: Request, answers: Answers, asked: Annotated[DatedQuery, Query()]) -> JsonAnswer:
    """Count how often a query was said in each month or year, exactly and relative to the words spoken."""
    counted = await answers.count(request, count_over_time, asked.q, asked.options(), asked.by)
    return JsonAnswer(
        {
            "by": counted.by,
            "points": counted.points,
            "undated_episodes": counted.undated_episodes,
            "notes": counted.notes,
        }
    )


def count_all(library: Library, query: str, options: SearchOptions) -> HitCount:
    """Return the number of all hits."""
    return library.count(query, options)


def count_facets(library: Library, query: str, names: tuple[str, ...], options: SearchOptions) -> FacetCounts:
    """Return the number of hits for each value of these facets."""
    return library.facets(query, names, options)


def count_over_time(library: Library, query: str, options: SearchOptions, by: Literal["month", "year"] | None) -> Trend:
    """Return the number of hits in each month or year."""
    return library.trend([query], options, by=by)
