"""Files that appear whole or not at all."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def write_atomically(target: Path) -> Iterator[Path]:
    """A path beside ``target`` to write to inside; at the end the file takes the target's place in one step.

    Where anything fails, ``target`` stays as it was and what was written is removed; the error passes on.
    """
    # Beside the target, for a rename cannot cross file systems; short, for the target's name may be as long as can be.
    unfinished = target.with_name(f".airquote-{secrets.token_hex(6)}.part")
    try:
        yield unfinished
        unfinished.replace(target)
    finally:
        with suppress(OSError):  # it has been renamed, or was never made
            unfinished.unlink()
