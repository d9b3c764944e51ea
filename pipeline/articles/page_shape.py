"""Pages with shapes that no article has: recognise them, and read all their text in linear time."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

MOST_ELEMENTS = 20_000
"""A page of 2 MB has 1,000 to 10,000. trafilatura counts and compares the children of long lists: 5 s for 40,000."""

MOST_INLINE_CHILDREN = 2_000
"""Links, emphases and the like in one paragraph; trafilatura moves the text after each: 2,000 take 0.1 s, 10,000 8."""

DEEPEST = 250
"""Nesting depth; libxml2 ends a document at 256 and loses what follows."""

MOST_METADATA = 20_000
"""Characters of JSON-LD that are read as they are; of more, only what gives title and text."""

LONGEST_FIELD = 500
_TITLES = ("title", "headline")
_TEXTS = frozenset({"articleBody", "reviewBody", "recipeInstructions", "text", "description"})
_NOT_READ = frozenset({"author", "creator", "contributor", "publisher", "keywords", "articleSection"})
_BLOCKS_TEXT = """address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer
    form h1 h2 h3 h4 h5 h6 head header hr html li link main meta nav ol option p pre script section select style summary
    table tbody td tfoot th thead title tr ul"""
_OFTEN_REPEATED_TEXT = "p br hr li dt dd tr td th div section h1 h2 h3 h4 h5 h6"
_WITHOUT_TEXT_TEXT = "title script style noscript template svg math nav select textarea iframe"
BLOCKS = frozenset(_BLOCKS_TEXT.split())
_OFTEN_REPEATED = frozenset(_OFTEN_REPEATED_TEXT.split())
WITHOUT_TEXT = frozenset(_WITHOUT_TEXT_TEXT.split())
_SPACE = re.compile(r"\s+")
_ASCII_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_MARKUP = re.compile(r"<!--|<(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9]*)[^<>]*>|<[!?][^<>]*>")


def is_unusual(tree: Any) -> bool:
    """Whether a page is nested, filled or crowded as no article is."""
    depth = elements = 0
    level = [tree]
    while level:
        depth, elements = depth + 1, elements + len(level)
        if depth > DEEPEST or elements > MOST_ELEMENTS:
            return True
        if any(sum(child.tag not in _OFTEN_REPEATED for child in one) > MOST_INLINE_CHILDREN for one in level):
            return True
        level = [child for one in level for child in one]
    return False


def shorten_metadata(tree: Any) -> None:
    """Drop metadata that gives neither title nor text, and cut long fields: patterns are matched with all of it."""
    for meta in tree.findall(".//meta"):
        names = f"{meta.get('name')} {meta.get('property')} {meta.get('itemprop')}".lower()
        if any(title in names for title in _TITLES):
            meta.set("content", (meta.get("content") or "")[:LONGEST_FIELD])
        elif meta.get("content") is not None:
            del meta.attrib["content"]
    left = MOST_METADATA
    for script in tree.findall(".//script"):
        if "json" in (script.get("type") or "") and script.text:
            left -= len(script.text)
            script.text = script.text if left >= 0 else _shorten_json(script.text)


def _shorten_json(text: str) -> str:
    try:
        return json.dumps(json.loads(text, strict=False, object_hook=_shorten_fields))
    except (ValueError, RecursionError):
        return ""


def _shorten_fields(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        key: value[:LONGEST_FIELD] if isinstance(value, str) and key not in _TEXTS else value
        for key, value in fields.items()
        if key not in _NOT_READ
    }


def read_all_text(page: str) -> Iterator[str]:
    """Yield the paragraphs of an HTML page, as its elements divide it, with its menus but without scripts and forms."""
    pieces: list[str] = []
    lowered = page.lower() if page.isascii() else page.translate(_ASCII_LOWER)
    missing: set[str] = set()
    place = 0
    while match := _MARKUP.search(page, place):
        pieces.append(_SPACE.sub(" ", html.unescape(page[place : match.start()])))
        place = match.end()
        name = (match["name"] or "").lower()
        if name == "br":
            pieces.append("\n")
        elif name in BLOCKS:
            yield from _paragraph(pieces)
            pieces = []
        closing = "-->" if match[0] == "<!--" else f"</{name}" if name in WITHOUT_TEXT and not match["end"] else ""
        if closing and closing not in missing:
            end = lowered.find(closing, place)
            missing |= {closing} if end < 0 else set()
            place = max(place, end + len(closing) * (closing == "-->"))
    pieces.append(_SPACE.sub(" ", html.unescape(page[place:])))
    yield from _paragraph(pieces)


def _paragraph(pieces: list[str]) -> Iterator[str]:
    lines = [line.strip() for line in "".join(pieces).split("\n")]
    if any(lines):
        yield "\n".join(filter(None, lines))
