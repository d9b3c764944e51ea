"""Saved pages with the truth of their quotations, and measures of extraction and attribution against it.

The pages (``data/pages/NAME.html`` or ``.md``) are invented, in the patterns of newspapers, blogs and forums.
``NAME.json`` beside each holds what a careful reader would want checked, in order of the page: a quotation for each
pair of marks, block quote or answer, and the full name of the person quoted, null where the page does not say.
``data/pages2`` and those of higher number hold pages that were written after the rules and measured before any rule was
made from them: docs/quotation-benchmark.md has the figures.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from index.quotations import extraction
from index.quotations.extraction import Quotation
from pipeline.articles.article import Article, read_article

PAGES = Path(__file__).parent / "data" / "pages"
LATER_PAGES = Path(__file__).parent / "data" / "pages2"
LATEST_PAGES = Path(__file__).parent / "data" / "pages3"
NEWSROOM_PAGES = Path(__file__).parent / "data" / "pages4"
LAST_PAGES = Path(__file__).parent / "data" / "pages5"
SUFFIXES = (".html", ".md")
COVERED = 0.9
"""Share of the words of a long answer that several found quotations must hold together: a sound may be left out."""


@dataclass(frozen=True, slots=True)
class TrueQuotation:
    """A quotation of a page: its text without the outer marks, who is quoted, and in which part of the page."""

    text: str
    speaker: str | None
    fragment: bool
    where: str


@dataclass(frozen=True, slots=True)
class SavedPage:
    """A page and its truth.

    ``article`` and ``outside`` are CSS selectors: of the elements that hold the article, and of those within them that
    do not belong to it. ``not_quotations`` are quoted in comments, menus and the like, and must not be found.
    """

    path: Path
    language: str
    article: str
    outside: tuple[str, ...]
    quotations: tuple[TrueQuotation, ...]
    not_quotations: tuple[str, ...]

    @property
    def speakers(self) -> frozenset[str]:
        """The people who are quoted in it."""
        return frozenset(one.speaker for one in self.quotations if one.speaker)


class Extraction(NamedTuple):
    """Counts of true quotations by whether they were found, and of quotations found outside the article."""

    found: int
    missing: int
    outside: int


class Attribution(NamedTuple):
    """Counts of true quotations by their speaker's name: right, another one, or none where the page tells it.

    A quotation that was not found has no name, so it counts as null.
    """

    right: int
    wrong: int
    null: int


def load_pages(folder: Path = PAGES) -> list[SavedPage]:
    """Load all saved pages of a folder, in order of their names."""
    return [_load(path) for path in sorted(folder.iterdir()) if path.suffix in SUFFIXES]


def _load(path: Path) -> SavedPage:
    truth = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    return SavedPage(
        path,
        truth["language"],
        truth.get("article", ""),
        tuple(truth.get("outside", ())),
        tuple(TrueQuotation(**one) for one in truth["quotations"]),
        tuple(truth["not_quotations"]),
    )


@cache
def read_page(page: SavedPage) -> Article:
    """Return what airquote reads of a page."""
    return read_article(page.path)


@cache
def extract_quotations(page: SavedPage) -> tuple[Quotation, ...]:
    """Return the quotations that airquote finds in a page."""
    return extraction.extract_quotations(read_page(page).text).quotations


def measure_extraction(folder: Path = PAGES) -> Extraction:
    """Compare the quotations that are found in the saved pages of a folder with the truth."""
    pages = [(page, extract_quotations(page)) for page in load_pages(folder)]
    total = sum(len(page.quotations) for page, _ in pages)
    missing = sum(len(list_missing(page, found)) for page, found in pages)
    return Extraction(total - missing, missing, sum(len(list_outside(page, found)) for page, found in pages))


def measure_attribution(folder: Path = PAGES, fragments: bool = False) -> Attribution:
    """Compare the speakers of the quotations of a folder's pages with the truth; ``fragments`` includes those."""
    outcomes = [
        judge_speaker(page, true, found)
        for page in load_pages(folder)
        for true, found in pair_quotations(page.quotations, extract_quotations(page))
        if fragments or not true.fragment
    ]
    return Attribution(*map(outcomes.count, Attribution._fields))


