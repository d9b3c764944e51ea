"""The library as a whole: its episodes and shows, and what it holds on the disk."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from pipeline.answers import ListedEpisode
from pipeline.library import Library
from pipeline.shows.subscriptions import ListedShow
from pipeline.uploads.storage_use import StorageUse, measure_storage
from pipeline.web.dependencies import Pool
from pipeline.web.description.answer_schemas import keys, schema_of
from pipeline.web.json_answers import JsonAnswer

router = APIRouter(tags=["library"])


_LIBRARY = keys("WholeLibrary", episodes=list[ListedEpisode], shows=list[ListedShow], storage=StorageUse)


@router.get("/library", response_model=_LIBRARY)
async def describe_library(pool: Pool) -> JsonAnswer:
    """List the episodes, the newest first, and the shows that are followed, and tell what the disk holds."""
    return JsonAnswer(await pool.ask(_describe))


@router.get("/storage", response_model=schema_of(StorageUse))
async def describe_storage(pool: Pool) -> JsonAnswer:
    """Tell how many bytes transcripts, index and sound take, and how many are free."""
    return JsonAnswer(await pool.ask(_measure))


def _describe(library: Library) -> dict[str, Any]:
    return {"episodes": library.episodes(sort="date"), "shows": library.shows(), "storage": _measure(library)}


def _measure(library: Library) -> StorageUse:
    return measure_storage(library.directory)
