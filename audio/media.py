"""A media file before it is decoded: opening it safely, what it holds, how long it says it is, its fingerprint."""

from __future__ import annotations

import hashlib
import stat
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import av
from av.audio.stream import AudioStream
from av.container import InputContainer

from audio.errors import MediaError

READ_BYTES = 1 << 20
LARGEST_OGG_PAGE = 65307
"""Bytes (RFC 3533, section 6)."""

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

# Containers whose header gives the length of the audio track, so that a file which holds less was cut off. FFmpeg
# works out a length for the others as well, but from the bitrate or from the last page that is there.
# MP3 and WAV are read here: FFmpeg corrects the number in their headers by the size of the file.
STATED_BY_FFMPEG = {"flac", "aiff", "mov,mp4,m4a,3gp,3g2,mj2", "w64", "caf", "tta", "wv", "ape"}


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
    has_video: bool
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
                raise MediaError(f"{path} is empty (0 bytes).", "Download or copy it again.")
            try:
                container = av.open(_Nameless(file), "r", options=OPEN_OPTIONS)
            except av.error.FFmpegError as error:
                raise _refusal(path, head) from error
            with container:
                yield container, _audio_stream(path, container)
    except av.error.FFmpegError as error:
        reason = error.strerror or str(error)
        raise MediaError(f"{path} cannot be decoded: {reason}.", "Is it cut off or damaged?") from error
    except OSError as error:
        raise _unreadable(path, error) from error


def open_regular(path: Path) -> BinaryIO:
    """The file, opened for reading. Raises MediaError for what is no file and might never end, such as a pipe."""
    try:
        mode = path.stat().st_mode
    except ValueError as error:  # a NUL in it
        raise MediaError(f"{str(path)!a} is no name of a file: {error}.", "Check the name.") from None
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise MediaError(f"{path} is not a regular file.", "Save its sound to a file first.")
    return path.open("rb")


def _unreadable(path: Path, error: OSError) -> MediaError:
    if isinstance(error, FileNotFoundError):
        return MediaError(f"There is no file {path}.", "Check the name.")
    if isinstance(error, IsADirectoryError):
        return MediaError(f"{path} is a folder, not a file.", "Name a file in it.")
    return MediaError(f"{path} cannot be read: {error.strerror or error}.", "Check its permissions.")


def _refusal(path: Path, head: bytes) -> MediaError:
    for offset, signature, name in SIGNATURES:
        if head[offset : offset + len(signature)] == signature:
            return MediaError(
                f"{path} begins like {name} file but is cut off or damaged.", "Download or copy it again."
            )
    return MediaError(f"{path} is not audio, nor video with sound.", "Name a file such as an MP3, M4A or WAV.")


def _audio_stream(path: Path, container: InputContainer) -> AudioStream:
    for stream in container.streams.audio:
        # PyAV leaves the codec out where this FFmpeg has no decoder for it.
        if stream.codec_context is not None:
            return stream
    if container.streams.audio:
        raise MediaError(f"{path} holds sound in a codec that cannot be decoded here.", "Convert it first.")
    # FFmpeg reads a picture as a film of one frame, and text as subtitles or as a film of a terminal.
    picture = container.format.name.endswith("_pipe") or container.format.name == "gif"
    if container.streams.video and not picture and container.format.name != "tty":
        raise MediaError(f"{path} is a video without an audio track.", "There is nothing to hear in it.")
    kind = "a picture" if picture else container.format.long_name
    raise MediaError(f"{path} is not audio: it looks like {kind}.", "Name a file such as an MP3, M4A or WAV.")


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
            has_video=any(not is_cover(video.disposition) for video in container.streams.video),
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


def is_cover(disposition: int) -> bool:
    """Whether a video track is only the episode's cover picture."""
    return bool(disposition & av.stream.Disposition.attached_pic)


def no_sound(path: Path) -> MediaError:
    """The error for a file that opens and yields nothing."""
    return MediaError(f"No sound can be decoded from {path}.", "It may be empty, encrypted or damaged.")


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


def estimated_duration(container: InputContainer, stream: AudioStream) -> float | None:
    """FFmpeg's opinion of the track's length in seconds, from whatever it could find."""
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    return container.duration / av.time_base if container.duration else None


