"""What fetching an address and downloading sound answer with, and the limits that downloads keep."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Status = Literal["new", "unchanged", "gone"]
"""New data; the data that was there before, by entity tag or date; nothing any more, says the server (410)."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A server's answer.

    ``address`` is the one that answered, after redirects and without credentials. ``moved`` is the address that
    permanent redirects name in place of the one asked for, with its credentials where they are sent there too; None
    without such redirects. ``entity_tag`` and ``modified`` are to be given with the next request. ``content_type`` is
    without parameters, in lower case; ``charset`` as the server states it.
    """

    status: Status
    data: bytes
    address: str
    moved: str | None = None
    entity_tag: str | None = None
    modified: str | None = None
    content_type: str = ""
    charset: str | None = None


@dataclass(frozen=True, slots=True)
class PageDetails:
    """What a web page says of its sound; ``published`` is YYYY-MM-DD."""

    title: str | None = None
    show: str | None = None
    published: str | None = None


@dataclass(frozen=True, slots=True)
class Downloaded:
    """Sound that is on the disk, whole: its file, its bytes, the seconds that it lasts, None if it does not say.

    ``address`` is the one that it came from, after redirects and without credentials. ``resumed`` is whether a part of
    it was there from an earlier download; ``page`` what its web page says, if it is from one.
    """

    path: Path
    size: int
    duration: float | None
    address: str
    resumed: bool = False
    page: PageDetails | None = None


@dataclass(frozen=True, slots=True)
class DownloadLimits:
    """Bounds of each download: its bytes, and the bytes that it leaves free on the disk."""

    most_bytes: int = 3 << 29
    """1.5 GB. Of 404 episodes that feeds of tests of parsers announce, the median has 61 MB, the largest 1.47 GB."""
    room_left: int = 256 << 20
