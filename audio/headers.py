"""Read from a media file's headers how long it should be and whether its end is missing."""

from __future__ import annotations

import re
import struct
from pathlib import Path
from typing import BinaryIO

import av
from av.audio.stream import AudioStream
from av.container import InputContainer

LARGEST_OGG_PAGE = 65307
"""Bytes (RFC 3533, section 6)."""

OGG_PAGE, OGG_HEADER = b"OggS\0", 27
"""How a page begins, and the bytes of its header, of which the last is the number of lacing values that follow."""

LONGEST = 1e7
"""Seconds (115 days): a header that states more, or a negative length, is damaged."""


# Containers whose header states the length of the audio track, so that a shorter file was truncated. For the others
# FFmpeg estimates a length from the bitrate or from the last page that exists. MP3 and WAV headers are parsed here:
# FFmpeg adjusts their number by the size of the file.
STATED_BY_FFMPEG = {"flac", "aiff", "mov,mp4,m4a,3gp,3g2,mj2", "w64", "caf", "tta", "wv", "ape"}


def estimated_duration(container: InputContainer, stream: AudioStream) -> float | None:
    """Return FFmpeg's estimate of the track's length in seconds, None if it has none."""
    if stream.duration is not None and stream.time_base is not None:
        return _plausible(float(stream.duration * stream.time_base))
    return _plausible(container.duration / av.time_base) if container.duration else None


def stated_duration(path: Path, container: InputContainer, stream: AudioStream, start: float = 0.0) -> float | None:
    """Return the length in seconds that the file's header states for the track, None if it states none.

    ``start`` is the time of its first packet, where that is known: so late in a file, FFmpeg does not look for it.
    """
    return _plausible(_stated_duration(path, container, stream, start))


def _plausible(seconds: float | None) -> float | None:
    return seconds if seconds is not None and 0 <= seconds <= LONGEST else None


def _stated_duration(path: Path, container: InputContainer, stream: AudioStream, start: float) -> float | None:
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
        # The header's length is that of the longest track; mkvmerge and FFmpeg write a tag for each track.
        return _matroska_duration(stream, start)
    if name in STATED_BY_FFMPEG and stream.duration and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    return None


def seems_cut_off(path: Path, container: str) -> bool:
    """Whether a file has fewer bytes than its header states, or its last page is not whole.

    That is seen without decoding it. False where the header does not tell.
    """
    with path.open("rb") as file:
        if container == "mp3":
            return mp3_lacks_end(file)
        if container == "wav":
            return _lacks_data(file)
        if container == "mov,mp4,m4a,3gp,3g2,mj2":
            return _lacks_box(file)
    return lacks_end(path, container)


def lacks_end(path: Path, container: str) -> bool:
    """Whether an Ogg file ends within a page, or within a packet; False for other containers.

    The mark of the last page (RFC 3533, section 6) says nothing: many recorders never set it.
    """
    if container != "ogg":
        return False
    with path.open("rb") as file:
        file.seek(0, 2)
        file.seek(max(0, file.tell() - 2 * LARGEST_OGG_PAGE))
        tail = file.read()
    at = tail.rfind(OGG_PAGE)
    if at < 0:
        return False
    page = tail[at:]
    lacing = page[OGG_HEADER : OGG_HEADER + page[OGG_HEADER - 1]] if len(page) >= OGG_HEADER else b""
    end = OGG_HEADER + len(lacing) + sum(lacing)
    if not lacing or len(lacing) < page[OGG_HEADER - 1] or len(page) < end:
        return True
    ended = bool(page[5] & 4)
    goes_on = lacing[-1] == 255
    return not ended and (goes_on or (len(page) > end and OGG_PAGE.startswith(page[end:])))


def _matroska_duration(stream: AudioStream, start: float) -> float | None:
    """Return the length of a track by its tag DURATION: its end on the file's clock, or from mkvmerge its length."""
    tags = {name.partition("-")[0]: value for name, value in stream.metadata.items()}  # DURATION-eng, of some versions
    seconds = _clock_seconds(tags.get("DURATION", ""))
    if seconds is None or "mkvmerge" in tags.get("_STATISTICS_WRITING_APP", ""):
        return seconds
    known = float((stream.start_time or 0) * stream.time_base) if stream.time_base is not None else 0.0
    return max(0.0, seconds - max(0.0, known, start))


def _clock_seconds(clock: str) -> float | None:
    parts = re.fullmatch(r"([0-9]{1,6}):([0-9]{1,2}):([0-9]{1,2}(?:\.[0-9]*)?)", clock)
    return 3600 * int(parts[1]) + 60 * int(parts[2]) + float(parts[3]) if parts else None


def mp3_frame_count(file: BinaryIO) -> int | None:
    """Return the number of frames stated in an MP3's Xing, Info or VBRI header; None without one."""
    return _mp3_counts(file)[0]


def mp3_lacks_end(file: BinaryIO) -> bool:
    """Whether an MP3 ends before the last byte stated in its Xing, Info or VBRI header; False where none is stated."""
    _, end = _mp3_counts(file)
    return end is not None and file.seek(0, 2) < end


def _mp3_counts(file: BinaryIO) -> tuple[int | None, int | None]:
    """Return from an MP3's header the number of frames and the offset in the file at which they end.

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
    """Return the seconds of sound stated in a WAV file's ``data`` chunk; None for a stream of unknown length."""
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


def _lacks_data(file: BinaryIO) -> bool:
    """Whether a WAV file ends before its ``data`` chunk does."""
    file.seek(12)
    while len(header := file.read(8)) == 8:
        name, size = struct.unpack("<4sI", header)
        if name == b"data":
            start = file.tell()
            return bool(size < 0xFFFFFF00 and start + size > file.seek(0, 2))
        file.seek(size + (size & 1), 1)
    return False


def _lacks_box(file: BinaryIO) -> bool:
    """Whether an MP4 file ends within one of its boxes (ISO/IEC 14496-12, section 4.2)."""
    end, at = file.seek(0, 2), 0
    while at < end:
        file.seek(at)
        header = file.read(16)
        size = int.from_bytes(header[:4], "big")
        if size == 1:
            size = int.from_bytes(header[8:16], "big")
        if size < 8:  # 0 is "up to the end"; others are damage
            return False
        at += size
    return at > end
