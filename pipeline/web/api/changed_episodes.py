"""Changes of episodes: what a person says of them, and their removal."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from pipeline.answers import Removed
from pipeline.episodes.episode_changes import EditedEpisode, EpisodeChanges
from pipeline.jobs.queue_file import JobQueue
from pipeline.library import Library
from pipeline.web.dependencies import Pool
from pipeline.web.description.answer_schemas import schema_of
from pipeline.web.json_answers import JsonAnswer

router = APIRouter(tags=["episodes"])
Value = Annotated[str, Field(max_length=2000)]


class EpisodeWish(BaseModel):
    """What to change; what is left out stays, and an empty text takes a value away."""

    title: Value | None = None
    show: Value | None = None
    date: Value | None = None
    address: Value | None = None
    language: Value | None = None
    speakers: dict[Value, Value] = {}


@router.patch("/episodes/{episode}", response_model=schema_of(EditedEpisode))
async def edit_episode(pool: Pool, episode: str, edit: EpisodeWish) -> JsonAnswer:
    """Change what is said of an episode."""
    changes = EpisodeChanges(None, edit.title, edit.show, edit.date, edit.address, edit.language, edit.speakers)
    return JsonAnswer(await pool.change(_edit, episode, changes))


@router.delete("/episodes/{episode}", response_model=schema_of(Removed))
async def remove_episode(pool: Pool, episode: str, keep_sound: bool = False) -> JsonAnswer:
    """Remove an episode with its words, and with its sound if that was downloaded or handed in."""
    return JsonAnswer(await pool.change(_remove, episode, keep_sound))


def _edit(library: Library, episode: str, changes: EpisodeChanges) -> EditedEpisode:
    return library.edit(episode, changes)


def _remove(library: Library, episode: str, keep_sound: bool) -> Removed:
    removed = library.remove(episode, keep_sound=keep_sound)
    JobQueue(library.directory).forget(removed.episode)
    return removed
