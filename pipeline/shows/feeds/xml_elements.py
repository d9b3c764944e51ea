"""Parse the XML of feeds into light elements with canonical names, whatever their prefixes and namespaces.

The parser reports events and builds no tree: an item is handed over when it ends, so memory is that of one item, and of
what is kept of it.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass, field

from pipeline.shows.feeds.feed_addresses import join_base

_NAMESPACES = (
    ("podcast-1.0.dtd", "itunes:"),
    ("podcastindex.org/namespace", "podcast:"),
    ("podcast-namespace", "podcast:"),
    ("purl.org/rss/1.0/modules/content", "content:"),
    ("www.w3.org/2005/atom", "atom:"),
    ("purl.org/atom/", "atom:"),
    ("podlove.org/simple-chapters", "psc:"),
    ("search.yahoo.com/mrss", "media:"),
    ("purl.org/dc/", "dc:"),
    ("www.w3.org/1999/xhtml", "xhtml:"),
    ("purl.org/rss/1.0", ""),
    ("my.netscape.com/rdf/simple", ""),
    ("channel.netscape.com/rdf/simple", ""),
    ("backend.userland.com/rss", ""),
    ("blogs.law.harvard.edu/tech/rss", ""),
    ("cyber.law.harvard.edu/rss", ""),
    ("1999/02/22-rdf-syntax-ns", "rdf:"),
)
"""Parts of namespaces, in lower case: each is written in several ways (http and https, with and without www, /, #)."""

_PREFIXES = frozenset({"itunes", "podcast", "content", "atom", "psc", "media", "dc", "xhtml", "rdf", "a10"})
"""Prefixes that tell what is meant where the namespace is unknown."""

_ITEMS = frozenset({"item", "atom:entry"})
_TEXTS = frozenset({
    "title", "description", "content:encoded", "itunes:summary", "itunes:subtitle", "itunes:title", "atom:title",
    "atom:summary", "atom:content", "atom:subtitle", "atom:tagline",
})  # fmt: skip
"""Elements whose markup, as of XHTML, is part of their text."""

_FIELDS = _ITEMS | _TEXTS | frozenset({
    "link", "guid", "pubdate", "enclosure", "atom:link", "atom:id", "atom:published", "atom:updated", "channel",
    "itunes:duration", "itunes:episode", "itunes:author", "itunes:image", "podcast:transcript", "podcast:person",
})  # fmt: skip
"""Elements that are not part of a text: one that begins inside a text ends that, whose end is missing."""

_MOST_KEPT = 20_000
"""Elements that are kept of one item, and of the feed apart from its items; people and transcripts are some hundred."""
_MOST_NAMES = 10_000
_DEEPEST = 300
"""Elements in each other: the parser allows 256, but does not end all of those that are damaged."""

_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class _Tag(str):
    """A tag within a text."""

    __slots__ = ()


@dataclass(slots=True)
class Element:
    """One element: ``name`` in lower case with its canonical prefix, and its ``children`` by their names."""

    name: str
    attributes: dict[str, str]
    text: str = ""
    children: dict[str, list[Element]] = field(default_factory=dict)
    base: str = ""
    pieces: list[str] = field(default_factory=list)

    def first(self, *names: str) -> Element | None:
        """Return the first child of the first of these names that there is."""
        for name in names:
            if found := self.children.get(name):
                return found[0]
        return None

    def all(self, *names: str) -> list[Element]:
        """Return the children of these names, in the order of the names."""
        return [child for name in names for child in self.children.get(name, ())]

    def text_of(self, *names: str) -> str:
        """Return the first text, without spaces around it, of a child of these names; empty if there is none."""
        for name in names:
            for child in self.children.get(name, ()):
                if text := child.text.strip():
                    return text
        return ""

    def attribute(self, name: str) -> str:
        """Return an attribute without spaces around it, whatever the case of its name; empty if it is not there."""
        value = self.attributes.get(name)
        if value is None:
            wanted = name.lower()
            value = next((text for key, text in self.attributes.items() if key.lower() == wanted), "")
        return value.strip()


class _ElementBuilder:
    """Builds elements from the parser's events. Elements that are not ended, or ended in the wrong order, are ended."""

    def __init__(self, base: str, on_item: Callable[[Element], None], items: frozenset[str]) -> None:
        self.dropped = 0
        self._top = Element("", {}, base=base)
        self._open = [self._top]
        self._on_item = on_item
        self._items = items
        self._in_item = False
        self._kept = self._kept_of_item = 0
        self._names: dict[str, str] = {}
        self._prefixes: dict[str, str] = {}
        self._plain = ""
        """The canonical prefix of names without a namespace."""

    def start_ns(self, prefix: str, uri: str) -> None:
        """Note what the names of a namespace begin with."""
        if uri not in self._prefixes and len(self._prefixes) < _MOST_NAMES:
            lower = uri.lower()
            known = next((short for part, short in _NAMESPACES if part in lower), None)
            of_root = not prefix and len(self._open) == 1
            self._prefixes[uri] = known if known is not None else "" if of_root else f"{(prefix or 'other').lower()}:"

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Begin an element, or a tag within a text."""
        name = self._names.get(tag) or self._name_of(tag)
        if name in self._items:
            self._end_item()
            self._in_item = True
        elif self._open[-1].name in _TEXTS:
            if name not in _FIELDS:
                self._open[-1].pieces.append(_Tag(f"<{name.rpartition(':')[2]}>"))
                return
            self._pop()
        if len(self._open) > _DEEPEST:
            self._pop()
        base = self._open[-1].base
        if attributes and _XML_BASE in attributes:
            base = join_base(base, attributes[_XML_BASE])
        self._open.append(Element(name, attributes, base=base))

    def data(self, text: str) -> None:
        """Add to the text of the innermost element."""
        self._open[-1].pieces.append(text)

    def end(self, tag: str) -> None:
        """End an element with all in it, or a tag within a text; the end of one that is not open is ignored."""
        name = self._names.get(tag) or self._name_of(tag)
        if self._open[-1].name == name:
            self._pop()
        elif any(element.name == name for element in self._open):
            while self._open[-1].name != name:
                self._pop()
            self._pop()
        elif self._open[-1].name in _TEXTS:
            self._open[-1].pieces.append(_Tag(f"</{name.rpartition(':')[2]}>"))

    def close(self) -> Element:
        """End what is open; return the element that all others are in."""
        while len(self._open) > 1:
            self._pop()
        return self._top

    def _name_of(self, tag: str) -> str:
        """Return the canonical name of a tag that was not met before, or whose name is not kept."""
        uri, _, local = tag.rpartition("}")
        if not self._names and tag.lower() == "feed":
            self._plain = "atom:"  # Atom without its namespace
        name = (self._prefixes.get(uri[1:], "other:") if uri else self._plain) + local.lower()
        if len(self._names) < _MOST_NAMES:
            self._names[tag] = name
        return name

    def _end_item(self) -> None:
        while self._in_item:
            self._pop()

    def _pop(self) -> None:
        element = self._open.pop()
        element.text = _marked_up(element.pieces) if element.name in _TEXTS else "".join(element.pieces)
        if element.name in self._items:
            self._in_item = False
            self._kept_of_item = 0
            self._on_item(element)
            return
        if self._in_item:
            self._kept_of_item += 1
            kept = self._kept_of_item
        else:
            self._kept += 1
            kept = self._kept
        if kept <= _MOST_KEPT:
            self._open[-1].children.setdefault(element.name, []).append(element)
        else:
            self.dropped += 1


def _marked_up(pieces: list[str]) -> str:
    """Join the pieces of a text; if there are tags among them, as HTML."""
    if any(isinstance(piece, _Tag) for piece in pieces):
        return "".join(piece if isinstance(piece, _Tag) else html.escape(piece, quote=False) for piece in pieces)
    return "".join(pieces)


@dataclass(frozen=True, slots=True)
class ParsedXml:
    """The element around the root of a document, apart from its items; the first ``fault`` in the XML, if any."""

    top: Element
    dropped: int
    fault: str | None


def parse_xml(data: bytes, base: str, on_item: Callable[[Element], None], items: frozenset[str] = _ITEMS) -> ParsedXml:
    """Parse UTF-8 as ``repair_xml`` returns it; call ``on_item`` with each of the ``items`` when it ends.

    One that begins in another ends that. Nothing is opened. As ``repair_xml`` leaves no DTD, there are no entities but
    those of XML itself, which the parser would leave as they are in attributes if it resolved none. Damaged XML is read
    as far as it goes.
    """
    from lxml import etree

    builder = _ElementBuilder(base, on_item, items)
    parser = etree.XMLParser(
        target=builder, recover=True, resolve_entities="internal", no_network=True, load_dtd=False, encoding="utf-8"
    )
    try:
        top = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:  # not even a root
        top = builder.close()
    first = next((entry for entry in parser.error_log if entry.level == etree.ErrorLevels.FATAL), None)
    fault = f"line {first.line}: {first.message}" if first is not None else None
    return ParsedXml(top, builder.dropped, fault)
