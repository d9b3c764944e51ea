"""Fetch what belongs to an item of a feed: its sound, the publisher's transcript, its chapters."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from audio.atomic_write import raise_output_error
from audio.errors import AirquoteError, InputError, WayOut
from audio.recording.chapters import Chapter
from pipeline.errors import as_failure
from pipeline.progress import ProgressEvent
from pipeline.shows.downloads.courier import Courier
from pipeline.shows.downloads.part_file import lock_part
from pipeline.shows.feeds.chapter_files import read_chapters
from pipeline.shows.published.published_fetching import Published, fetch_published
from pipeline.shows.updates.downloads_ahead import DownloadStopped
from pipeline.shows.updates.sound_files import find_sound, place_sound
from pipeline.shows.updates.wanted_items import WantedItem

MOST_CHAPTERS_BYTES = 2**20
"""A chapter takes some 200 bytes."""


@dataclass(frozen=True, slots=True)
class FetchedItem:
    """An item of a feed with what was fetched for it; ``failure`` is why its sound was not.

    ``remarks`` say what else failed, which does not stop it, and ``advice`` what to do about the last of these.
    """

    wanted: WantedItem
    sound: Path | None = None
    published: Published | None = None
    chapters: tuple[Chapter, ...] = ()
    failure: AirquoteError | None = None
    remarks: tuple[str, ...] = ()
    advice: WayOut | None = None


@dataclass(frozen=True, slots=True)
class ItemFetcher:
    """Fetches items of feeds into the folder of a ``library``; ``report`` gets the progress of downloads.

    ``report`` is called in several threads, and raises DownloadStopped to end a download.
    """

    library: Path
    courier: Courier
    report: Callable[[ProgressEvent], None]

    def fetch(self, wanted: WantedItem) -> FetchedItem:
        """Fetch what is wanted of an item. Raises MachineError, such as for a full disk, which all would meet."""
        published: Published | None = None
        chapters: tuple[Chapter, ...] = ()
        missed: list[tuple[str, WayOut | None]] = []
        try:
            published = self._fetch_published(wanted)
        except InputError as error:
            missed.append((error.message, error.way_out))
        try:
            chapters = self._fetch_chapters(wanted)
        except InputError as error:
            missed.append((f"without the file of its chapters: {error.message}", error.way_out))
        sound, failure = None, None
        if wanted.with_sound:
            try:
                sound = self.fetch_sound(wanted)
            except DownloadStopped:
                raise
            except Exception as error:  # noqa: BLE001 - one item never stops the others
                failure = as_failure(error, wanted.item.title)
        remarks = tuple(text for text, _ in missed)
        return FetchedItem(wanted, sound, published, chapters, failure, remarks, missed[-1][1] if missed else None)

    def fetch_sound(self, wanted: WantedItem) -> Path:
        """Return the file with the sound of an item, downloaded unless it is there: the first offered that can be had.

        Raises AirquoteError as ``Courier.download`` does: of the first one, if none can.
        """
        place = self.place(wanted)
        if (there := find_sound(place)) is not None:
            with suppress(InputError), lock_part(place) as part:
                part.discard()  # what an interruption left after it was whole
            return there
        with raise_output_error(place.parent):
            place.parent.mkdir(parents=True, exist_ok=True)
        failure: InputError | None = None
        for sound in wanted.item.sounds:
            try:
                return self.courier.download(sound.address, place, sound.size, self.report).path
            except InputError as error:
                failure = failure or error
        assert failure is not None, "an item with sound offers at least one"
        raise failure

    def place(self, wanted: WantedItem) -> Path:
        """Return where the sound of an item is kept, without an extension."""
        return place_sound(self.library, wanted.show, wanted.item.title, wanted.identity)

    def _fetch_published(self, wanted: WantedItem) -> Published | None:
        if wanted.choices.transcripts not in ("publisher", "both"):
            return None
        return fetch_published(self.courier, wanted.item, wanted.feed.language)

    def _fetch_chapters(self, wanted: WantedItem) -> tuple[Chapter, ...]:
        address = wanted.item.chapters_address
        if address is None:
            return ()
        return read_chapters(self.courier.fetch(address, most=MOST_CHAPTERS_BYTES).data, address)
