"""Transcripts that a publisher offers, moves or corrects after the episode is in the library."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from audio.errors import InputError
from index.fulltext.maintenance import update_index
from index.storage.store import Store
from pipeline.answers import Outcome
from pipeline.shows.downloads.courier import Courier
from pipeline.shows.feeds.values import FeedItem
from pipeline.shows.published.changed_transcripts import take_changed_transcripts
from pipeline.shows.published.published_fetching import fetch_published
from pipeline.shows.published.taking_transcripts import PublishingShow, find_offered, last_check, take_published

MOST_LOOKED_FOR = 20
"""Episodes of a show that are asked about in one update: transcripts come hours or days after the sound, and one that
cannot be had is asked for again with each update."""


def take_later_transcripts(
    store: Store,
    courier: Courier,
    show: str,
    made: Iterable[tuple[str, FeedItem]],
    language: str | None = None,
    *,
    aligns: bool = False,
) -> list[tuple[FeedItem, Outcome]]:
    """Fetch the transcripts that are offered for episodes of a show and not kept yet, and those that changed.

    ``made`` are the ids of episodes with their items, the newest first; ``language`` is that of the feed, and
    ``aligns`` whether words get the times at which the sound has them. Return what there is to tell. Words are replaced
    as ``import_published`` does. One that fails does not stop the others. Raises MachineError.
    """
    made, publishing = list(made), PublishingShow(show, language, aligns)
    later = list(islice(_find_later(store, made), MOST_LOOKED_FOR))
    asked = {episode for episode, _ in later}
    kept = [(episode, item) for episode, item in made if episode not in asked]
    outcomes = [
        *((item, _take(store, courier, publishing, episode, item)) for episode, item in later),
        *take_changed_transcripts(store, courier, publishing, kept),
    ]
    if any(one.status == "done" for _, one in outcomes):
        update_index(store)
    return outcomes


def _find_later(store: Store, made: Iterable[tuple[str, FeedItem]]) -> Iterator[tuple[str, FeedItem]]:
    """Yield the episodes of which none of the offered transcripts was fetched."""
    for episode, item in made:
        if item.transcripts and find_offered(item, last_check(store, episode)) is None:
            yield episode, item


def _take(store: Store, courier: Courier, show: PublishingShow, episode: str, item: FeedItem) -> Outcome:
    try:
        published = fetch_published(courier, item, show.language)
        assert published is not None, "one is offered"
        return take_published(store, show, episode, item, published)
    except InputError as error:
        return Outcome(item.title, episode, "failed", str(error), error)
