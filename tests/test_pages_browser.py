"""The text that airquote reads from the saved pages, held against what Chromium shows a reader."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING

import pytest
from pages import LATER_PAGES, LATEST_PAGES, PAGES, SavedPage, holds, load_pages, read_page, split_words
from web_pages import CHROMIUM, FLAGS

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

SHOWN_PAGES = [page for page in load_pages(PAGES) + load_pages(LATER_PAGES) + load_pages(LATEST_PAGES) if page.article]
LEAST_WORDS = 4
"""A hidden sentence of fewer words may stand in the article by chance."""
MARK = re.compile(r"[“”„«»\"]|(?<!\w)[‘‚'](?=\w)")
SENTENCE_END = re.compile(r"[.!?…]+[”“’»\"')]*\s+|[\n\t]+")

# The texts that a reader sees in the article, block by block. The marks of <q> come from the style sheet, which
# innerText leaves out, so they are put into the text.
SHOWN = """([article, outside]) => {
  for (const selector of outside) for (const it of document.querySelectorAll(selector)) it.remove();
  for (const it of document.querySelectorAll('q')) {
    const inner = it.parentElement.closest('q');
    it.prepend(inner ? '‘' : '“');
    it.append(inner ? '’' : '”');
  }
  return [...document.querySelectorAll(article)].map(it => it.innerText) }"""

# What no reader sees: text that is not displayed, scripts and the like, and comments of the markup.
HIDDEN = """() => {
  const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_COMMENT);
  const hidden = [];
  for (let it; it = walker.nextNode();)
    if (it.nodeType === Node.COMMENT_NODE || !it.parentElement.checkVisibility({visibilityProperty: true}))
      hidden.push(it.data);
  for (const it of document.querySelectorAll('template')) hidden.push(it.content.textContent);
  return hidden }"""


@dataclass(frozen=True, slots=True)
class Seen:
    """What Chromium shows of a page: the parts of its article, all of it, and the texts that it hides."""

    article: tuple[str, ...]
    everything: tuple[str, ...]
    hidden: tuple[str, ...]
    asked: frozenset[str]


Look = Callable[[SavedPage], Seen]


@pytest.fixture(scope="module")
def seen() -> Iterator[Look]:
    """Return a function that opens a page in a browser, once."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which(CHROMIUM), args=FLAGS)
        yield cache(partial(look_at, browser))
        browser.close()


def look_at(browser: Browser, saved: SavedPage) -> Seen:
    """Open a page in a browser and note what is shown."""
    page = browser.new_page()
    asked: set[str] = set()
    page.on("request", lambda one: asked.add(one.url))
    page.goto(saved.path.as_uri())
    everything = split_words(page.evaluate("document.body.innerText"))
    hidden = page.evaluate(HIDDEN)
    article = page.evaluate(SHOWN, [saved.article, saved.outside])
    page.close()
    return Seen(tuple(article), everything, tuple(hidden), frozenset(asked))


def read_words(page: SavedPage) -> tuple[str, ...]:
    """The words that airquote reads, the title's first."""
    article = read_page(page)
    return split_words(f"{article.title or ''}\n\n{article.text}")


def page_name(page: SavedPage) -> str:
    """The name of a page's file."""
    return page.path.name


def split_sentences(text: str) -> list[str]:
    """The sentences of a text, and its lines."""
    return [one for one in SENTENCE_END.split(text) if split_words(one)]


def holds_quotation(sentence: str, page: SavedPage) -> bool:
    """Whether a sentence has quotation marks, or lies in a quotation, as sentences of answers do."""
    words = split_words(sentence)
    return bool(MARK.search(sentence)) or any(holds(split_words(one.text), words) for one in page.quotations)


@pytest.mark.parametrize("page", SHOWN_PAGES, ids=page_name)
def test_every_sentence_with_a_quotation_that_is_shown_is_read(page: SavedPage, seen: Look) -> None:
    sentences = [one for text in seen(page).article for one in split_sentences(text)]
    quoting = [one for one in sentences if holds_quotation(one, page)]
    assert len(quoting) >= len(page.quotations) // 2, "the selectors find the article"
    read = read_words(page)
    assert [one for one in quoting if not holds(read, split_words(one))] == []


@pytest.mark.parametrize("page", SHOWN_PAGES, ids=page_name)
def test_nothing_hidden_is_read(page: SavedPage, seen: Look) -> None:
    hidden = [(one, split_words(one)) for text in seen(page).hidden for one in split_sentences(text)]
    shown = seen(page).everything
    unseen = [(one, words) for one, words in hidden if len(words) >= LEAST_WORDS and not holds(shown, words)]
    assert unseen, "every page has text that is not shown"
    read = read_words(page)
    assert [one for one, words in unseen if holds(read, words)] == []


@pytest.mark.parametrize("page", SHOWN_PAGES, ids=page_name)
def test_the_truth_is_what_is_shown_and_nothing_else_is_loaded(page: SavedPage, seen: Look) -> None:
    shown = split_words("\n".join(seen(page).article))
    assert [one.text for one in page.quotations if not holds(shown, split_words(one.text))] == []
    assert {one for one in seen(page).asked if not one.startswith(("data:", "about:"))} == {page.path.as_uri()}
