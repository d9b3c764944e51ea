"""Answers of the API as JSON: with the keys of docs/json.md, and errors in one form."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, is_dataclass
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from audio.errors import AirquoteError, InputError, MediaMovedError, TooLargeError, UsageError, WayOut
from index.errors import EpisodeError
from pipeline.printable import escape_json
from pipeline.result_json import as_json
from pipeline.web.safety.safety_headers import HEADERS
from pipeline.web.worker_process import NoAnswerError, QuestionLeftError, QuestionTooLongError, WorkerDiedError

UNKNOWN, WRONG, CONFLICT, TOO_LARGE, UNREADABLE, FAILED, UNABLE = 404, 400, 409, 413, 422, 500, 503


_STATUSES = {
    EpisodeError: UNKNOWN, TooLargeError: TOO_LARGE, UsageError: WRONG, MediaMovedError: CONFLICT,
    InputError: UNREADABLE, AirquoteError: UNABLE,
}  # fmt: skip
"""The status of each branch of errors, the narrower ones first."""


class JsonAnswer(Response):
    """Results as JSON, in which nothing controls the direction of text."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """Return the body."""
        return encode_json(content)


def encode_json(content: Any) -> bytes:
    """Return results, or texts and numbers with results in them, as JSON in UTF-8, on one line."""
    return escape_json(json.dumps(content, ensure_ascii=False, default=_as_json)).encode()


def _as_json(value: Any) -> Any:
    if isinstance(value, WayOut):
        return value.advice
    if is_dataclass(value) and not isinstance(value, type):
        return {name: asdict(one) if is_dataclass(one) else one for name, one in as_json(value).items()}  # type: ignore[arg-type]
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def tell_ways_out(ways_out: Iterable[WayOut]) -> list[dict[str, Any]]:
    """Return ways out with their kinds and facts, of which a page makes more than advice."""
    return [{"kind": one.kind, "advice": one.advice, "facts": dict(one.facts)} for one in ways_out]


async def describe_error(_request: Request, error: AirquoteError) -> JsonAnswer:
    """Return the answer to a request that raised an error: what happened, and what to do."""
    return error_answer(status_of(error), error.message, error.way_out.advice if error.way_out else None)


_NO_ANSWER: dict[type[NoAnswerError], tuple[str, str | None]] = {
    QuestionTooLongError: ("This takes too long.", "Ask for less: fewer episodes, or longer words."),
    QuestionLeftError: ("The connection was closed before the answer.", None),
    WorkerDiedError: ("The answer was cut off.", "Ask again; the server may be short of memory."),
}


async def describe_no_answer(_request: Request, error: NoAnswerError) -> JsonAnswer:
    """Return the answer to a request that took too long, or whose process has ended."""
    return error_answer(UNABLE, *explain_no_answer(error))


def explain_no_answer(error: NoAnswerError) -> tuple[str, str | None]:
    """Return why there is no answer, and what to do."""
    return next(told for kind, told in _NO_ANSWER.items() if isinstance(error, kind))


async def describe_parameters(_request: Request, error: RequestValidationError) -> JsonAnswer:
    """Return the answer to a request whose parameters or body are not what they should be."""
    wrong = [f"{'.'.join(map(str, one['loc'][1:])) or one['loc'][0]}: {one['msg']}" for one in error.errors()]
    return error_answer(UNREADABLE, f"The request is not valid. {'; '.join(wrong)}.")


_REFUSALS = {404: "There is nothing at this address.", 405: "This address does not take such a request."}


async def describe_refusal(_request: Request, error: HTTPException) -> JsonAnswer:
    """Return the answer to a request that no route takes."""
    answer = error_answer(error.status_code, _REFUSALS.get(error.status_code, f"{error.detail}."))
    answer.headers.update(error.headers or {})
    return answer


async def describe_failure(_request: Request, _error: Exception) -> JsonAnswer:
    """Return the answer to a request at which the server failed; only its own log tells why."""
    answer = error_answer(FAILED, "The server failed at this request.", "What the server printed tells more.")
    answer.headers.update(HEADERS)  # no middleware sees this answer
    return answer


def error_answer(status: int, message: str, way_out: str | None = None) -> JsonAnswer:
    """Return an answer that says what went wrong and what to do."""
    return JsonAnswer({"error": message, "way_out": way_out}, status)


def status_of(error: AirquoteError) -> int:
    """Return the HTTP status of an error."""
    return next(status for kind, status in _STATUSES.items() if isinstance(error, kind))
