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
from pipeline.facade.show_updates import UpdatingShows

if TYPE_CHECKING:
    from audio.clip import Clip
    from pipeline.hearing.episode_sound import WholeSound

# Each method imports what it needs when it is called: a timestamp lookup loads neither Whoosh nor an engine.


class HearingPlaces(UpdatingShows):
    """Audio."""

    def cut(self, place: Placed, *, before: float = 0.0, after: float = 0.0, allow_private: bool = False) -> Clip:
        """Return the sound of a place with ``before`` and ``after`` seconds around it, faded in and out.

        It has the recording's own sample rate and channels, and ends at the latest where the recording ends. Sound
        that was not downloaded, or not kept, is downloaded first; ``allow_private`` is as for ``verify``. Raises
        EpisodeError for an unknown episode, TimeError for a place that begins past the end, MediaError for an episode
        without a recording, MediaMovedError if its file is gone or has changed.
        """
        from pipeline.hearing.recordings import cut_sound

        self._bring_sound(place.episode, allow_private)
        return cut_sound(self._store, place, before, after)

    def clip(
        self,
        place: Placed,
        target: str | Path | None = None,
        *,
        before: float = 0.0,
        after: float = 0.0,
        overwrite: bool = False,
        allow_private: bool = False,
    ) -> ClipFile:
        """Write the sound of a place to a file, with ``before`` and ``after`` seconds around it.

        Its extension chooses the format: .wav, .mp3, .m4a, .ogg, .opus or .flac. Without a ``target``, or where that is
        a folder, the file is an MP3 with the episode's id and the time as its name, and replaces none unless
        ``overwrite``. Its tags say title, show, date, times and source. Raises as ``cut`` does; UsageError for a target
        that is a recording, in the library, or exists (without ``overwrite``); OutputError if writing fails.
        """
        from audio.encode import write_clip
        from pipeline.hearing.recordings import check_target, choose_target, clip_tags

        episode = self._store.resolve_episode(place.episode)
        file = choose_target(episode.id, place.start, target, overwrite)
        check_target(self._store, file)
        sound = self.cut(place, before=before, after=after, allow_private=allow_private)
        start = round(max(0.0, place.start - before), 3)
        end = round(start + sound.duration, 3)
        write_clip(sound, file, tags=clip_tags(episode, start, end), overwrite=overwrite)
        return ClipFile(episode.id, start, end, str(file), sound.rate, sound.channels)

    def play(
        self,
        place: Placed,
        *,
        before: float = 0.0,
        after: float = 0.0,
        starting: Callable[[Played], None] | None = None,
        allow_private: bool = False,
    ) -> Played:
        """Play a place with ``before`` and ``after`` seconds around it, and return when it has been played.

        ``starting`` is called before playback begins. Raises as ``cut`` does, and PlayerError if no player works.
        """
        from pipeline.hearing.recordings import play_sound

        self._bring_sound(place.episode, allow_private)
        return play_sound(self._store, place, before, after, starting)

    def whole_sound(self, episode: str, known: WholeSound | None = None) -> WholeSound:
        """Return the whole sound of an episode as a WAV file, any part of which is read at once: ``open`` it.

        ``known``, from an earlier call, is returned again while nothing has changed; otherwise the recording is checked
        to be the one that was transcribed. Nothing is downloaded. Raises EpisodeError for an unknown episode,
        MediaError (SoundNotHereError) for one without a recording here, MediaMovedError if its file is gone or has
        changed.
        """
        from pipeline.hearing.episode_sound import find_whole_sound

        return find_whole_sound(self._store, episode, known)
