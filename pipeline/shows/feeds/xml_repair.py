"""Mend what keeps a feed from being well-formed XML, and take out what must not reach a parser: its DTD."""

from __future__ import annotations

import html
import html.entities
import re
from collections.abc import Iterator

_CONTROLS = bytes({*range(32), 127} - {*b"\t\n\r"})
_ROOT = re.compile(
    rb"<(?:(?:[A-Za-z_][\w.-]{0,40}:)?(rss|rdf|feed|channel)|(?:psc:)?(chapters)|(opml|html))(?=[\s/>])", re.IGNORECASE
)
_PROLOG_BYTES = 100_000
_REFERENCE = re.compile(
    rb"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)(?:([A-Za-z][A-Za-z0-9]{0,30});)?"
)
_CDATA, _CDATA_END = b"<![CDATA[", b"]]>"
_PREFIX = re.compile(rb"<([A-Za-z_][\w.-]{0,40}):")
_LONGEST_TAG = 2_000_000
"""Bytes of one tag: pictures in attributes have up to a megabyte. This many bytes are at most 300,000 attributes."""


class OversizedTagError(ValueError):
    """A tag that takes too much memory to read."""


def root_of(data: bytes) -> str | None:
    """Return the name of the element, in lower case, with which a feed, a list of feeds or a page begins."""
    found = _ROOT.search(data, 0, _PROLOG_BYTES)
    return found[found.lastindex or 0].decode().lower() if found else None


def repair_xml(text: str) -> bytes:
    """Return a document in UTF-8, from its first known element on, without what a parser would drop or refuse.

    What stands before that element is left out, with it the DTD: no entity is ever defined. HTML's named entities
    become characters, every other ampersand a literal one, control characters nothing, and prefixes without a
    namespace get one that is called like them. Raises OversizedTagError.
    """
    data = text.encode("utf-8", "replace").translate(None, _CONTROLS)
    root = _ROOT.search(data, 0, _PROLOG_BYTES)
    lines = data.count(b"\n", 0, root.start()) if root else 0
    data = data[root.start() :] if root else data
    pieces = list(_split_sections(data))
    for row in range(0, len(pieces), 2):
        pieces[row] = _REFERENCE.sub(_character, pieces[row])
    markup = pieces[::2]
    if len(data) > _LONGEST_TAG and any(map(_has_oversized_tag, markup)):
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


def _character(found: re.Match[bytes]) -> bytes:
    named = found[1] and html.entities.html5.get(f"{found[1].decode()};")
    return html.escape(named).encode() if named else b"&amp;" + found[0][1:]


def _has_oversized_tag(markup: bytes) -> bool:
    return any(len(tag) > _LONGEST_TAG and not 0 <= tag.find(b">") <= _LONGEST_TAG for tag in markup.split(b"<"))


def _missing_namespaces(markup: list[bytes], data: bytes) -> bytes:
    prefixes = {prefix for piece in markup for prefix in _PREFIX.findall(piece)}
    return b"".join(
        b' xmlns:%b="%b"' % (prefix, prefix)
        for prefix in sorted(prefixes - {b"xml", b"xmlns"})
        if b"xmlns:" + prefix not in data
    )
