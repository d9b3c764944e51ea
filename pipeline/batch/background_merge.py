"""Background merge of small index segments, in a process of its own during a batch.

    python -m pipeline.batch.background_merge LIBRARY

Not in a thread: merging is pure Python and would contend with the engine for the interpreter's lock. It logs into the
library's folder, since it has no terminal.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Self

from index.errors import LibraryError
from index.fulltext.merging import is_merge_due, merge_index
from index.storage.store import Store

LOG_NAME = "merge.log"
LOG_BYTES = 256 * 1024
"""The log is rotated at this size; one older file is kept."""

_log = logging.getLogger("airquote.merge")


class BackgroundMerge:
    """A context manager for background merges; on exit a running merge is killed.

    That only discards its own work: the next batch starts it again.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._process: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        """Start a merge process if a merge is due and none is running."""
        if (self._process is None or self._process.poll() is not None) and is_merge_due(self._store):
            # -P: the working directory may hold files with the names of Python's modules.
            command = [sys.executable, "-P", "-m", __name__, str(self._store.directory.absolute())]
            try:
                self._process = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,  # Ctrl-C is for the batch
                )
            except OSError as error:
                _log.warning("cannot start a background merge, the next batch will merge: %s", error)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: object, trace: TracebackType | None) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()


def main() -> None:
    """Merge the segments that are due in a library, at the lowest priority; after a failure the next batch does it."""
    if hasattr(os, "nice"):
        os.nice(19)
    directory = Path(sys.argv[1])
    _log_into(directory)
    try:
        with Store.open(directory) as store:
            _log.info("merge of %s begins", directory)
            merge_index(store)
            _log.info("merge of %s is done", directory)
    except LibraryError as error:
        _log.warning("merge of %s failed: %s", directory, error)
    except Exception:
        _log.exception("merge of %s failed", directory)
        raise


def _log_into(directory: Path) -> None:
    path = directory / LOG_NAME
    if os.path.lexists(path) and (path.is_symlink() or not path.is_file()):
        return  # not made by airquote: what a link leads to is not written to
    with suppress(OSError):  # such as a full disk, for which the merge fails with a better message
        handler = RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8")
        handler.setFormatter(logging.Formatter("%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"))
        logger = logging.getLogger("airquote")
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)


if __name__ == "__main__":
    main()
