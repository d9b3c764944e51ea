"""Locating: where a quotation was said, with every difference."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from pipeline.library import Library
from pipeline.verification.results import QuotationAnswer
from pipeline.web.dependencies import Pool
from pipeline.web.json_answers import JsonAnswer

router = APIRouter()

Name = Annotated[str | None, Query(max_length=500)]


@router.get("/locate")
async def locate(
    pool: Pool,
    quotation: Annotated[str, Query(max_length=4000)],
    limit: Annotated[int, Query(ge=1, le=100)] = 10,
    episode: Name = None,
    show: Name = None,
    speaker: Name = None,
) -> JsonAnswer:
    """Find where a quotation was said, the best place first, with the words said there and every difference."""
    found, unsearched = await pool.ask(_locate, quotation, limit, episode, show, speaker)
    return JsonAnswer({"found": found, "unsearched": unsearched})


def _locate(
    library: Library, quotation: str, limit: int, episode: str | None, show: str | None, speaker: str | None
) -> tuple[list[QuotationAnswer], tuple[str, ...]]:
    located = library.locate(quotation, limit=limit, episode=episode, show=show, speaker=speaker)
    return [one.answer for one in located.found], located.unsearched
