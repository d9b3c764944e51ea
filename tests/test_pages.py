"""The saved pages, their truth, and the measures against it."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape
from pathlib import Path

import pytest
from pages import (
    LAST_PAGES,
    LATER_PAGES,
    LATEST_PAGES,
    NEWSROOM_PAGES,
    PAGES,
    Attribution,
    SavedPage,
    TrueQuotation,
    extract_quotations,
    is_same_person,
    judge_speaker,
    list_missing,
    list_outside,
    load_pages,
    measure_attribution,
    pair_quotations,
    split_words,
)

from index.quotations.extraction import Quotation

ALL = load_pages()
LATER = [page for folder in (LATER_PAGES, LATEST_PAGES, NEWSROOM_PAGES, LAST_PAGES) for page in load_pages(folder)]
QUOTATIONS = [one for page in ALL for one in page.quotations]
PLACES = {"body", "headline", "caption", "blockquote", "answer", "pull quote"}
LEAST_PAGES = 30
LEAST_QUOTATIONS = 250
LEAST_LATER_PAGES = 46
LEAST_LATER_QUOTATIONS = 600
LEAST_RIGHT = 0.95
MOST_WRONG = 0.01
PAGE = SavedPage(
    ALL[0].path,
    "en",
    "article",
    (),
    (
        TrueQuotation("We had one roof, and it leaked.", "Anna Keller", False, "body"),
        TrueQuotation("one roof", None, True, "headline"),
        TrueQuotation("I stayed. Then I went.", "Paul Reyes", False, "answer"),
    ),
    ("Best roof in town", "one roof"),
)


def found(text: str, speaker: str | None = None, *parts: str) -> Quotation:
    """A quotation as the code would find it."""
    return Quotation(text, parts or (text,), 0, len(text), speaker)


def page_name(page: SavedPage) -> str:
    """The name of a page's file."""
    return page.path.name


def page_words(page: SavedPage) -> str:
    """All words of a page, hidden ones too."""
    return " ".join(split_words(unescape(re.sub(r"<[^>]*>", " ", page.path.read_text(encoding="utf-8")))))


def test_the_pages_are_many_and_of_many_kinds() -> None:
    assert len(ALL) >= LEAST_PAGES
    assert len(QUOTATIONS) >= LEAST_QUOTATIONS
    assert {page.language for page in ALL} == {"en", "es", "fr", "de"}
    places = Counter(one.where for one in QUOTATIONS)
    assert set(places) == PLACES
    assert min(places.values()) >= 5, places
    named = sum(one.speaker is not None for one in QUOTATIONS)
    assert 0.6 < named / len(QUOTATIONS) < 0.8
    assert {path.suffix for path in (page.path for page in ALL)} == {".html", ".md"}


def test_the_later_pages_are_other_pages_of_other_people() -> None:
    assert len(LATER) >= LEAST_LATER_PAGES
    quotations = [one for page in LATER for one in page.quotations]
    assert len(quotations) >= LEAST_LATER_QUOTATIONS
    assert {page.language for page in LATER} == {"en", "es", "fr", "de"}
    assert not {one.speaker for one in quotations if one.speaker} & {one.speaker for one in QUOTATIONS}
    assert 0.6 < sum(one.speaker is not None for one in quotations) / len(quotations) < 0.8


@pytest.mark.parametrize("page", ALL + LATER, ids=page_name)
def test_the_truth_stands_in_the_page_in_its_order(page: SavedPage) -> None:
    words = page_words(page)
    place = 0
    for one in page.quotations:
        place = words.find(" ".join(split_words(one.text)), place)
        assert place >= 0, one.text
    for text in page.not_quotations:
        assert " ".join(split_words(text)) in words, text


