"""Ask for the feeds of shows, and store what is new in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from audio.errors import AirquoteError, correct_input
from index.credentials import without_credentials
from index.storage.show_facts import Show
from index.storage.store import Store
from pipeline.errors import AddressError, as_failure
from pipeline.progress import FeedRemarked, FeedsAdvanced, ProgressCallback, ignore_progress
from pipeline.shows.downloads.courier import Courier
from pipeline.shows.downloads.outcomes import Fetched
from pipeline.shows.feed_reading import ReadFeed, read_fetched
from pipeline.shows.feed_requests import FeedRequest, fetch_feeds, is_same_feed
from pipeline.shows.feeds.values import Feed
from pipeline.shows.item_merging import Merged, merge_items
from pipeline.shows.stored_values import read_value, write_value
from pipeline.shows.subscriptions import Refreshed, RefreshStatus


def refresh_shows(
    store: Store, shows: Sequence[Show], courier: Courier, progress: ProgressCallback = ignore_progress
) -> list[Refreshed]:
    """Ask for the feeds of shows and store what is new; return what came of each, in the order of the shows.

    One that fails does not stop the others. A feed that is gone is not asked for. An address in a library counts as
    found in a document, since libraries are handed on.
    """
    by_address = {show.address: show for show in shows}
    asked = [_request(store, show) for show in shows if not show.gone]
    refreshed = {show.number: _answer(show, "gone", show.fault) for show in shows if show.gone}
    unchanged: list[Show] = []
    for done, (request, fetched) in enumerate(fetch_feeds(asked, courier), 1):
        show = by_address[request.address]
        if isinstance(fetched, Fetched) and fetched.status == "unchanged" and fetched.moved is None:
            unchanged.append(show)
            refreshed[show.number] = _answer(show, "unchanged")
        else:
            refreshed[show.number] = _store_answer(store, show, request, fetched, courier)
        _tell(refreshed[show.number], progress)
        progress(FeedsAdvanced(done, len(asked)))
    _store_unchanged(store, unchanged)
    return [refreshed[show.number] for show in shows]


def _tell(one: Refreshed, progress: ProgressCallback) -> None:
    """Report what is remarkable about a feed that could be read."""
    if one.moved_to:
        progress(FeedRemarked(one.show, f"its feed moved to {one.moved_to}"))
    if one.reason and one.status in ("new", "unchanged"):
        progress(FeedRemarked(one.show, one.reason))


def _request(store: Store, show: Show) -> FeedRequest:
    """Return the request for the feed of a show: the whole feed if not all of it could be read the last time."""
    feed = read_value(Feed, show.feed, store.directory)
    if feed.next_page or feed.new_address:
        return FeedRequest(show.address)
    return FeedRequest(show.address, entity_tag=show.entity_tag, modified=show.modified)


def _store_answer(
    store: Store, show: Show, request: FeedRequest, fetched: Fetched | AirquoteError, courier: Courier
) -> Refreshed:
    if isinstance(fetched, AirquoteError):
        return _store_failure(store, show, fetched)
    if fetched.status == "gone":
        error = gone_error(without_credentials(show.address))
        store.save_feed_state(show.number, now(), fault=error.message, gone=True)
        return replace(_answer(show, "gone", error.message), error=error)
    known = {item.identity for item in store.items(show.number)}
    stored = read_value(Feed, show.feed, store.directory)
    try:
        if fetched.status == "unchanged":
            read = ReadFeed(stored, fetched.moved or show.address, fetched.entity_tag, fetched.modified)
        else:
            read = read_fetched(request, fetched, courier, known, stored.next_page)
    except Exception as error:  # noqa: BLE001 - one feed never stops the others
        return _store_failure(store, show, as_failure(error, without_credentials(show.address)))
    other = find_show(store, read.address)
    if other is not None and other.number != show.number:
        # Without its entity tag, so that it is told the next time too.
        return _store_failure(store, replace(show, entity_tag=None, modified=None), _conflict(read.address, other))
    merged = save_feed(store, show.number, read)
    status: RefreshStatus = "new" if merged.new or merged.changed else "unchanged"
    moved = without_credentials(read.address) if read.address != show.address else None
    reason = " ".join(filter(None, (*read.remarks, merged.remark))) or None
    return replace(
        _answer(show, status, reason), new_items=len(merged.new), changed_items=len(merged.changed), moved_to=moved
    )


def _store_failure(store: Store, show: Show, error: AirquoteError) -> Refreshed:
    store.save_feed_state(show.number, now(), entity_tag=show.entity_tag, modified=show.modified, fault=error.message)
    return replace(_answer(show, "failed", error.message), error=error)


def _conflict(address: str, other: Show) -> AddressError:
    """Return the error for a feed that moved to where the feed of another show is."""
    where = without_credentials(address)
    return AddressError(
        f"It moved to {where}, which is subscribed to as {other.title}.",
        correct_input("Unsubscribe from one of the two."),
        where=where,
    )


def _answer(show: Show, status: RefreshStatus, reason: str | None = None) -> Refreshed:
    return Refreshed(status, show.title, without_credentials(show.address), reason=reason)


def find_show(store: Store, address: str) -> Show | None:
    """Return the show with this feed, whatever name and password its address has; None if there is none."""
    return next((show for show in store.shows() if is_same_feed(show.address, address)), None)


def gone_error(where: str) -> AddressError:
    """Return the error for a feed of which its server says that it is gone."""
    return AddressError(
        f"The server of {where} says that it is gone for good (410): it is not asked for again.",
        correct_input("Look for the show's new feed, and subscribe to that."),
        where=where,
    )


def describe_feed(feed: Feed) -> str:
    """Return what a feed says of itself, as it is stored: without its items."""
    return write_value(replace(feed, items=(), flaws=()))


def save_feed(store: Store, show: int, read: ReadFeed) -> Merged:
    """Store a feed that was read, what it says of itself and its items, in one transaction."""
    with store.transaction():
        if not store.follows(show):  # its subscription ended while it was asked for
            return Merged()
        merged = merge_items(store, show, read.feed.items)
        store.save_feed_state(
            show, now(), entity_tag=read.entity_tag, modified=read.modified, fault=" ".join(read.remarks) or None,
            feed=describe_feed(read.feed), address=read.address,
        )  # fmt: skip
    return merged


def now() -> str:
    """Return the present time in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _store_unchanged(store: Store, shows: Iterable[Show]) -> None:
    """Record that feeds were asked for, all in one transaction: one each would take longer than asking."""
    with store.transaction():
        for show in shows:
            store.save_feed_state(show.number, now(), entity_tag=show.entity_tag, modified=show.modified)
