"""What following shows answers with: subscriptions, their refreshing and their end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from audio.errors import AirquoteError
from index.transcript import WordsFrom
from pipeline.shows.show_choices import ShowChoices, WantedTranscripts

RefreshStatus = Literal["new", "unchanged", "failed", "gone"]


@dataclass(frozen=True, slots=True)
class Subscribed:
    """How a subscription went: ``status`` is ``known`` for a feed that was subscribed to before.

    ``show`` is the name of the show in the library, None if it failed, ``feed`` the address without name and password,
    ``items`` the number of episodes in the feed, ``reason`` why it failed or what is remarkable, ``others`` further
    feeds of the page that named it. ``flaws`` say what of the feed was left out or guessed, ``error`` why it failed;
    they are not part of the JSON.
    """

    status: Literal["done", "known", "failed"]
    show: str | None
    feed: str
    items: int
    reason: str | None = None
    others: tuple[str, ...] = ()
    flaws: tuple[str, ...] = ()
    error: AirquoteError | None = None


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What asking for the feed of a show gave: the numbers of its new items and of those that were changed.

    ``status`` is ``gone`` for a feed that its server says is no more, which is not asked for again. ``moved_to`` is its
    new address; ``reason`` says why it failed or what is remarkable. ``error`` is that of one that failed; it is not
    part of the JSON.
    """

    status: RefreshStatus
    show: str
    feed: str
    new_items: int = 0
    changed_items: int = 0
    moved_to: str | None = None
    reason: str | None = None
    error: AirquoteError | None = None


@dataclass(frozen=True, slots=True)
class ListedShow:
    """A show that is subscribed to.

    ``show_number`` names it as well as its title. ``feed`` is the address of its feed without name and password,
    ``items`` the number of episodes that the feed has or had, and ``episodes`` of those in the library. ``checked`` is
    when the feed was last asked for (UTC), ``reason`` why that failed. The others are the choices made for it.
    """

    show_number: int
    show: str
    feed: str
    items: int
    episodes: int
    checked: str | None
    reason: str | None
    latest: int | None
    since: str | None
    match: str | None
    wanted_transcripts: WantedTranscripts | None
    no_audio: bool
    keep_audio: str | None

    @property
    def choices(self) -> ShowChoices:
        """What is wanted of it."""
        return ShowChoices(
            self.latest, self.since, self.match, self.wanted_transcripts, self.no_audio or None, self.keep_audio
        )


@dataclass(frozen=True, slots=True)
class ListedItem:
    """An item of a feed that is followed, and what is there of it.

    ``item`` names it: the show and a number that stays. ``duration`` (seconds) and ``bytes`` of its sound are as
    announced. ``episode`` is that of the library, None without one, which may have been ``removed``. Its sound is
    here, or offered by the feed: ``sound_state``; ``origin`` is whose words the episode has, and ``transcript_state``
    whether the publisher's transcript is kept or offered.
    """

    item: str
    show: str
    title: str
    published: str | None
    duration: float | None
    bytes: int | None
    episode: str | None
    removed: bool
    sound_state: Literal["here", "offered"] | None
    origin: WordsFrom | None
    transcript_state: Literal["kept", "offered"] | None


@dataclass(frozen=True, slots=True)
class Unsubscribed:
    """A show that is no longer subscribed to; its ``episodes`` stay in the library."""

    show: str
    feed: str
    episodes: int


@dataclass(frozen=True, slots=True)
class ExportedFeeds:
    """An OPML list of ``feeds`` feeds, in the file that was written or as text.

    ``left_out`` are the shows that it leaves out, whose feeds are files, and ``without_password`` counts the addresses
    that stand in it without their name and password.
    """

    file: str | None
    feeds: int
    document: str | None
    left_out: tuple[str, ...]
    without_password: int
