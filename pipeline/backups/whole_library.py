"""Write a backup of a library to a file, and restore a library from one."""

from __future__ import annotations

import os
from pathlib import Path

from audio.atomic_write import check_new_file, write_output
from audio.errors import UsageError, choose_other_file
from index.fulltext.maintenance import update_index
from index.repeats.repeat_updates import update_repeats
from index.storage.files.backup import Progress, back_up, open_backup, restore_backup
from index.storage.store import Store
from pipeline.backups.backup_values import Backup, Restored
from pipeline.batch.locks import check_idle
from pipeline.hearing.recordings import check_target, real_path
from pipeline.last_search import forget_places
from pipeline.progress import IndexAdvanced, LibraryChecked, LibraryCopied, ProgressCallback, RepeatsAdvanced


def write_backup(store: Store, file: Path, progress: ProgressCallback, *, overwrite: bool) -> Backup:
    """Write a backup of a library, which may be written meanwhile. Raises as ``Library.backup`` does."""
    check_target(store, file)
    check_new_file(file, overwrite)
    with write_output(file) as unfinished:
        episodes = back_up(store, unfinished, *_reports(progress))
    return Backup(str(file), file.stat().st_size, episodes)


def restore_library(directory: Path, file: Path, progress: ProgressCallback, *, replace: bool) -> Restored:
    """Restore a library, and bring its index up to date. Raises as ``Library.restore`` does."""
    place = real_path(file)
    if place is not None and place.is_relative_to(os.path.realpath(directory)):
        way_out = choose_other_file("Name a backup elsewhere.")
        raise UsageError(f"{file} is a file of the library itself.", way_out, where=file)
    copied, checked = _reports(progress)
    with open_backup(file, checked) as backup:
        check_idle(directory)
        kept = restore_backup(directory, backup, replace=replace, copied=copied)
    forget_places(directory)
    with Store.open(directory) as store:
        update_index(store, lambda done, total: progress(IndexAdvanced(done, total)))
        update_repeats(store, lambda done, total: progress(RepeatsAdvanced(done, total)))
        return Restored(str(directory), len(store.episodes()), str(kept) if kept else None)


def _reports(progress: ProgressCallback) -> tuple[Progress, Progress]:
    """Return what to call with the bytes that are copied, and with the transcripts that are checked."""
    return lambda *counts: progress(LibraryCopied(*counts)), lambda *counts: progress(LibraryChecked(*counts))
