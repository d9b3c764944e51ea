"""The sound that airquote downloaded itself: in the library's folder, from where it may be removed to save room."""

from __future__ import annotations

import os
from pathlib import Path

from index.transcript import Episode

MEDIA_FOLDER = "media"
"""The folder in that of a library in which downloaded sound is: in a folder for each show."""


def is_downloaded(media: str | None, library: Path) -> bool:
    """Whether a recording is one that airquote downloaded into the folder of a library, not a file of the user.

    What links lead to elsewhere is none: a library may come from a stranger, and name any file.
    """
    if media is None:
        return False
    folder = Path(os.path.realpath(library), MEDIA_FOLDER)
    try:
        return Path(os.path.realpath(media)).is_relative_to(folder)
    except ValueError:  # a null character: no path
        return False


def is_pruned(episode: Episode, library: Path) -> bool:
    """Whether the sound of an episode was downloaded, and is not kept any more."""
    return is_downloaded(episode.media, library) and not os.path.lexists(episode.media or "")
