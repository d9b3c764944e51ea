"""Texts that a stranger hands in take linear time: operations are counted, not seconds."""

from __future__ import annotations

import importlib
import io
import json
import pkgutil
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import regex
from operations import count_lines, count_steps
from torture.slow_texts import MOST_GROWTH, READERS, TEXTS, grow, growth, read_page
from trafilatura.utils import load_html

import audio
import index
import pipeline
from audio.errors import UsageError
from index.errors import QueryError
from index.fulltext.maintenance import OpenIndex
from index.language.numbers.number_readings import read_numbers
from index.query.parser import MAX_PATTERN, parse_query
from index.quotations import attribution_patterns, names, narration
from index.quotations.extraction import Quotation, extract_quotations
from index.transcript import Segment, Transcript, Word
from index.verification.costs import are_equal
from index.verification.locate import MOST_WORDS
from index.verification.verdicts import verify_quotation
from index.verification.word_forms import read_forms
from pipeline.answers import ArticleStream
from pipeline.articles import page_shape
from pipeline.articles.article import read_article
from pipeline.articles.markup import read_html, read_markdown
from pipeline.transcription.glossary import read_glossary
from pipeline.verification.checks import locate_statement
from pipeline.verification.scope import Scope

SHORT = 400
BOUNDED = {id(value) for name, value in vars(attribution_patterns).items() if name != "REMARK"}
"""Patterns that are matched with pieces of a text of limited length."""
RUNS = [" ", "\t", "\n", "\r", "\x85", "a", "A", "1", ".", ",", "'", '"', "-", "—", "*", "(", ")", "[", "]", "<", "&",
        "_", ":", "”", "~", "=", "a ", "A ", "a'", "a-", "1,", " .", ".'", "<a", "<!", "> ", "a.", "(a",
        "a: "]  # fmt: skip
ENDINGS = ["", "a", "!", "\x00"]


@pytest.mark.parametrize("reader", READERS, ids=str)
@pytest.mark.parametrize("text", TEXTS, ids=repr)
def test_the_operations_of_a_reader_grow_with_the_text(reader: str, text: str) -> None:
    assert growth(READERS[reader], text, SHORT) <= MOST_GROWTH


def searched_patterns() -> Iterator[tuple[str, Any]]:
    """The patterns that are looked for from every place of a text: not those that only match from its start."""
    for layer in (audio, index, pipeline):
        for found in pkgutil.walk_packages(layer.__path__, f"{layer.__name__}."):
            if found.name.endswith("__main__") or found.name.startswith("pipeline.python"):
                continue
            module = importlib.import_module(found.name)
            for name, value in vars(module).items():
                searched = isinstance(value, re.Pattern | regex.Pattern) and is_searched(module, name)
                if searched and id(value) not in BOUNDED:
                    yield f"{found.name}.{name}", value


def is_searched(module: ModuleType, name: str) -> bool:
    source = Path(module.__file__ or "").read_text(encoding="utf-8")
    uses = re.findall(rf"\b{name}\.(\w+)", source)
    defined = re.search(rf"^{name} = ", source, re.MULTILINE)
    return defined is not None and not (uses and set(uses) <= {"match", "fullmatch"})


PATTERNS = dict(searched_patterns())


@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_reads_a_run_of_characters_once(name: str) -> None:
    pattern = PATTERNS[name]
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    if "--[" in source or "\\1" in source:
        pytest.skip("a difference of sets, or a back reference, which the count does not know")
    flags = pattern.flags & (re.DOTALL | re.MULTILINE | re.VERBOSE | re.IGNORECASE)
    for run in RUNS:
        for ending in ENDINGS:
            texts = (f"a{grow(run, n)}{ending}" for n in (30, 120))
            # split_words strips a text before it splits it.
            stripped = (text.rstrip() if name.endswith("word_split._WORD") else text for text in texts)
            short, long = (count_steps(source, flags, text) for text in stripped)
            assert long <= MOST_GROWTH * short, (run, ending)


def test_the_count_of_steps_shows_a_pattern_that_reads_a_run_again_and_again() -> None:
    slow, quick = r"-{2,}>", r"(?<!-)-{2,}>"
    dashes = [grow("-", n) for n in (60, 240)]
    assert count_steps(slow, 0, dashes[1]) > MOST_GROWTH * count_steps(slow, 0, dashes[0])
    assert count_steps(quick, 0, dashes[1]) <= MOST_GROWTH * count_steps(quick, 0, dashes[0])


