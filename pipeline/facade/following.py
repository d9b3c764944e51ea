"""Shows whose feeds are followed: subscribing, refreshing, listing, and the end of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from index.storage.show_facts import Show
from pipeline.answers import as_list
from pipeline.facade.open_library import OpenLibrary
from pipeline.shows.show_choices import ShowChoices
from pipeline.shows.subscriptions import ExportedFeeds, ListedItem, ListedShow, Refreshed, Subscribed, Unsubscribed

if TYPE_CHECKING:
    from pipeline.network.addresses import Origin

# Each method imports what it needs when it is called: a timestamp lookup loads neither Whoosh nor an engine.


class FollowingShows(OpenLibrary):
    """Following shows."""

    def subscribe(
        self,
        feeds: Sequence[str | Path] = (),
        choices: ShowChoices | None = None,
        *,
        opml: str | Path | BinaryIO | None = None,
        allow_private: bool = False,
        origin: Origin = "typed",
    ) -> list[Subscribed]:
        """Subscribe to shows, and learn their episodes; nothing is downloaded or transcribed yet.

        ``feeds`` are addresses of feeds or of pages that name one, which count as typed by the user, and paths of
        files; ``opml`` is a list of feeds, as a file, an address or an open binary stream, whose addresses count as
        found in a document. ``choices`` are remembered for
        each of these shows; a show that is subscribed to already keeps those that are not made now. Returns how each
        went; one that fails does not stop the others. With an ``origin`` other than ``typed`` (docs/addresses.md) the
        feeds must be addresses. Raises UsageError for what cannot be the name of a feed, for an impossible choice,
        InputError for a list that cannot be read.
        """
        from pipeline.shows.downloads.courier import Courier
        from pipeline.shows.feed_requests import FeedRequest, check_addresses
        from pipeline.shows.show_choices import check_choices
        from pipeline.shows.subscribing import read_list, request_feed, subscribe

        checked = check_choices(choices or ShowChoices())
        check_addresses(as_list(feeds), origin)
        requests = list(map(request_feed, as_list(feeds)))
        courier = Courier(allow_private=allow_private, named_by=origin)
        listed = read_list(opml, courier, self.progress) if opml is not None else []
        requests += (FeedRequest(one.address) for one in listed)
        titles = {one.address: one.title for one in listed if one.title}
        return subscribe(self._store, requests, courier, checked, titles=titles, progress=self.progress)

    def unsubscribe(self, shows: Sequence[str], *, dry_run: bool = False) -> list[Unsubscribed]:
        """Follow shows no longer, all of them or none; their episodes stay in the library.

        A show is named by its title or a unique beginning of it, its number or the address of its feed. With
        ``dry_run`` only return which these are. Raises UsageError for a show that is unknown.
        """
        from pipeline.shows.subscribing import unsubscribe

        return unsubscribe(self._store, as_list(shows), dry_run=dry_run)

    def shows(self) -> list[ListedShow]:
        """Return the shows that are followed, by title."""
        from pipeline.shows.listing_shows import list_shows

        return list_shows(self._store)

    def items(
        self, shows: Sequence[str] = (), *, latest: int | None = None, since: str | None = None,
        match: str | None = None,
    ) -> list[ListedItem]:  # fmt: skip
        """Return the items of the feeds of these shows (of all without any), newest first, and what is there of each.

        ``latest`` is how many of each show, ``since`` the first date, ``match`` a text that titles have. ``download``
        and ``update`` take the names of items. Raises UsageError as ``unsubscribe``, and for an impossible choice.
        """
        from pipeline.shows.listing_shows import list_items
        from pipeline.shows.show_choices import check_choices

        choices = check_choices(ShowChoices(latest, since, match))
        chosen = self._shows_named(shows)
        return list_items(self._store, chosen, choices)

    def export_feeds(
        self, target: str | Path | None = None, *, with_passwords: bool = False, overwrite: bool = False
    ) -> ExportedFeeds:
        """Write an OPML list of the feeds to a file; without ``target`` return its text. Feeds of files are left out.

        Names and passwords in addresses are left out too, unless ``with_passwords``. Raises UsageError and OutputError
        as ``export`` does.
        """
        from pipeline.shows.listing_shows import export_feeds

        return export_feeds(self._store, target, with_passwords=with_passwords, overwrite=overwrite)

    def refresh(self, shows: Sequence[str] = (), *, allow_private: bool = False) -> list[Refreshed]:
        """Ask for the feeds of these shows, of all without any, and learn their new episodes; nothing is downloaded.

        Returns what came of each; one that fails does not stop the others. Raises UsageError as ``unsubscribe``.
        """
        from pipeline.shows.downloads.courier import Courier
        from pipeline.shows.refreshing import refresh_shows

        chosen = self._shows_named(shows)
        return refresh_shows(self._store, chosen, Courier(allow_private=allow_private), self.progress)

    def _shows_named(self, names: Sequence[str]) -> list[Show]:
        """Return the shows with these names, each once; all without any. Raises UsageError for one that is unknown."""
        return list(dict.fromkeys(map(self._store.show_named, as_list(names)))) or self._store.shows()
