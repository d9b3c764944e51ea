"""Read feeds that are too broken for an XML parser, with feedparser, which looks for the tags alone."""

from __future__ import annotations

import io
from typing import Any

from pipeline.shows.feeds.xml_elements import Element

LARGEST_BROKEN = 500_000
"""Bytes that are read so: feedparser takes up to 3 seconds and 80 MB for them."""


def read_loosely(data: bytes, base: str) -> tuple[Element, list[Element]]:
    """Return the feed and its items, as far as feedparser finds them, in the first part of a document in UTF-8.

    Only what every episode needs is read so: titles, notes, dates, guids, links, enclosures, numbers and lengths.
    """
    import feedparser

    # As a file, since a text could be taken for an address to be opened.
    read: Any = feedparser.parse(
        io.BytesIO(data[:LARGEST_BROKEN]),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    channel = _element("channel", read.feed, base, ("title", "link", "language"))
    _add(channel, "description", read.feed.get("subtitle"))
    return channel, [_read_entry(entry, base) for entry in read.entries]


def _read_entry(entry: Any, base: str) -> Element:
    item = _element("item", entry, base, ("title", "link", "itunes:duration", "itunes:episode", "itunes:season"))
    _add(item, "guid", entry.get("id"))
    _add(item, "pubdate", entry.get("published") or entry.get("updated"))
    _add(item, "itunes:author", entry.get("author"))
    for text in (entry.get("summary"), *(content.get("value") for content in entry.get("content", ()))):
        _add(item, "description", text)
    for enclosure in entry.get("enclosures", ()):
        stated = {"url": enclosure.get("href"), "type": enclosure.get("type"), "length": enclosure.get("length")}
        attributes = {name: value for name, value in stated.items() if isinstance(value, str)}
        item.children.setdefault("enclosure", []).append(Element("enclosure", attributes, base=base))
    return item


def _element(name: str, fields: Any, base: str, names: tuple[str, ...]) -> Element:
    element = Element(name, {}, base=base)
    for one in names:
        _add(element, one, fields.get(one.replace(":", "_")))
    return element


def _add(element: Element, name: str, text: object) -> None:
    if isinstance(text, str) and text:
        element.children.setdefault(name, []).append(Element(name, {}, text, base=element.base))
