"""Articles: their quotations with verdicts, each as it is found, and the evidence page."""

from __future__ import annotations

import asyncio
import io
import secrets
from collections import OrderedDict
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import HTMLResponse, Response, StreamingResponse

from audio.errors import AirquoteError, UsageError, correct_input
from pipeline.answers import ArticleAddress, ArticleSource, ArticleStream
from pipeline.library import Library
from pipeline.progress import QuotationsAdvanced
from pipeline.result_json import as_json
from pipeline.verification.results import ArticleRead, CheckedArticle, QuotationJudged, VerifiedArticles
from pipeline.web.dependencies import Pool
from pipeline.web.json_answers import encode_json, error_answer, explain_no_answer
from pipeline.web.library_pool import LibraryPool
from pipeline.web.worker_process import NoAnswerError

router = APIRouter(tags=["articles"])

PASTED = "pasted text"
LARGEST_ARTICLE = 32 << 20
"""Bytes of a document: what the readers of articles take."""
LONGEST_NAME = 200
KEPT_CHECKS = 20
"""Checks whose evidence page can be had; a later one makes the first be forgotten."""
LONGEST_STEP = 120.0
"""Seconds without any progress after which a check is given up."""
JSON_LINES = "application/x-ndjson"


class CheckScope(BaseModel):
    """What an article is held against, and how; each as the option of ``airquote verify``."""

    model_config = ConfigDict(extra="forbid")
    episode: Annotated[str | None, Field(max_length=500)] = None
    show: Annotated[str | None, Field(max_length=500)] = None
    speaker: Annotated[str | None, Field(max_length=500)] = None
    since: Annotated[str | None, Field(max_length=10)] = None
    until: Annotated[str | None, Field(max_length=10)] = None
    fragments: bool = False
    listen: bool = True


class ArticleRequest(CheckScope):
    """An article as text, or its address."""

    text: str | None = None
    address: Annotated[str | None, Field(max_length=2000)] = None


class DocumentRequest(CheckScope):
    """An article whose text is the body, and what its file is called."""

    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]


@dataclass(frozen=True, slots=True)
class _GivenArticle:
    """An article that crosses processes: an address, or bytes with a name."""

    name: str
    data: bytes | None

    @property
    def source(self) -> ArticleSource:
        return ArticleAddress(self.name) if self.data is None else ArticleStream(io.BytesIO(self.data), self.name)


