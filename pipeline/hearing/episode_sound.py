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

FileState = tuple[int, int, int, int]
"""Size, times of the last change of contents and inode, and inode of a file: what changes when the file does."""


@dataclass(frozen=True, slots=True)
class WholeSound:
    """The recording of an episode that was checked to be the one that was transcribed, and which sound of it that is.

    ``state`` is that of the file before it was read.
    """

    episode: str
    path: Path
    sha256: str
    sound: SoundChoice
    state: FileState | None

    @property
    def tag(self) -> str:
        """A name of this sound: the same for the same samples."""
        chosen = hashlib.sha256(repr((self.sha256, self.sound.track, self.sound.weights)).encode())
        return chosen.hexdigest()

    def open(self) -> WavFile:
        """Return the sound as a WAV file. Raises MediaError.

        The first time, the packets of the recording are indexed: a second or two for three hours, more where they have
        to be decoded for it. The index is kept in the user's cache folder.
        """
        from audio.seeking.indexing import index_recording
        from audio.seeking.wav_file import WavFile

        track = self.sound.track
        index = _index_cache().find(f"{self.sha256}-{track or 0}", lambda: index_recording(self.path, track))
        return WavFile(self.path, self.sound, index)


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
    state = _file_state(path)
    found = WholeSound(episode.id, path, episode.sha256 or "", sound, state)
    if state is None or found != known:
        find_recording(episode, store.directory)
    return found


def _file_state(path: Path) -> FileState | None:
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino
