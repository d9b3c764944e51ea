"""Shows that are followed: the list of them, their items, and subscriptions."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from audio.errors import AirquoteError
from pipeline.library import Library
from pipeline.shows.show_choices import ShowChoices
from pipeline.shows.subscriptions import ListedItem, ListedShow, Subscribed, Unsubscribed
from pipeline.web.api.job_list import CREATED, Number, Text
from pipeline.web.dependencies import Pool, Settings
from pipeline.web.description.answer_schemas import keys, schema_of
from pipeline.web.json_answers import JsonAnswer

router = APIRouter(tags=["shows"])
LONGEST_SUBSCRIPTION = 120.0
"""Seconds for asking for a feed, with patience, and reading it."""


class ShowWish(BaseModel):
    """A feed to follow, by its address or that of a page that names it, and what is wanted of it."""

    feed: Text
    latest: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    since: Text | None = None
    match: Text | None = None
    transcripts: Literal["publisher", "own", "both"] | None = None
    no_audio: bool | None = None
    keep_audio: Text | None = None


@router.get("/shows", response_model=keys("ShowList", shows=list[ListedShow]))
async def list_shows(pool: Pool) -> JsonAnswer:
    """List the shows that are followed, by title."""
    return JsonAnswer({"shows": await pool.ask(_list)})


@router.post("/shows", status_code=CREATED, response_model=schema_of(Subscribed))
async def subscribe(pool: Pool, settings: Settings, wanted: ShowWish) -> JsonAnswer:
    """Subscribe to a show, and learn its episodes; nothing is downloaded yet."""
    choices = ShowChoices(
        wanted.latest, wanted.since, wanted.match, wanted.transcripts, wanted.no_audio, wanted.keep_audio
    )
    subscribed = await pool.ask(_subscribe, wanted.feed, choices, settings.allow_private, limit=LONGEST_SUBSCRIPTION)
    return JsonAnswer(subscribed, CREATED)


@router.delete("/shows/{number}", response_model=schema_of(Unsubscribed))
async def unsubscribe(pool: Pool, number: Number) -> JsonAnswer:
    """Follow a show no longer; its episodes stay."""
    return JsonAnswer(await pool.change(_unsubscribe, number))


@router.get("/shows/{number}/items", response_model=keys("ItemList", items=list[ListedItem]))
async def list_items(pool: Pool, number: Number, latest: Annotated[int, Query(ge=1, le=1000)] = 50) -> JsonAnswer:
    """List the newest items of the feed of a show, and what is there of each."""
    return JsonAnswer({"items": await pool.ask(_list_items, number, latest)})


def _list(library: Library) -> list[ListedShow]:
    return library.shows()


def _subscribe(library: Library, feed: str, choices: ShowChoices, allow_private: bool) -> Subscribed:
    (subscribed,) = library.subscribe([feed.strip()], choices, allow_private=allow_private, origin="server")
    if isinstance(subscribed.error, AirquoteError):
        raise subscribed.error
    return subscribed


def _unsubscribe(library: Library, number: int) -> Unsubscribed:
    (unsubscribed,) = library.unsubscribe([str(number)])
    return unsubscribed


def _list_items(library: Library, number: int, latest: int) -> list[ListedItem]:
    return library.items([str(number)], latest=latest)
