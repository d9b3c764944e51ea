"""Keep indexes of recordings: the latest ones in memory, more of them in files."""

from __future__ import annotations

import threading
import zipfile
import zlib
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from audio.atomic_write import write_atomically
from audio.recording.ogg_links import ByteRange
from audio.seeking.packet_index import LinkIndex, RecordingIndex

IN_MEMORY = 8
"""Indexes: 8 MB for three hours of MP3."""

IN_FILES = 500
"""Indexes: half a megabyte for three hours of MP3."""

VERSION = 1
"""Of the files, and of how packets are indexed."""

UNREADABLE = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error)
"""What reading a damaged file raises."""


@dataclass(slots=True)
class _Entry:
    """An index, once it is there, and the lock of whoever gets it."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    index: RecordingIndex | None = None


class IndexCache:
    """Indexes by the name of their recording; safe for threads, of which one makes an index and the others wait."""

    def __init__(self, folder: Path) -> None:
        """``folder`` is that of the files, which is made when the first one is written."""
        self._folder = folder
        self._lock = threading.Lock()
        self._latest: OrderedDict[str, _Entry] = OrderedDict()

    def find(self, name: str, make: Callable[[], RecordingIndex]) -> RecordingIndex:
        """Return the index of this name, made if there is none. Raises what ``make`` raises."""
        with self._lock:
            entry = self._latest.setdefault(name, _Entry())
            self._latest.move_to_end(name)
            if len(self._latest) > IN_MEMORY:
                self._latest.popitem(last=False)
        with entry.lock:
            if entry.index is None:
                entry.index = self._read_or_make(name, make)
            return entry.index

    def _read_or_make(self, name: str, make: Callable[[], RecordingIndex]) -> RecordingIndex:
        file = self._folder / f"{name}-{VERSION}.npz"
        try:
            index = read_index(file)
        except UNREADABLE:
            index = make()
            with suppress(OSError):  # it is made again the next time
                self._folder.mkdir(parents=True, exist_ok=True)
                with write_atomically(file) as unfinished:
                    write_index(unfinished, index)
        self._keep_latest(file)
        return index

    def _keep_latest(self, used: Path) -> None:
        """Remove the files that were not used for longest."""
        with suppress(OSError):
            used.touch()
            files = sorted(self._folder.glob("*.npz"), key=lambda file: file.stat().st_mtime)
            for file in files[:-IN_FILES]:
                file.unlink()


def write_index(file: Path, index: RecordingIndex) -> None:
    """Write an index. Numbers are stored as differences: most packets are alike, and these are compressed to little."""
    links = [one.link or (-1, -1) for one in index.links]
    columns: dict[str, Any] = {"format": [index.rate, index.channels], "links": links}
    for number, one in enumerate(index.links):
        for name, column in (("starts", one.starts), ("marks", one.marks), ("sizes", one.sizes)):
            columns[f"{name}{number}"] = np.diff(column, prepend=0)
    with file.open("wb") as opened:
        np.savez_compressed(opened, **columns)


def read_index(file: Path) -> RecordingIndex:
    """Read an index. Raises one of UNREADABLE for a file that is not there, or is damaged."""
    with file.open("rb") as opened, np.load(opened, allow_pickle=False) as columns:
        rate, channels = map(int, columns["format"])
        links = [
            LinkIndex(
                ByteRange(*map(int, link)) if link[0] >= 0 else None,
                np.cumsum(columns[f"starts{number}"]),
                np.cumsum(columns[f"marks{number}"]),
                np.cumsum(columns[f"sizes{number}"], dtype=np.int32),
            )
            for number, link in enumerate(columns["links"])
        ]
    return RecordingIndex(rate, channels, tuple(links))
