"""Download the sound of episodes that have none here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from audio.errors import AirquoteError, InputError
from index.storage.store import Store
from index.transcript import Episode
from pipeline.errors import as_failure
from pipeline.progress import ProgressCallback, ignore_progress
from pipeline.shows.downloads.courier import Courier
from pipeline.shows.updates.downloads_ahead import DownloadsAhead, DownloadStopped
from pipeline.shows.updates.fetched_items import ItemFetcher
from pipeline.shows.updates.item_update import ItemUpdate, UpdateRequest
from pipeline.shows.updates.missing_sound import is_here, require_offered, take_sound
from pipeline.shows.updates.sound_files import drop_empty_folders, tell_of_link
from pipeline.shows.updates.updated_episodes import UpdatedEpisode, UpdateStatus, describe_item
from pipeline.shows.updates.wanted_items import WantedItem


def download_sound(
    store: Store,
    episodes: Sequence[Episode],
    items: Sequence[WantedItem],
    courier: Courier,
    request: UpdateRequest,
    progress: ProgressCallback,
    stopped: Callable[[], bool],
    told: Callable[[UpdatedEpisode], None],
) -> None:
    """Download the sound of episodes that have none here; tell what came of each.

    Of ``items`` of feeds episodes are made first, as without sound. One that fails does not stop the others. Raises
    MachineError, such as for a full disk, which would meet every one.
    """
    episodes = [*episodes, *_make_silent(store, items, courier, request, progress, stopped, told)]
    wanted, refused = _offered(store, [one for one in episodes if not is_here(store, one)])
    here = [_describe(one, "skipped", one.media, "its sound is here") for one in episodes if is_here(store, one)]
    for one in (*here, *refused):
        told(one)
    if wanted:
        tell_of_link(store.directory, progress)
    downloads = DownloadsAhead(progress, stopped)
    fetcher = ItemFetcher(store.directory, courier, downloads.report)

    def fetch(one: WantedItem) -> tuple[WantedItem, Path | AirquoteError]:
        try:
            return one, fetcher.fetch_sound(one)
        except DownloadStopped:
            raise
        except Exception as error:  # noqa: BLE001 - one episode never stops the others
            return one, as_failure(error, one.item.title)

    with closing(downloads.each(wanted, fetch)) as arriving:
        for item, got in arriving:
            told(_take(store, item, got))
    drop_empty_folders(store.directory)


def download_and_transcribe(
    store: Store,
    episodes: Sequence[Episode],
    items: Sequence[WantedItem],
    courier: Courier,
    request: UpdateRequest,
    progress: ProgressCallback,
    stopped: Callable[[], bool],
    told: Callable[[UpdatedEpisode], None],
) -> None:
    """Download the sound of episodes and items of feeds and transcribe it, where it has no words of its own.

    As ``download_sound`` otherwise. Raises MachineError (ModelError) if nothing more can be transcribed, too.
    """
    wanted, refused = _offered(store, episodes)
    for one in refused:
        told(one)
    if wanted or items:
        ItemUpdate(store, courier, request, progress, stopped, told).run([*wanted, *items])


def _make_silent(
    store: Store,
    items: Sequence[WantedItem],
    courier: Courier,
    request: UpdateRequest,
    progress: ProgressCallback,
    stopped: Callable[[], bool],
    told: Callable[[UpdatedEpisode], None],
) -> list[Episode]:
    """Make episodes of items as without sound, and return them; tell of those that fail."""
    if not items:
        return []

    def tell(one: UpdatedEpisode) -> None:
        if one.status == "failed":
            told(one)

    update = ItemUpdate(store, courier, request, progress, stopped, tell)
    update.run([replace(one, choices=replace(one.choices, no_audio=True)) for one in items])
    return [store.resolve_episode(one.episode) for one in update.outcomes if one.episode is not None]


def _offered(store: Store, episodes: Sequence[Episode]) -> tuple[list[WantedItem], list[UpdatedEpisode]]:
    """Return the items whose sound is that of episodes, and what to say of those of which no address is known."""
    wanted, refused = [], []
    for episode in episodes:
        try:
            wanted.append(require_offered(store, episode))
        except InputError as error:
            refused.append(_describe(episode, "failed", None, str(error), error))
    return wanted, refused


def fetch_again(store: Store, episode: Episode, courier: Courier, progress: ProgressCallback = ignore_progress) -> None:
    """Download the sound of one episode, to be heard now.

    Raises MediaError if no address of it is known, MediaMovedError if its address has other sound now, and as
    ``Courier.download``.
    """
    fetcher = ItemFetcher(store.directory, courier, progress)
    take_sound(store, episode, fetcher.fetch_sound(require_offered(store, episode)))


def _take(store: Store, wanted: WantedItem, got: Path | AirquoteError) -> UpdatedEpisode:
    """Make what was downloaded the sound of its episode; return what came of it."""
    try:
        if isinstance(got, AirquoteError):
            raise got
        episode = store.resolve_episode(wanted.episode or "")
        take_sound(store, episode, got)
    except Exception as error:  # noqa: BLE001 - one episode never stops the others
        failure = as_failure(error, wanted.item.title)
        return describe_item(wanted, "failed", wanted.episode, None, str(failure), failure)
    words = store.facts(episode.id)
    return describe_item(wanted, "done", episode.id, str(got), None if words else "it has no words yet")


def _describe(
    episode: Episode, status: UpdateStatus, media: str | None, reason: str, error: AirquoteError | None = None
) -> UpdatedEpisode:
    return UpdatedEpisode(
        episode.show, episode.title, episode.published, episode.id, status, episode.duration, None, media, reason, error
    )
