"""Search: a page of hits, and what to change about a query that has few or none."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from pipeline.answers import FoundStatement, SearchAnswer, SearchOptions
from pipeline.library import SYNTAX, SYNTAX_NOTES, Library
from pipeline.web.api.search_parameters import PageParameters
from pipeline.web.dependencies import Answers
from pipeline.web.description.answer_schemas import Suggestion, keys
from pipeline.web.json_answers import JsonAnswer, tell_ways_out

router = APIRouter(tags=["search"])


_PAGE = keys(
    "SearchPage",
    hits=list[FoundStatement],
    marks=list[list[tuple[int, int]]],
    total=int,
    total_exact=bool,
    total_error=float,
    notes=list[str],
    suggestions=list[Suggestion],
)
_EXAMPLE = keys("QueryExample", heading=str, query=str, finds=str)
_SYNTAX = keys("QuerySyntax", examples=list[_EXAMPLE], notes=list[str])  # type: ignore[valid-type]


@router.get("/search", response_model=_PAGE)
async def search(answers: Answers, asked: PageParameters) -> JsonAnswer:
    """Find statements. `marks` are for each hit the ranges of characters of the query's words in its `context`."""
    return JsonAnswer(_tell(await answers.ask(find, asked.q, asked.options())))


def find(library: Library, query: str, options: SearchOptions) -> SearchAnswer:
    """Return a page of hits."""
    return library.search(query, options)


def _tell(answer: SearchAnswer) -> dict[str, Any]:
    return {
        "hits": answer.statements,
        "marks": [statement.marks for statement in answer.statements],
        "total": answer.total,
        "total_exact": answer.exact,
        "total_error": answer.error,
        "notes": answer.notes,
        "suggestions": tell_ways_out(answer.suggestions),
    }


@router.get("/syntax", response_model=_SYNTAX)
async def syntax() -> JsonAnswer:
    """Explain how queries are written, by examples."""
    rows = [
        {"heading": heading, "query": query, "finds": finds}
        for heading, examples in SYNTAX
        for query, finds in examples
    ]
    return JsonAnswer({"examples": rows, "notes": SYNTAX_NOTES.splitlines()})
