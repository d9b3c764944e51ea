"""The time that hostile texts of 100 kilobytes take, and how the operations grow with their length."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple

from operations import count_lines

from audio.errors import AirquoteError
from index.formats.import_assembly import assemble_import
from index.formats.reading import parse_file
from index.language.british import usual_spelling
from index.language.sentences import split_sentences
from index.language.spelling import split_contraction
from index.language.tokens import tokenize
from index.query.parser import parse_query
from index.quotations.extraction import extract_quotations
from index.transcript import Word
from index.verification.quoted_words import read_quotation
from pipeline.answers import ArticleStream
from pipeline.articles.article import read_article
from pipeline.articles.markup import read_markdown

TEXTS = (
    '"', "“", "”", "«", "'", "‘", '{"a":', '"a" ', '"Yes," said Anna. ', "a", "A", "1", "1,", ".", ". ", "…", "a … ",
    "-", "—", " ", "\n", "\r", "\x85 ", "\n> a", "\u0301", "\u200b", "d'", "a's", "*", "a*", "s*** ", "(", ")", "(a) ",
    "[a] ", "Anna Keller ", "said ", ", dit-il, ", "one hundred and ", "point five ", "first ", "5. ", "<div>", "<b>a",
    "</p>", "<!--", "&amp;", "[a](", "`a", "> ", "  - ",
    "a||", "!", "+a ", "[a TO ", "/a ", "a w/5 ", "show:(a) ", "a OR ", "NOT ",
    "a~ ", "near(", "title:a ", "漢", "-->", "00:00:01,000 --> 00:00:02,000\na\n\n", "<v a>b",
    "Ann: a\n",
)  # fmt: skip
"""Repeated to any length."""


MOST_GROWTH = 6
"""Operations on a text of 4n characters, over those on n: 4 for linear time, 16 for quadratic."""


class Row(NamedTuple):
    """Seconds for a text of ``characters``, and the growth of operations for four times as many."""

    reader: str
    text: str
    characters: int
    seconds: float
    growth: float


def grow(text: str, length: int) -> str:
    """Repeat ``text`` to about ``length`` characters."""
    return text * (length // len(text) + 1)


def read_page(body: str) -> None:
    """Read a page of HTML; that it has no text is an answer."""
    head = "<!DOCTYPE html><html><head><title>A title</title></head><body><article>"
    page = f"{head}<p>{'Some words, and more of them. ' * 9}</p>{body}"
    with suppress(AirquoteError):
        read_article(ArticleStream(io.BytesIO(page.encode("utf-8", "replace")), "standard input"))


def _read_query(text: str) -> None:
    with suppress(AirquoteError):
        parse_query(text)


BEGINNINGS = (
    "WEBVTT\n\n00:01.000 --> 00:02.000\n",
    "1\n00:00:01,000 --> 00:00:02,000\n",
    "",
    '{"segments": [',
    "[00:01.000 --> 00:02.000] ",
    "[by:a]\n[00:01.00]",
    "0:00:01.000,0:00:02.000\n",
    "Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,",
    "<tt><body><p begin='1s' end='2s'>",
    "<time>0:01</time><p>",
    "start,end,text\n1,2,",
    "Ann (0:01):\n",
)
"""The beginnings of the layouts that text may have."""


def _read_file(text: str) -> None:
    for beginning in BEGINNINGS:
        with suppress(AirquoteError):
            assemble_import(parse_file((beginning + text).encode("utf-8", "replace"), Path("file")))


def _read_words(text: str) -> None:
    words = text.split()
    for token in tokenize(text):
        split_contraction(token)
        usual_spelling(token)
    split_sentences([Word(f" {word}", row / 2, row / 2 + 0.3) for row, word in enumerate(words)], "en")


READERS: dict[str, Callable[[str], object]] = {
    "quotations": extract_quotations,
    "words of a quotation": lambda text: read_quotation(text, "en"),
    "query": _read_query,
    "transcript file": _read_file,
    "words": _read_words,
    "page": read_page,
    "Markdown": read_markdown,
}
"""What reads texts of strangers."""


def measure(characters: int = 100_000) -> Iterator[Row]:
    """Yield a row for each reader and text."""
    for name, read in READERS.items():
        for text in TEXTS:
            yield Row(name, text, characters, _seconds(read, grow(text, characters)), growth(read, text, 1000))


def growth(read: Callable[[str], object], text: str, length: int) -> float:
    """Return the operations on a text of ``4 * length`` characters over those on ``length``: 4 if time is linear."""
    read(grow(text, 50))  # imports and caches
    short, long = (count_lines(partial(read, grow(text, times * length))) for times in (1, 4))
    return long / max(short, length)


def _seconds(read: Callable[[str], object], text: str) -> float:
    begun = time.process_time()
    read(text)
    return time.process_time() - begun
