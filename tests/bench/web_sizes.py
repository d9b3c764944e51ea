"""What the server's pages load, compressed as it is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bench.web_server_process import ServerProcess

from pipeline.web import urls

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def measure_pages(browser: Browser, server: ServerProcess, episode: str) -> dict[str, float]:
    """Return the KB of each page: the page itself, and its scripts, styles and icons."""
    pages = (urls.SEARCH_PAGE, urls.EPISODE_PAGE.format(episode=episode), urls.CHECK_PAGE, urls.LIBRARY_PAGE)
    return {path: sum(size_of(server, one) for one in _loaded_by(browser, server, path)) for path in pages}


def size_of(server: ServerProcess, path: str) -> float:
    """Return the KB of an answer, compressed where the server does that."""
    return len(server.fetch(path, compressed=True)) / 1000


def _loaded_by(browser: Browser, server: ServerProcess, path: str) -> set[str]:
    """Return the addresses of a page and of what it loads that is no data."""
    context = browser.new_context()
    page = context.new_page()
    asked = {path}
    page.on("request", lambda request: asked.add(urlsplit(request.url).path))
    page.goto(server.address.rstrip("/") + path)
    page.wait_for_load_state("load")
    context.close()
    return {one for one in asked if one == path or one.startswith(urls.STATIC)}
