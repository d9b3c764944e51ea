"""Background merge of small index segments into larger ones, concurrent with readers and writers.

The merged segment is written next to the index, which stays readable and writable; only swapping the segments holds
the index lock, briefly. A kill at any time leaves the index as before or as after the merge.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from filelock import FileLock, Timeout

from audio.errors import make_room
from index.errors import IndexDamagedError, LibraryError
from index.fulltext.maintenance import index_folder, locked_index, rebuild_index, remove_path
from index.fulltext.manifest import WHOOSH, files_match, read_manifest, unnamed_files, write_manifest
from index.fulltext.merge_policy import DELETED_SHARE, IndexSegment, select_background_merge
from index.fulltext.writer import list_segments, merge_segments, replace_segments
from index.storage.store import Store

_log = logging.getLogger("airquote.merge")


def is_merge_due(store: Store) -> bool:
    """Whether ``merge_index`` would merge anything."""
    try:
        return bool(select_background_merge(list_segments(index_folder(store) / WHOOSH)))
    except IndexDamagedError:
        return False  # damaged or not built yet


def merge_index(store: Store) -> None:
    """Merge what is due, unless another process is merging. Raises LibraryError, including IndexDamagedError."""
    try:
        _merge(store, DELETED_SHARE, wait=False)
    except Timeout:
        return


def purge_index(store: Store) -> None:
    """Erase deleted passages from the index files by rewriting their segments. Raises LibraryError."""
    try:
        _merge(store, 0.0, wait=True)
    except IndexDamagedError:
        rebuild_index(store)


def _merge(store: Store, share: float, *, wait: bool) -> None:
    side = index_folder(store).with_name("index.merge")
    folder = index_folder(store) / WHOOSH
    try:
        with FileLock(store.directory / "merge.lock", timeout=-1 if wait else 0):
            remove_path(side)  # left by a killed merge
            while segments := select_background_merge(list_segments(folder), share):
                _log.info("merging %d segments of %d passages", len(segments), sum(one.passages for one in segments))
                side.mkdir()
                try:
                    merge_segments(folder, segments, side)
                    if not _install(store, segments):
                        return
                except IndexDamagedError:
                    if set(segments) <= set(list_segments(folder)):
                        raise  # not explained by another process changing them meanwhile
                finally:
                    remove_path(side)
    except Timeout:
        raise
    except OSError as error:
        raise LibraryError(
            f"The index of {store.directory} could not be merged: {error}.",
            make_room("Make room."),
            where=store.directory,
        ) from error


def _install(store: Store, segments: Sequence[IndexSegment]) -> bool:
    """Replace the segments by the merged one if they are unchanged; False if the index is not intact."""
    folder = index_folder(store)
    with locked_index(store):
        manifest = read_manifest(folder)
        if manifest is None or not files_match(folder, manifest):
            return False  # the next search rebuilds it
        for leftover in unnamed_files(folder, manifest):
            leftover.unlink(missing_ok=True)
        replaced = replace_segments(folder / WHOOSH, segments, folder.with_name("index.merge"))
        if replaced is not None:
            # The manifest first, so that the index is intact also before the files are removed.
            write_manifest(folder, manifest["transcripts"], manifest["titles"], excluding=replaced)
            for file in replaced:
                file.unlink(missing_ok=True)
    return True
