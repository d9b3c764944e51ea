"""Serve one assistant on standard input and output."""

from __future__ import annotations

import signal
from pathlib import Path

from pipeline.web.assistants.assistant_server import create_server
from pipeline.web.library_pool import LibraryPool

READERS = 2
"""Processes for the one assistant that is on the other end."""


def serve_stdio(library: Path, *, allow_writes: bool) -> None:
    """Answer on standard output what is asked on standard input, until that ends; for the main thread."""
    # Ctrl-C ends the process at once, and quietly: Python's own way waits for the thread that reads standard input.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    pool = LibraryPool(library, READERS)
    try:
        create_server(pool, allow_writes=allow_writes).run("stdio")
    finally:
        pool.close()
