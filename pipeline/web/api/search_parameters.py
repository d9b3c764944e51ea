"""The parameters of a search: those of `airquote search`, named as its options."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from pipeline.answers import SearchOptions

LONGEST_QUERY, LONGEST_NAME = 2000, 300
MOST_HITS, FURTHEST_HIT, MOST_CONTEXT = 100, 1_000_000, 10

_Name = Annotated[str | None, Field(max_length=LONGEST_NAME)]


class NarrowedQuery(BaseModel):
    """A query, and what narrows or widens it."""

    model_config = ConfigDict(extra="forbid")

    q: Annotated[str, Field(max_length=LONGEST_QUERY, description="The query, as /api/syntax tells.")]
    show: _Name = None
    episode: _Name = None
    speaker: _Name = None
    since: _Name = None
    until: _Name = None
    lang: _Name = None
    fuzzy: bool = False
    repeats: Literal["all", "fold", "omit"] = "all"

    def options(self) -> SearchOptions:
        """Return the options of the search."""
        return SearchOptions(**self.model_dump(exclude={"q"}))


class PageOfHits(NarrowedQuery):
    """Which of the hits, in which order."""

    limit: Annotated[int, Field(ge=1, le=MOST_HITS)] = 20
    offset: Annotated[int, Field(ge=0, le=FURTHEST_HIT)] = 0
    context: Annotated[int, Field(ge=0, le=MOST_CONTEXT, description="Sentences around each hit.")] = 0
    sort: Literal["score", "date", "time"] = "score"
    by_episode: Annotated[bool, Field(description="Only the first hit of each episode.")] = False


QueryParameters = Annotated[NarrowedQuery, Query()]
PageParameters = Annotated[PageOfHits, Query()]
