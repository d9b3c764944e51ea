"""Find the feeds that a web page names."""

from __future__ import annotations

import re

from pipeline.articles.encoding import decode_text
from pipeline.shows.feeds.feed_addresses import join_base, web_address

MOST_FEEDS = 50
_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/xml", "text/xml"}
)
_END_OF_FEED = re.compile(r"(?:/feed/?|/rss/?|\.rss|\.atom|\.xml)\Z", re.IGNORECASE)


def find_feeds(page: bytes, address: str) -> list[str]:
    """Return the addresses of the feeds that a page names, best first; none if it names none, or is no page.

    Those in its head (<link rel="alternate">) come first, feeds of comments last; where there are none, links of its
    text whose addresses end as those of feeds do.
    """
    from lxml import etree

    text = decode_text(page)
    if not text:
        return []
    links = _Links(address)
    parser = etree.HTMLParser(target=links, recover=True, no_network=True)
    parser.feed(text)
    parser.close()
    stated = sorted(links.alternates, key=lambda link: "comment" in link[1].lower())
    found = (web_address(href, links.base) for href, _ in stated or links.others)
    return list(dict.fromkeys(filter(None, found)))[:MOST_FEEDS]


class _Links:
    """Collects the links of a page, as its elements are parsed."""

    def __init__(self, address: str) -> None:
        self.base = address
        self._own_base: str | None = None
        self.alternates: list[tuple[str, str]] = []
        self.others: list[tuple[str, str]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Note the link of an element, if it is one to a feed."""
        href = attributes.get("href", "").strip()
        if not href:
            return
        if tag == "base" and self._own_base is None:  # of several, the first counts
            self.base = self._own_base = join_base(self.base, href)
        elif tag == "link" and "alternate" in attributes.get("rel", "").lower().split():
            if attributes.get("type", "").partition(";")[0].strip().lower() in _TYPES:
                self.alternates.append((href, attributes.get("title", "") + href))
        elif tag == "a" and _END_OF_FEED.search(href.partition("?")[0]):
            self.others.append((href, ""))

    def close(self) -> None:
        """There is nothing to return: the links are here."""
