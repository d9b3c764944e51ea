"""Atomic writes: a file appears complete or not at all."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def write_atomically(target: Path) -> Iterator[Path]:
    """Context manager: yield a temporary path next to ``target``, renamed over it at the end.

    If anything fails, ``target`` is unchanged, the temporary file is removed and the error propagates.
    """
    # In the target's folder, since a rename cannot cross file systems; short, since the target's name may be as long as
    # the file system allows.
    unfinished = target.with_name(f".airquote-{secrets.token_hex(6)}.part")
    try:
        yield unfinished
        unfinished.replace(target)
    finally:
        with suppress(OSError):  # renamed already, or never created
            unfinished.unlink()
