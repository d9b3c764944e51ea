"""Background merge of small index segments into larger ones, concurrent with readers and writers.

The merged segment is written next to the index, which stays readable and writable; only swapping the segments holds
the index lock, briefly. A kill at any time leaves the index as before or as after the merge.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from filelock import FileLock, Timeout

from index.errors import IndexDamagedError, LibraryError
from index.fulltext.maintenance import index_folder, locked_index, present_kind, rebuild_index, rewrite_removed
from index.fulltext.manifest import (
    WHOOSH,
    files_match,
    own_files,
    read_manifest,
    remove_index_files,
    unnamed_files,
    write_manifest,
)
from index.fulltext.merge_policy import DELETED_SHARE, IndexSegment, select_background_merge
from index.fulltext.whoosh.writer import list_segments, merge_segments, replace_segments
from index.storage.files.access import explain_unwritten_index
from index.storage.store import Store

_log = logging.getLogger("airquote.merge")


def is_merge_due(store: Store) -> bool:
    """Whether ``merge_index`` would merge anything: never with Tantivy, which merges when it is written."""
    try:
        return not _merges_itself(store) and bool(select_background_merge(_list_segments(store)))
    except LibraryError:
        return False  # damaged, not built yet, or with a link in its place


def merge_index(store: Store) -> None:
    """Merge what is due, unless another process is merging. Raises LibraryError, including IndexDamagedError."""
    if _merges_itself(store):
        return
    try:
        _merge(store, DELETED_SHARE, wait=False)
    except Timeout:
        return


def purge_index(store: Store) -> None:
    """Erase deleted passages from the index files by rewriting their segments. Raises LibraryError."""
    try:
        if _merges_itself(store):
            rewrite_removed(store)
        else:
            _merge(store, 0.0, wait=True)
    except IndexDamagedError:
        rebuild_index(store)


def _merges_itself(store: Store) -> bool:
    return present_kind(index_folder(store)) == "tantivy"


def _merge(store: Store, share: float, *, wait: bool) -> None:
    side = index_folder(store).with_name("index.merge")
    folder = index_folder(store) / WHOOSH
    try:
        with FileLock(store.directory / "merge.lock", timeout=-1 if wait else 0):
            remove_index_files(side)  # left by a killed merge
            while segments := select_background_merge(_list_segments(store), share):
                _log.info("merging %d segments of %d passages", len(segments), sum(one.passages for one in segments))
                side.mkdir(exist_ok=True)
                try:
                    merge_segments(folder, segments, side)
                    if not _install(store, segments):
                        return
                except IndexDamagedError:
                    if set(segments) <= set(list_segments(folder)):
                        raise  # not explained by another process changing them meanwhile
                finally:
                    remove_index_files(side)
    except Timeout:
        raise
    except OSError as error:
        raise explain_unwritten_index(store.directory, error) from error


def _list_segments(store: Store) -> list[IndexSegment]:
    own_files(index_folder(store))  # raises for a link or a pipe, which must not be opened
    return list_segments(index_folder(store) / WHOOSH)


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
            write_manifest(folder, manifest["index"], manifest["transcripts"], manifest["titles"], excluding=replaced)
            for file in replaced:
                file.unlink(missing_ok=True)
    return True
