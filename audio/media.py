"""A media file before it is decoded: opening it safely, what it holds, how long it says it is, its fingerprint."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import av
from av.audio.stream import AudioStream
from av.container import InputContainer

from audio.errors import MediaError, check_permissions, choose_other_file, correct_input, repair_file
from audio.headers import estimated_duration, stated_duration

READ_BYTES = 1 << 20

# Without a name to go by, FFmpeg judges a file by its bytes alone: a text file called .mp3 is not taken for sound,
# and a WAV file called .mp3 is taken for what it is. Without protocols, a playlist that poses as a podcast cannot
# make FFmpeg open other files or the network.
OPEN_OPTIONS = {"protocol_whitelist": ""}

# What the first bytes of the common containers look like: (offset, bytes, name).
SIGNATURES = (
    (4, b"ftyp", "an MP4"),
    (0, b"RIFF", "a WAV or AVI"),
    (0, b"fLaC", "a FLAC"),
    (0, b"OggS", "an Ogg"),
    (0, b"ID3", "an MP3"),
    (0, b"\x1aE\xdf\xa3", "a Matroska or WebM"),
)


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """What a media file says about itself.

    ``container`` and ``codec`` are FFmpeg's names; ``sample_rate`` is in Hz; ``duration`` is in seconds as the
    container claims or FFmpeg estimates it, None where neither does; ``title`` and ``show`` are its tags, the
    show being the album or the artist as podcasts use them, None where there are none.
    """

    container: str
    codec: str
    sample_rate: int
    channels: int
    duration: float | None
    title: str | None = None
    show: str | None = None


class _Nameless:
    """A binary file without its name."""

    def __init__(self, file: BinaryIO) -> None:
        self.read = file.read
        self.seek = file.seek
        self.tell = file.tell


@contextmanager
def open_media(path: Path) -> Iterator[tuple[InputContainer, AudioStream]]:
    """The opened container and its main audio track.

    Raises MediaError if there is no such file, if it cannot be read, is empty, is no media file or holds no
    sound, and for whatever FFmpeg cannot cope with while the block runs.
    """
    try:
        with open_regular(path) as file:
            head = file.read(16)
            file.seek(0)
            if not head:
                raise MediaError(f"{path} is empty (0 bytes).", repair_file("Download or copy it again."), where=path)
            try:
                container = av.open(_Nameless(file), "r", options=OPEN_OPTIONS)
            except av.error.FFmpegError as error:
                raise _refusal(path, head) from error
            with container:
                yield container, _audio_stream(path, container)
    except av.error.FFmpegError as error:
        reason = error.strerror or str(error)
        raise MediaError(
            f"{path} cannot be decoded: {reason}.", repair_file("Is it cut off or damaged?"), where=path
        ) from error
    except OSError as error:
        raise _unreadable(path, error) from error


def open_regular(path: Path) -> BinaryIO:
    """The file, opened for reading. Raises MediaError for what is no file and might never end, such as a pipe."""
    try:
        mode = path.stat().st_mode
    except ValueError as error:  # a NUL in it
        raise MediaError(
            f"{str(path)!a} is no name of a file: {error}.", correct_input("Check the name."), where=path
        ) from None
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise MediaError(
            f"{path} is not a regular file.", choose_other_file("Save its sound to a file first."), where=path
        )
    return path.open("rb")


def _unreadable(path: Path, error: OSError) -> MediaError:
    if isinstance(error, FileNotFoundError):
        return MediaError(f"There is no file {path}.", correct_input("Check the name."), where=path)
    if isinstance(error, IsADirectoryError):
        return MediaError(f"{path} is a folder, not a file.", choose_other_file("Name a file in it."), where=path)
    return MediaError(
        f"{path} cannot be read: {error.strerror or error}.", check_permissions("Check its permissions."), where=path
    )


def _refusal(path: Path, head: bytes) -> MediaError:
    for offset, signature, name in SIGNATURES:
        if head[offset : offset + len(signature)] == signature:
            return MediaError(
                f"{path} begins like {name} file but is cut off or damaged.",
                repair_file("Download or copy it again."),
                where=path,
            )
    return MediaError(
        f"{path} is not audio, nor video with sound.",
        choose_other_file("Name a file such as an MP3, M4A or WAV."),
        where=path,
    )


def _audio_stream(path: Path, container: InputContainer) -> AudioStream:
    for stream in container.streams.audio:
        # PyAV leaves the codec out where this FFmpeg has no decoder for it.
        if stream.codec_context is not None:
            return stream
    if container.streams.audio:
        raise MediaError(
            f"{path} holds sound in a codec that cannot be decoded here.", repair_file("Convert it first."), where=path
        )
    # FFmpeg reads a picture as a film of one frame, and text as subtitles or as a film of a terminal.
    picture = container.format.name.endswith("_pipe") or container.format.name == "gif"
    if container.streams.video and not picture and container.format.name != "tty":
        raise MediaError(
            f"{path} is a video without an audio track.",
            choose_other_file("There is nothing to hear in it."),
            where=path,
        )
    kind = "a picture" if picture else container.format.long_name
    raise MediaError(
        f"{path} is not audio: it looks like {kind}.",
        choose_other_file("Name a file such as an MP3, M4A or WAV."),
        where=path,
    )


def probe_media(path: Path) -> MediaInfo:
    """What ``path`` holds, once its first sound has been decoded to be sure that it holds any.

    Raises MediaError as ``open_media`` does, and for a file in which no sound can be decoded.
    """
    with open_media(path) as (container, stream):
        info = MediaInfo(
            container=container.format.name,
            codec=stream.codec_context.codec.canonical_name,
            sample_rate=stream.sample_rate or 0,
            channels=stream.channels,
            duration=stated_duration(path, container, stream) or estimated_duration(container, stream),
            title=_tag(container, stream, "title"),
            show=_tag(container, stream, "album") or _tag(container, stream, "artist"),
        )
        for packet in container.demux(stream):
            with suppress(av.error.FFmpegError):
                if any(frame.samples for frame in packet.decode()):
                    return info
    raise no_sound(path)


def _tag(container: InputContainer, stream: AudioStream, name: str) -> str | None:
    """What a tag says, in the case that the format writes it in; Ogg has the tags on the track."""
    tags = {key.lower(): value for key, value in (*stream.metadata.items(), *container.metadata.items())}
    return " ".join(tags.get(name, "").split()) or None


def no_sound(path: Path) -> MediaError:
    """The error for a file that opens and yields nothing."""
    return MediaError(
        f"No sound can be decoded from {path}.", repair_file("It may be empty, encrypted or damaged."), where=path
    )


def hash_file(path: Path) -> str:
    """SHA-256 of the file's bytes, in hexadecimal. Raises MediaError if it cannot be read."""
    digest = hashlib.sha256()
    try:
        with open_regular(path) as file:
            while chunk := file.read(READ_BYTES):
                digest.update(chunk)
    except OSError as error:
        raise _unreadable(path, error) from error
    return digest.hexdigest()
