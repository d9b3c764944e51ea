"""List the shows that are subscribed to, as rows and as OPML."""

from __future__ import annotations

from pathlib import Path

from audio.atomic_write import check_new_file, write_output
from index.credentials import without_credentials
from index.storage.show_facts import Show
from index.storage.store import Store
from pipeline.recordings import check_target
from pipeline.shows.feed_requests import is_on_the_web
from pipeline.shows.feeds.opml import write_opml
from pipeline.shows.feeds.values import Subscription
from pipeline.shows.show_choices import ShowChoices
from pipeline.shows.stored_values import read_value
from pipeline.shows.subscriptions import ExportedFeeds, ListedShow


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
