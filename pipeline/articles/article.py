"""Read an article's text from a file, a web page or a stream."""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote

from audio.errors import choose_other_file, correct_input
from pipeline.answers import ArticleAddress, ArticleSource, ArticleStream
from pipeline.articles.download import MOST_BYTES, Page, download_page
from pipeline.articles.encoding import decode_text
from pipeline.articles.markup import ReadText, read_html, read_markdown
from pipeline.errors import INSTALL_READERS, NAME_ARTICLE, ArticleError
from pipeline.network.addresses import AddressRule

_HTML_SUFFIXES = (".html", ".htm", ".xhtml", ".shtml")
_MARKDOWN_SUFFIXES = (".md", ".markdown", ".mdown", ".mkd")
_HTML_TYPES = ("text/html", "application/xhtml+xml")
_HTML_BEGINNINGS = ("<!doctype html", "<html", "<head", "<body", "<article")
_PROLOG = re.compile(r"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*+", re.DOTALL)
_NEW_LINE = re.compile(r"\n")
_SNIFFED = 1000
_DOCUMENTS = [
    (b"{\\rtf", "an RTF file", "Save it as plain text, and give that file."),
    (
        b"\xd0\xcf\x11\xe0",
        "an old or encrypted Word file",
        "Save it as .docx without a password, and give that file.",
    ),
]


@dataclass(frozen=True, slots=True)
class Article:
    """The text of an article, with the blank lines between its paragraphs, its title and its source.

    ``lines`` are offsets in the text, each with the line of the source that begins there; none for a document.
    """

    text: str
    title: str | None
    source: str
    lines: tuple[tuple[int, int], ...] = ()

    def line_of(self, offset: int) -> int | None:
        """Return the line of the source, from 1, that the place ``offset`` of the text is in; None if unknown."""
        row = bisect_right(self.lines, (offset, sys.maxsize)) - 1
        return self.lines[row][1] or None if row >= 0 else None


def read_article(source: ArticleSource, allow_private: bool = False) -> Article:
    """Read the article at ``source``: a path, an http(s) address, or a stream.

    An address given as text counts as typed by the user; ``allow_private`` is explained at AddressRule. Raises
    ArticleError if the article cannot be read or downloaded, is not text, or is empty.
    """
    if isinstance(source, ArticleStream):
        return _article(_read_within_limit(source.stream, source.source), source.source)
    if isinstance(source, ArticleAddress):
        return _download(source.address, AddressRule(source.origin, allow_private))
    if isinstance(source, Path):
        return _article(_file_bytes(str(source)), str(source))
    if source.lower().startswith(("http://", "https://")):
        return _download(source, AddressRule("typed", allow_private))
    scheme, colon, path = source.partition("://")
    if colon and scheme.isalpha():
        advice = f"Give its path: {unquote(path)}" if scheme.lower() == "file" else "Save it to a file, and give that."
        raise ArticleError(f"{source} is not an http(s) address.", choose_other_file(advice), where=source)
    return _article(_file_bytes(source), source)


def name_source(source: ArticleSource) -> str:
    """Return the name of an article for errors: its path, or its address without credentials."""
    from index.credentials import without_credentials

    if isinstance(source, ArticleStream):
        return source.source
    return without_credentials(source.address if isinstance(source, ArticleAddress) else str(source))


def _download(address: str, rule: AddressRule) -> Article:
    page = download_page(address, rule)
    return _article(page.data, page.url, page)


def _file_bytes(source: str) -> bytes:
    try:
        with Path(source).open("rb") as file:
            return _read_within_limit(file, source)
    except FileNotFoundError as error:
        raise ArticleError(f"There is no file {source}.", NAME_ARTICLE, where=source) from error
    except IsADirectoryError as error:
        raise ArticleError(
            f"{source} is a folder.", choose_other_file("Give the articles in it one by one."), where=source
        ) from error
    except (OSError, ValueError) as error:
        raise _unreadable(source, error) from error


def _unreadable(source: str, error: Exception) -> ArticleError:
    advice = correct_input("Check its name and its permissions.")
    return ArticleError(f"{source} cannot be read: {error}.", advice, where=source)


def _read_within_limit(stream: BinaryIO, source: str) -> bytes:
    try:
        data = stream.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        raise _unreadable(source, error) from error
    if len(data) > MOST_BYTES:
        raise ArticleError(
            f"{source} is larger than {MOST_BYTES // 2**20} MB.",
            choose_other_file("Give one article at a time."),
            where=source,
        )
    return data


def _article(data: bytes, source: str, page: Page | None = None) -> Article:
    for beginning, what, advice in _DOCUMENTS:
        if data.startswith(beginning):
            raise ArticleError(f"{source} is {what}.", choose_other_file(advice), where=source)
    if data.startswith((b"%PDF-", b"PK\x03\x04")):
        return _read_document(data, source)
    text = decode_text(data, page.encoding if page else None)
    if text is None:
        raise ArticleError(
            f"{source} is not a text.",
            choose_other_file("Give a text, Markdown, HTML, Word or PDF file."),
            where=source,
        )
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _is_html(text, source, page):
        read = read_html(text)
    elif source.lower().endswith(_MARKDOWN_SUFFIXES) or (page and page.content_type == "text/markdown"):
        read = read_markdown(text)
    else:
        read = ReadText(text, None, _number_lines(text))
    if not read.text.strip():
        raise ArticleError(
            f"There is no text in {source}.",
            choose_other_file("Paste the article's text into a file, and give that."),
            where=source,
        )
    return Article(read.text, read.title, source, read.lines)


def _read_document(data: bytes, source: str) -> Article:
    """Read a PDF file or a Word document."""
    from pipeline.articles.pdf_documents import read_pdf
    from pipeline.articles.word_documents import BadDocumentError, read_word

    kind = "a PDF file" if data.startswith(b"%PDF-") else "a Word document"
    try:
        read = read_pdf(data) if kind == "a PDF file" else read_word(data)
    except ImportError as error:
        raise ArticleError(
            f"{source} is {kind}, and there is no reader for it.", INSTALL_READERS, where=source
        ) from error
    except BadDocumentError as error:
        raise ArticleError(
            f"{source} is {error}.", choose_other_file("Save its text to a file, and give that."), where=source
        ) from error
    if not read.text.strip():
        raise ArticleError(
            f"There is no text in {source}.", choose_other_file("Save its text to a file, and give that."), where=source
        )
    return Article(read.text, read.title, source)


def _number_lines(text: str) -> tuple[tuple[int, int], ...]:
    starts = [0, *(match.end() for match in _NEW_LINE.finditer(text))]
    return tuple((start, number) for number, start in enumerate(starts, 1))


def _is_html(text: str, source: str, page: Page | None) -> bool:
    if page and page.content_type:
        return page.content_type in _HTML_TYPES
    name = source.lower()
    return name.endswith(_HTML_SUFFIXES) or _PROLOG.sub("", text[:_SNIFFED], 1).lower().startswith(_HTML_BEGINNINGS)
