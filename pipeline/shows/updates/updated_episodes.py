"""What updates of shows, and downloads of sound, answer with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from audio.errors import AirquoteError, WayOut
    from pipeline.shows.updates.wanted_items import WantedItem

UpdateStatus = Literal["planned", "done", "skipped", "failed"]
"""Would be done, without a dry run; is done; need not be done, or not now; failed."""


@dataclass(frozen=True, slots=True)
class UpdatedEpisode:
    """What came of one item of a feed; or of a feed, or an episode that is named, with which nothing could be done.

    ``title`` is None for a feed. ``duration`` (seconds) and ``bytes`` of the sound are as announced, None where they
    are not. ``media`` is its file. ``reason`` says why it was skipped or failed, or what is remarkable about it;
    ``error`` is the exception of one that failed, and ``advice`` what to do about a remark; they are not part of the
    JSON.
    """

    show: str | None
    title: str | None
    published: str | None
    episode: str | None
    status: UpdateStatus
    duration: float | None
    bytes: int | None
    media: str | None
    reason: str | None
    error: AirquoteError | None = None
    advice: WayOut | None = None


def describe_item(
    wanted: WantedItem,
    status: UpdateStatus,
    episode: str | None = None,
    media: str | None = None,
    reason: str | None = None,
    error: AirquoteError | None = None,
    advice: WayOut | None = None,
) -> UpdatedEpisode:
    """Return what came of an item of a feed."""
    item = wanted.item
    return UpdatedEpisode(
        wanted.show, item.title, item.published, episode, status, item.duration, wanted.size, media, reason, error,
        advice,
    )  # fmt: skip
