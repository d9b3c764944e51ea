"""Remove an episode from a library: store, index, drafts and its lock; the recording stays."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from audio.errors import try_again
from index.errors import EpisodeError
from index.fulltext.maintenance import update_index
from index.fulltext.merging import purge_index
from index.storage.episode_names import resolve_name
from index.storage.store import Store
from index.transcript import Episode
from pipeline.batch.locks import Taken, lock_source


def remove_episode(store: Store, name: str, progress: Callable[[int, int], None] | None = None) -> Episode:
    """Remove an episode and return it; its words are purged from the files of the index too.

    Raises EpisodeError for an episode that is unknown, or that another process is transcribing. One whose removal was
    interrupted is known, so the same call finishes it.
    """
    episodes = store.episodes()
    present = {episode.id for episode in episodes}
    unfinished = [episode for episode in store.removals() if episode.id not in present]
    episode = resolve_name(name, [*unfinished, *episodes])
    if episode.id in present:
        try:
            with lock_source(store.directory, lock_name(episode)):
                store.remove_episode(episode.id)
        except Taken:
            raise EpisodeError(
                f"The episode {episode.id} is being transcribed or removed now.",
                try_again("Remove it when that is done, or stop it first."),
                where=episode.id,
            ) from None
    finish_removals(store, progress)
    return episode


def finish_removals(store: Store, progress: Callable[[int, int], None] | None = None) -> list[Episode]:
    """Purge the words of removed episodes from the files of the library, also where an earlier removal was interrupted.

    Returns these episodes.
    """
    removed = store.removals()
    if removed:
        update_index(store, progress)
        purge_index(store)
        for episode in removed:
            with suppress(Taken), lock_source(store.directory, lock_name(episode), discard=True):
                pass  # only to discard its file
        store.forget_removals(removed)
    return removed


def lock_name(episode: Episode) -> str:
    """Return what ``lock_source`` locks an episode by: the hash of its recording.

    An import without a recording has none; no process transcribes it, and its id serves.
    """
    return episode.sha256 or episode.id
