"""Ask again for publishers' transcripts that were fetched before: some are corrected at the same address."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from audio.errors import InputError
from index.storage.published_files import PublishedCheck
from index.storage.store import Store
from pipeline.answers import Outcome
from pipeline.shows.downloads.courier import Courier
from pipeline.shows.feeds.values import FeedItem, OfferedTranscript
from pipeline.shows.published.published_fetching import Published, fetch_again
from pipeline.shows.published.published_import import describe_check
from pipeline.shows.published.taking_transcripts import PublishingShow, find_offered, last_check, take_published

MOST_ASKED_AGAIN = 10
"""Episodes of a show whose transcript is asked for again in one update. Corrections come soon after the episode, and an
answer that nothing changed has a few bytes."""

MOST_FETCHED_AGAIN = 3
"""The same where the server says nothing by which it can be asked for changes: the whole file comes each time."""


def take_changed_transcripts(
    store: Store, courier: Courier, show: PublishingShow, made: Iterable[tuple[str, FeedItem]]
) -> Iterator[tuple[FeedItem, Outcome]]:
    """Take those transcripts of the newest episodes that changed since they were fetched; yield what is to be told.

    ``made`` are the ids of episodes with their items, the newest first. What fails is told once, and the transcript
    stays; after a fault that may pass soon nothing more of the show is asked for. Raises MachineError.
    """
    for episode, item, offered, check in _choose(store, made):
        try:
            published = fetch_again(courier, item, offered, check, show.language)
            outcome = _take_news(store, show, episode, item, check, published)
        except InputError as error:
            store.save_published_check(episode, replace(check, fault=error.message))
            if error.message != check.fault:
                reason = f"its transcript stays, since it could not be taken again: {error.message}"
                yield item, Outcome(item.title, episode, "skipped", reason)
            if error.way_out is not None and error.way_out.kind == "try_again":
                return
            continue
        if outcome is not None:
            yield item, outcome


def _choose(
    store: Store, made: Iterable[tuple[str, FeedItem]]
) -> Iterator[tuple[str, FeedItem, OfferedTranscript, PublishedCheck]]:
    """Yield what is asked for again: episode, item, the transcript as it is offered, and what is known of it."""
    asked = whole = 0
    for episode, item in made:
        check = last_check(store, episode)
        offered = find_offered(item, check)
        if check is None or offered is None:
            continue
        asked, whole = asked + 1, whole + (check.entity_tag is None and check.modified is None)
        if asked > MOST_ASKED_AGAIN or whole > MOST_FETCHED_AGAIN:
            return
        yield episode, item, offered, check


def _take_news(
    store: Store,
    show: PublishingShow,
    episode: str,
    item: FeedItem,
    check: PublishedCheck,
    published: Published | None,
) -> Outcome | None:
    """Take a transcript that was fetched again (None: its server says that it is as before); None if nothing is new."""
    now = describe_check(published) if published is not None else replace(check, fault=None)
    if published is not None and now.digest != check.digest:
        return take_published(store, show, episode, item, published)
    if now != check:
        store.save_published_check(episode, now)
    return None