def test_the_name_before_a_colon_is_looked_for_once() -> None:
    label = attribution_patterns.LABEL
    length = narration.REACH
    assert count_steps(label.pattern, 0, names.BLANK * length) < 10 * length


PAGES: dict[str, Callable[[int], str]] = {
    "elements in elements": lambda n: "<div>" * n,
    "paragraphs": lambda n: "<p>Some words that nobody said.</p>" * n,
    "links": lambda n: "<a href='/x'>link</a> and " * n,
    "items": lambda n: "<ul>" + "<li>a b c" * n + "</ul>",
    "cells": lambda n: "<table><tr>" + "<td>a b c</td>" * n,
    "attributes": lambda n: "<p " + "".join(f"a{row}='1' " for row in range(n)) + ">a</p>",
    "comments": lambda n: "<!-- a" * n,
    "scripts": lambda n: "<script>var a = {};</script>" * n,
    "braces": lambda n: '{"a":' * n,
}


@pytest.mark.parametrize("kind", PAGES)
def test_the_operations_on_a_page_grow_with_it(kind: str) -> None:
    read_page(PAGES[kind](10))  # imports and caches
    short, long = (count_lines(partial(read_page, PAGES[kind](times * SHORT))) for times in (1, 4))
    assert long <= MOST_GROWTH * max(short, 10 * SHORT)


ARTICLES: dict[str, Callable[[int], str]] = {
    "quotations in one sentence": lambda n: "when Anna Keller came “we left the house”, " * n,
    "names in one sentence": lambda n: "Anna Keller and Bo Lind, " * n + "said “we left the house”.",
    "many persons": lambda n: "".join(
        f"“We left,” said Anna Kel{chr(97 + row // 26)}{chr(97 + row % 26)}. " for row in range(n)
    ),
    "many descriptions": lambda n: "".join(
        f"The w{chr(97 + row // 26)}{chr(97 + row % 26)}r Bo Lind came. “We left it,” the singer said.\n\n"
        for row in range(n)
    ),
    "pronouns": lambda n: "He said “we left the house”. She said “no, we did not”. " * n,
    "relatives": lambda n: "Anna and Bo Keller came. Their son, Paul, came. “We left,” her brother said.\n\n" * n,
    "hearsay": lambda n: "“We left,” Keller recalled Lind telling him. " * n,
    "plain questions": lambda n: "# Bo Lind\n\n" + "Are you there?\n\nI am, and I stay.\n\n" * n,
    "bold questions": lambda n: "# Bo Lind\n\n" + "**Are you there?**\n\nI am, and I stay.\n\n" * n,
    "labels": lambda n: "Bo Lind came.\n\n" + "Lind: Are you there?\n\nCarr: I am, and I stay.\n\n" * n,
    "blocks": lambda n: "Bo Lind came.\n\n" + "> I never left the house.\n\nSo it was.\n\n" * n,
}


@pytest.mark.parametrize("kind", ARTICLES)
def test_the_operations_on_an_article_grow_with_it(kind: str) -> None:
    extract_quotations(ARTICLES[kind](5))  # caches
    short, long = (count_lines(partial(extract_quotations, ARTICLES[kind](n))) for n in (60, 240))
    assert long <= MOST_GROWTH * short


@pytest.mark.parametrize("shape", ["deep", "long", "crowded"])
def test_the_whole_text_of_a_page_with_an_unusual_shape_is_read(shape: str) -> None:
    said = (
        "<p>The mayor said “nobody was hurt &amp; nothing broke.”</p><script>“not this”</script><p>Second.<br>Line</p>"
    )
    around = {
        "deep": "<div>" * (2 * page_shape.DEEPEST) + said,
        "long": "<p>a</p>" * page_shape.MOST_ELEMENTS + said,
        "crowded": f"<div>{'<i>a</i> b ' * (page_shape.MOST_INLINE_CHILDREN + 1)}</div>{said}",
    }[shape]
    text, title, _ = read_html(f"<html><head><title>A title</title></head><body>{around}</body></html>")
    assert text.endswith("The mayor said “nobody was hurt & nothing broke.”\n\nSecond.\nLine")
    assert "not this" not in text
    assert title == "A title"


def test_long_metadata_is_cut_and_keeps_the_title_and_the_text() -> None:
    fields = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": "A headline",
        "author": [{"@type": "Person", "name": "(((("}] * (page_shape.MOST_METADATA // 10),
        "articleBody": "a " * 900,
    }
    head = f"<title>T</title><meta name='author' content='{'(' * 9_000}'>"
    page = (
        f"<html><head>{head}<script type='application/ld+json'>{json.dumps(fields)}</script></head><body><article><p>"
    )
    page += "Words. " * 90
    tree = load_html(page)
    assert tree is not None
    page_shape.shorten_metadata(tree)
    left = "".join(f"{element.text} {element.attrib}" for element in tree.iter())
    assert "((((" not in left
    assert "a " * 900 in left
    assert read_html(page)[1] == "A headline"


