"""Open media files safely; read their format, stated duration and tags; compute their hash."""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer

from audio.errors import MediaError, check_permissions, choose_other_file, correct_input, repair_file
from audio.headers import estimated_duration, stated_duration
from audio.recording.ogg_links import ByteRange
from audio.recording.tags import Tags, read_tags
from audio.regular_file import NotRegularError, open_regular_file

READ_BYTES = 1 << 20

# FFmpeg is given no file name, so it detects the format from the bytes alone: a text file called .mp3 is not taken for
# sound, and a WAV file called .mp3 is read as WAV. Without protocols, a playlist that poses as a podcast cannot make
# FFmpeg open other files or the network.
#
# Of FFmpeg's 350 demuxers only those of recorded sound are allowed, by their names in FFmpeg: the others read pictures,
# subtitles and the files of games, and a damaged file in one of these (adx) ended the process by a division by zero.
FORMATS = (
    "aac", "ac3", "aiff", "amr", "ape", "asf", "au", "avi", "caf", "dsf", "dss", "dts", "dv", "eac3", "flac", "flv",
    "loas", "matroska", "mov", "mp3", "mpc", "mpc8", "mpeg", "mpegts", "mxf", "nistsphere", "nut", "ogg", "qcp",
    "rm", "sox", "tak", "truehd", "tta", "voc", "w64", "wav", "wtv", "wv",
)  # fmt: skip
OPEN_OPTIONS = {"protocol_whitelist": "", "format_whitelist": ",".join(FORMATS)}

# Magic bytes of common containers: (offset, bytes, name).
SIGNATURES = (
    (4, b"ftyp", "an MP4"),
    (0, b"RIFF", "a WAV or AVI"),
    (0, b"fLaC", "a FLAC"),
    (0, b"OggS", "an Ogg"),
    (0, b"ID3", "an MP3"),
    (0, b"\x1aE\xdf\xa3", "a Matroska or WebM"),
)

# Magic bytes of pictures: PNG, JPEG, GIF, TIFF, BMP.
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*", b"BM")

# What the code that reads a damaged file raises beside FFmpeg's own errors, wherever a header states nonsense: text
# that cannot be decoded, numbers that overflow, more memory than there is.
DAMAGE = (ArithmeticError, AssertionError, EOFError, LookupError, MemoryError, RuntimeError, ValueError)

RATES = range(1000, 6_144_001)
"""Sample rates (Hz) of sound: a telephone has 8000, DSD at most 5.6 million. Another is a damaged header."""


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """Format, duration and tags of a media file.

    ``container`` and ``codec`` are FFmpeg's names; ``sample_rate`` is in Hz; ``duration`` is in seconds, stated by the
    container or else estimated by FFmpeg, None where neither is known.
    """

    container: str
    codec: str
    sample_rate: int
    channels: int
    duration: float | None
    tags: Tags


class _Nameless:
    """A binary file that hides its name from FFmpeg, and answers an impossible seek with FFmpeg's error code."""

    def __init__(self, file: BinaryIO | _FilePart) -> None:
        self.read = file.read
        self.tell = file.tell
        self._seek = file.seek

    def seek(self, offset: int, whence: int = 0) -> int:
        """Seek. A damaged header names offsets before the file's start: raised, PyAV would print a traceback."""
        try:
            return self._seek(offset, whence)
        except (OSError, ValueError):
            return -errno.EINVAL


class _FilePart:
    """A range of a binary file, as a file of its own."""

    def __init__(self, file: BinaryIO, link: ByteRange) -> None:
        self._file, self._link = file, link
        file.seek(link.start)

    def read(self, size: int = -1) -> bytes:
        left = self._link.end - self._file.tell()
        return self._file.read(max(0, left if size < 0 else min(size, left)))

    def tell(self) -> int:
        return self._file.tell() - self._link.start

    def seek(self, offset: int, whence: int = 0) -> int:
        base = (self._link.start, self._file.tell(), self._link.end)[whence]
        if base + offset < self._link.start:
            raise ValueError("a place before the part's start")
        return self._file.seek(base + offset) - self._link.start