def stated_duration(path: Path, container: InputContainer, stream: AudioStream) -> float | None:
    """The length in seconds that the file's header promises for the track; None where it promises none."""
    name = container.format.name
    rate = stream.sample_rate or 0
    if name == "mp3" and rate:
        with path.open("rb") as file:
            frames = mp3_frame_count(file)
        # MPEG-1 layer III packs 1152 samples in a frame; MPEG-2 and 2.5, with rates up to 24 kHz, 576.
        return frames * (1152 if rate > 24000 else 576) / rate if frames else None
    if name == "wav":
        with path.open("rb") as file:
            return wav_duration(file)
    if name == "matroska,webm":
        # The header's own length is that of the longest track; mkvmerge and FFmpeg note that of each.
        return _clock_seconds(stream.metadata.get("DURATION", ""))
    if name in STATED_BY_FFMPEG and stream.duration and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    return None


def lacks_end(path: Path, container: str) -> bool:
    """Whether an Ogg file ends before the page that is marked as its track's last (RFC 3533, section 6)."""
    if container != "ogg":
        return False
    with path.open("rb") as file:
        file.seek(0, 2)
        file.seek(max(0, file.tell() - 2 * LARGEST_OGG_PAGE))
        tail = file.read()
    page = tail.rfind(b"OggS\0")
    return page >= 0 and len(tail) > page + 5 and not tail[page + 5] & 4


def _clock_seconds(clock: str) -> float | None:
    hours, _, rest = clock.partition(":")
    minutes, _, seconds = rest.partition(":")
    try:
        return 3600 * int(hours) + 60 * int(minutes) + float(seconds)
    except ValueError:
        return None


def mp3_frame_count(file: BinaryIO) -> int | None:
    """The number of frames that an MP3's Xing, Info or VBRI header counts; None where there is none."""
    return _mp3_counts(file)[0]


def mp3_lacks_end(file: BinaryIO) -> bool:
    """Whether an MP3 ends before the last byte that its Xing, Info or VBRI header counts, as far as that says."""
    _, end = _mp3_counts(file)
    return end is not None and file.seek(0, 2) < end


def _mp3_counts(file: BinaryIO) -> tuple[int | None, int | None]:
    """What an MP3's header says: how many frames follow, and where in the file they end.

    Layout: G. Bouvigne, "Xing/Info tag" (gabriel.mp3-tech.org/mp3infotag.html); K. Windszus, "MPEG Audio Frame
    Header" (codeproject.com/Articles/8295), sections 2.3.1 and 2.3.2.
    """
    head = file.read(10)
    start = 0
    if head[:3] == b"ID3":
        size = (head[6] & 127) << 21 | (head[7] & 127) << 14 | (head[8] & 127) << 7 | head[9] & 127
        start = 10 + size
    file.seek(start)
    frame = file.read(256)
    for name in (b"Xing", b"Info"):
        at = frame.find(name, 4, 64)
        if at >= 0 and len(frame) >= at + 16:
            flags, frames, size = struct.unpack_from(">III", frame, at + 4)
            if not flags & 1:
                return None, None
            return frames or None, start + size if flags & 2 else None
    if frame[36:40] == b"VBRI" and len(frame) >= 54:
        size, frames = struct.unpack_from(">II", frame, 46)
        return frames or None, start + size
    return None, None


def wav_duration(file: BinaryIO) -> float | None:
    """Seconds of sound that a WAV file's ``data`` chunk announces; None if it was written as a stream of unknown
    length.
    """
    if file.read(12)[:4] != b"RIFF":
        return None
    bytes_per_second = 0
    while len(header := file.read(8)) == 8:
        size: int
        name, size = struct.unpack("<4sI", header)
        if name == b"fmt ":
            layout = file.read(12)
            if len(layout) < 12:
                break
            bytes_per_second = struct.unpack("<HHII", layout)[3]
            file.seek(size + (size & 1) - 12, 1)
        elif name == b"data":
            unknown = size >= 0xFFFFFF00 or size == 0
            return None if unknown or not bytes_per_second else size / bytes_per_second
        else:
            file.seek(size + (size & 1), 1)
    return None
