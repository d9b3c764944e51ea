"""What a feed says: values that all readers of feeds share.

Texts are plain, without markup and control characters. Addresses are absolute http(s) addresses; others are left out
and told among the flaws of the feed. Times are seconds from the start of the recording.
"""

from __future__ import annotations

from dataclasses import dataclass

from audio.recording.chapters import Chapter
from index.notes import Person as Person
from index.notes import Soundbite as Soundbite


@dataclass(frozen=True, slots=True)
class OfferedSound:
    """One offered file of an episode's sound: media ``type`` in lower case, announced ``size`` in bytes."""

    address: str
    type: str | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True)
class OfferedTranscript:
    """One offered transcript: its media ``type`` in lower case, ``language``, and whether it is of captions."""

    address: str
    type: str | None = None
    language: str | None = None
    captions: bool = False


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One episode of a feed.

    ``identity`` is its guid, or else the address of its sound or page: it stays the same when other details change.
    ``published`` is YYYY-MM-DD in UTC; ``page`` its web page; ``sounds`` are the enclosure first, then alternatives;
    ``chapters`` are those in the feed itself, ``chapters_address`` a file of them. ``author`` is who the feed says made
    it.
    """

    identity: str
    title: str
    published: str | None = None
    page: str | None = None
    notes: str = ""
    number: str | None = None
    season: str | None = None
    duration: float | None = None
    language: str | None = None
    author: str | None = None
    sounds: tuple[OfferedSound, ...] = ()
    transcripts: tuple[OfferedTranscript, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    chapters_address: str | None = None
    people: tuple[Person, ...] = ()
    soundbites: tuple[Soundbite, ...] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """A show as its feed states it: the newest item first, as far as items have dates.

    ``own_address`` is where the feed says that it is, ``new_address`` where it moved, ``next_page`` the older part of a
    feed in pages; ``flaws`` what was left out or guessed.
    """

    title: str
    page: str | None = None
    notes: str = ""
    language: str | None = None
    author: str | None = None
    guid: str | None = None
    locked: bool = False
    own_address: str | None = None
    new_address: str | None = None
    next_page: str | None = None
    people: tuple[Person, ...] = ()
    items: tuple[FeedItem, ...] = ()
    flaws: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Subscription:
    """One feed of an OPML list."""

    address: str
    title: str | None = None
