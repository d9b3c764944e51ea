"""Choose the items of feeds that are to become episodes of the library."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from index.language.tokens import fold_text
from index.storage.show_facts import KnownItem, Show
from index.storage.store import Store
from index.storage.untrusted import is_address
from pipeline.batch.episode_details import NO_DETAILS, EpisodeDetails
from pipeline.shows.feed_requests import with_credentials_of
from pipeline.shows.feeds.values import Feed, FeedItem
from pipeline.shows.show_choices import ShowChoices, read_kept_sound
from pipeline.shows.stored_values import read_value

_FIRST_PAGE = 100
"""Items that are read at first: of most shows the newest few are wanted, of thousands."""


@dataclass(frozen=True, slots=True)
class WantedItem:
    """An item of a feed that is to become an episode of a ``show``, and what of it is wanted.

    ``feed`` is what the feed says of itself; ``identity`` tells its items apart. ``number`` is that of the show, None
    if it is not subscribed to, and ``episode`` the id of what an interrupted run has made of the item. ``given`` is
    what the user says of it, ``told`` what the web page of its sound does. It is not ``named`` if nothing
    but the address of its sound is known, so that the library or the tags of the sound know more.
    """

    show: str
    feed: Feed
    item: FeedItem
    identity: str
    choices: ShowChoices
    number: int | None = None
    episode: str | None = None
    given: EpisodeDetails = NO_DETAILS
    told: EpisodeDetails = NO_DETAILS
    named: bool = True

    @property
    def with_sound(self) -> bool:
        """Whether its sound is to be downloaded."""
        return not self.choices.no_audio and bool(self.item.sounds)

    @property
    def size(self) -> int | None:
        """The bytes of its sound as announced; 0 without sound, None if none are announced."""
        return self.item.sounds[0].size if self.with_sound else 0


def choose_items(store: Store, show: Show, choices: ShowChoices) -> list[WantedItem]:
    """Return the items of a show that are wanted and not in the library yet, the newest first.

    ``latest`` counts those that are in the library too, and those that were removed from it, which do not come again.
    """
    feed = read_value(Feed, show.feed, store.directory)
    unfinished = store.unfinished_items(show.number)
    if not choices.no_audio:
        unfinished += [one for one, _ in _read_silent(store, show, with_words=False)]
    if choices.latest is None:
        unmade = store.unmade_items(show.number)
        known: Iterable[KnownItem] = sorted([*unmade, *unfinished], key=_age, reverse=True)
    else:
        known = _newest_first(store, show.number)
    read = ((one, _read_item(one, show, store)) for one in known)
    fitting = islice(((one, item) for one, item in read if fits(item, choices)), choices.latest)
    begun = {one.identity for one in unfinished}
    return [
        _want(show, feed, one, item, choices)
        for one, item in fitting
        if (one.identity in begun or (one.episode is None and not one.removed)) and is_usable(item, choices)
    ]


def choose_silent(store: Store, show: Show, choices: ShowChoices) -> list[WantedItem]:
    """Return the items whose episodes have the publisher's words and never had sound, if sound is wanted and kept."""
    kept = read_kept_sound(choices.keep_audio or "always").episodes
    if choices.no_audio or kept == 0:
        return []
    feed = read_value(Feed, show.feed, store.directory)
    newest = {one.identity for one in store.made_items(show.number)[:kept]}
    silent = _read_silent(store, show, with_words=True)
    return [_want(show, feed, one, item, choices) for one, item in silent if one.identity in newest]


def _read_silent(store: Store, show: Show, *, with_words: bool) -> Iterator[tuple[KnownItem, FeedItem]]:
    """Yield the items with sound whose episodes, made of them without it, have words or none."""
    for one in store.silent_items(show.number):
        episode, item = store.episode(one.episode or ""), _read_item(one, show, store)
        is_made_of_it = episode is not None and is_address(episode.source)  # not of a file of the user
        if is_made_of_it and item.sounds and (store.facts(one.episode or "") is not None) == with_words:
            yield one, item


def want_items(store: Store, show: Show, known: Iterable[KnownItem], choices: ShowChoices) -> list[WantedItem]:
    """Return these items of a show as wanted ones, whatever their titles and dates are, and if they were removed."""
    feed = read_value(Feed, show.feed, store.directory)
    return [_want(show, feed, one, _read_item(one, show, store), choices) for one in known]


def _want(show: Show, feed: Feed, known: KnownItem, item: FeedItem, choices: ShowChoices) -> WantedItem:
    return WantedItem(show.title, feed, item, known.identity, choices, show.number, known.episode)


def _read_item(known: KnownItem, show: Show, store: Store) -> FeedItem:
    return authorise(read_value(FeedItem, known.content, store.directory), show.address)


def authorise(item: FeedItem, feed: str) -> FeedItem:
    """Return an item whose addresses have the name and password of the address of its ``feed``, on the same host."""
    chapters = item.chapters_address
    return replace(
        item,
        sounds=tuple(replace(one, address=with_credentials_of(feed, one.address)) for one in item.sounds),
        transcripts=tuple(replace(one, address=with_credentials_of(feed, one.address)) for one in item.transcripts),
        chapters_address=with_credentials_of(feed, chapters) if chapters is not None else None,
    )


def choose_listed(feed: Feed, choices: ShowChoices, address: str, given: EpisodeDetails) -> list[WantedItem]:
    """Return the items that are wanted of a feed at an ``address`` that is not subscribed to."""
    fitting = islice((item for item in feed.items if fits(item, choices)), choices.latest)
    usable = (authorise(item, address) for item in fitting if is_usable(item, choices))
    return [WantedItem(feed.title, feed, item, item.identity, choices, given=given) for item in usable]


def fits(item: FeedItem, choices: ShowChoices) -> bool:
    """Whether an item has the text in its title and is from a day that are wanted; one without a date is from none."""
    if choices.match is not None and fold_text(choices.match) not in fold_text(item.title):
        return False
    return choices.since is None or (item.published is not None and item.published >= choices.since)


def is_usable(item: FeedItem, choices: ShowChoices) -> bool:
    """Whether an item can become an episode: it has sound or a transcript that is wanted, or no sound is asked for."""
    return bool(choices.no_audio or item.sounds or (item.transcripts and choices.transcripts in ("publisher", "both")))


def _newest_first(store: Store, show: int) -> Iterator[KnownItem]:
    most, skipped = _FIRST_PAGE, 0
    while page := store.items(show, most, skipped):
        yield from page
        most, skipped = 4 * most, skipped + most  # pages of one size would read all before them again and again


def _age(item: KnownItem) -> tuple[str, int]:
    return item.published or "", item.position
