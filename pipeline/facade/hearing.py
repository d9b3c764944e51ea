"""The sound of places: played, or written to files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.answers import (
    ClipFile,
    Placed,
    Played,
)
from pipeline.facade.open_library import OpenLibrary

if TYPE_CHECKING:
    from audio.clip import Clip

# Each method imports what it needs when it is called: a timestamp lookup loads neither Whoosh nor an engine.


class HearingPlaces(OpenLibrary):
    """Audio."""

    def cut(self, place: Placed, *, before: float = 0.0, after: float = 0.0) -> Clip:
        """Return the sound of a place with ``before`` and ``after`` seconds around it, faded in and out.

        It has the recording's own sample rate and channels, and ends at the latest where the recording ends. Raises
        EpisodeError for an unknown episode, TimeError for a place that begins past the end, MediaError for an episode
        without a recording, MediaMovedError if its file is gone or has changed.
        """
        from pipeline.recordings import cut_sound

        return cut_sound(self._store, place, before, after)

    def clip(
        self, place: Placed, target: str | Path, *, before: float = 0.0, after: float = 0.0, overwrite: bool = False
    ) -> ClipFile:
        """Write the sound of a place to a file, with ``before`` and ``after`` seconds around it.

        Its extension chooses the format: .wav, .mp3, .m4a, .ogg, .opus or .flac. Raises as ``cut`` does; UsageError for
        a target that is a recording, in the library, or exists (without ``overwrite``); OutputError if writing fails.
        """
        from audio.encode import write_clip
        from pipeline.recordings import check_target

        target = Path(target)
        check_target(self._store, target)
        sound = self.cut(place, before=before, after=after)
        write_clip(sound, target, overwrite=overwrite)
        start = round(max(0.0, place.start - before), 3)
        episode = self._store.resolve_episode(place.episode)
        return ClipFile(episode.id, start, round(start + sound.duration, 3), str(target), sound.rate, sound.channels)

    def play(
        self,
        place: Placed,
        *,
        before: float = 0.0,
        after: float = 0.0,
        starting: Callable[[Played], None] | None = None,
    ) -> Played:
        """Play a place with ``before`` and ``after`` seconds around it, and return when it has been played.

        ``starting`` is called before playback begins. Raises as ``cut`` does, and PlayerError if no player works.
        """
        from pipeline.recordings import play_sound

        return play_sound(self._store, place, before, after, starting)
