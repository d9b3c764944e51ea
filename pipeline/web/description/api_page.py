"""The page that describes the API: its OpenAPI description as HTML, without scripts or anything from elsewhere."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from fastapi import APIRouter, Request
from markupsafe import Markup
from starlette.responses import HTMLResponse

from pipeline.web import urls
from pipeline.web.dependencies import Settings
from pipeline.web.description.api_description import operations
from pipeline.web.pages import show

router = APIRouter(include_in_schema=False)


@router.get(urls.API_PAGE)
async def api_page(request: Request, settings: Settings) -> HTMLResponse:
    """Show what the API can do."""
    description = request.app.openapi()
    groups = defaultdict(list)
    for operation in operations(description):
        groups[operation[2]["tags"][0]].append(operation)
    return show("api_page", settings, api=description, groups=groups, kind=_describe_kind, with_code=_with_code)


def _describe_kind(schema: dict[str, Any]) -> Markup:
    """Return the type of a value in words, with links to the objects in it."""
    match schema:
        case {"$ref": str(place)}:
            return Markup('<a href="#object-{0}">{0}</a>').format(place.rpartition("/")[2])
        case {"anyOf": list(kinds)}:
            return Markup(" or ").join(map(_describe_kind, kinds))
        case {"enum": list(values)}:
            return Markup(", ").join(f'"{value}"' for value in values)
        case {"const": value}:
            return Markup('"{}"').format(value)
        case {"type": "array", "items": dict(items)}:
            return Markup("list of {}").format(_describe_kind(items))
        case {"type": str(kind)}:
            return Markup("{}").format(kind)
        case _:
            return Markup("any")


def _with_code(text: str) -> Markup:
    """Return a text in which what stands between backticks is code."""
    parts = text.replace("``", "`").split("`")
    written = [Markup("<code>{}</code>" if number % 2 else "{}").format(part) for number, part in enumerate(parts)]
    return Markup("").join(written)
