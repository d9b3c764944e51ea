"""The page that checks an article, in a real browser: pasted, dropped, by keyboard, narrow, dark, and hostile."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from libraries import add_spoken
from test_web_check import ARTICLE, TURNS
from web_pages import NARROW, OpenPage, check_accessibility, is_wider_than_its_window
from web_server import RunningServer, running_server

from index.storage.store import Store

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

ATTACK = "<img src=x onerror=document.title='caught'>"
FINDINGS = ["verbatim", "altered", "misattributed"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server of a library with one conversation, and markup in a name and in words."""
    folder = tmp_path_factory.mktemp("library")
    with Store.open(folder, create=True) as store:
        add_spoken(store, "The roof", TURNS, show="Harbour Lights", published="2024-05-31")
        add_spoken(store, f"Told {ATTACK}", [(ATTACK, f"It was a quiet evening {ATTACK} on the old pier.")])
    with running_server(folder) as running:
        yield running


def check(page: Page, text: str) -> None:
    """Paste an article, have it checked by the keyboard alone, and wait for the end."""
    page.get_by_label("The article’s text").fill(text)
    page.get_by_label("The article’s text").press("Control+Enter")
    page.get_by_role("link", name="Download the evidence page").wait_for()


def test_quotations_are_marked_by_their_verdicts_and_open(server: RunningServer, open_page: OpenPage) -> None:
    page = open_page(f"{server.address}/check")
    check(page, ARTICLE)
    marks = page.locator("#article a.quoted")
    assert [marks.nth(number).get_attribute("title") for number in range(3)] == FINDINGS
    assert page.locator("#article").inner_text().replace("\n\n", " ").startswith("The theatre by the sea 𝄞 lost")
    assert page.locator("#article .passed-over").inner_text().startswith("“miracle”")
    marks.nth(1).focus()
    page.keyboard.press("Enter")
    assert page.locator("#q2").get_attribute("class") == "card quotation altered chosen"
    assert page.locator("#q2 del").inner_text().strip() == "forty thousand"
    assert page.locator("#q2 ins").inner_text().strip() == "ninety thousand"
    assert page.locator("#q3 .said").inner_text().startswith("Anna Keller:")
    link = page.locator("#q1").get_by_role("link", name="The roof").get_attribute("href")
    assert link is not None
    assert link.startswith("/e/the-roof?t=0.00&to=")


def test_the_counts_show_one_kind_alone(server: RunningServer, open_page: OpenPage) -> None:
    page = open_page(f"{server.address}/check")
    check(page, ARTICLE)
    page.get_by_role("button", name="1 altered").click()
    assert [page.locator(f"#q{number}").is_visible() for number in (1, 2, 3)] == [False, True, False]
    page.get_by_role("button", name="1 altered").click()
    assert page.locator("#q1").is_visible()


def test_a_dropped_file_is_checked_and_another_after_it(server: RunningServer, open_page: OpenPage) -> None:
    page = open_page(f"{server.address}/check")
    page.locator("#file").set_input_files({"name": "a.md", "mimeType": "text/markdown", "buffer": ARTICLE.encode()})
    page.get_by_role("link", name="Download the evidence page").wait_for()
    assert page.locator("#quotations li").count() == 3
    page.get_by_role("button", name="Check another article").click()
    check(page, "“People came with buckets,” said Anna Keller.")
    assert page.locator("#quotations li").count() == 1


def test_what_goes_wrong_is_told(server: RunningServer, open_page: OpenPage) -> None:
    page = open_page(f"{server.address}/check")
    page.locator("#file").set_input_files({"name": "a.docx", "mimeType": "x/y", "buffer": b"PK\x03\x04 no document"})
    page.get_by_role("alert").filter(has_text="a.docx").wait_for()
    assert page.get_by_label("The article", exact=True).is_hidden()
    assert page.get_by_role("button", name="Check another article").is_hidden()
    page.get_by_label("Or its address").fill("http://127.0.0.1:9/")
    page.get_by_role("button", name="Check the quotations").click()
    page.get_by_role("alert").filter(has_text="127.0.0.1").wait_for()


def test_markup_in_an_article_and_a_library_is_text(server: RunningServer, open_page: OpenPage) -> None:
    page = open_page(f"{server.address}/check")
    check(page, f"“It was a quiet evening on the old pier,” said {ATTACK}. {ATTACK}")
    assert "<img src=x onerror=document.title=" in page.locator("#article").inner_text()
    assert page.locator("main img").count() == 0
    assert "caught" not in page.title()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_accessible_and_fits_a_telephone(server: RunningServer, open_page: OpenPage, scheme: str) -> None:
    page = open_page(f"{server.address}/check", viewport=NARROW, color_scheme=scheme, bypass_csp=True)
    check_accessibility(page)
    check(page, ARTICLE)
    assert not is_wider_than_its_window(page)
    check_accessibility(page)
