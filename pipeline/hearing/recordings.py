"""The recordings of episodes: check that a file is the one that was transcribed, cut and play its sound."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from audio.errors import MediaError, MediaMovedError, PlayerError, UsageError, choose_other_file, correct_input
from audio.timecode import Span
from index.storage.episode_names import file_stem
from index.storage.store import Store
from index.storage.untrusted import is_address
from index.transcript import Episode
from pipeline.answers import Placed, Played
from pipeline.batch.downloaded_sound import is_pruned
from pipeline.citing.citations import cite_span
from pipeline.citing.styles import cite_plain
from pipeline.errors import (
    SoundNotHereError,
    add_recording,
    download_sound,
    link_again,
    put_back_or_import,
    put_back_or_transcribe,
    write_clip_or_play,
)
from pipeline.lookup import check_seconds, check_span
from pipeline.printable import clean_text

if TYPE_CHECKING:
    from audio.clip import Clip

CLIP_TYPE = ".mp3"
"""The format of a clip whose file is not named."""

LONGEST_TAG = 1000
"""Characters: a title of any length would not fit into the command line of the encoder."""


def find_recording(episode: Episode, library: Path) -> Path:
    """Return the file of an episode after comparing its hash: times fit only the file that was transcribed.

    ``library`` is the directory of its library. Raises SoundNotHereError for sound that can be downloaded, MediaError
    for an episode without a recording, MediaMovedError for a file that is gone or has changed.
    """
    from audio.media import hash_file

    check_kept(episode, library)
    if episode.media is None or episode.sha256 is None:
        raise MediaError(
            f"The episode {episode.id} was imported without a recording.",
            add_recording(episode.source, library),
            where=episode.id,
        )
    path = Path(episode.media)
    with suppress(OSError):  # such as a folder that may not be entered, of which hash_file says what is wrong
        if not path.exists():
            raise MediaMovedError(
                f"The recording of {episode.id} is no longer at {path}.", link_again(library), where=episode.id
            )
    # Whatever size and time the library remembers of the file: they may be a stranger's, and the path one's own secret.
    if hash_file(path) != episode.sha256:
        raise MediaMovedError(
            f"{path} is no longer the file that {episode.id} was made from, so its times do not fit.",
            put_back_or_import(episode.source, str(path), library)
            if episode.state == "imported"
            else put_back_or_transcribe(str(path), library),
            where=path,
        )
    return path


def check_kept(episode: Episode, library: Path) -> None:
    """Raise SoundNotHereError if the sound of an episode was not downloaded, or is not kept."""
    if is_pruned(episode, library):
        told = f"The sound of {episode.id} is not kept here."
    elif episode.media is None and is_address(episode.source):
        told = f"The sound of {episode.id} was not downloaded."
    else:
        return
    raise SoundNotHereError(told, download_sound(episode.id, library), where=episode.id)


def cut_sound(store: Store, place: Placed, before: float, after: float) -> Clip:
    """Return the sound of a place with ``before`` and ``after`` seconds around it, faded in and out.

    Raises as ``find_recording`` does, EpisodeError, and TimeError for an invalid time, or a place that begins past the
    end.
    """
    from audio.clip import fade, read_span

    check_span(place)
    check_seconds(before)
    check_seconds(after)
    episode = store.resolve_episode(place.episode)
    recording = find_recording(episode, store.directory)
    return fade(read_span(recording, Span(place.start, place.end).padded(before, after), store.sound(episode.id)))


def play_sound(
    store: Store, place: Placed, before: float, after: float, starting: Callable[[Played], None] | None
) -> Played:
    """Play a place. Raises as ``cut_sound`` does, and PlayerError if there is no audio player or it fails."""
    from audio.encode import write_clip
    from audio.player import find_player, play_command, play_file

    sound = cut_sound(store, place, before, after)
    episode = store.resolve_episode(place.episode)
    start = max(0.0, place.start - before)
    player = find_player()
    if player is None:
        recording, offset = find_recording(episode, store.directory), store.sound(episode.id).offset
        command = play_command(None, recording, max(0.0, start + offset))
        raise PlayerError("No audio player was found (mpv, ffplay, VLC, afplay, ...).", write_clip_or_play(command))
    played = Played(episode.id, start, round(start + sound.duration, 3), player.name)
    if starting:
        starting(played)
    with tempfile.TemporaryDirectory(prefix="airquote-") as folder:
        file = Path(folder, "sound.wav")
        write_clip(sound, file)
        play_file(file, player)
    return played


def clip_stem(episode: str, start: float) -> str:
    """Return the name of a clip without its ending, which every file system takes: the-roof-1h02m33s."""
    minutes, seconds = divmod(int(start), 60)
    hours, minutes = divmod(minutes, 60)
    clock = f"{hours}h{minutes:02}m" if hours else f"{minutes}m"
    return f"{file_stem(episode)}-{clock}{seconds:02}s"


def choose_target(episode: str, start: float, target: str | Path | None, overwrite: bool) -> Path:
    """Return the file of a clip: ``target`` or, without one or in that folder, a name that is not taken yet."""
    if target is not None and not Path(target).is_dir():
        return Path(target)
    folder, stem = Path(target or ""), clip_stem(episode, start)
    numbered = (folder / f"{stem}{f'-{number}' if number > 1 else ''}{CLIP_TYPE}" for number in count(1))
    return next(path for path in numbered if overwrite or not os.path.lexists(path))


def clip_tags(episode: Episode, start: float, end: float) -> dict[str, str]:
    """Return the tags of a clip: title, show and date of its episode, and in the comment its times and its source."""
    cited = cite_span(episode, start, end, None, 0.0)
    file = f"{PurePath(episode.media or '').name}, SHA-256 {episode.sha256}"
    source = episode.address or file  # not the folders of one's own machine: a clip is passed on
    tags = {
        "title": episode.title, "album": episode.show, "artist": episode.show, "date": episode.published,
        "comment": f"{cite_plain(cited)}. Source: {source}",
    }  # fmt: skip
    return {name: clean_text(text)[:LONGEST_TAG] for name, text in tags.items() if text}


def real_path(path: str | Path) -> Path | None:
    """Return the absolute path without symbolic links; None for text that cannot be a path, as it contains a NUL."""
    try:
        return Path(os.path.realpath(path))  # Path.resolve fails for links that form a circle
    except ValueError:
        return None


def check_target(store: Store, target: Path) -> None:
    """Raise UsageError if writing ``target`` would replace an episode's recording or a file of the library itself."""
    place = real_path(target)
    if place is None:
        raise UsageError(f"{str(target)!a} is not a file name.", correct_input("Check the name."), where=target)
    if place.is_relative_to(os.path.realpath(store.directory)):
        raise UsageError(
            f"{target} is inside the library's folder.", choose_other_file("Name a file elsewhere."), where=target
        )
    for episode in store.episodes():
        if episode.media is not None and real_path(episode.media) == place:
            raise UsageError(
                f"{target} is the recording of {episode.id}.",
                choose_other_file("Name another file."),
                where=target,
            )
