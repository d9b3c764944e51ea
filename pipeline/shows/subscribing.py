"""Subscribe to feeds: from addresses, pages that name feeds, files and OPML lists; and end subscriptions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote

from audio.errors import AirquoteError, UsageError, choose_other_file
from index.credentials import without_credentials
from index.language.tokens import fold_text
from index.storage.show_facts import Show
from index.storage.store import Store
from pipeline.errors import NAME_FEED, NAME_LIST, FeedError, as_failure, check_text
from pipeline.progress import FeedsAdvanced, FeedsLeftOut, ProgressCallback, ignore_progress
from pipeline.settings import full_path
from pipeline.shows.downloads.courier import MOST_FETCHED, Courier
from pipeline.shows.downloads.outcomes import Fetched
from pipeline.shows.feed_reading import ReadFeed, read_fetched_page
from pipeline.shows.feed_requests import FeedRequest, fetch_feed, fetch_feeds, host_of, is_on_the_web, is_same_feed
from pipeline.shows.feeds.opml import read_opml
from pipeline.shows.feeds.values import FeedItem, Subscription
from pipeline.shows.refreshing import describe_feed, find_show, gone_error, save_feed
from pipeline.shows.show_choices import ShowChoices
from pipeline.shows.stored_values import read_value, write_value
from pipeline.shows.subscriptions import Subscribed, Unsubscribed


def request_feed(named: str | Path) -> FeedRequest:
    """Return the request for a feed as a user named it: by an address, which counts as typed, or by its file.

    Raises UsageError for an address of another kind, and for what no file can be called.
    """
    text = str(named).strip()
    check_text("feed", text)
    if is_on_the_web(text):
        return FeedRequest(text, "typed")
    scheme, colon, path = text.partition("://")
    if (colon and scheme.isalpha()) or text.lower().startswith(("http:", "https:")):
        way_out = choose_other_file(f"Give its path: {unquote(path)}") if scheme.lower() == "file" else NAME_FEED
        shown = without_credentials(text)
        raise UsageError(f"{shown} is not an http(s) address.", way_out, where=shown)
    if not text or "\0" in text:
        raise UsageError(f"No feed can be called {text!r}.", NAME_FEED, where=text)
    return FeedRequest(str(full_path(text)), "typed")


def read_list(source: str | Path | BinaryIO, courier: Courier, progress: ProgressCallback) -> list[Subscription]:
    """Read an OPML list of feeds from a file, an address or a stream.

    Raises UsageError as ``request_feed``, InputError for one that cannot be had, or read.
    """
    if isinstance(source, (str, Path)):
        name, data = without_credentials(str(source)), _fetch_list(source, courier)
    else:
        name, data = "the input", source.read(MOST_FETCHED)
    flaws: list[str] = []
    try:
        listed = read_opml(data, flaws.append)
    except FeedError as error:
        raise FeedError(f"{name}: {error.message}", error.way_out, where=name) from error
    if flaws:
        progress(FeedsLeftOut(tuple(flaws)))
    return listed


def _fetch_list(source: str | Path, courier: Courier) -> bytes:
    """Fetch or read a list; what is not there is a list that is to be named, not a feed."""
    try:
        return fetch_feed(request_feed(source), courier).data
    except AirquoteError as error:
        if error.way_out == NAME_FEED:
            raise type(error)(error.message, NAME_LIST, where=error.where) from error
        raise


def subscribe(
    store: Store,
    requests: Sequence[FeedRequest],
    courier: Courier,
    choices: ShowChoices,
    *,
    titles: Mapping[str, str] | None = None,
    progress: ProgressCallback = ignore_progress,
) -> list[Subscribed]:
    """Subscribe to feeds; return how each went, in their order. One that fails does not stop the others.

    A feed that is subscribed to already is asked for again, and gets the ``choices`` that were made now. ``titles`` are
    names for feeds that have none, by address.
    """
    asked = list({request.address: request for request in requests}.values())
    answers: dict[str, Subscribed] = {}
    for done, (request, fetched) in enumerate(fetch_feeds(asked, courier), 1):
        title = (titles or {}).get(request.address)
        answers[request.address] = _subscribe(store, request, fetched, courier, choices, title)
        progress(FeedsAdvanced(done, len(asked)))
    return [answers[request.address] for request in asked]


def unsubscribe(store: Store, names: Iterable[str], *, dry_run: bool = False) -> list[Unsubscribed]:
    """End subscriptions, all or none of them; the episodes stay in the library. Raises UsageError as ``show_named``."""
    with store.transaction():
        shows = list(dict.fromkeys(map(store.show_named, names)))
        counts = {show.number: _count_own(store, show) for show in shows}
        for show in shows:
            if not dry_run:
                store.remove_show(show.number)
    return [Unsubscribed(show.title, without_credentials(show.address), counts[show.number]) for show in shows]


def _count_own(store: Store, show: Show) -> int:
    """Return the number of episodes of a show that are not another's, with the same sound."""
    shows = {episode.id: episode.show for episode in store.episodes()}
    return sum(shows.get(item.episode or "") == show.title for item in store.made_items(show.number))


