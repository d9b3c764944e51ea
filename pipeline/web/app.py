"""The application: pages, API and sound, behind the checks of who asks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path

from fastapi import FastAPI, Request
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles

from audio.errors import AirquoteError
from pipeline.web import pages, urls
from pipeline.web.api import articles, search
from pipeline.web.json_answers import UNABLE, JsonAnswer, describe_error, error_answer
from pipeline.web.library_pool import LibraryPool, QuestionTooLongError
from pipeline.web.safety.headers import SafetyHeaders
from pipeline.web.safety.hosts import HostCheck
from pipeline.web.safety.limits import SizeLimits
from pipeline.web.safety.tokens import TokenCheck
from pipeline.web.web_settings import WebSettings

API_ROUTERS = (search.router, articles.router)
UNBOUNDED = (f"{urls.API}/verify/file",)
"""What bounds its bodies itself."""
LEAST_COMPRESSED = 1024
"""Bytes below which compression saves nothing."""


def create_app(settings: WebSettings) -> FastAPI:
    """Return the application that serves a library."""
    app = FastAPI(
        title="airquote",
        version=version("airquote"),
        lifespan=_hold_library,
        docs_url=None,
        redoc_url=None,
        openapi_url=urls.API_DESCRIPTION,
        middleware=[
            Middleware(SafetyHeaders),
            Middleware(HostCheck, settings=settings),
            Middleware(TokenCheck, settings=settings),
            Middleware(SizeLimits, unbounded=UNBOUNDED),
            Middleware(GZipMiddleware, minimum_size=LEAST_COMPRESSED),
        ],
        exception_handlers={AirquoteError: describe_error, QuestionTooLongError: _describe_time_out},
    )
    app.state.settings = settings
    for router in API_ROUTERS:
        app.include_router(router, prefix=urls.API)
    app.include_router(pages.router)
    app.mount(urls.STATIC, StaticFiles(directory=Path(__file__).parent / "static"))
    return app


@asynccontextmanager
async def _hold_library(app: FastAPI) -> AsyncIterator[None]:
    app.state.pool = pool = LibraryPool(app.state.settings.library)
    pool.start()
    try:
        yield
    finally:
        pool.close()


async def _describe_time_out(_request: Request, _error: Exception) -> JsonAnswer:
    return error_answer(UNABLE, "This takes too long.", "Ask for less: fewer episodes, or longer words.")
