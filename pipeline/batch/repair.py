"""Remove what interrupted and simultaneous imports of earlier versions left: empty episodes, and second copies."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from index.storage.store import Store
from index.transcript import Episode
from pipeline.batch.locks import Taken, lock_source
from pipeline.batch.removal import finish_removals, lock_name


def remove_empty_episodes(store: Store) -> list[Episode]:
    """Remove the episodes without words or a draft, except those that another process is transcribing; return them.

    Those of a feed stay, which may be without sound and words on purpose.
    """
    removed = []
    for episode in store.episodes():
        if episode.state != "registered" or store.item_of_episode(episode.id) is not None:
            continue
        with suppress(Taken), lock_source(store.directory, lock_name(episode)), store.transaction():
            # Read again under the lock: it may have been transcribed since it was listed.
            if store.episode(episode.id) == episode:
                store.remove_episode(episode.id)
                removed.append(episode)
    finish_removals(store)
    return removed


def remove_copies(store: Store) -> list[tuple[Episode, Episode]]:
    """Of episodes imported from the same file with the same words keep one; return each removed one and the kept one.

    The one with a recording is kept, else the oldest. It gets the show and the date of the others where it has none.
    """
    removed: list[tuple[Episode, Episode]] = []
    if not store.repeated_imports():
        return removed  # without a transaction, which a read-only library does not allow
    with store.transaction():  # what is compared here does not change until it is written
        for episodes in store.repeated_imports():
            kept, *copies = sorted(episodes, key=lambda episode: episode.sha256 is None)
            for copy in copies:
                if _words(store, copy) == _words(store, kept) and copy.sha256 is None:
                    kept = replace(kept, show=kept.show or copy.show, published=kept.published or copy.published)
                    store.update_episode(kept)
                    store.remove_episode(copy.id)
                    removed.append((copy, kept))
    finish_removals(store)
    return removed


def _words(store: Store, episode: Episode) -> object:
    transcript = store.transcript(episode.id)
    return transcript and transcript.words
