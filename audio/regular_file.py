"""Open regular files alone: a path may come from a stranger, and name a pipe that never ends or a device."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO


class NotRegularError(OSError):
    """What has this path is neither a file nor a folder."""


def open_regular_file(path: Path) -> BinaryIO:
    """Open a file for reading, without waiting for anything. Raises NotRegularError and any other OSError."""
    _check(path.stat().st_mode)  # before it is opened, which does something to some devices
    file = open(path, "rb", opener=_open_at_once)  # noqa: SIM115 - Path.open has no opener
    try:
        _check(os.fstat(file.fileno()).st_mode)  # of what is open now, whatever has taken its place
    except OSError:
        file.close()
        raise
    return file


def _open_at_once(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))  # Windows has no pipes among its files


def _check(mode: int) -> None:
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise NotRegularError("it is not a regular file")
