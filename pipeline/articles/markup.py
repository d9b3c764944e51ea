"""Extract the text of an article from HTML or Markdown, in paragraphs; everything else is dropped.

Paragraphs are separated by blank lines, and contain only the author's line breaks. Block quotes keep a > before each
paragraph, by which index/quotations/extraction.py recognises them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from pipeline.articles.page_shape import is_unusual, read_all_text, shorten_metadata

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?P<fields>.*?)\n(?:---|\.\.\.)[ \t]*\n", re.DOTALL)
_TITLE_FIELD = re.compile(r"^title:(?P<title>.+)$", re.MULTILINE)
_FOOTNOTE = re.compile(r"\[\^[^\]\s]{1,40}\]:?")
_ATTRIBUTE = r"""[\s/]*+[^\s/<>=]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s<>]++))?+"""
_MANY_ATTRIBUTES = re.compile(rf"<([A-Za-z][^\s/<>]*+)(?:{_ATTRIBUTE}){{200,}}+")
"""The start of an element with more attributes than people write: they are compared with each other."""
_PARAGRAPHS = frozenset({"p", "head", "item", "cell", "fw", "ab"})
_NEW_LINE = "lb"


def read_html(html: str) -> tuple[str, str | None]:
    """Return text and title of the article in a page; the text is empty if there is none.

    trafilatura selects the article: scripts, menus, comments and the like are dropped. It takes quadratic time for some
    pages, and loses what is nested deep; of a page with such a shape, all text is read.
    """
    import trafilatura
    from trafilatura.utils import load_html

    html = _MANY_ATTRIBUTES.sub(r"<\1", html)
    tree: Any = load_html(html)
    if tree is not None:
        if is_unusual(tree):
            return "\n\n".join(read_all_text(html)), (tree.findtext(".//title") or "").strip() or None
        shorten_metadata(tree)
        page: Any = trafilatura.bare_extraction(deepcopy(tree), with_metadata=True, include_comments=False)
        if page is not None and page.body is not None:
            return "\n\n".join(_blocks(page.body, "")), page.title or None
    body, _, _ = trafilatura.baseline(html if tree is None else tree)
    return "\n\n".join(_blocks(body, "")) or "\n\n".join(read_all_text(html)), None


def _blocks(element: Any, prefix: str) -> Iterator[str]:
    """Yield the paragraphs below an element of trafilatura's tree, in order."""
    prefix += "> " if element.tag in ("quote", "blockquote") else ""
    inline = [element.text or ""]
    for child in element:
        if child.tag in _PARAGRAPHS or len(child) or child.tag in ("quote", "list", "table", "row"):
            yield from _paragraph("".join(inline), prefix)
            inline = []
            yield from _blocks(child, prefix)
        else:
            inline.append("\n" if child.tag == _NEW_LINE else child.text or "")
        inline.append(child.tail or "")
    yield from _paragraph("".join(inline), prefix)


def _paragraph(text: str, prefix: str) -> Iterator[str]:
    lines = [" ".join(line.split()) for line in text.split("\n")]
    if any(lines):
        yield "\n".join(prefix + line for line in lines if line)


def read_markdown(markdown: str) -> tuple[str, str | None]:
    """Return text and title of a Markdown document; the title is its front matter's, or its first heading.

    Code, pictures, raw HTML and footnote marks are dropped; of links and emphasis only the text is kept.
    """
    from markdown_it import MarkdownIt

    front = _FRONT_MATTER.match(markdown)
    named = _TITLE_FIELD.search(front["fields"]) if front else None
    title = _unquoted(named["title"].strip(" \t")) if named else None
    paragraphs: list[str] = []
    quotes = 0
    heading = False
    for token in (
        MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown[front.end() if front else 0 :])
    ):
        if token.type in ("blockquote_open", "blockquote_close"):
            quotes += token.nesting
        heading = token.type == "heading_open" or (heading and token.type != "heading_close")
        if token.type == "inline":
            text = "\n".join(_paragraph(_inline_text(token.children or []), "> " * quotes))
            title = title or (text if heading and text else None)
            paragraphs += [text] if text else []
    return "\n\n".join(paragraphs), title


def _unquoted(field: str) -> str:
    return field[1:-1] if len(field) > 2 and field[0] == field[-1] and field[0] in "\"'" else field


def _inline_text(tokens: list[Any]) -> str:
    texts = {"softbreak": " ", "hardbreak": "\n"}
    kept = (texts.get(token.type, token.content if token.type == "text" else "") for token in tokens)
    return _FOOTNOTE.sub("", "".join(kept))
