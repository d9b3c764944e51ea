"""What is to be transcribed of an address that a user names: the sound there, items of a feed, or sound of a page."""

from __future__ import annotations

from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from audio.atomic_write import raise_output_error
from audio.errors import InputError, MediaError, TruncatedMediaError
from pipeline.batch.episode_details import EpisodeDetails
from pipeline.network.connections import without_credentials
from pipeline.shows.feed_reading import read_fetched
from pipeline.shows.feed_requests import FeedRequest, fetch_feed, host_of
from pipeline.shows.feeds.values import Feed, FeedItem, OfferedSound
from pipeline.shows.fetched_items import ItemFetcher
from pipeline.shows.show_choices import ShowChoices
from pipeline.shows.sound_files import find_sound
from pipeline.shows.wanted_items import WantedItem, choose_listed


def find_wanted(
    address: str, given: EpisodeDetails, choices: ShowChoices, fetcher: ItemFetcher
) -> list[WantedItem]:
    """Return the items of an address: one for the sound there, which is downloaded, or those wanted of a feed.

    ``given`` is what the user says of them. Raises InputError for an address that has neither, or cannot be had.
    """
    sound = _item_of_sound(address, given)
    try:
        _download(sound, fetcher)
    except TruncatedMediaError:
        raise
    except MediaError as error:
        return _read_feed(address, given, choices, fetcher, error)
    return [sound]


def _item_of_sound(address: str, given: EpisodeDetails) -> WantedItem:
    """Return an item for the sound at an address, which is named by the end of it until its tags are known."""
    shown = without_credentials(address)
    name = PurePosixPath(unquote(urlsplit(shown).path)).stem or host_of(address)
    item = FeedItem(shown, name, sounds=(OfferedSound(address),))
    return WantedItem(host_of(address), Feed(""), item, shown, ShowChoices(), given=given, named=False)


def _download(wanted: WantedItem, fetcher: ItemFetcher) -> None:
    place = fetcher.place(wanted)
    if find_sound(place) is None:
        with raise_output_error(place.parent):
            place.parent.mkdir(parents=True, exist_ok=True)
        fetcher.courier.download(wanted.item.sounds[0].address, place, None, fetcher.report, origin="typed")


def _read_feed(
    address: str, given: EpisodeDetails, choices: ShowChoices, fetcher: ItemFetcher, not_sound: MediaError
) -> list[WantedItem]:
    request = FeedRequest(address, "typed")
    try:
        read = read_fetched(request, fetch_feed(request, fetcher.courier), fetcher.courier)
    except InputError:
        raise not_sound from None
    return choose_listed(read.feed, choices, read.address, given)
