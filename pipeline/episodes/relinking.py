"""Find recordings that were moved, by their size and hash, and link them again."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from audio.errors import MediaError, UsageError, correct_input
from audio.media import hash_file
from index.storage.store import Store
from index.transcript import Episode
from pipeline.batch.downloaded_sound import is_pruned
from pipeline.batch.remembered_files import file_status, is_in_place, remember_hash, remembered_hash
from pipeline.batch.sources import walk_media
from pipeline.episodes.episode_changes import Relinked, RelinkedEpisode, Whereabouts
from pipeline.progress import FilesCompared, ProgressCallback, ignore_progress


@dataclass(slots=True)
class _LostRecordings:
    """Recordings that are looked for: files that may be them by their size, and those that are by their hash."""

    store: Store
    sizes: dict[str, int]
    wanted: dict[str, Episode]
    found: dict[str, list[Path]] = field(default_factory=lambda: defaultdict(list))
    files: int = 0
    hashed: int = 0

    def look_at(self, file: Path) -> None:
        """Compare a file with the recordings; it is read only if one has its size, or a size that is not known."""
        self.files += 1
        status = file_status(file)
        possible = {self.sizes.get(sha256) for sha256 in self.wanted}
        if status is None or not possible & {status[0], None}:
            return
        sha256 = remembered_hash(self.store, file)
        if sha256 is None:
            try:
                sha256 = hash_file(file)
            except MediaError:
                return  # a file that cannot be read is not found
            self.hashed += 1
        if sha256 in self.wanted:
            self.found[sha256].append(file)


def relink_recordings(
    store: Store, folders: Sequence[Path], *, dry_run: bool = False, progress: ProgressCallback = ignore_progress
) -> Relinked:
    """Look in ``folders`` for the recordings that are not where they were, and link those that are found again.

    Without folders it looks in those where recordings of the library are or were. A file is taken for a recording that
    has the same bytes. Raises UsageError for a folder that does not exist.
    """
    sizes = store.file_sizes()
    recorded = [
        one for one in store.episodes()
        if one.media is not None and one.sha256 is not None and not is_pruned(one, store.directory)
    ]  # fmt: skip
    lost = {one.sha256 or "": one for one in recorded if not _is_there(store, one, sizes)}
    places = [_check_folder(one) for one in folders] or _known_folders(recorded)
    search = _LostRecordings(store, sizes, lost)
    for file in _files_in(places) if lost else ():
        search.look_at(file)
        progress(FilesCompared(search.files))
    results = tuple(_settle(one, search.found.get(sha256, [])) for sha256, one in lost.items())
    if not dry_run:
        _link(store, lost.values(), results)
    return Relinked(results, len(recorded) - len(lost), tuple(map(str, places)), search.files, search.hashed)


def _is_there(store: Store, episode: Episode, sizes: dict[str, int]) -> bool:
    """Whether a file of the recording's size is at its place; where its size is not known, one with its hash."""
    status, size = file_status(Path(episode.media or "")), sizes.get(episode.sha256 or "")
    return status is not None and (status[0] == size if size is not None else is_in_place(store, episode))


def _check_folder(folder: Path) -> Path:
    try:
        if folder.exists():
            return folder.absolute()
    except (OSError, ValueError):
        pass
    raise UsageError(f"There is no folder {folder}.", correct_input("Check the name."), where=folder)


def _known_folders(recorded: Sequence[Episode]) -> list[Path]:
    parents = dict.fromkeys(Path(one.media).parent for one in recorded if one.media is not None)
    return [folder for folder in parents if not parents.keys() & set(folder.parents) and folder.is_dir()]


def _files_in(places: Sequence[Path]) -> Iterator[Path]:
    """Yield the recordings in folders, each once, whatever links lead to it."""
    seen: set[str] = set()
    for place in places:
        for file in walk_media(place) if place.is_dir() else [place]:
            real = os.path.realpath(file)
            if real not in seen:
                seen.add(real)
                yield file


def _settle(episode: Episode, copies: Sequence[Path]) -> RelinkedEpisode:
    """Choose the only copy of a recording, or the only one that still has its name."""
    before = episode.media or ""
    named = [file for file in copies if file.name == Path(before).name]
    chosen = next((some[0] for some in (copies, named) if len(some) == 1), None)
    if chosen is not None:
        return RelinkedEpisode(episode.id, episode.title, "found", before, str(chosen.absolute()))
    whereabouts: Whereabouts = "ambiguous" if copies else "changed" if file_status(Path(before)) else "missing"
    return RelinkedEpisode(episode.id, episode.title, whereabouts, before, None, tuple(map(str, copies)))


def _link(store: Store, episodes: Iterable[Episode], results: Sequence[RelinkedEpisode]) -> None:
    with store.transaction():
        for episode, result in zip(episodes, results, strict=True):
            if result.media is not None and episode.sha256 is not None:
                current = store.episode(episode.id) or episode
                store.update_episode(replace(current, media=result.media))
                remember_hash(store, Path(result.media), file_status(Path(result.media)), episode.sha256)
