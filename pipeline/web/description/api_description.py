"""The description of the API by OpenAPI: errors, the token for changes, and what each parameter means by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from pipeline.web.description.answer_schemas import ErrorAnswer
from pipeline.web.safety.access_tokens import CHANGE_HEADER, SAFE_METHODS

ABOUT = """\
The operations behind the pages, with the keys of docs/json.md. Times are seconds.

What changes something needs the header `X-Airquote-Token`, with the token in the `<meta>` element `airquote-token` of
any page. Where the library asks for a token, every request needs it as `Authorization: Bearer TOKEN`."""

_ERROR = {"application/json": {"schema": {"$ref": f"#/components/schemas/{ErrorAnswer.__name__}"}}}
ERRORS: dict[int | str, Any] = {
    "4XX": {"description": "What is wrong with the request, and what to do.", "content": _ERROR},
    503: {"description": "It takes too long, or cannot be done at present.", "content": _ERROR},
}
PARAMETERS = {
    "after": "How many sentences after.",
    "before": "How many sentences before.",
    "by": "Whether hits are counted by month or by year; without it, what suits the time they span.",
    "check": "The name of a check, from its last line.",
    "correction": "The number of a correction.",
    "end": "Where to end, in seconds.",
    "episode": "An id, a unique prefix of one, or a title.",
    "facets": "By what hits are counted.",
    "first": "The number of the first word, from 0.",
    "format": "The format of the file, as docs/exports.md names it.",
    "fragments": "Whether quotations of one to three words are checked too.",
    "fuzzy": "Whether misspelt and misrecognised words match too.",
    "keep_sound": "Whether sound that was downloaded or handed in stays.",
    "lang": "Only episodes in this language.",
    "language": "The language that is spoken, as a code such as en.",
    "last": "The number of the last word, from 0.",
    "latest": "How many, the newest first.",
    "limit": "How many at most.",
    "listen": "Whether the sound is asked where words differ.",
    "name": "What the file is called.",
    "number": "The number of a job or a show, from its list.",
    "offset": "How many are left out before the first.",
    "q": "The query, in the syntax of `/api/syntax`.",
    "quotation": "What was said, word by word or nearly so.",
    "repeats": "What becomes of passages that recur in other episodes.",
    "show": "Only this show.",
    "since": "Only from this date on: YYYY, YYYY-MM or YYYY-MM-DD.",
    "sort": "The order.",
    "speaker": "Only what this speaker says.",
    "start": "Where to begin, in seconds.",
    "subtitles": "Whether captions are cut so that they can be read.",
    "time": "A second of the recording; may be repeated.",
    "title": "The title of the episode.",
    "date": "The date of the episode.",
    "until": "Only up to this date, likewise.",
    "voice": "The number of a voice, from 1.",
}


def describe_api(app: FastAPI) -> Callable[[], dict[str, Any]]:
    """Return a function that returns the description of an application, made once."""
    make = app.openapi

    def describe() -> dict[str, Any]:
        if app.openapi_schema is None:
            _complete(make())
        return make()

    return describe


def name_operation(route: APIRoute) -> str:
    """Return the id of an operation, which stays as it is when its address changes."""
    return route.name


def operations(description: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield method, path and operation of a description, in its order."""
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def _complete(description: dict[str, Any]) -> None:
    description["components"]["schemas"][ErrorAnswer.__name__] = ErrorAnswer.model_json_schema()
    description["components"]["securitySchemes"] = {
        "change": {"type": "apiKey", "in": "header", "name": CHANGE_HEADER, "description": "The token of the pages."}
    }
    for method, _, operation in operations(description):
        if method not in SAFE_METHODS:
            operation["security"] = [{"change": []}]
        for parameter in operation.get("parameters", ()):
            if "description" not in parameter and parameter["name"] in PARAMETERS:
                parameter["description"] = PARAMETERS[parameter["name"]]
