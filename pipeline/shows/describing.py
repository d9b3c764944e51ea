"""Store what a feed says of an episode besides its words: notes, people, soundbites and chapters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from audio.recording.chapters import Chapter
from index.credentials import without_credentials
from index.notes import EpisodeNotes
from index.storage.store import Store
from index.storage.untrusted import is_address
from pipeline.shows.feeds.values import Feed, FeedItem

LONGEST_NOTES = 100_000
"""Characters: more are a transcript."""
MOST_PEOPLE = MOST_SOUNDBITES = 100


def save_description(store: Store, episode_id: str, feed: Feed, item: FeedItem, chapters: Iterable[Chapter]) -> None:
    """Store what a feed's item says of its episode; ``chapters`` are those of the item's file of chapters, if any.

    Chapters of the recording itself stay: they fit this very file, others may be of one with other advertisements.
    """
    notes = describe(feed, item, chapters)
    offset = store.sound(episode_id).offset
    with store.transaction():
        before, kept = store.notes(episode_id), store.chapters(episode_id)
        if before and not notes.chapters:
            notes = replace(notes, chapters=before.chapters)
        if not kept or (before and kept == _moved(before.chapters, offset)):
            store.save_chapters(episode_id, _moved(notes.chapters, offset))
        store.save_number(episode_id, item.number)
        store.save_notes(episode_id, notes)


def describe(feed: Feed, item: FeedItem, chapters: Iterable[Chapter] = ()) -> EpisodeNotes:
    """Return what a feed's item says of its episode, within limits; people of the show where it names none itself."""
    return EpisodeNotes(
        item.notes[:LONGEST_NOTES],
        (item.people or feed.people)[:MOST_PEOPLE],
        item.soundbites[:MOST_SOUNDBITES],
        tuple(chapters) or item.chapters,
        without_credentials(item.page) if item.page and is_address(item.page) else None,
        item.season,
    )


def _moved(chapters: Iterable[Chapter], offset: float) -> list[Chapter]:
    """Return chapters on the time line of a sound, at whose first sample players show ``offset`` seconds."""
    return [chapter.moved(-offset) for chapter in chapters]
