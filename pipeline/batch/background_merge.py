"""Segments of the index are joined beside a batch, in a process of its own that nobody waits for.

    python -m pipeline.batch.background_merge LIBRARY

Not in a thread: joining is Python's own work throughout, and would hold up the engine's.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from audio.errors import LibraryError
from index.fulltext.merging import is_merge_due, merge_index
from index.storage.store import Store


class MergingBeside:
    """A context in which segments are joined whenever that is due; at its end a process still at work is killed.

    Nothing but its work is lost by that: the next batch begins it again.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._process: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        """Start a process, if there is something to join and none is at work."""
        if (self._process is None or self._process.poll() is not None) and is_merge_due(self._store):
            with suppress(OSError):  # no process is to be had: the next batch will merge
                # -P: a user's folder may hold files that are named as Python's modules are.
                self._process = subprocess.Popen(
                    [
                        sys.executable,
                        "-P",
                        "-m",
                        "pipeline.batch.background_merge",
                        str(self._store.directory.absolute()),
                    ],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,  # Ctrl-C is for the batch
                )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: object, trace: TracebackType | None) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()


def main() -> None:
    """Join what is due in the library that is named, with the lowest priority. What fails is left to the next batch."""
    if hasattr(os, "nice"):
        os.nice(19)
    with suppress(LibraryError), Store.open(Path(sys.argv[1])) as store:
        merge_index(store)


if __name__ == "__main__":
    main()
