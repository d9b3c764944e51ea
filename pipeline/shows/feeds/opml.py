"""Read and write OPML: lists of feeds, as programs for podcasts exchange them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from xml.sax.saxutils import quoteattr

from index.credentials import without_credentials
from pipeline.errors import NAME_LIST, FeedError
from pipeline.shows.feeds.feed_addresses import web_address
from pipeline.shows.feeds.feed_decoding import decode_feed
from pipeline.shows.feeds.feed_flaws import FeedFlaws
from pipeline.shows.feeds.plain_text import clean_line, read_name
from pipeline.shows.feeds.values import Subscription
from pipeline.shows.feeds.xml_elements import Element, parse_xml
from pipeline.shows.feeds.xml_repair import OversizedTagError, repair_xml, root_of

LARGEST_LIST = 10_000_000
"""Bytes: a list of 10,000 feeds has 3 MB."""
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0">
  <head>
    <title>Podcasts</title>
  </head>
"""
_FEED_TYPES = frozenset({"rss", "atom", "feed", "pie", "rdf"})


def read_opml(data: bytes, tell: Callable[[str], None] | None = None) -> list[Subscription]:
    """Return the feeds of a list, in order, each address once; ``tell`` is called with each flaw.

    Raises FeedError for what is not a list of feeds.
    """
    if len(data) > LARGEST_LIST:
        raise FeedError(f"The list of feeds has more than {LARGEST_LIST // 1_000_000} MB.", NAME_LIST)
    text, _ = decode_feed(data)
    try:
        repaired = repair_xml(text)
    except OversizedTagError:
        raise FeedError("The list of feeds has a tag of more than 2 MB.", NAME_LIST) from None
    if root_of(repaired) != "opml":
        raise FeedError("This is not a list of feeds in OPML.", NAME_LIST)
    flaws = FeedFlaws()
    found: dict[str, Subscription] = {}

    def take(outline: Element) -> None:
        if stated := _stated_address(outline):
            if address := web_address(stated):
                title = read_name(outline.attribute("title")) or read_name(outline.attribute("text"))
                found.setdefault(address, Subscription(address, title or None))
            else:
                flaws.add("address left out, since it is not http or https", stated)

    parsed = parse_xml(repaired, "", take, frozenset({"outline"}))
    if parsed.fault:
        flaws.add("damaged XML, read as far as it goes", parsed.fault)
    if tell:
        for flaw in flaws.texts():
            tell(flaw)
    return list(found.values())


def _stated_address(outline: Element) -> str:
    """Return the address of a feed that an outline states: xmlUrl, or url if it says that this is a feed."""
    of_feed = outline.attribute("type").lower() in _FEED_TYPES
    return outline.attribute("xmlUrl") or (outline.attribute("url") if of_feed else "")


def write_opml(subscriptions: Iterable[Subscription], *, with_passwords: bool = False) -> bytes:
    """Return feeds as OPML 2.0, in UTF-8; names and passwords in addresses are left out, unless they are wanted."""
    lines = [
        f'    <outline type="rss" text={name} title={name} xmlUrl={quoteattr(address)}/>\n'
        for one in subscriptions
        for address in [one.address if with_passwords else without_credentials(one.address)]
        for name in [quoteattr(clean_line(one.title or without_credentials(one.address)))]
    ]
    return f"{_HEAD}  <body>\n{''.join(lines)}  </body>\n</opml>\n".encode()
