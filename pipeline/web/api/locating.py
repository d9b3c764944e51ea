"""Places: where a quotation was said, with every difference, and what is said at a time."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from pipeline.answers import Moment
from pipeline.library import Library
from pipeline.verification.results import QuotationAnswer
from pipeline.web.dependencies import Pool
from pipeline.web.description.answer_schemas import keys
from pipeline.web.json_answers import JsonAnswer

router = APIRouter(tags=["search"])

Name = Annotated[str | None, Query(max_length=500)]


_FOUND = keys("LocatedQuotation", found=list[QuotationAnswer], unsearched=list[str])
_MOMENTS = keys("Moments", moments=list[Moment])
Sentences = Annotated[int, Query(ge=0, le=50)]


@router.get("/at", response_model=_MOMENTS)
async def at(
    pool: Pool,
    episode: Annotated[str, Query(max_length=500)],
    time: Annotated[list[float], Query(max_length=100)],
    before: Sentences = 1,
    after: Sentences = 1,
) -> JsonAnswer:
    """Tell what is said at some times of an episode, in seconds, with the sentences around."""
    return JsonAnswer({"moments": await pool.ask(_moments_at, episode, time, before, after)})


def _moments_at(library: Library, episode: str, times: list[float], before: int, after: int) -> list[Moment]:
    return library.at(episode, times, before, after)


@router.get("/locate", response_model=_FOUND)
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
