"""Read a feed: RSS 0.9x, 1.0 and 2.0 and Atom, with what iTunes, Podcasting 2.0 and others add to them."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice

from index.credentials import without_credentials
from index.formats.unknown_content import describe_bytes, describe_text
from pipeline.errors import NAME_FEED, READ_AS_LIST, FeedError
from pipeline.shows.feeds.feed_addresses import name_in
from pipeline.shows.feeds.feed_decoding import decode_feed
from pipeline.shows.feeds.feed_flaws import FeedFlaws
from pipeline.shows.feeds.feed_items import (
    checked_address,
    read_author,
    read_item,
    read_notes_of,
    read_page,
    read_people,
    read_title,
)
from pipeline.shows.feeds.plain_text import clean_line
from pipeline.shows.feeds.values import Feed, FeedItem
from pipeline.shows.feeds.written_values import read_language
from pipeline.shows.feeds.xml_elements import XML_LANG, Element, parse_xml
from pipeline.shows.feeds.xml_repair import OversizedTagError, repair_xml, root_of, split_items

LARGEST_FEED = 64_000_000
"""Bytes: feeds of 5,000 episodes with whole articles as notes have 40 MB."""
MOST_ITEMS = 20_000
"""Items that are kept, the first ones: a feed of every hour has as many in two years."""

_FEEDS = frozenset({"rss", "rdf", "feed", "channel"})
_YES = frozenset({"yes", "true", "1"})

_UNDATED = datetime.min.replace(tzinfo=UTC)
_OTHER_ROOTS = {"html": "a web page", "opml": "a list of feeds", "chapters": "a file of chapters"}
_PAGE = re.compile(r"<(?:!doctype\s+html|head|body)\b", re.IGNORECASE)
_HEAD = 5000


def read_feed(data: bytes, address: str, charset: str | None = None) -> Feed:
    """Read a feed that was fetched from ``address``, with the ``charset`` that its server stated.

    Damaged feeds are read as far as they go; what was left out, cut or guessed is among the flaws. Raises FeedError for
    what is not a feed, and names what it is.
    """
    if len(data) > LARGEST_FEED:
        raise _not_readable(address, f"has more than {LARGEST_FEED // 1_000_000} MB")
    text, guessed = decode_feed(data, charset)
    if not text.strip():
        raise _not_readable(address, "is empty")
    flaws = FeedFlaws()
    if guessed:
        flaws.add(guessed)
    try:
        repaired = repair_xml(text)
    except OversizedTagError:
        raise _not_readable(address, "has a tag of more than 2 MB") from None
    root = root_of(repaired)
    if root not in _FEEDS:
        raise _not_a_feed(data, text, root, address)
    return _read_repaired(repaired, address, flaws)


def _read_repaired(repaired: bytes, address: str, flaws: FeedFlaws) -> Feed:
    """Read a document; if the parser found fewer items in it than there are tags of items, read them one by one."""
    items = _Items()
    parsed = parse_xml(repaired, address, items.add)
    if parsed.fault:
        flaws.add("damaged XML, read as far as it goes", parsed.fault)
    if parsed.dropped:
        flaws.add("elements beyond the most that are read", times=parsed.dropped)
    if parsed.fault and items.seen < (stated := sum(1 for _ in split_items(repaired))):
        items = _Items()
        root, end, _ = repaired.partition(b">")
        for item in islice(split_items(repaired), MOST_ITEMS):
            parse_xml(root + end + item, address, items.add)
        items.seen = stated
    return _read_channel(_channel_of(parsed.top), address, items.in_order(flaws), flaws)


class _Items:
    """The items of a feed, as they are read; ``seen`` are those beyond the most too."""

    def __init__(self) -> None:
        self.seen = 0
        self._flaws = FeedFlaws()
        self._read: list[tuple[datetime | None, FeedItem]] = []

    def add(self, element: Element) -> None:
        """Read the next item."""
        self.seen += 1
        if self.seen <= MOST_ITEMS and (found := read_item(element, self._flaws)):
            self._read.append(found)

    def in_order(self, flaws: FeedFlaws) -> tuple[FeedItem, ...]:
        """Return the items, the newest first and undated ones last, each identity once; add what is wrong with them."""
        flaws.take(self._flaws)
        if self.seen > MOST_ITEMS:
            flaws.add(f"items beyond the first {MOST_ITEMS:,} left out", times=self.seen - MOST_ITEMS)
        sounds = defaultdict(set)
        for _, item in self._read:
            sounds[item.identity].add(item.sounds[:1])
        unique: dict[str, tuple[datetime | None, FeedItem]] = {}
        for time, item in self._read:
            # One guid for every episode: a fault of programs that is none of the episodes.
            shared = len(sounds[item.identity]) > 1 and item.sounds
            one = replace(item, identity=item.sounds[0].address) if shared else item
            if unique.setdefault(one.identity, (time, one)) != (time, one):
                flaws.add("item left out, since another has its guid", one.title)
        ordered = sorted(unique.values(), key=lambda dated: dated[0] or _UNDATED, reverse=True)
        return tuple(item for _, item in ordered)


def _channel_of(top: Element) -> Element:
    """Return the element with the title of the feed, wherever it is; that of the whole document if there is none."""
    level = [top]
    while level:
        for element in level:
            if element.name in ("channel", "atom:feed"):
                return element
        level = [child for element in level for children in element.children.values() for child in children]
    return next((children[0] for children in top.children.values()), top)


def _read_channel(channel: Element, address: str, items: tuple[FeedItem, ...], flaws: FeedFlaws) -> Feed:
    title = read_title(channel, flaws)
    if not title:
        flaws.add("the feed has no title, its address is taken for one")
    moved = channel.text_of("itunes:new-feed-url") or _redirect_of(channel)
    new_address = checked_address(channel, moved, flaws) if moved else None
    return Feed(
        title=title or clean_line(name_in(without_credentials(address))) or "feed",
        page=read_page(channel, flaws),
        notes=read_notes_of(channel, flaws),
        language=read_language(channel.text_of("language", "dc:language"))
        or read_language(channel.attribute(XML_LANG)),
        author=read_author(channel),
        guid=clean_line(channel.text_of("podcast:guid")) or None,
        locked=channel.text_of("podcast:locked").lower() in _YES,
        own_address=_link(channel, "self", flaws),
        new_address=new_address if new_address and new_address.rstrip("/") != address.rstrip("/") else None,
        next_page=_link(channel, "next", flaws),
        people=read_people(channel, flaws),
        items=items,
        flaws=flaws.texts(),
    )


def _redirect_of(channel: Element) -> str:
    """Return where RSS's own element for a moved feed says that it is: <redirect><newLocation>."""
    redirect = channel.first("redirect")
    return redirect.text_of("newlocation") if redirect else ""


def _link(channel: Element, relation: str, flaws: FeedFlaws) -> str | None:
    links = (link for link in channel.all("atom:link") if link.attribute("rel").lower() == relation)
    addresses = (checked_address(link, link.attribute("href"), flaws) for link in links)
    return next(filter(None, addresses), None)


def _not_readable(address: str, what: str) -> FeedError:
    return FeedError(f"{without_credentials(address)} {what}: it is not read as a feed.", NAME_FEED, where=address)


def _not_a_feed(data: bytes, text: str, root: str | None, address: str) -> FeedError:
    kind = _OTHER_ROOTS.get(root or "") or ("a web page" if _PAGE.search(text, 0, _HEAD) else None)
    found = kind or describe_bytes(data) or describe_text(text)
    way_out = READ_AS_LIST if root == "opml" else NAME_FEED
    return FeedError(f"{without_credentials(address)} is not a feed, but {found}.", way_out, where=address)
