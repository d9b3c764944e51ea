"""Links to moments of recordings, and citations of what was said there."""

from __future__ import annotations

from pathlib import Path

from audio.timecode import format_time
from index.transcript import Episode


def link_to(media: str | None, seconds: float, offset: float = 0.0) -> str | None:
    """Return a file URI with a time (https://www.w3.org/TR/media-frags/), None without an absolute path.

    ``offset`` is what players show at the first sample, from which ``seconds`` count.
    """
    if media is None or not Path(media).is_absolute():
        return None
    return f"{Path(media).as_uri()}#t={max(0.0, seconds + offset):.1f}"


def cite(episode: Episode, seconds: float, speaker: str | None = None) -> str:
    """Return a citation of a moment: speaker, title, show, date and time, without what is unknown."""
    parts = (speaker, f"“{episode.title}”", episode.show, episode.published, format_time(seconds, 0))
    return ", ".join(part for part in parts if part)