class KeptChecks:
    """The last checks, by names that cannot be guessed."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[CheckedArticle, ...]] = OrderedDict()

    def keep(self, articles: tuple[CheckedArticle, ...]) -> str:
        """Keep checked articles and return their name."""
        name = secrets.token_urlsafe(16)
        self._kept[name] = articles
        while len(self._kept) > KEPT_CHECKS:
            self._kept.popitem(last=False)
        return name

    def find(self, name: str) -> tuple[CheckedArticle, ...] | None:
        """Return the articles of a name, None if they are not kept."""
        return self._kept.get(name)


_IN_LINES: dict[int | str, Any] = {
    200: {"description": "The steps of the check, one a line.", "content": {JSON_LINES: {}}}
}


@router.post("/verify", response_class=StreamingResponse, responses=_IN_LINES)
async def verify(request: Request, pool: Pool, article: ArticleRequest) -> StreamingResponse:
    """Check the quotations of an article that is given as text or address; answers in JSON lines, each as it is known.

    Lines have a ``step``: ``article`` (its text, and what will be checked), ``verdict`` (the keys of ``airquote verify
    --json``; not ``settled`` while the sound is asked), ``progress``, ``end`` (with the name of the evidence page) or
    ``error``.
    """
    return _answer_in_lines(request, pool, _read_request(article), article)


@router.post("/verify/file", response_class=StreamingResponse, responses=_IN_LINES)
async def verify_file(
    request: Request,
    pool: Pool,
    document: Annotated[DocumentRequest, Query()],
) -> Response:
    """Check the quotations of a document, which is the body: text, Markdown, HTML, .docx or PDF; answers likewise."""
    data = await _read_body(request, LARGEST_ARTICLE)
    if data is None:
        return error_answer(413, f"The file has more than {LARGEST_ARTICLE >> 20} MB.", "Give one article at a time.")
    return _answer_in_lines(request, pool, _GivenArticle(Path(document.name).name or PASTED, data), document)


@router.get("/verify/{check}/report", response_class=HTMLResponse)
async def report(request: Request, pool: Pool, check: str) -> Response:
    """Return the evidence page of a check: one HTML file with the sound embedded."""
    articles = _checks_of(request).find(check)
    if articles is None:
        return error_answer(404, "This check is no longer kept.", "Check the article again.")
    page = await pool.ask(_render_report, articles, limit=LONGEST_STEP)
    return HTMLResponse(page, headers={"content-disposition": 'attachment; filename="evidence.html"'})


def _checks_of(request: Request) -> KeptChecks:
    state = request.app.state
    if not hasattr(state, "checks"):
        state.checks = KeptChecks()
    checks: KeptChecks = state.checks
    return checks


def _read_request(article: ArticleRequest) -> _GivenArticle:
    if (article.text is None) == (article.address is None):
        raise UsageError("Give either a text or an address.", correct_input("Leave one of them out."))
    if article.address is not None:
        if not article.address.lower().startswith(("http://", "https://")):
            advice = correct_input("Give one that begins with http:// or https://, or paste the text.")
            raise UsageError("This is not the address of a web page.", advice)
        return _GivenArticle(article.address, None)
    return _GivenArticle(PASTED, (article.text or "").encode("utf-8", "replace"))


async def _read_body(request: Request, largest: int) -> bytes | None:
    """Return the body of a request, None if it is too large."""
    data = bytearray()
    async for piece in request.stream():
        data += piece
        if len(data) > largest:
            return None
    return bytes(data)


def _answer_in_lines(
    request: Request, pool: LibraryPool, article: _GivenArticle, scope: CheckScope
) -> StreamingResponse:
    asked = scope.model_dump(include=set(CheckScope.model_fields))
    asked["allow_private"] = request.app.state.settings.allow_private
    lines = _check_in_lines(pool, article, asked, _checks_of(request))
    return StreamingResponse(lines, media_type=JSON_LINES, headers={"x-accel-buffering": "no"})


async def _check_in_lines(
    pool: LibraryPool, article: _GivenArticle, asked: dict[str, Any], checks: KeptChecks
) -> AsyncIterator[bytes]:
    steps: asyncio.Queue[Any] = asyncio.Queue()

    async def work() -> None:
        try:
            async for answer in pool.stream(_verify, article, asked, limit=LONGEST_STEP, progress=steps.put_nowait):
                steps.put_nowait(answer)
        except (AirquoteError, NoAnswerError) as error:
            steps.put_nowait(error)
        finally:
            steps.put_nowait(None)

    task = asyncio.create_task(work())
    try:
        while (step := await steps.get()) is not None:
            if line := _describe_step(step, checks):
                yield encode_json(line) + b"\n"
    finally:
        task.cancel()


def _describe_step(step: Any, checks: KeptChecks) -> dict[str, Any] | None:
    """Return what the page is told of a step, None for steps that do not concern it."""
    match step:
        case ArticleRead():
            return _describe_article(step)
        case QuotationJudged():
            verdict = as_json(step.checked.answer)
            return {"step": "verdict", **verdict, "number": step.number, "settled": step.settled}
        case QuotationsAdvanced():
            return {"step": "progress", "doing": step.step, "done": step.done, "total": step.total}
        case VerifiedArticles(failures=(failure, *_)):
            return _describe_failure(failure)
        case VerifiedArticles():
            listening = {"models": step.listening.models, "asked": step.listening.asked} if step.listening else None
            return {"step": "end", "check": checks.keep(step.articles), "notes": step.notes, "listening": listening}
        case AirquoteError():
            return _describe_failure(step)
        case NoAnswerError():
            message, way_out = explain_no_answer(step)
            return {"step": "error", "error": message, "way_out": way_out}
        case _:
            return None


def _describe_article(step: ArticleRead) -> dict[str, Any]:
    return {
        "step": "article",
        "title": step.article.title,
        "source": step.article.source,
        "text": step.article.text,
        "quotations": [{"start": one.start, "end": one.end, "attributed": one.speaker} for one in step.quotations],
        "passed_over": [{"start": one.start, "end": one.end, "reason": one.reason} for one in step.passed_over],
    }


def _describe_failure(error: AirquoteError) -> dict[str, Any]:
    return {"step": "error", "error": error.message, "way_out": error.way_out.advice if error.way_out else None}


def _verify(library: Library, article: _GivenArticle, asked: dict[str, Any]) -> list[VerifiedArticles]:
    return [library.verify([article.source], **asked, told=library.progress)]  # type: ignore[arg-type]


def _render_report(library: Library, articles: tuple[CheckedArticle, ...]) -> str:
    with TemporaryDirectory(prefix="airquote-") as folder:
        target = Path(folder, "evidence.html")
        library.write_report(articles, target)
        return target.read_text(encoding="utf-8")
