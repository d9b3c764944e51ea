"""Words of an episode that a person corrects: listed, made and undone."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Path

from pipeline.episodes.word_corrections import WordCorrection
from pipeline.library import Library
from pipeline.web.api.episodes import EpisodeName
from pipeline.web.dependencies import Pool
from pipeline.web.description.answer_schemas import keys, schema_of
from pipeline.web.json_answers import JsonAnswer

router = APIRouter(prefix="/episodes/{episode}/corrections", tags=["corrections"])

WordNumber = Annotated[int, Body(ge=0, lt=2**31)]


@router.get("", response_model=keys("CorrectionList", corrections=list[WordCorrection]))
async def list_corrections(pool: Pool, episode: EpisodeName) -> JsonAnswer:
    """List what was corrected by hand, by place; at last what is set aside."""
    return JsonAnswer({"corrections": await pool.ask(Library.corrections, episode)})


@router.post("", response_model=schema_of(WordCorrection))
async def correct_words(
    pool: Pool, episode: EpisodeName, first: WordNumber, last: WordNumber, text: Annotated[str, Body(max_length=4000)]
) -> JsonAnswer:
    """Put a text in the place of words, counted from 0; the numbers of later words may be others after it."""
    return JsonAnswer(await pool.change(Library.correct_words, episode, first, last, text))


@router.delete("/{correction}", response_model=schema_of(WordCorrection))
async def undo_correction(
    pool: Pool, episode: EpisodeName, correction: Annotated[int, Path(ge=1, lt=2**31)]
) -> JsonAnswer:
    """Undo a correction: what stood there before stands there again."""
    return JsonAnswer(await pool.change(Library.undo_correction, episode, correction))
