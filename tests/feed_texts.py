"""Feeds for tests: RSS with what is put into its channel and its items."""

from __future__ import annotations

from pipeline.shows.feeds.feed_reader import read_feed
from pipeline.shows.feeds.values import Feed, FeedItem

ADDRESS = "https://example.org/shows/talk.xml"
NAMESPACES = (
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:podcast="https://podcastindex.org/namespace/1.0" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:psc="http://podlove.org/simple-chapters" xmlns:media="http://search.yahoo.com/mrss/"'
)
SOUND = '<enclosure url="https://example.org/1.mp3" length="1000" type="audio/mpeg"/>'


def rss(inside: str, namespaces: str = NAMESPACES) -> bytes:
    """A feed with the title Talk, and what is inside of its channel."""
    return f'<rss version="2.0" {namespaces}><channel><title>Talk</title>{inside}</channel></rss>'.encode()


def read(data: bytes | str) -> Feed:
    """Read a feed from the address of the tests."""
    return read_feed(data.encode() if isinstance(data, str) else data, ADDRESS)


def read_one(inside: str, namespaces: str = NAMESPACES) -> FeedItem:
    """Read the only item of a feed, from what is inside of it."""
    (item,) = read(rss(f"<item>{inside}</item>", namespaces)).items
    return item
