"""Mend what keeps a feed from being well-formed XML, and take out what must not reach a parser: its DTD."""

from __future__ import annotations

import html
import html.entities
import re
from collections.abc import Iterator
from functools import lru_cache

_CONTROLS = bytes({*range(32), 127} - {*b"\t\n\r"})
_PROLOG = re.compile(
    rb"<!--(?:[^-]|-(?!->))*+(?:-->)?|"
    rb"""<!DOCTYPE(?:[^\[<>"']|"[^"]*+"|'[^']*+')*+"""
    rb"""(?:\[(?:<!--(?:[^-]|-(?!->))*+-->|"[^"]*+"|'[^']*+'|[^\]"'])*+\])?+|"""
    rb"<(?:(?:[A-Za-z_][\w.-]{0,40}:)?(rss|rdf|feed|channel)|(?:psc:)?(chapters)|(opml|html))(?=[\s/>])",
    re.IGNORECASE,
)
"""A comment, a DTD, or the root, whose name is the only group that is set."""
_PROLOG_BYTES = 100_000
_NAMED = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{0,30});")
_BARE = re.compile(rb"&(?!(?:[A-Za-z][A-Za-z0-9]{0,30}|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)")
_CDATA, _CDATA_END = b"<![CDATA[", b"]]>"
_ITEM_TAG = re.compile(rb"<(?:[A-Za-z_][\w.-]{0,40}:)?(?:item|entry)(?=[\s>])", re.IGNORECASE)
_PREFIX = re.compile(rb"<([A-Za-z_][\w.-]{0,40}):")
_PART_BYTES = 200_000
_DECLARATION = re.compile(rb"xmlns:([A-Za-z_][\w.-]{0,40})")
_MOST_PREFIXES = 50
_LONGEST_TAG = 2_000_000
"""Bytes of one tag: pictures in attributes have up to a megabyte. This many bytes are at most 300,000 attributes."""


class OversizedTagError(ValueError):
    """A tag that takes too much memory to read."""


def root_of(data: bytes) -> str | None:
    """Return the name of the element, in lower case, with which a feed, a list of feeds or a page begins."""
    found = _find_root(data)
    return found[found.lastindex or 0].decode().lower() if found else None


def _find_root(data: bytes) -> re.Match[bytes] | None:
    return next((found for found in _PROLOG.finditer(data, 0, _PROLOG_BYTES) if found.lastindex), None)


def repair_xml(text: str) -> bytes:
    """Return a document in UTF-8, from its first known element on, without what a parser would drop or refuse.

    What stands before that element is left out, with it the DTD: no entity is ever defined. HTML's named entities
    become characters, every other ampersand a literal one, control characters nothing, and prefixes without a
    namespace get one that is called like them. Raises OversizedTagError.
    """
    data = text.encode("utf-8", "replace").translate(None, _CONTROLS)
    root = _find_root(data)
    lines = data.count(b"\n", 0, root.start()) if root else 0
    data = data[root.start() :] if root else data
    pieces = list(_split_sections(data))
    for row in range(0, len(pieces), 2):
        if b"&" in pieces[row]:
            pieces[row] = b"".join(map(_with_literal_ampersands, _split_at_ampersands(pieces[row])))
    markup = pieces[::2]
    if any(map(_has_oversized_tag, markup)):
        raise OversizedTagError
    if root:
        end = root.end() - root.start()
        pieces[0] = pieces[0][:end] + _missing_namespaces(markup, data) + pieces[0][end:]
    return b"\n" * lines + b"".join(pieces)  # with the lines that were there, for messages


def _split_sections(data: bytes) -> Iterator[bytes]:
    """Yield markup and CDATA sections in turn, markup first; a section that does not end is closed."""
    first, *others = data.split(_CDATA)
    yield first
    for row, other in enumerate(others):
        content, end, rest = other.partition(_CDATA_END)
        if not end:
            yield _CDATA + _CDATA.join((content, *others[row + 1 :])) + _CDATA_END
            return
        yield _CDATA + content + end
        yield rest


def _split_at_ampersands(markup: bytes) -> Iterator[bytes]:
    """Yield markup in parts: a substitution takes 100 bytes for each ampersand while it runs."""
    start = 0
    while start < len(markup):
        end = markup.find(b"&", start + _PART_BYTES)
        yield markup[start : end if end > 0 else None]
        start = end if end > 0 else len(markup)


def _with_literal_ampersands(markup: bytes) -> bytes:
    return _NAMED.sub(_character, _BARE.sub(b"&amp;", markup))


def _character(found: re.Match[bytes]) -> bytes:
    return _character_named(found[1])


@lru_cache(maxsize=1000)
def _character_named(name: bytes) -> bytes:
    character = html.entities.html5.get(f"{name.decode()};")
    return html.escape(character).encode() if character else b"&amp;" + name + b";"


def _has_oversized_tag(markup: bytes) -> bool:
    return len(markup) > _LONGEST_TAG and any(
        len(tag) > _LONGEST_TAG and not 0 <= tag.find(b">") <= _LONGEST_TAG for tag in markup.split(b"<")
    )


def _missing_namespaces(markup: list[bytes], data: bytes) -> bytes:
    """Return declarations for the prefixes that have none, up to a number: a parser looks through all of them."""
    prefixes = {prefix for piece in markup for prefix in _PREFIX.findall(piece)}
    missing = sorted(prefixes.difference(_DECLARATION.findall(data), (b"xml", b"xmlns")))
    return b"".join(b' xmlns:%b="%b"' % (prefix, prefix) for prefix in missing[:_MOST_PREFIXES])


def split_items(repaired: bytes) -> Iterator[bytes]:
    """Yield each item of a document that ``repair_xml`` returned: all from its tag to that of the next."""
    item: list[bytes] | None = None
    for row, section in enumerate(_split_sections(repaired)):
        place = 0
        for found in () if row % 2 else _ITEM_TAG.finditer(section):
            if item is not None:
                yield b"".join((*item, section[place : found.start()]))
            item, place = [], found.start()
        if item is not None:
            item.append(section[place:])
    if item is not None:
        yield b"".join(item)
