"""What is to be transcribed of an address that a user names: the sound there, items of a feed, or sound of a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from audio.atomic_write import raise_output_error
from audio.errors import InputError, MediaError, TruncatedMediaError, UsageError, correct_input
from index.credentials import without_credentials
from index.storage.store import Store
from pipeline.answers import Outcome
from pipeline.batch.episode_details import EpisodeDetails, parse_date
from pipeline.errors import as_failure, check_only_file
from pipeline.progress import FileClosed, ProgressCallback
from pipeline.shows.downloads.courier import Courier
from pipeline.shows.feed_reading import read_fetched
from pipeline.shows.feed_requests import FeedRequest, fetch_feed, host_of
from pipeline.shows.feeds.values import Feed, FeedItem, OfferedSound
from pipeline.shows.show_choices import ShowChoices
from pipeline.shows.updates.downloads_ahead import DownloadsAhead, DownloadStopped
from pipeline.shows.updates.fetched_items import ItemFetcher
from pipeline.shows.updates.item_update import ItemUpdate, UpdateRequest
from pipeline.shows.updates.sound_files import drop_empty_folders, find_sound
from pipeline.shows.updates.wanted_items import WantedItem, choose_listed


def find_wanted(address: str, given: EpisodeDetails, choices: ShowChoices, fetcher: ItemFetcher) -> list[WantedItem]:
    """Return the items of an address: one for the sound there or of the page there, or those wanted of a feed.

    The one sound is downloaded. ``given`` is what the user says of the items. Raises InputError for an address that has
    none of these, or cannot be had.
    """
    sound = _item_of_sound(address, given)
    place = fetcher.place(sound)
    if find_sound(place) is not None:
        return [sound]
    with raise_output_error(place.parent):
        place.parent.mkdir(parents=True, exist_ok=True)
    try:
        fetcher.courier.download(address, place, None, fetcher.report, origin="typed")
    except TruncatedMediaError:
        raise
    except MediaError:
        items = _read_feed(address, given, choices, fetcher)
        return [_download_page(address, sound, fetcher)] if items is None else items
    return [sound]


def describe_addresses(
    addresses: Sequence[str], sources: int, show: str | None, title: str | None, dates: Sequence[str]
) -> EpisodeDetails:
    """Return what the user says of all addresses among some sources.

    Raises UsageError for a title of several sources, and for several dates: a feed has any number of episodes.
    """
    if title is not None:
        check_only_file("title", sources)
    if addresses and len(dates) > 1:
        raise UsageError(
            "With an address, one date is for all episodes.", correct_input("Give one date, or leave it out.")
        )
    return EpisodeDetails(show, title, parse_date(dates[0]) if addresses and dates else None)


def transcribe_addresses(
    store: Store,
    addresses: Sequence[str],
    given: EpisodeDetails,
    choices: ShowChoices,
    courier: Courier,
    request: UpdateRequest,
    progress: ProgressCallback,
    stopped: Callable[[], bool],
) -> list[Outcome]:
    """Transcribe what is at addresses; return an outcome for each episode, and for each address that failed.

    Raises UsageError for a title of several items, MachineError (ModelError) if nothing more can be downloaded or
    transcribed.
    """
    downloads = DownloadsAhead(progress, stopped)
    fetcher = ItemFetcher(store.directory, courier, downloads.report_here)
    wanted: list[WantedItem] = []
    failed: list[Outcome] = []
    silent = {one.address: one.id for one in store.episodes() if one.address is not None and one.sha256 is None}
    for address in dict.fromkeys(addresses):
        try:
            found = find_wanted(address, given, choices, fetcher)
            wanted += (one if one.named else replace(one, episode=silent.get(one.identity)) for one in found)
        except DownloadStopped:
            break
        except Exception as error:  # noqa: BLE001 - one address never stops the others
            shown = without_credentials(address)
            failure = as_failure(error, shown)
            failed.append(Outcome(shown, None, "failed", str(failure), failure))
            progress(FileClosed(failed[-1]))
    update = ItemUpdate(store, courier, request, progress, stopped, lambda _: None)
    if wanted:
        update.run(wanted)
    drop_empty_folders(store.directory)
    return [*failed, *update.outcomes]


def _item_of_sound(address: str, given: EpisodeDetails) -> WantedItem:
    """Return an item for the sound at an address, which is named by the end of it until its tags are known."""
    shown = without_credentials(address)
    name = PurePosixPath(unquote(urlsplit(shown).path)).stem or host_of(address)
    item = FeedItem(shown, name, sounds=(OfferedSound(address),))
    return WantedItem(host_of(address), Feed(""), item, shown, ShowChoices(), given=given, named=False)


def _read_feed(
    address: str, given: EpisodeDetails, choices: ShowChoices, fetcher: ItemFetcher
) -> list[WantedItem] | None:
    """Return the items that are wanted of a feed, None for an address of none.

    Raises InputError if none is wanted, UsageError if several are and a title is given.
    """
    request = FeedRequest(address, "typed")
    try:
        read = read_fetched(request, fetch_feed(request, fetcher.courier), fetcher.courier)
    except InputError:
        return None
    chosen = choose_listed(read.feed, choices, read.address, given)
    shown = without_credentials(address)
    if not chosen:
        message = f"None of the {len(read.feed.items)} episodes of the feed {shown} is wanted."
        raise InputError(message, correct_input("Choose others."), where=shown)
    if given.title is not None and len(chosen) > 1:
        message = f"The title is for one episode; of the feed {shown} {len(chosen)} are wanted."
        raise UsageError(message, correct_input("Leave the title out, or choose one of them."), where=shown)
    return chosen


def _download_page(address: str, sound: WantedItem, fetcher: ItemFetcher) -> WantedItem:
    """Download the sound of a web page, and return its item with what the page says of it."""
    page = fetcher.courier.download_page(address, fetcher.place(sound), fetcher.report, origin="typed").page
    return replace(sound, told=EpisodeDetails(page.show, page.title, page.published)) if page is not None else sound
