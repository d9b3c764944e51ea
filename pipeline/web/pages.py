"""The pages: shells without data, which scripts fill from the API."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from pipeline.verification.results import MEANINGS
from pipeline.web import urls
from pipeline.web.dependencies import Settings

router = APIRouter(include_in_schema=False)
_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined
)


def _show(template: str, settings: Settings, **content: object) -> HTMLResponse:
    page = _TEMPLATES.get_template(f"{template}.html.jinja")
    return HTMLResponse(page.render(page=template, change_token=settings.change_token, urls=urls, **content))


@router.get(urls.SEARCH_PAGE)
async def search_page(settings: Settings) -> HTMLResponse:
    """Show the search page."""
    return _show("search", settings)


@router.get(urls.EPISODE_PAGE)
async def episode_page(episode: str, settings: Settings) -> HTMLResponse:
    """Show the page of an episode; its words are asked for while its scripts are still coming."""
    return _show("episode", settings, episode=episode)


@router.get(urls.CHECK_PAGE)
async def check_page(settings: Settings) -> HTMLResponse:
    """Show the page that checks an article."""
    return _show("check", settings, meanings=MEANINGS)


@router.get(urls.LIBRARY_PAGE)
async def library_page(settings: Settings) -> HTMLResponse:
    """Show the page of the library."""
    return _show("library", settings)