def _subscribe(
    store: Store,
    request: FeedRequest,
    fetched: Fetched | AirquoteError,
    courier: Courier,
    choices: ShowChoices,
    title: str | None,
) -> Subscribed:
    shown = without_credentials(request.address)
    try:
        if isinstance(fetched, AirquoteError):
            raise fetched
        if fetched.status == "gone":
            raise gone_error(shown)
        read = read_fetched_page(request, fetched, courier)
    except Exception as error:  # noqa: BLE001 - one feed never stops the others
        failure = as_failure(error, shown)
        return Subscribed("failed", None, shown, 0, failure.message, error=failure)
    with store.transaction():
        show = find_show(store, read.address) or find_show(store, request.address)
        known = show is not None
        remarks = list(_remarks(request, read))
        if show is None:
            name = _name_show(store, read, title)
            show = store.add_show(name, read.address, describe_feed(read.feed), write_value(choices))
        else:
            earlier = read_value(ShowChoices, show.choices, store.directory)
            later = earlier.changed_by(choices)
            store.save_choices(show.number, write_value(later))
            if later != earlier:
                remarks.append(f"Wanted from now on: {later.description}; before: {earlier.description}.")
        merged = save_feed(store, show.number, read)
        if not known:
            _link_episodes(store, show)
        items, _ = store.item_counts().get(show.number, (0, 0))
    return Subscribed(
        "known" if known else "done", show.title, without_credentials(read.address), items,
        " ".join(filter(None, (*remarks, merged.remark))) or None, tuple(map(without_credentials, read.others)),
        flaws=read.feed.flaws,
    )  # fmt: skip


def _remarks(request: FeedRequest, read: ReadFeed) -> Iterator[str]:
    if not is_same_feed(request.address, read.address):
        yield f"Its feed is at {without_credentials(read.address)}."
    yield from read.remarks


def _name_show(store: Store, read: ReadFeed, title: str | None) -> str:
    """Return a name for a show that no other has: its title, with the host of its feed or a number if need be."""
    host = host_of(read.address)
    name = read.feed.title.strip() or (title or "").strip() or host or Path(read.address).stem
    taken = {fold_text(show.title) for show in store.shows()}
    names = (name, f"{name} ({host})" if host else name, *(f"{name} ({number})" for number in range(2, len(taken) + 3)))
    return next(one for one in names if fold_text(one) not in taken)


def _link_episodes(store: Store, show: Show) -> None:
    """Link items of a new show to the episodes that the library has of it: of its name, their title and their date."""
    there: dict[tuple[str, str | None], list[str]] = {}
    for episode in store.episodes():
        if episode.show and fold_text(episode.show) == fold_text(show.title):
            there.setdefault((fold_text(episode.title), episode.published), []).append(episode.id)
    for known in store.items(show.number) if there else ():
        item = read_value(FeedItem, known.content, store.directory)
        match there.pop((fold_text(item.title), item.published), []):
            case [episode_id]:
                store.link_item(show.number, known.identity, episode_id)
