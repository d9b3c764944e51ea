"""Keep downloaded sound for as long as it is wanted, and remove it after; its episodes stay searchable."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from audio.atomic_write import raise_output_error
from index.storage.store import Store
from index.transcript import Episode
from pipeline.batch.downloaded_sound import is_downloaded
from pipeline.batch.locks import Taken, lock_source
from pipeline.batch.remembered_files import file_status, is_in_place
from pipeline.shows.show_choices import ShowChoices, read_kept_sound
from pipeline.shows.stored_values import read_value

_log = logging.getLogger("airquote.shows")

_DAY_NS = 24 * 60 * 60 * 10**9


def prune_show(store: Store, show: int, choices: ShowChoices) -> list[str]:
    """Remove the sound of a show that is not to be kept; return the ids of its episodes.

    Only what airquote downloaded is removed, never a file of the user, and only once the words are complete. An episode
    is as old as its download: who fetches old ones wants to hear them. One that is of another show too stays if all
    sound of that is kept. Raises OutputError if a file cannot be removed.
    """
    kept = read_kept_sound(choices.keep_audio or "always")
    if kept.episodes is None and kept.days is None:
        return []
    removed: list[str] = []
    oldest = time.time_ns() - kept.days * _DAY_NS if kept.days is not None else None
    for number, (episode, file, modified) in enumerate(_downloaded(store, show)):
        too_many = kept.episodes is not None and number >= kept.episodes
        too_old = oldest is not None and modified < oldest
        is_unwanted = (too_many or too_old) and not _is_kept_elsewhere(store, show, episode)
        if is_unwanted and _remove_sound(store, episode, file):
            removed.append(episode.id)
    return removed


def drop_copy(store: Store, episode_id: str, file: Path) -> Path:
    """Remove a downloaded file if the episode has the same sound in another one: nothing would remove it later.

    Return the file that the episode has.
    """
    episode = store.episode(episode_id)
    if episode is None or episode.media is None or not is_downloaded(str(file), store.directory):
        return file
    kept = Path(episode.media)
    both = (episode, replace(episode, media=str(file)))
    with suppress(OSError):
        if not file.samefile(kept) and all(is_in_place(store, one) for one in both):
            file.unlink()
            _log.info("%s: downloaded again, and removed: %s", episode.id, file)
            return kept
    return file


def _downloaded(store: Store, show: int) -> Iterator[tuple[Episode, Path, int]]:
    """Yield the episodes of a show with words and downloaded sound, the newest first: its file and time (ns)."""
    for item in store.made_items(show):
        episode = store.episode(item.episode or "")
        if episode is None or episode.media is None or episode.state not in ("transcribed", "imported"):
            continue
        file = Path(episode.media)
        status = file_status(file) if is_downloaded(episode.media, store.directory) else None
        if status is not None:
            yield episode, file, status[1]


def _is_kept_elsewhere(store: Store, show: int, episode: Episode) -> bool:
    """Whether an episode is of another show too, all sound of which is kept."""
    others = {item.show for item in store.items_of_episode(episode.id)} - {show}
    choices = (read_value(ShowChoices, one.choices, store.directory) for one in store.shows() if one.number in others)
    return any((one.keep_audio or "always") == "always" for one in choices) if others else False


def _remove_sound(store: Store, episode: Episode, file: Path) -> bool:
    """Remove the sound of an episode, unless another process uses it; return whether it is removed."""
    with suppress(Taken), lock_source(store.directory, episode.sha256 or episode.id), raise_output_error(file):
        file.unlink(missing_ok=True)
        _log.info("%s: its sound is not kept: %s", episode.id, file)
        return True
    return False
