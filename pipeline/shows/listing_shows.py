"""List the shows that are subscribed to, as rows and as OPML, and the items of their feeds."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from itertools import islice
from pathlib import Path

from audio.atomic_write import check_new_file, write_output
from index.credentials import without_credentials
from index.storage.show_facts import KnownItem, Show
from index.storage.store import Store
from index.transcript import Episode
from pipeline.hearing.recordings import check_target
from pipeline.imported.word_origin import origin_of
from pipeline.shows.feed_requests import is_on_the_web
from pipeline.shows.feeds.opml import write_opml
from pipeline.shows.feeds.values import FeedItem, Subscription
from pipeline.shows.show_choices import ShowChoices
from pipeline.shows.stored_values import read_value
from pipeline.shows.subscriptions import ExportedFeeds, ListedItem, ListedShow
from pipeline.shows.updates.missing_sound import is_here
from pipeline.shows.updates.named_items import name_items, short_names
from pipeline.shows.updates.wanted_items import fits


def list_shows(store: Store) -> list[ListedShow]:
    """Return the shows, by title."""
    with store.snapshot():
        counts, shows = store.item_counts(), store.shows()
    return [_describe(store, show, *counts.get(show.number, (0, 0))) for show in shows]


def _describe(store: Store, show: Show, items: int, episodes: int) -> ListedShow:
    choices = read_value(ShowChoices, show.choices, store.directory)
    return ListedShow(
        show.number, show.title, without_credentials(show.address), items, episodes, show.checked, show.fault,
        choices.latest, choices.since, choices.match, choices.transcripts, choices.no_audio or False,
        choices.keep_audio,
    )  # fmt: skip


def list_items(store: Store, shows: Sequence[Show], choices: ShowChoices) -> list[ListedItem]:
    """Return the items of shows that have the title and dates of the choices, the newest first; of each the latest."""
    names = short_names(store.shows())
    with store.snapshot():
        made = {row[0].id: row for row in store.listed()}
        kept = store.published_addresses()
        return [
            _describe_item(store, show, name, known, item, made.get(known.episode or ""), kept)
            for show in shows
            for name, known, item in islice(_fitting(store, show, names[show.number], choices), choices.latest or None)
        ]


def _fitting(
    store: Store, show: Show, short_name: str, choices: ShowChoices
) -> Iterator[tuple[str, KnownItem, FeedItem]]:
    for name, known in name_items(store, show, short_name):
        item = read_value(FeedItem, known.content, store.directory)
        if fits(item, choices):
            yield name, known, item


def _describe_item(
    store: Store,
    show: Show,
    name: str,
    known: KnownItem,
    item: FeedItem,
    made: tuple[Episode, str | None, str | None, str | None, str | None] | None,
    kept: Container[str],
) -> ListedItem:
    episode, _, engine, _, settings = made or (None, None, None, None, None)
    is_offered = bool(item.sounds)
    return ListedItem(
        name, show.title, item.title, item.published, item.duration, item.sounds[0].size if is_offered else None,
        episode.id if episode else None, known.removed,
        "here" if episode and is_here(store, episode) else "offered" if is_offered else None,
        origin_of(engine, settings or "") if engine is not None else None,
        "kept" if episode and episode.id in kept else "offered" if item.transcripts else None,
    )  # fmt: skip


def export_feeds(
    store: Store, target: str | Path | None = None, *, with_passwords: bool = False, overwrite: bool = False
) -> ExportedFeeds:
    """Write an OPML list of the feeds to ``target``; without one return its text. Feeds that are files are left out.

    Names and passwords of addresses are in it only ``with_passwords``, and the file is then for its owner alone. Raises
    UsageError as ``check_new_file`` and ``check_target`` do, OutputError if it cannot be written.
    """
    shows = store.shows()
    listed = [Subscription(show.address, show.title) for show in shows if is_on_the_web(show.address)]
    left_out = tuple(show.title for show in shows if not is_on_the_web(show.address))
    secret = 0 if with_passwords else sum(one.address != without_credentials(one.address) for one in listed)
    opml = write_opml(listed, with_passwords=with_passwords)
    if target is None:
        return ExportedFeeds(None, len(listed), opml.decode(), left_out, secret)
    file = Path(target)
    check_target(store, file)
    check_new_file(file, overwrite)
    with write_output(file) as unfinished:
        unfinished.touch(mode=0o600 if with_passwords else 0o666)
        unfinished.write_bytes(opml)
    return ExportedFeeds(str(file), len(listed), None, left_out, secret)
