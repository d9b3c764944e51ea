"""Search."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from pipeline.answers import SearchAnswer, SearchOptions
from pipeline.library import Library
from pipeline.web.dependencies import Pool
from pipeline.web.json_answers import JsonAnswer

router = APIRouter()


@router.get("/search")
async def search(
    pool: Pool, q: Annotated[str, Query(max_length=2000)], limit: Annotated[int, Query(ge=1, le=100)] = 20
) -> JsonAnswer:
    """Find statements."""
    answer = await pool.ask(_search, q, SearchOptions(limit=limit))
    return JsonAnswer({"hits": answer.statements, "total": answer.total, "exact": answer.exact})


def _search(library: Library, query: str, options: SearchOptions) -> SearchAnswer:
    return library.search(query, options)