def list_missing(page: SavedPage, found: Sequence[Quotation]) -> list[TrueQuotation]:
    """Return the true quotations of a page that were not found."""
    return [true for true, one in pair_quotations(page.quotations, found) if one is None]


def list_outside(page: SavedPage, found: Sequence[Quotation]) -> list[str]:
    """Return what was found of the texts that are quoted outside the article.

    A text that the article quotes too, as comments do, may come from either place and is left out.
    """
    parts = {split_words(part) for one in found for part in (one.text, *one.parts)}
    true = [split_words(one.text) for one in page.quotations]
    return [
        text
        for text, words in zip(page.not_quotations, map(split_words, page.not_quotations), strict=True)
        if words in parts and not any(holds(one, words) for one in true)
    ]


def pair_quotations(
    true: Sequence[TrueQuotation], found: Sequence[Quotation]
) -> Iterator[tuple[TrueQuotation, Quotation | None]]:
    """Yield each true quotation with the one found that holds its words, None if there is none.

    A found quotation may hold several true ones (its parts), and a long answer may be found in pieces. Where the same
    words were found twice, the order of the page decides.
    """
    reached = 0
    taken = set()
    for one in true:
        words = split_words(one.text)
        holders = [n for n, other in enumerate(found) if holds(split_words(other.text), words)]
        if holders:
            reached = min(holders, key=lambda n: (not _is_part(words, found[n]), n in taken, n < reached, n))
            taken |= {reached} if split_words(found[reached].text) == words else set()
        place = reached if holders else _first_piece(words, found)
        yield one, None if place is None else found[place]


def _is_part(words: tuple[str, ...], quotation: Quotation) -> bool:
    return any(split_words(part) == words for part in (quotation.text, *quotation.parts))


def _first_piece(words: tuple[str, ...], found: Sequence[Quotation]) -> int | None:
    """Return the number of the first found quotation within ``words``, if these together make up most of them."""
    texts = [split_words(one.text) for one in found]
    pieces = [n for n, text in enumerate(texts) if text and holds(words, text)]
    if sum(len(texts[n]) for n in pieces) < COVERED * len(words):
        return None
    return pieces[0]


def judge_speaker(page: SavedPage, true: TrueQuotation, found: Quotation | None) -> str:
    """Return the field of Attribution in which a quotation is counted."""
    if found is None:
        return "null"
    if found.speaker is None:
        return "null" if true.speaker else "right"
    return "right" if true.speaker and is_same_person(found.speaker, true.speaker, page.speakers) else "wrong"


def is_same_person(given: str, true: str, people: frozenset[str]) -> bool:
    """Whether a name as an article writes it means the person ``true`` rather than another one of ``people``.

    The last name alone means the person, and so does the first name, with an initial or without; titles before the name
    and accents do not count.
    """
    given_names, true_names = _fold_names(given), _fold_names(true)
    if true_names[-1] not in given_names and given_names != true_names[:1]:
        return False
    shared = {person: len({*given_names} & {*_fold_names(person)}) for person in people}
    return shared[true] == max(shared.values())


def _fold_names(name: str) -> list[str]:
    decomposed = unicodedata.normalize("NFD", name.casefold())
    names = "".join(one for one in decomposed if not unicodedata.combining(one)).split()
    return [one for one in names if len(one.rstrip(".")) > 1]


def split_words(text: str) -> tuple[str, ...]:
    """Return the words by which texts are compared: marks, spaces and case do not count."""
    return tuple(re.findall(r"\w+", unicodedata.normalize("NFC", text.replace("\xad", "")).casefold()))


def holds(text: tuple[str, ...], words: tuple[str, ...]) -> bool:
    """Whether ``words`` stand together in ``text``."""
    return f" {' '.join(words)} " in f" {' '.join(text)} "
