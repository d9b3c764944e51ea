"""Transcripts that a publisher offers, or moves, after the episode is in the library."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from audio.errors import InputError
from index.credentials import without_credentials
from index.fulltext.maintenance import update_index
from index.storage.store import Store
from pipeline.answers import Outcome
from pipeline.batch.episode_details import EpisodeDetails
from pipeline.shows.downloads.courier import Courier
from pipeline.shows.feeds.values import FeedItem
from pipeline.shows.published.published_fetching import fetch_published
from pipeline.shows.published.published_import import import_published

MOST_LOOKED_FOR = 20
"""Episodes of a show that are asked about in one update: transcripts come hours or days after the sound, and one that
cannot be had is asked for again with each update."""


def take_later_transcripts(
    store: Store, courier: Courier, show: str, made: Iterable[tuple[str, FeedItem]], language: str | None = None
) -> list[tuple[FeedItem, Outcome]]:
    """Fetch the transcripts that are offered for episodes of a show and not kept yet; return what came of each.

    ``made`` are the ids of episodes with their items, the newest first; ``language`` is that of the feed. Words are
    replaced as ``import_published`` does. One that fails does not stop the others. Raises MachineError.
    """
    later = list(islice(_find_later(store, made), MOST_LOOKED_FOR))
    outcomes = [(item, _take(store, courier, show, episode, item, language)) for episode, item in later]
    if any(one.status == "done" for _, one in outcomes):
        update_index(store)
    return outcomes


def _find_later(store: Store, made: Iterable[tuple[str, FeedItem]]) -> Iterator[tuple[str, FeedItem]]:
    """Yield the episodes of which none of the offered transcripts is kept."""
    kept = store.published_addresses()
    for episode, item in made:
        offered = {without_credentials(one.address) for one in item.transcripts}
        if offered and kept.get(episode) not in offered:
            yield episode, item


def _take(store: Store, courier: Courier, show: str, episode: str, item: FeedItem, language: str | None) -> Outcome:
    try:
        published = fetch_published(courier, item, language)
        assert published is not None, "one is offered"
        return import_published(store, item, published, EpisodeDetails(show), episode=episode)
    except InputError as error:
        return Outcome(item.title, episode, "failed", str(error), error)