@pytest.mark.parametrize("page", ALL + LATER, ids=page_name)
def test_a_page_asks_for_nothing_from_outside(page: SavedPage) -> None:
    source = page.path.read_text(encoding="utf-8")
    assert not re.search(r"""\s(?:src|srcset|poster|data)=["'](?!data:)|@import|\burl\(|rel="stylesheet""", source)


def test_a_quotation_is_found_whole_in_parts_or_in_pieces() -> None:
    roof, fragment, answer = PAGE.quotations
    interrupted = found("We had one roof, and it leaked.", None, "We had one roof,", "and it leaked.")
    pairs = dict(pair_quotations(PAGE.quotations, [interrupted, found("I stayed."), found("Then I went.")]))
    assert pairs[roof] == pairs[fragment] == interrupted
    assert pairs[answer] == found("I stayed.")
    assert list_missing(PAGE, [found("We had one roof."), found("Then I went.")]) == [roof, answer]


def test_the_order_decides_between_the_same_words() -> None:
    twice = [TrueQuotation("Go home.", name, False, "body") for name in ("Ann Lee", "Bo Lind")]
    quotations = [found("Go home.", "Lee"), found("I said, go home.", "Ann Lee"), found("Go home.", "Lind")]
    page = SavedPage(PAGE.path, "en", "", (), tuple(twice), ())
    assert [judge_speaker(page, *pair) for pair in pair_quotations(twice, quotations)] == ["right", "right"]


def test_what_stands_outside_the_article_is_noticed() -> None:
    assert list_outside(PAGE, [found("“Best roof in town,”"), found("one roof")]) == ["Best roof in town"]
    assert list_outside(PAGE, [found("He has the best roof in town")]) == []


@pytest.mark.parametrize(
    ("given", "expected"),
    [("Keller", "right"), ("Dr. Anna Keller", "right"), (None, "null"), ("Reyes", "wrong"), ("Oscar", "wrong")],
)
def test_a_speaker_is_right_wrong_or_unknown(given: str | None, expected: str) -> None:
    true = PAGE.quotations[0]
    assert judge_speaker(PAGE, true, found(true.text, given)) == expected
    assert judge_speaker(PAGE, true, None) == "null"
    unknown = PAGE.quotations[1]
    assert judge_speaker(PAGE, unknown, found(unknown.text, given)) == ("wrong" if given else "right")
    assert expected in Attribution._fields


@pytest.mark.parametrize(
    ("given", "true", "same"),
    [
        ("Okoro", "Rosalind Vance Okoro", True),
        ("New Kent Judge Rosalind Vance Okoro", "Rosalind Vance Okoro", True),
        ("Kofi D.", "Kofi Danquah", True),
        ("Alcantara", "Remedios Alcántara", True),
        ("Bella", "Bella Vasquez", True),
        ("Vasquez", "Bella Vasquez", True),
        ("Bella Vasquez", "Anton Vasquez", False),
        ("Tony", "Marguerite Haldane", False),
        ("Vance", "Rosalind Vance Okoro", False),
        ("Le", "Mathieu Le Guen", False),
    ],
)
def test_names_are_compared_as_people_write_them(given: str, true: str, same: bool) -> None:
    assert is_same_person(given, true, frozenset({true, "Bella Vasquez", "Anton Vasquez"})) == same


@pytest.mark.parametrize("page", ALL + LATER, ids=page_name)
def test_every_quotation_of_a_page_is_found_and_nothing_outside_the_article(page: SavedPage) -> None:
    found_here = extract_quotations(page)
    assert [one.text for one in list_missing(page, found_here)] == []
    assert list_outside(page, found_here) == []


@pytest.mark.parametrize("folder", [PAGES, LATER_PAGES, NEWSROOM_PAGES], ids=["first", "later", "newsroom"])
def test_speakers_are_right_or_unknown(folder: Path) -> None:
    counts = measure_attribution(folder)
    assert counts.right >= LEAST_RIGHT * sum(counts), counts
    assert counts.wrong <= MOST_WRONG * sum(counts), counts
