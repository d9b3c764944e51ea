"""Remove episodes from a library: store, index, drafts, locks and downloaded sound; a user's own recordings stay."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from audio.errors import try_again
from index.errors import EpisodeError
from index.fulltext.maintenance import update_index
from index.fulltext.merging import purge_index
from index.repeats.repeat_updates import update_repeats
from index.storage.store import Store
from index.transcript import Episode
from pipeline.batch.downloaded_sound import is_downloaded
from pipeline.batch.locks import Taken, lock_source


def removable_episodes(store: Store) -> list[Episode]:
    """Return all episodes, and those whose removal was interrupted, so that the same request finishes it."""
    episodes = store.episodes()
    present = {episode.id for episode in episodes}
    return [*(one for one in store.removals() if one.id not in present), *episodes]


def remove_episodes(
    store: Store,
    chosen: Sequence[Episode],
    progress: Callable[[int, int], None] | None = None,
    *,
    keep_sound: bool = False,
) -> None:
    """Remove episodes, all or none of them; their words are purged from the files of the index too.

    The sound that airquote downloaded for them is removed, unless ``keep_sound``; other recordings stay. Raises
    EpisodeError for one that another process is transcribing.
    """
    with store.transaction():
        for episode in chosen:
            try:
                with lock_source(store.directory, lock_name(episode)):
                    store.remove_episode(episode.id, with_sound=not keep_sound)
            except Taken:
                raise EpisodeError(
                    f"The episode {episode.id} is being transcribed or removed now.",
                    try_again("Remove it when that is done, or stop it first."),
                    where=episode.id,
                ) from None
    finish_removals(store, progress)


def finish_removals(store: Store, progress: Callable[[int, int], None] | None = None) -> list[Episode]:
    """Purge the words of removed episodes from the files of the library, also where an earlier removal was interrupted.

    Returns these episodes.
    """
    removed = store.removals()
    if removed:
        update_index(store, progress)
        update_repeats(store)
        purge_index(store)
        for episode in removed:
            with suppress(Taken), lock_source(store.directory, lock_name(episode), discard=True):
                _remove_sound(store, episode)
        store.forget_removals(removed)
    return removed


def _remove_sound(store: Store, episode: Episode) -> None:
    """Remove the file that airquote downloaded for a removed episode, unless that was added again since."""
    if episode.media is None or episode.sha256 is None or store.episode_by_hash(episode.sha256) is not None:
        return
    if is_downloaded(episode.media, store.directory):
        file = Path(episode.media)
        with suppress(OSError):  # what cannot be removed must not keep the library from being written
            file.unlink(missing_ok=True)
            file.parent.rmdir()  # if it was the last of its show


def lock_name(episode: Episode) -> str:
    """Return what ``lock_source`` locks an episode by: the hash of its recording.

    An import without a recording has none; no process transcribes it, and its id serves.
    """
    return episode.sha256 or episode.id
