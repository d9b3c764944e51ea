"""Open only regular files: a path out of a library of unknown origin may name a device, or a pipe that never ends."""

from __future__ import annotations

import os
import stat
from io import BufferedReader
from pathlib import Path


class NotRegularError(OSError):
    """The path is of a pipe, a device or a socket: neither a file nor a folder."""


def open_regular_file(path: Path) -> BufferedReader:
    """Open a file for reading, without waiting for anything. Raises NotRegularError and any other OSError."""
    _check(path.stat().st_mode)  # before opening, which has effects on some devices
    file = open(path, "rb", opener=_open_at_once)  # noqa: SIM115 - Path.open has no opener
    try:
        _check(os.fstat(file.fileno()).st_mode)  # the open file: the path may have been replaced after the first check
    except OSError:
        file.close()
        raise
    return file


def _open_at_once(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))  # Windows has no pipes among its files


def _check(mode: int) -> None:
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise NotRegularError("it is not a regular file")
