"""Read the text of Word documents (.docx), with their block quotes, italics, tables and footnotes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from pipeline.articles.markup import ReadText

MOST_UNPACKED = 128 * 2**20
"""Bytes of all parts of a document. A packed file of 1 MB can hold a gigabyte; a book with pictures has 20 MB."""

MOST_PARTS = 5_000

LEAST_INDENT = 400
"""Twentieths of a point (7 mm) by which a block quote is indented."""

_MAIN_PART = "word/document.xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_QUOTES = frozenset({"quote", "intense quote", "block text"})
_ENDS = tuple(".!?…”\"’'»)")


class BadDocumentError(Exception):
    """A document that cannot be read, and why: a sentence's part for a reader."""


def read_word(data: bytes) -> ReadText:
    """Return the text and the title of a Word document. Raises BadDocumentError, or ImportError without python-docx."""
    import docx

    _check_archive(data)
    try:
        document = docx.Document(io.BytesIO(data))
        styles = {style.style_id: (style.name or "").lower() for style in document.styles}
        body: Any = document.element.body
        paragraphs = [*_paragraphs(body, styles), *_read_footnotes(document, styles)]
        title = (document.core_properties.title or "").strip() or None
    except Exception as error:  # a damaged archive or XML raises errors of four libraries
        raise BadDocumentError(f"a damaged Word document ({type(error).__name__})") from error
    return ReadText("\n\n".join(paragraphs), title)


def _check_archive(data: bytes) -> None:
    """Raise BadDocumentError if an archive is no Word document or would be too large unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise BadDocumentError("a damaged Word document, or another packed file") from error
    if _MAIN_PART not in (part.filename for part in parts):
        raise BadDocumentError("a packed file, but not a Word document")
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise BadDocumentError(f"a Word document of more than {MOST_UNPACKED // 2**20} MB, unpacked")


def _paragraphs(root: Any, styles: dict[str, str]) -> Iterator[str]:
    """Yield the paragraphs below an element in order: those of tables and text boxes too, but no deleted ones."""
    found = [one for one in root.iter(f"{_W}p") if not any(up.tag == _FALLBACK for up in one.iterancestors())]
    indented = [one for one in found if _is_indented(one)]
    rare = len(indented) * 2 < len(found)
    for paragraph in found:
        text = _text_of(paragraph)
        if not text:
            continue
        style = styles.get(_value(paragraph, "pPr", "pStyle") or "", "")
        if style in _QUOTES or (rare and paragraph in indented and text.endswith(_ENDS)):
            yield "\n".join(f"> {line}" for line in text.split("\n"))
        elif style == "title" or style.startswith("heading"):
            yield f"# {' '.join(text.split())}"
        else:
            yield _emphasised(paragraph, text)


def _is_indented(paragraph: Any) -> bool:
    indent = paragraph.find(f"{_W}pPr/{_W}ind")
    if indent is None or paragraph.find(f"{_W}pPr/{_W}numPr") is not None:
        return False
    left = indent.get(f"{_W}left") or indent.get(f"{_W}start") or "0"
    return left.isdecimal() and int(left) >= LEAST_INDENT


def _value(element: Any, *path: str) -> str | None:
    found = element.find("/".join(f"{_W}{step}" for step in path))
    return None if found is None else found.get(f"{_W}val")


def _runs(paragraph: Any) -> Iterator[tuple[str, bool, bool]]:
    """Yield the text of each run, and whether it is bold and italic; not those of text boxes in the paragraph."""
    for run in paragraph.iter(f"{_W}r"):
        if next(run.iterancestors(f"{_W}p")) is not paragraph or next(run.iterancestors(f"{_W}del"), None) is not None:
            continue
        pieces = []
        for child in run:
            name = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
            fixed = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}.get(name)
            pieces.append(fixed if fixed is not None else child.text or "" if name == "t" else "")
        yield "".join(pieces), _is_on(run, "b"), _is_on(run, "i")


def _is_on(run: Any, name: str) -> bool:
    found = run.find(f"{_W}rPr/{_W}{name}")
    return found is not None and found.get(f"{_W}val") not in ("0", "false", "none", "off")


def _text_of(paragraph: Any) -> str:
    lines = "".join(text for text, _, _ in _runs(paragraph)).split("\n")
    return "\n".join(filter(None, (" ".join(line.split()) for line in lines)))


def _emphasised(paragraph: Any, text: str) -> str:
    """Mark a paragraph that is bold or italic as a whole, or that begins with a name or a question in bold."""
    runs = [run for run in _runs(paragraph) if run[0].strip()]
    if all(bold for _, bold, _ in runs):
        return f"**{text}**"
    if all(italic for _, _, italic in runs):
        return f"*{text}*"
    first = next(row for row, run in enumerate(runs) if not run[1])
    label = " ".join("".join(piece for piece, _, _ in runs[:first]).split())
    return f"**{label}** {text.removeprefix(label).lstrip()}" if label.endswith((":", "?")) else text


def _read_footnotes(document: Any, styles: dict[str, str]) -> Iterator[str]:
    from docx.oxml import parse_xml

    for relation in document.part.rels.values():
        if relation.reltype.endswith(("/footnotes", "/endnotes")) and not relation.is_external:
            yield from _paragraphs(parse_xml(relation.target_part.blob), styles)
