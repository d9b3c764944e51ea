"""Remove an episode from a library: store, index, drafts and its lock; the recording stays."""

from __future__ import annotations

from collections.abc import Callable

from audio.errors import try_again
from index.errors import EpisodeError
from index.fulltext.maintenance import update_index
from index.fulltext.merging import purge_index
from index.storage.store import Store
from index.transcript import Episode
from pipeline.batch.locks import Taken, lock_path, lock_sound


def remove_episode(store: Store, name: str, progress: Callable[[int, int], None] | None = None) -> Episode:
    """Remove an episode and return it; its words are purged from the files of the index too.

    Raises EpisodeError for an episode that is unknown, or that another process is transcribing.
    """
    episode = store.resolve_episode(name)
    # An import without a recording has no hash, and no process transcribes it.
    sound = episode.sha256 or episode.id
    try:
        with lock_sound(store.directory, sound):
            store.remove_episode(episode.id)
    except Taken:
        raise EpisodeError(
            f"The episode {episode.id} is being transcribed now.",
            try_again("Remove it when that is done, or stop it first."),
            where=episode.id,
        ) from None
    lock_path(store.directory, sound).unlink(missing_ok=True)
    update_index(store, progress)
    purge_index(store)
    return episode
