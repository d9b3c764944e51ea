"""The tokens of the browser are those of the index: the same for every character, and for texts in many scripts."""

from __future__ import annotations

import random
import shutil
import sys
import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from web_pages import CHROMIUM, FLAGS

from index.language.tokens import split_tokens
from pipeline.site.site_pages import read_asset

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

WRITTEN = """
I don't, I don’t; rock 'n' roll: 'twas O‘Brien`s R&D, AT&T & Co. C++ C# F# a+ 5+ #1 a++b x+y Ω# ß# é+ 日# _+ 1# C++# C#!
twenty-five, U.S., snake_case, naïve café cafe\u0301 Ångström smørbrød Łódź đ æsop Œuvre ıI İstanbul
Straße STRASSE ẞ ΣΊΣΥΦΟΣ Σίσυφος σισυφος ᾳ ᾼ ῼ ΐ ŉ ǰ ﬁre ﬃ ſs K Å µ ½ x² №5 ⅷ Ⅷ Ａ１ ｶﾞ ﾊﾟ
Привет, ЁЛКА ёлка й ї שלום שָׁלוֹם السَّلامُ عليكم ٣٤ ۵۶ می‌خواهم हिन्दी क्‍ष १२ বাংলা தமிழ் ไทย สวัสดี ๑๒
မြန်မာ ၁၂ ខ្មែរ ລາວ 日本語いろはガギ々〆ヶ 한국어 中文１２ 𠮷野家 Ꭰꭰ ᏸ ᲑᲐ ბა Ⴀ և Եւ ꙋ ᲈ 𝓗𝓮𝓵𝓵𝓸
👩‍🚀 ❤️ a\u00adb a\u2060b \ufeffx x\u200dy
㍿ ㌔ ㍻ ﷺ ﷽ Ǆ ǅ ǆ ͅ ⁀ ‿ ＿ _a_ a_b ٪ ٫ \u2028 \u2029 \u0085
"""


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which(CHROMIUM), args=FLAGS)
        page = browser.new_page()
        page.add_script_tag(content=read_asset("tokens.js").decode())
        yield page
        browser.close()


def tokens_in_browser(page: Page, texts: list[str]) -> list[tuple[str, ...]]:
    found: list[list[str]] = page.evaluate("texts => texts.map(text => [...airquote.tokens(text)])", texts)
    return list(map(tuple, found))


def assert_same(page: Page, texts: list[str]) -> None:
    found = tokens_in_browser(page, texts)
    expected = map(split_tokens, texts)
    assert [
        (ascii(text), here, there) for text, here, there in zip(texts, found, expected, strict=True) if here != there
    ] == []


def characters() -> list[str]:
    """Every character that Unicode has assigned, apart from the halves of surrogate pairs."""
    letters = map(chr, range(sys.maxunicode + 1))
    return [one for one in letters if unicodedata.category(one) not in ("Cn", "Co", "Cs")]


def test_every_character_is_folded_and_cut_as_in_the_index(page: Page) -> None:
    # Letters of large scripts, which behave alike, are tried in the middle of ten others.
    lone = [one for one in characters() if not unicodedata.name(one, "").startswith(("CJK UNIFIED", "HANGUL SYLL"))]
    large = [one for one in characters() if unicodedata.name(one, "").startswith(("CJK UNIFIED", "HANGUL SYLL"))]
    assert len(lone) > 30_000
    assert_same(page, [f"a{one}b {one}" for one in lone])
    assert_same(page, ["".join(large[place : place + 20]) for place in range(0, len(large), 20)])


def test_texts_in_many_scripts_have_the_same_tokens(page: Page) -> None:
    assert_same(page, [WRITTEN, WRITTEN.upper(), WRITTEN.lower(), *WRITTEN.split()])


def test_any_row_of_characters_has_the_same_tokens(page: Page) -> None:
    drawn = random.Random(17)
    known = characters()
    common = [*dict.fromkeys(WRITTEN)]
    texts = ["".join(drawn.choices(drawn.choice((common, common, known)), k=12)) for _ in range(5000)]
    assert_same(page, texts)


def test_the_parts_of_a_word_are_the_word_and_have_its_tokens(page: Page) -> None:
    words = WRITTEN.split()
    parts = page.evaluate("words => words.map(word => airquote.parts(word))", words)
    assert ["".join(text for text, _ in one) for one in parts] == words
    assert [sum(count for _, count in one) for one in parts] == [len(split_tokens(word)) for word in words]
    assert len(parts[words.index("日本語いろはガギ々〆ヶ")]) > 8
