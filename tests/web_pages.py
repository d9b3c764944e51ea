"""The server's pages in a real browser: one Chromium a module, pages that tell what goes wrong, and axe-core."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Response

CHROMIUM = "chromium"  # as Debian calls package and program
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
NARROW = {"width": 360, "height": 740}
ANSWERED = "Failed to load resource: the server responded"
"""What the browser writes to its console of every answer from 400; which answers are wrong, ``_watch`` tells."""
ANSWERED_PATHS = ("/api/", "/sound/")
"""Where an answer from 400 is one that a page shows."""

NODES = """() => {
  const walker = document.createTreeWalker(document, NodeFilter.SHOW_ALL);
  let nodes = 1;
  while (walker.nextNode()) nodes += 1;
  return nodes }"""
"""The number of nodes of the document."""

OpenPage = Callable[..., "Page"]
"""``open_page(address, **options of the browser's context)``."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium. Not for the session: while Playwright runs, nothing else of the process can run an event loop."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """A function that opens an address in a context of its own.

    When the test ends, no page may have written an error to its console, raised one, asked another host for anything,
    or got from its own an answer from 400 where it asks for no data.
    """
    contexts, problems = [], list[str]()

    def open_page(address: str, **window: Any) -> Page:
        contexts.append(context := browser.new_context(**window))
        page = context.new_page()
        _watch(page, address, problems)
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert problems == []


def _watch(page: Page, address: str, problems: list[str]) -> None:
    """Note what goes wrong on a page."""

    def check_console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(ANSWERED):
            problems.append(f"{message.type}: {message.text}")

    def check_request(url: str) -> None:
        asked = urlsplit(url)
        if asked.scheme not in ("data", "blob") and asked.netloc != urlsplit(address).netloc:
            problems.append(f"asked elsewhere: {url}")

    def check_answer(answer: Response) -> None:
        if answer.status >= 500 or (answer.status >= 400 and not urlsplit(answer.url).path.startswith(ANSWERED_PATHS)):
            problems.append(f"{answer.status}: {answer.url}")

    page.on("console", check_console)
    page.on("pageerror", lambda error: problems.append(f"raised: {error}"))
    page.on("request", lambda request: check_request(request.url))
    page.on("response", check_answer)


def check_accessibility(page: Page) -> None:
    """Assert that axe-core finds no violation; the page's context needs ``bypass_csp=True``, or axe cannot enter."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def is_wider_than_its_window(page: Page) -> bool:
    """Whether a page scrolls sideways."""
    wide: bool = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return wide
