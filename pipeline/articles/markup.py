"""Extract the text of an article from HTML or Markdown, in paragraphs; everything else is dropped.

Paragraphs are separated by blank lines, and contain only the author's line breaks. Block quotes, headings and
emphasised paragraphs have the marks that index/quotations/unmarked.py describes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from copy import deepcopy
from typing import Any, NamedTuple

from pipeline.articles.page_shape import is_unusual, read_all_text, shorten_metadata
from pipeline.articles.page_text import part_blocks, read_part

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?P<fields>.*?)\n(?:---|\.\.\.)[ \t]*\n", re.DOTALL)
_TITLE_FIELD = re.compile(r"^title:(?P<title>.+)$", re.MULTILINE)
_FOOTNOTE = re.compile(r"\[\^[^\]\s]{1,40}\]:?")
_ATTRIBUTE = r"""[\s/]*+[^\s/<>=]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s<>]++))?+"""
_MANY_ATTRIBUTES = re.compile(rf"<([A-Za-z][^\s/<>]*+)(?:{_ATTRIBUTE}){{200,}}+")
"""The start of an element with more attributes than people write: they are compared with each other."""
_PARAGRAPHS = frozenset({"p", "head", "item", "cell", "fw", "ab"})
_NEW_LINE = "lb"
_INLINE_HTML = {"<q>": "“", "</q>": "”", "<br>": "\n", "<br/>": "\n", "<br />": "\n"}
_SIGNS = re.compile(r"\s*(?:[—–―]|--?)\s*[^\W\d_]")
_PROSE = re.compile(r"[^\W\d_][.!?…][”\"’')]*\s*\Z")
_CODE = re.compile(r"[{}<>=;\\|`$]|^\s*(?:[-*+#]|\d+[.)])", re.MULTILINE)

LEAST_READ = 0.6
"""Of the characters that trafilatura selects: where the page has fewer, its text was somewhere else, as in metadata."""


class ReadText(NamedTuple):
    """The text of an article and its title; ``lines``: offsets in the text, each with its line in the source."""

    text: str
    title: str | None
    lines: tuple[tuple[int, int], ...] = ()


def read_html(html: str) -> ReadText:
    """Return the text and title of the article in a page; the text is empty if there is none.

    trafilatura selects the article: scripts, menus, comments and the like are dropped; what it selects is then read as
    the page shows it. It takes quadratic time for some pages, and loses what is nested deep; of a page with such a
    shape, all text is read.
    """
    import trafilatura
    from trafilatura.utils import load_html

    html = _MANY_ATTRIBUTES.sub(r"<\1", html)
    tree: Any = load_html(html)
    if tree is not None:
        if is_unusual(tree):
            return ReadText("\n\n".join(read_all_text(html)), (tree.findtext(".//title") or "").strip() or None)
        shorten_metadata(tree)
        page: Any = trafilatura.bare_extraction(deepcopy(tree), with_metadata=True, include_comments=False)
        if page is not None and page.body is not None:
            return _read_selected(tree, list(_blocks(page.body, "")), page.title or None)
    body, _, _ = trafilatura.baseline(html if tree is None else deepcopy(tree))
    selected = list(_blocks(body, "")) or list(read_all_text(html))
    return ReadText("\n\n".join(selected), None) if tree is None else _read_selected(tree, selected, None)


def _read_selected(tree: Any, selected: list[str], title: str | None) -> ReadText:
    """Read the part of a page that holds the selected text; that text itself if the part lacks much of it."""
    read = read_part(tree, selected)
    if sum(len(text) for _, text in read) < LEAST_READ * sum(map(len, selected)):
        return ReadText("\n\n".join(selected), title)
    return _with_lines(read, title)


def _with_lines(paragraphs: Iterable[tuple[int, str]], title: str | None) -> ReadText:
    lines, texts, offset = [], [], 0
    for line, text in paragraphs:
        lines.append((offset, line))
        texts.append(text)
        offset += len(text) + 2
    return ReadText("\n\n".join(texts), title, tuple(lines))


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


def read_markdown(markdown: str) -> ReadText:
    """Return the text and title of a Markdown document; the title is its front matter's, or its first heading.

    Code, pictures and footnote marks are dropped; of raw HTML, links and emphasis only the text is kept, unless a whole
    paragraph, or a name or question that begins it, is emphasised. Indented sentences are a block quote, not code.
    """
    from markdown_it import MarkdownIt

    front = _FRONT_MATTER.match(markdown)
    named = _TITLE_FIELD.search(front["fields"]) if front else None
    title = _unquoted(named["title"].strip(" \t")) if named else None
    first = markdown.count("\n", 0, front.end()) + 1 if front else 1
    paragraphs: list[tuple[int, str]] = []
    quotes = 0
    opens = heading = False
    for token in (
        MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown[front.end() if front else 0 :])
    ):
        if token.type in ("blockquote_open", "blockquote_close"):
            opens = token.nesting > 0 and quotes == 0
            quotes += token.nesting
        heading = token.type == "heading_open" or (heading and token.type != "heading_close")
        line = first + (token.map[0] if token.map else 0)
        if token.type == "inline":
            inline = _inline_text(token.children or [])
            title = title or (" ".join(inline.split()) if heading and inline.strip() else None)
            prefix = "> " * quotes + ("# " if heading else "")
            text = "\n".join(_paragraph(inline if heading else _emphasised(inline, token.children or []), prefix))
            if text:
                paragraphs.append((line, part_blocks(text, opens, paragraphs)))
                opens = False
        elif token.type == "html_block":
            quoted = "> " * (quotes + token.content.lstrip().lower().startswith("<blockquote"))
            paragraphs += [(line, text) for one in read_all_text(token.content) for text in _paragraph(one, quoted)]
        elif token.type == "code_block" and _PROSE.search(token.content) and not _CODE.search(token.content):
            text = "\n".join(_paragraph(token.content, "> " * (quotes + 1)))
            paragraphs.append((line, part_blocks(text, quotes == 0, paragraphs)))
    return _with_lines(paragraphs, title)


def _unquoted(field: str) -> str:
    return field[1:-1] if len(field) > 2 and field[0] == field[-1] and field[0] in "\"'" else field


def _inline_text(tokens: list[Any]) -> str:
    """Return the text of inline tokens; the end of a line stays before a signature, and where the author set it."""
    pieces = []
    for row, token in enumerate(tokens):
        following = tokens[row + 1].content if row + 1 < len(tokens) else ""
        if token.type == "html_inline":
            pieces.append(_INLINE_HTML.get(token.content.lower(), ""))
        elif token.type == "softbreak":
            pieces.append("\n" if _SIGNS.match(following) else " ")
        else:
            pieces.append("\n" if token.type == "hardbreak" else token.content if token.type == "text" else "")
    return _FOOTNOTE.sub("", "".join(pieces))


def _emphasised(text: str, tokens: list[Any]) -> str:
    """Mark a paragraph that is emphasised as a whole, and a name or a question in bold that begins it."""
    words = [token for token in tokens if token.content.strip() or token.nesting]
    if len(words) < 3 or words[0].type not in ("strong_open", "em_open"):
        return text
    closing = words[0].type.replace("open", "close")
    end = next(row for row, token in enumerate(words) if token.type == closing)
    mark = "**" if words[0].type == "strong_open" else "*"
    if end == len(words) - 1:
        return f"{mark}{text.strip()}{mark}"
    label = _inline_text(words[:end]).strip()
    rest = text.strip().removeprefix(label)
    if mark == "**" and (label.endswith((":", "?")) or rest.startswith(":")):
        return f"**{label}**{rest}"
    return f"*{label}*\n{rest.strip()}" if mark == "*" and _SIGNS.match(rest.strip()) else text
