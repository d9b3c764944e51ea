"""Fetch the sound of episodes whose sound is not here: it was never downloaded, or not kept."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path

from audio.errors import MediaError, MediaMovedError, try_again
from audio.media import hash_file
from index.storage.store import Store
from index.storage.untrusted import is_address
from index.transcript import Episode
from pipeline.batch.downloaded_sound import is_downloaded, is_pruned
from pipeline.batch.remembered_files import file_status, remember_hash
from pipeline.errors import add_recording, transcribe_new_sound
from pipeline.import_export import check_recording
from pipeline.imported.import_times import open_recording
from pipeline.shows.feeds.values import Feed, FeedItem, OfferedSound
from pipeline.shows.show_choices import ShowChoices
from pipeline.shows.stored_values import read_value
from pipeline.shows.updates.wanted_items import WantedItem, authorise


def is_here(store: Store, episode: Episode) -> bool:
    """Whether the sound of an episode is here, or is a file of the user, who knows where it is."""
    return episode.sha256 is not None and episode.media is not None and not is_pruned(episode, store.directory)


def find_offered(store: Store, episode: Episode) -> WantedItem | None:
    """Return the item whose sound is that of an episode: of its feed, or made of the address that it came from."""
    known = store.item_of_episode(episode.id)
    show = next((one for one in store.shows() if known and one.number == known.show), None)
    if known is not None and show is not None:  # in a damaged library an item may be of no show
        feed = read_value(Feed, show.feed, store.directory)
        item = authorise(read_value(FeedItem, known.content, store.directory), show.address)
        if item.sounds:
            return WantedItem(show.title, feed, item, known.identity, ShowChoices(), known.show, episode.id)
    is_from_there = is_downloaded(episode.media, store.directory) or is_address(episode.source)
    if episode.address is None or not is_from_there:
        return None
    title = episode.show or ""
    item = FeedItem(episode.address, episode.title, sounds=(OfferedSound(episode.address),))
    return WantedItem(title, Feed(title), item, episode.address, ShowChoices(), None, episode.id, named=False)


def require_offered(store: Store, episode: Episode) -> WantedItem:
    """Return the item whose sound is that of an episode. Raises MediaError if none is known."""
    offered = find_offered(store, episode)
    if offered is None:
        raise MediaError(
            f"No address is known from which the sound of {episode.id} could be downloaded.",
            add_recording(episode.source, store.directory),
            where=episode.id,
        )
    return offered


def take_sound(store: Store, episode: Episode, file: Path) -> None:
    """Make a downloaded file the recording of an episode.

    Raises MediaMovedError if its words were transcribed from other sound, and then removes the file; MediaError for a
    file that is not a recording, InputError if it is that of another episode.
    """
    status, sha256 = file_status(file), hash_file(file)
    if episode.sha256 == sha256:
        if episode.media != str(file):
            store.update_episode(replace(episode, media=str(file)))
        remember_hash(store, file, status, sha256)
    elif episode.sha256 is None or store.facts(episode.id) is None:
        _give_recording(store, episode, file)
    else:
        if is_downloaded(str(file), store.directory):
            with suppress(OSError):
                file.unlink()
        raise MediaMovedError(
            f"What can be downloaded for {episode.id} is not the sound that was transcribed: publishers put other"
            " advertisements into it. So its times do not fit.",
            transcribe_new_sound(episode.id, store.directory),
            where=episode.id,
        )


def _give_recording(store: Store, episode: Episode, file: Path) -> None:
    """Store a file as the recording of an episode that had none, or has no words of another."""
    with ExitStack() as lock:
        recording = open_recording(store, file, lock, partial=False)
        if recording is None:
            raise MediaError(
                f"Another airquote works on {file}.", try_again("Wait until it is done."), where=episode.id
            )
        check_recording(store, replace(episode, sha256=None), recording)
        with store.transaction():
            store.discard_draft(episode.id)
            store.replace_recording(episode.id, str(file), recording.sha256)
            store.update_episode(recording.applied_to(store.episode(episode.id) or episode))
            recording.save_to(store, episode.id)
