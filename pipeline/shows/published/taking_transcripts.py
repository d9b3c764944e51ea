"""Take a publisher's transcript for an episode that is in the library already, and know what was asked for before."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from index.credentials import without_credentials
from index.storage.published_files import PublishedCheck
from index.storage.store import Store
from pipeline.answers import Outcome
from pipeline.batch.episode_details import EpisodeDetails
from pipeline.batch.remembered_files import is_in_place
from pipeline.imported.import_times import TimingOptions
from pipeline.imported.word_origin import is_aligned
from pipeline.shows.feeds.values import FeedItem, OfferedTranscript
from pipeline.shows.published.published_fetching import Published
from pipeline.shows.published.published_import import import_published


@dataclass(frozen=True, slots=True)
class PublishingShow:
    """A show whose publisher offers transcripts: ``title``, ``language``, and whether words are to be aligned."""

    title: str
    language: str | None = None
    aligns: bool = False


def last_check(store: Store, episode: str) -> PublishedCheck | None:
    """Return what came of asking for the transcript of an episode; in an older library, what the kept file tells."""
    check = store.published_check(episode)
    if check is None and (kept := store.published(episode)) is not None:
        return PublishedCheck(kept.address, hashlib.sha256(kept.data).hexdigest())
    return check


def find_offered(item: FeedItem, check: PublishedCheck | None) -> OfferedTranscript | None:
    """Return the transcript of an item that was asked for the last time, None if the feed does not offer it now."""
    return next((one for one in item.transcripts if check and without_credentials(one.address) == check.address), None)


def take_published(store: Store, show: PublishingShow, episode: str, item: FeedItem, published: Published) -> Outcome:
    """Make a transcript the words of an episode, or keep it beside them, as ``import_published`` does.

    Words that were aligned with the sound are so again, if it is here. Raises as ``import_published``.
    """
    owner, facts = store.episode(episode), store.facts(episode)
    was_aligned = facts is not None and is_aligned(facts.settings)
    aligns = (was_aligned or show.aligns) and owner is not None and is_in_place(store, owner)
    outcome = import_published(
        store, item, published, EpisodeDetails(show.title), TimingOptions(align=aligns), episode=episode,
        audio=Path(owner.media) if aligns and owner is not None and owner.media is not None else None,
    )  # fmt: skip
    if was_aligned and not aligns and outcome.status == "done":
        lost = "its words have the times of the file, since the sound to align them with is not here"
        return replace(outcome, reason=f"{outcome.reason}; {lost}")
    return outcome
