"""The voices of an episode: who they may be, their names, and changes of them by hand."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Path

from pipeline.library import Library
from pipeline.voices.spoken_voices import EpisodeVoice, VoiceChange
from pipeline.web.api.episodes import EpisodeName
from pipeline.web.dependencies import Pool
from pipeline.web.description.answer_schemas import keys, schema_of
from pipeline.web.json_answers import JsonAnswer

router = APIRouter(prefix="/episodes/{episode}/voices", tags=["voices"])

_CHANGE = schema_of(VoiceChange)
VoiceNumber = Annotated[int, Path(ge=1, lt=10**9)]
VoiceNumbers = Annotated[list[int], Body(max_length=1000, embed=True)]
MergedVoices = Annotated[list[int], Body(min_length=2, max_length=1000, embed=True)]


@router.get("", response_model=keys("VoiceList", voices=list[EpisodeVoice]))
async def list_voices(pool: Pool, episode: EpisodeName) -> JsonAnswer:
    """List the voices: how long each speaks, where to hear it alone, and who it may be."""
    return JsonAnswer({"voices": await pool.ask(Library.voices, episode)})


@router.put("/{voice}", response_model=_CHANGE)
async def name_voice(
    pool: Pool, episode: EpisodeName, voice: VoiceNumber, name: Annotated[str, Body(max_length=500, embed=True)]
) -> JsonAnswer:
    """Name a voice; an empty name takes it back."""
    return JsonAnswer(await pool.change(Library.name_voice, episode, voice, name))


@router.post("/merge", response_model=_CHANGE)
async def merge_voices(pool: Pool, episode: EpisodeName, voices: MergedVoices) -> JsonAnswer:
    """Make voices one: the others become the first."""
    return JsonAnswer(await pool.change(Library.merge_voices, episode, voices))


@router.post("/accept", response_model=_CHANGE)
async def accept_names(pool: Pool, episode: EpisodeName, voices: VoiceNumbers) -> JsonAnswer:
    """Give voices the names that are suggested for them; without numbers all."""
    return JsonAnswer(await pool.change(Library.accept_names, episode, voices))


@router.post("/undo", response_model=_CHANGE)
async def undo_change(pool: Pool, episode: EpisodeName) -> JsonAnswer:
    """Undo the last change by hand to the voices."""
    return JsonAnswer(await pool.change(Library.undo_voices, episode))
