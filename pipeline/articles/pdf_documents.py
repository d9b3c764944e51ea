"""Read the text of PDF files: mend their lines into paragraphs, without page headers, hyphens and ligatures."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from pipeline.articles.markup import ReadText
from pipeline.articles.word_documents import BadDocumentError

MOST_PAGES = 1_000
MOST_CONTENT = 32 * 2**20
"""Bytes of the drawing commands of all pages; a page of text has 5 to 50 KB."""

LEAST_LETTERS = 20
"""Fewer in the whole file: its pages are pictures."""

FULL_LINE = 0.75
"""Of the usual width. A shorter line that ends a sentence ends its paragraph."""

_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "\u00a0": " "}
)
_NUMBER = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(r"[\W_]*(?:page|seite|p\.)?[\W_]*#(?:\W+(?:of|von|/)?\W*#)?[\W_]*", re.IGNORECASE)
_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u00ad\u2010]$")
_WORD_AT_END = re.compile(r"(?<![^\W\d_])[^\W\d_]++$")
_WORD_AT_START = re.compile(r"[^\W\d_]+")
_SENTENCE_END = tuple('.!?…:”"’»')
_KEEPS_HYPHEN = frozenset(
    {"self", "well", "non", "anti", "co", "half", "long", "short", "high", "low", "all", "ex", "mid"}
)
_MOST_HEADING_SHARE = 0.6
_REPEATED_ON = 3
"""Pages on which the same first or last line is a header or a footer."""


def read_pdf(data: bytes) -> ReadText:
    """Return the text and the title of a PDF file. Raises BadDocumentError, or ImportError without pypdf."""
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.ERROR)
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise BadDocumentError("an encrypted PDF file")
        pages = list(_read_pages(reader))
        title = (reader.metadata.title or "").strip() if reader.metadata else ""
    except BadDocumentError:
        raise
    except Exception as error:  # pypdf raises errors of any type for a damaged file
        kind = "an encrypted" if "crypt" in f"{type(error).__name__} {error}".lower() else "a damaged"
        raise BadDocumentError(f"{kind} PDF file ({type(error).__name__})") from error
    if sum(character.isalpha() for page in pages for line in page for character in line) < LEAST_LETTERS:
        raise BadDocumentError("a PDF file without text: its pages are pictures")
    return ReadText("\n\n".join(_join_lines(list(_without_headers(pages)))), title or None)


def _read_pages(reader: object) -> Iterator[list[str]]:
    """Yield the lines of each page."""
    size = 0
    for number, page in enumerate(reader.pages):  # type: ignore[attr-defined]
        contents = page.get_contents()
        size += len(contents.get_data()) if contents is not None else 0
        if number >= MOST_PAGES or size > MOST_CONTENT:
            raise BadDocumentError(f"a PDF file of more than {MOST_PAGES} pages or {MOST_CONTENT // 2**20} MB of text")
        text = page.extract_text().translate(_LIGATURES)
        yield [" ".join(line.split()) for line in text.split("\n") if line.strip()]


def _without_headers(pages: Sequence[list[str]]) -> Iterator[str]:
    """Yield the lines of all pages without page numbers, and without first and last lines that pages repeat."""
    edges = Counter(_shape(line) for page in pages for line in {*page[:1], *page[-1:]})
    for page in pages:
        first, last = 0, len(page)
        while first < last and _is_edge(page[first], edges):
            first += 1
        while first < last and _is_edge(page[last - 1], edges):
            last -= 1
        yield from page[first:last]


def _shape(line: str) -> str:
    return _NUMBER.sub("#", line)


def _is_edge(line: str, edges: Counter[str]) -> bool:
    shape = _shape(line)
    return edges[shape] >= _REPEATED_ON or _PAGE_NUMBER.fullmatch(shape) is not None


def _join_lines(lines: Sequence[str]) -> Iterator[str]:
    """Yield the paragraphs: a line goes on in the next one unless it is short and ends a sentence, or very short."""
    widths = sorted(map(len, lines))
    usual = widths[len(widths) * 9 // 10] if widths else 0
    words = Counter(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", " ".join(lines).lower()))
    paragraph = ""
    for row, line in enumerate(lines):
        paragraph = _joined(paragraph, line, words) if paragraph else line
        following = lines[row + 1] if row + 1 < len(lines) else ""
        ended = line.endswith(_SENTENCE_END) and len(line) < FULL_LINE * usual
        heading = len(line) < _MOST_HEADING_SHARE * usual and not following[:1].islower() and not _HYPHEN.search(line)
        if ended or heading or not following:
            yield paragraph
            paragraph = ""


def _joined(paragraph: str, line: str, words: Counter[str]) -> str:
    """Join a line to a paragraph; a hyphen at its end goes unless the text has the word with a hyphen elsewhere."""
    if not _HYPHEN.search(paragraph) or not line[:1].islower():
        return f"{paragraph} {line}"
    bare = paragraph[:-1]
    first = _WORD_AT_END.search(bare)
    second = _WORD_AT_START.match(line)
    before, after = first.group().lower() if first else "", second.group().lower() if second else ""
    compound = words[f"{before}-{after}"] > words[before + after] or before in _KEEPS_HYPHEN
    return paragraph + line if compound and paragraph[-1] != "\u00ad" else bare + line
