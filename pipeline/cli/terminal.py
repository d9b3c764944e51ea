"""What stdout and stderr can show: how wide they are, and whether they show colours, links and bars."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TextIO

_NARROWEST = 20
"""Columns below which lines are not laid out: a word and its indentation hardly fit."""


def width_of(stream: TextIO) -> int | None:
    """Return the columns of a terminal, by COLUMNS or by its own size; None for a file, a pipe and an unknown size."""
    if not stream.isatty():
        return None
    stated = os.environ.get("COLUMNS", "")
    columns = int(stated) if stated.isdecimal() and len(stated) < 6 else 0
    if not columns:
        try:
            columns = os.get_terminal_size(stream.fileno()).columns
        except (OSError, ValueError):  # ValueError: the stream has no file, or is closed
            return None
    return columns if columns >= _NARROWEST else None


def moves_cursor(stream: TextIO) -> bool:
    """Whether a stream is a terminal on which lines can be redrawn, as bars are, and text can be a link."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def shows_colours(stream: TextIO, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether to colour what is printed: by NO_COLOR (no-color.org), else FORCE_COLOR or CLICOLOR_FORCE, else CLICOLOR.

    Without these, on every terminal but a dumb one.
    """
    if environment.get("NO_COLOR"):
        return False
    if any(_is_set(environment, name) for name in ("FORCE_COLOR", "CLICOLOR_FORCE")):
        return True
    return moves_cursor(stream) and environment.get("CLICOLOR") != "0"


def _is_set(environment: Mapping[str, str], name: str) -> bool:
    return environment.get(name, "").lower() not in ("", "0", "false")
