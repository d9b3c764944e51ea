"""Server-sent events: how far the jobs are, and that the library changed, for every page that is open."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter
from starlette.responses import StreamingResponse

from pipeline.web.dependencies import News

router = APIRouter(tags=["jobs"])


_EVENTS: dict[int | str, Any] = {200: {"description": "Events without end.", "content": {"text/event-stream": {}}}}


@router.get("/events", response_class=StreamingResponse, responses=_EVENTS)
async def follow_events(news: News) -> StreamingResponse:
    """Send all jobs as the event `jobs` at once and after every change, and `library` when something in it changed."""
    return StreamingResponse(_write(news.follow()), media_type="text/event-stream")


async def _write(messages: AsyncIterator[tuple[str, bytes]]) -> AsyncIterator[bytes]:
    async for kind, data in messages:
        yield b"event: %s\ndata: %s\n\n" % (kind.encode(), data) if kind else b":\n\n"
