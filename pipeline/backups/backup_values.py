"""What backing up and restoring a library answer with."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was written to ``file``: its ``bytes`` and the episodes that it holds."""

    file: str
    bytes: int
    episodes: int


@dataclass(frozen=True, slots=True)
class Restored:
    """A library that was restored, and the episodes that it holds now.

    ``kept`` is the file of what was there before, if it could not be read; None if nothing was.
    """

    library: str
    episodes: int
    kept: str | None
