"""What the folder of a library holds on the disk."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from index.storage.store import STORE_NAME
from pipeline.batch.downloaded_sound import MEDIA_FOLDER


@dataclass(frozen=True, slots=True)
class StorageUse:
    """Bytes of the transcripts, of the index that is made from them, of the sound that was downloaded or handed in, and
    of what else lies in the folder of a library; and those that are free on its disk."""

    transcripts: int
    index: int
    sound: int
    other: int
    free: int


def measure_storage(library: Path) -> StorageUse:
    """Return what the folder of a library holds; links are not followed."""
    store = sum(_size(Path(f"{library / STORE_NAME}{ending}")) for ending in ("", "-wal", "-shm"))
    index, sound = _size_of_folder(library / "index"), _size_of_folder(library / MEDIA_FOLDER)
    there = next(folder for folder in (library, *library.parents) if folder.is_dir())
    other = _size_of_folder(library) - store - index - sound
    return StorageUse(store, index, sound, max(0, other), shutil.disk_usage(there).free)


def _size_of_folder(folder: Path) -> int:
    return sum(_size(Path(parent, name)) for parent, _, names in os.walk(folder) for name in names)


def _size(file: Path) -> int:
    try:
        return file.lstat().st_size
    except OSError:  # gone meanwhile
        return 0
