"""Read what was fetched as a feed: with its older pages, from where it moved to, or by way of a page that names it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from audio.errors import InputError, correct_input
from index.credentials import without_credentials
from pipeline.errors import AddressError
from pipeline.shows.downloads.courier import Courier
from pipeline.shows.downloads.outcomes import Fetched
from pipeline.shows.feed_requests import FeedRequest, is_on_the_web, with_credentials_of
from pipeline.shows.feeds.feed_reader import read_feed
from pipeline.shows.feeds.page_feeds import find_feeds
from pipeline.shows.feeds.values import Feed
from pipeline.shows.item_merging import address_key

MOST_PAGES = 100
"""Older pages of a feed that are read at once; the next time goes on from there."""
MOST_ITEMS = 50_000
"""Items after which no more pages are read at once: ten times those of the longest feeds."""
MOST_MOVES = 5
"""Statements of a feed that it moved, one after the other, that are followed."""
MOST_NAMED = 5
"""Feeds that a page names, of which the first that can be read is taken."""


@dataclass(frozen=True, slots=True)
class ReadFeed:
    """A feed with the items of all pages that were read, and the ``address`` that it has from now on.

    ``feed.next_page`` is the first of its older pages that is still to be read, and ``feed.new_address`` one that it
    states but that could not be read. ``remarks`` say what did not go well; ``others`` are the addresses of other feeds
    of the page that named it.
    """

    feed: Feed
    address: str
    entity_tag: str | None
    modified: str | None
    remarks: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


def read_fetched(
    request: FeedRequest, fetched: Fetched, courier: Courier, known: Collection[str] = (), unread: str | None = None
) -> ReadFeed:
    """Read a feed that was fetched, follow it to where it moved, and read its older pages.

    ``known`` are the identities of items that need not be read again, and ``unread`` is the first of the older pages
    that were not read the last time. Raises InputError for what is not a feed.
    """
    read = _read(fetched, request.address)
    if not is_on_the_web(request.address):
        return replace(read, feed=replace(read.feed, new_address=None, next_page=None))
    return _read_older_pages(_follow_moves(read, courier), courier, known, unread)


def read_fetched_page(request: FeedRequest, fetched: Fetched, courier: Courier) -> ReadFeed:
    """Read a feed that was fetched, or the first readable one that a web page names.

    Raises InputError for what is neither, or where none of these feeds can be read.
    """
    try:
        return read_fetched(request, fetched, courier)
    except InputError:
        named = find_feeds(fetched.data, fetched.address)[:MOST_NAMED]
        if not named:
            raise
    failure: InputError | None = None
    for address in named:
        found = FeedRequest(with_credentials_of(request.address, address))
        try:
            read = read_fetched(found, _fetch(found.address, courier), courier)
        except InputError as error:
            failure = failure or error
            continue
        return replace(read, others=tuple(other for other in named if other != address))
    assert failure is not None
    raise failure


def _read(fetched: Fetched, address: str) -> ReadFeed:
    feed = read_feed(fetched.data, fetched.address, fetched.charset)
    return ReadFeed(feed, fetched.moved or address, fetched.entity_tag, fetched.modified)


def _fetch(address: str, courier: Courier) -> Fetched:
    """Fetch what a document names. Raises AddressError, also for what is gone."""
    fetched = courier.fetch(address)
    if fetched.status == "gone":
        where = without_credentials(address)
        told = f"There is nothing at {where} any more (410)."
        raise AddressError(told, correct_input("Check the address."), where=where)
    return fetched


def _follow_moves(read: ReadFeed, courier: Courier) -> ReadFeed:
    """Return the feed at the address that it says it moved to, and so on."""
    seen = {read.address}
    for _ in range(MOST_MOVES):
        target = with_credentials_of(read.address, read.feed.new_address or read.address)
        is_same = address_key(target) == address_key(read.address)
        if target in seen or (is_same and target.lower().startswith("http://")):
            break
        seen.add(target)
        try:
            read = _read(_fetch(target, courier), target)
        except InputError as error:
            remark = f"It says that it moved to {without_credentials(target)}, but: {error.message}"
            return replace(read, remarks=(*read.remarks, remark))
    return replace(read, feed=replace(read.feed, new_address=None))


def _read_older_pages(read: ReadFeed, courier: Courier, known: Collection[str], unread: str | None) -> ReadFeed:
    """Return the feed with the items of its older pages, up to one with known items alone, then from ``unread`` on."""
    items, remarks = [*read.feed.items], [*read.remarks]
    page, seen, resumed = read.feed, {read.address}, False
    while True:
        following = page.next_page if resumed or any(item.identity not in known for item in page.items) else None
        if following is None and not resumed:
            following, resumed = unread, True
        if following in seen:
            following = None
        if following is None or len(seen) > MOST_PAGES or len(items) > MOST_ITEMS:
            break
        seen.add(following)
        try:
            page = _read(_fetch(with_credentials_of(read.address, following), courier), following).feed
        except InputError as error:
            remarks.append(f"Its older episodes could not be read: {error.message}")
            break
        items += page.items
    return replace(read, feed=replace(read.feed, items=tuple(items), next_page=following), remarks=tuple(remarks))