@contextmanager
def open_media(
    path: Path, track: int | None = None, link: ByteRange | None = None
) -> Iterator[tuple[InputContainer, AudioStream]]:
    """Context manager: open ``path`` and yield the container and its audio track of this number, from 1.

    ``track`` None is the first that can be decoded; ``link`` is the part of a chained file to open. Raises MediaError
    if the file does not exist, cannot be read, is empty, is not a media file or lacks the audio track, and for every
    error of FFmpeg, and every other that a damaged file causes, while the block runs.
    """
    try:
        with _open_media_file(path) as file:
            part = _FilePart(file, link) if link is not None else file
            head = part.read(16)
            part.seek(0)
            if not head:
                raise MediaError(f"{path} is empty (0 bytes).", repair_file("Download or copy it again."), where=path)
            try:
                # Tags may be in any encoding, or damaged.
                container = av.open(_Nameless(part), "r", options=OPEN_OPTIONS, metadata_errors="replace")
            except av.error.FFmpegError as error:
                raise _refusal(path, head) from error
            with container:
                yield container, _audio_stream(path, container, track)
    except (av.error.FFmpegError, *DAMAGE) as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise MediaError(
            f"{path} cannot be decoded: {reason}.", repair_file("Is it cut off or damaged?"), where=path
        ) from error
    except OSError as error:
        raise _unreadable(path, error) from error


def _open_media_file(path: Path) -> BinaryIO:
    """Open a file for reading. Raises MediaError for what is not a regular file and might never end, such as a pipe."""
    try:
        return open_regular_file(path)
    except ValueError as error:  # it contains a NUL
        raise MediaError(
            f"{str(path)!a} is not a file name: {error}.", correct_input("Check the name."), where=path
        ) from None
    except NotRegularError:
        raise MediaError(
            f"{path} is not a regular file.", choose_other_file("Save its sound to a file first."), where=path
        ) from None


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
    what = "not audio: it looks like a picture" if head.startswith(PICTURES) else "not audio, nor video with sound"
    return MediaError(f"{path} is {what}.", choose_other_file("Name a file such as an MP3, M4A or WAV."), where=path)


def _audio_stream(path: Path, container: InputContainer, track: int | None) -> AudioStream:
    tracks = container.streams.audio
    if track is not None and tracks and not 0 < track <= len(tracks):
        there = "1 audio track" if len(tracks) == 1 else f"{len(tracks)} audio tracks"
        raise MediaError(
            f"{path} has no audio track {track}.", correct_input(f"It has {there}, counted from 1."), where=path
        )
    for stream in tracks if track is None else tracks[track - 1 : track]:
        # codec_context is None where this FFmpeg has no decoder.
        if stream.codec_context is not None:
            return stream
    if tracks:
        raise MediaError(
            f"{path} holds sound in a codec that cannot be decoded here.", repair_file("Convert it first."), where=path
        )
    if container.streams.video:
        raise MediaError(
            f"{path} is a video without an audio track.",
            choose_other_file("Name a file with sound."),
            where=path,
        )
    raise MediaError(
        f"{path} is not audio: it looks like {container.format.long_name}.",
        choose_other_file("Name a file such as an MP3, M4A or WAV."),
        where=path,
    )


def probe_media(path: Path) -> MediaInfo:
    """Return the format, duration and tags of ``path``, after decoding the first frame of one of its audio tracks.

    Raises MediaError as ``open_media`` does, and for a file from which no sound can be decoded.
    """
    with open_media(path) as (container, _):
        tracks = {stream.index: stream for stream in container.streams.audio if stream.codec_context is not None}
        for packet in container.demux(*tracks.values()):
            with suppress(av.error.FFmpegError):
                if any(isinstance(frame, AudioFrame) and is_sound(frame) for frame in packet.decode()):
                    return _describe(path, container, tracks[packet.stream.index])
    raise no_sound(path)


def _describe(path: Path, container: InputContainer, stream: AudioStream) -> MediaInfo:
    return MediaInfo(
        container=container.format.name,
        codec=stream.codec_context.codec.canonical_name,
        sample_rate=stream.sample_rate or 0,
        channels=stream.channels,
        duration=stated_duration(path, container, stream) or estimated_duration(container, stream),
        tags=read_tags(container, stream),
    )


def is_sound(frame: AudioFrame) -> bool:
    """Whether a decoded frame has samples, at a rate that sound can have."""
    return bool(frame.samples) and frame.sample_rate in RATES


def no_sound(path: Path) -> MediaError:
    """Return the error for a file that opens but contains no decodable sound."""
    return MediaError(
        f"No sound can be decoded from {path}.", repair_file("It may be empty, encrypted or damaged."), where=path
    )


def hash_file(path: Path) -> str:
    """Return the SHA-256 of the file's bytes in hexadecimal. Raises MediaError if it cannot be read."""
    digest = hashlib.sha256()
    try:
        with _open_media_file(path) as file:
            while chunk := file.read(READ_BYTES):
                digest.update(chunk)
    except OSError as error:
        raise _unreadable(path, error) from error
    return digest.hexdigest()
