"""What publishing a site takes and answers with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class SiteOptions:
    """How a site is made: its ``title``, by default the name of its show; the ``address`` at which it will be.

    With a ``dry_run`` nothing is written.
    """

    title: str | None = None
    address: str | None = None
    dry_run: bool = False


DEFAULT_SITE = SiteOptions()


@dataclass(frozen=True, slots=True)
class SiteFile:
    """A file of a site: its place in the folder, what publishing did to it, and its size, None if it was removed.

    ``episode`` is the id of the episode that it is about, None for a file of the whole site.
    """

    file: str
    status: Literal["new", "changed", "unchanged", "removed"]
    bytes: int | None
    episode: str | None = None


@dataclass(frozen=True, slots=True)
class SiteEpisode:
    """An episode of a site: whose words it shows, and the address at which visitors hear it, None if none is known."""

    episode: str
    title: str
    show: str | None
    published: str | None
    words: str
    sound: str | None


@dataclass(frozen=True, slots=True)
class PublishedSite:
    """A site: its episodes and its files, and ``notes`` on what is not in it. Only its files are in the JSON."""

    folder: str
    episodes: tuple[SiteEpisode, ...]
    files: tuple[SiteFile, ...]
    notes: tuple[str, ...] = ()
