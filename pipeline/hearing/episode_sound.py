"""The whole sound of an episode, of which any part can be read at once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from audio.recording.sound_choice import SoundChoice
from index.storage.store import Store
from pipeline.hearing.recordings import find_recording

if TYPE_CHECKING:
    from audio.seeking.index_cache import IndexCache
    from audio.seeking.wav_file import WavFile


@dataclass(frozen=True, slots=True)
class WholeSound:
    """The recording of an episode, which was compared with its hash, and which sound of it was transcribed.

    ``track`` is its audio track, from 1, and ``weights`` mix its channels; None is what is usual. ``state`` is what
    changes when the file does: size, times of change and inode, None if it is not there.
    """

    episode: str
    path: Path
    sha256: str
    track: int | None
    weights: tuple[float, ...] | None
    state: tuple[int, ...] | None

    @property
    def tag(self) -> str:
        """A name of this sound: the same for the same samples."""
        return hashlib.sha256(repr((self.sha256, self.track, self.weights)).encode()).hexdigest()

    def open(self) -> WavFile:
        """Return the sound as a WAV file, of which any bytes can be read. Raises MediaError.

        The first time, the packets of the recording are indexed: a second or two for three hours, more where they have
        to be decoded for it. The index is kept in the user's cache folder.
        """
        from audio.seeking.indexing import index_recording
        from audio.seeking.wav_file import WavFile

        name = f"{self.sha256}-{self.track or 0}"
        index = _index_cache().find(name, lambda: index_recording(self.path, self.track))
        return WavFile(self.path, SoundChoice(self.track, self.weights), index)


@cache
def _index_cache() -> IndexCache:
    from audio.seeking.index_cache import IndexCache

    return IndexCache(platformdirs.user_cache_path("airquote") / "sound")


def find_whole_sound(store: Store, name: str, known: WholeSound | None) -> WholeSound:
    """Return the sound of an episode; ``known``, found earlier, without reading the recording again if it is the same.

    Raises EpisodeError, and as ``find_recording`` does.
    """
    episode = store.resolve_episode(name)
    path, sound = Path(episode.media or ""), store.sound(episode.id)
    found = WholeSound(episode.id, path, episode.sha256 or "", sound.track, sound.weights, _file_state(path))
    if found.state is None or found != known:
        find_recording(episode, store.directory)
    return found


def _file_state(path: Path) -> tuple[int, ...] | None:
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino
