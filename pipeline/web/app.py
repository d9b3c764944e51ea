"""The application: pages, API and sound, behind the checks of who asks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib.metadata import version
from pathlib import Path

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles

from audio.errors import AirquoteError
from pipeline.library import Library
from pipeline.web import pages, urls
from pipeline.web.answer_cache import AnswerCache
from pipeline.web.api import (
    articles,
    changed_episodes,
    episode_corrections,
    episode_voices,
    episodes,
    events,
    followed_shows,
    hit_counts,
    job_list,
    library_overview,
    locating,
    overview,
    search,
    uploading,
)  # fmt: skip
from pipeline.web.description import api_page
from pipeline.web.description.api_description import ABOUT, ERRORS, describe_api, name_operation
from pipeline.web.jobs.job_runner import JobRunner
from pipeline.web.jobs.news import LibraryNews
from pipeline.web.json_answers import (
    describe_error,
    describe_failure,
    describe_no_answer,
    describe_parameters,
)
from pipeline.web.library_pool import LibraryPool
from pipeline.web.safety.access_tokens import TokenCheck
from pipeline.web.safety.hosts import HostCheck
from pipeline.web.safety.limits import SizeLimits
from pipeline.web.safety.origins import OriginCheck
from pipeline.web.safety.safety_headers import SafetyHeaders
from pipeline.web.sound import clips, exact_sound
from pipeline.web.web_settings import WebSettings
from pipeline.web.worker_process import NoAnswerError

API_ROUTERS = (
    search.router, hit_counts.router, overview.router, articles.router, episodes.router, episode_voices.router,
    episode_corrections.router, changed_episodes.router, job_list.router, uploading.router, followed_shows.router,
    library_overview.router, events.router, locating.router, clips.router,
)  # fmt: skip
UNBOUNDED = (f"{urls.API}/verify/file", f"{urls.API}/uploads")
"""What bounds its bodies itself."""
LEAST_COMPRESSED = 1024
"""Bytes below which compression saves nothing."""
COMPRESSION = 4
"""Of gzip's levels 1 to 9. A transcript of 30,000 words takes 11 ms and 195 KB with 4, 420 ms and 165 KB with 9."""


def create_app(settings: WebSettings) -> FastAPI:
    """Return the application that serves a library."""
    app = FastAPI(
        title="airquote",
        version=version("airquote"),
        description=ABOUT,
        responses=ERRORS,
        generate_unique_id_function=name_operation,
        lifespan=_hold_library,
        docs_url=None,
        redoc_url=None,
        openapi_url=urls.API_DESCRIPTION,
        redirect_slashes=False,
        middleware=[
            Middleware(SafetyHeaders),
            Middleware(HostCheck, settings=settings),
            Middleware(OriginCheck),
            Middleware(TokenCheck, settings=settings),
            Middleware(SizeLimits, unbounded=UNBOUNDED),
            Middleware(GZipMiddleware, minimum_size=LEAST_COMPRESSED, compresslevel=COMPRESSION),
        ],
        exception_handlers={
            AirquoteError: describe_error,
            NoAnswerError: describe_no_answer,
            RequestValidationError: describe_parameters,
            HTTPException: pages.show_refusal,
            Exception: describe_failure,
        },
    )
    app.state.settings = settings
    app.state.known_sounds = exact_sound.KnownSounds()
    for router in API_ROUTERS:
        app.include_router(router, prefix=urls.API)
    app.include_router(exact_sound.router)
    app.include_router(pages.router)
    app.include_router(api_page.router)
    app.openapi = describe_api(app)  # type: ignore[method-assign]
    app.mount(urls.STATIC, StaticFiles(directory=Path(__file__).parent / "static"))
    return app


@asynccontextmanager
async def _hold_library(app: FastAPI) -> AsyncIterator[None]:
    settings = app.state.settings
    _create_library(settings.library)
    app.state.pool = pool = LibraryPool(settings.library)
    app.state.answers = AnswerCache(pool)
    app.state.news = news = LibraryNews(settings.library)
    runner = JobRunner(settings.library, allow_private=settings.allow_private)
    pool.start()
    runner.start()
    try:
        yield
    finally:
        news.close()
        runner.close()
        pool.close()


def _create_library(directory: Path) -> None:
    """Create a library where there is none: the processes that answer only read.

    What is wrong with one is told by every answer.
    """
    with suppress(AirquoteError), Library.open(directory, create=True, numbers=False) as library:
        library.episodes()
