"""What the routes of the server are given."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from pipeline.web.answer_cache import AnswerCache
from pipeline.web.jobs.news import LibraryNews
from pipeline.web.library_pool import LibraryPool
from pipeline.web.web_settings import WebSettings


def _pool_of(request: Request) -> LibraryPool:
    pool: LibraryPool = request.app.state.pool
    return pool


def _answers_of(request: Request) -> AnswerCache:
    answers: AnswerCache = request.app.state.answers
    return answers


def _settings_of(request: Request) -> WebSettings:
    settings: WebSettings = request.app.state.settings
    return settings


def _news_of(request: Request) -> LibraryNews:
    news: LibraryNews = request.app.state.news
    return news


Answers = Annotated[AnswerCache, Depends(_answers_of)]
Pool = Annotated[LibraryPool, Depends(_pool_of)]
News = Annotated[LibraryNews, Depends(_news_of)]
Settings = Annotated[WebSettings, Depends(_settings_of)]