SCRIPT = "<script>" + 'window.state = {"a": [1, 2, {"b": "<p>“no”</p>"}]};' * 400 + "</script>"
ORDINARY = {
    "long text": lambda: "".join(
        f"<p>Paragraph {row}, in which nobody says anything of note.</p>\n" for row in range(9_000)
    ),
    "scripts": lambda: SCRIPT * 90,
    "data in the page": lambda: f"<img src='data:image/png;base64,{'iVBORw0K' * 230_000}'>",
    "one line": lambda: "<p>" + "Words and words and words. " * 70_000 + "</p>",
    "styles": lambda: "<style>" + ".a > .b { color: #123456; }\n" * 65_000 + "</style>",
    "menus": lambda: "<nav><ul>" + "<li><a href='/section/page'>A page of the site</a></li>" * 6_000 + "</ul></nav>",
}


@pytest.mark.parametrize("style", ORDINARY)
def test_two_megabytes_of_ordinary_html_are_read(style: str) -> None:
    said = "“We went to the harbour at night,” said Anna Keller, “and nobody was there to help us.”"
    page = (
        f"<!DOCTYPE html><html><head><title>T</title></head><body>{ORDINARY[style]()}<article><p>{said}</p></article>"
    )
    article = read_article(ArticleStream(io.BytesIO(page.encode()), "standard input"))
    assert (
        "and nobody was there to help us"
        in [part for one in extract_quotations(article.text).quotations for part in one.parts][-1]
    )


def test_a_quotation_that_is_too_long_names_the_limit(two_episodes: OpenIndex) -> None:
    said = "word " * (MOST_WORDS + 1)
    verdict = verify_quotation(Quotation(said, (said,), 0, len(said)), two_episodes)
    assert (verdict.kind, verdict.parts) == ("cannot tell", ())
    assert f"at most {MOST_WORDS}" in verdict.reason
    with pytest.raises(UsageError, match=f"at most {MOST_WORDS}"):
        locate_statement("語" * (MOST_WORDS + 1), two_episodes, Scope(None, ()))


def test_a_pattern_of_a_query_that_is_too_long_names_the_limit() -> None:
    with pytest.raises(QueryError, match=f"at most {MAX_PATTERN} characters"):
        parse_query("a*" * MAX_PATTERN)


def test_a_masked_word_is_compared_in_linear_time() -> None:
    mask, word, other = read_forms(["f*" * 25 + "d", "f" * 60 + "d", "f" * 60 + "e"], "en").forms
    assert are_equal(mask, word)
    assert not are_equal(mask, other)


@pytest.mark.parametrize(
    "token", ["1e999999", "9" * 1_000_001, "d'" * 5_000 + "a", "a" + "'s" * 5_000, "$" + "9" * 1_000_000 + "k"]
)
def test_words_that_are_no_numbers_and_no_contractions_are_read_as_they_are(token: str) -> None:
    assert 1 <= len(read_forms([token, "hundredth"], "en")) <= 3
    assert read_numbers([token, "hundredth"], "en") == []


def test_a_name_of_a_glossary_may_have_many_lines(tmp_path: Path) -> None:
    glossary = tmp_path / "names.txt"
    glossary.write_text("".join(f"Okafor: form{row % 700}\n" for row in range(40_000)))
    [name] = read_glossary(glossary).names
    assert name.forms == tuple(f"form{row}" for row in range(700))


@pytest.mark.parametrize(
    ("field", "title"),
    [("'A b'", "A b"), ('"A', '"A'), ("A  ", "A"), ('""', '""'), (f"a{' ' * 20_000}b", f"a{' ' * 20_000}b")],
)
def test_the_title_of_a_front_matter_is_unquoted(field: str, title: str) -> None:
    assert read_markdown(f"---\ntitle: {field}\n---\ntext")[1] == title


def test_a_transcript_of_one_word_is_exported_whatever_its_dashes() -> None:
    from index.formats.writing import write_transcript

    word = "-" * 100_000 + "a"
    spoken = Transcript("en", "import", "srt", "{}", "interpolated", (Word(word, 0.0, 1.0),), (Segment(0, 0),))
    assert word in write_transcript(spoken, "srt")
