"""Write a clip as a sound file, encoded by pydub and written atomically."""

from __future__ import annotations

import os
import struct
import traceback
import warnings
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from audio.atomic_write import check_new_file, write_output
from audio.clip import Clip
from audio.errors import UsageError, correct_input


class _Encoding(NamedTuple):
    """Options that pydub passes to ffmpeg."""

    format: str
    codec: str | None
    parameters: tuple[str, ...] = ()


# Lossy codecs at bitrates that are hard to tell from the original. Opus supports only a few sample rates (RFC 6716,
# 2.1.3), of which 48 kHz preserves the most.
ENCODINGS = {
    ".wav": _Encoding("wav", None),
    ".flac": _Encoding("flac", "flac"),
    ".mp3": _Encoding("mp3", "libmp3lame", ("-q:a", "2")),
    ".m4a": _Encoding("ipod", "aac", ("-b:a", "192k")),
    ".ogg": _Encoding("ogg", "libvorbis", ("-q:a", "6")),
    ".opus": _Encoding("opus", "libopus", ("-b:a", "128k", "-ar", "48000")),
}


INFO_CHUNKS = {"title": b"INAM", "album": b"IPRD", "artist": b"IART", "date": b"ICRD", "comment": b"ICMT"}
"""The chunks of a WAV file's tags (Multimedia Programming Interface and Data Specifications 1.0, INFO list)."""

NO_TAGS: Mapping[str, str] = MappingProxyType({})


def write_clip(clip: Clip, path: Path, *, tags: Mapping[str, str] = NO_TAGS, overwrite: bool = False) -> None:
    """Write the clip in the format that the suffix of ``path`` names; WAV and FLAC are lossless.

    ``tags`` are title, album, artist, date and comment, as FFmpeg names them. The write is atomic. Raises UsageError
    for an unknown suffix, a missing folder or, unless ``overwrite``, an existing file; OutputError where the disk is
    full or the folder is not writable.
    """
    check_new_file(path, overwrite)
    encoding = ENCODINGS.get(path.suffix.lower())
    if encoding is None:
        raise UsageError(
            f"{path} has no suffix that names a sound format.",
            correct_input(f"End its name in {', '.join(ENCODINGS)}."),
            where=path,
        )
    with write_output(path) as unfinished:
        _export(clip, unfinished, encoding, tags)
        if encoding.codec is None and tags:
            _append_tags(unfinished, tags)


def _append_tags(path: Path, tags: Mapping[str, str]) -> None:
    """Append tags to a WAV file, which pydub writes without ffmpeg, and so without them."""
    chunks = b"INFO"
    for name, text in tags.items():
        value = text.encode() + b"\0"
        chunks += INFO_CHUNKS[name] + struct.pack("<I", len(value)) + value + b"\0" * (len(value) % 2)
    with path.open("rb+") as file:
        end = file.seek(0, os.SEEK_END)
        file.write(b"\0" * (end % 2) + b"LIST" + struct.pack("<I", len(chunks)) + chunks)
        length = file.tell() - 8
        file.seek(4)
        file.write(struct.pack("<I", length))


def _export(clip: Clip, path: Path, encoding: _Encoding, tags: Mapping[str, str]) -> None:
    """Encode with pydub; raises OSError for any failure to write the file."""
    with warnings.catch_warnings():
        # pydub's source has invalid escapes, and it warns that it finds no ffmpeg, which is set below.
        warnings.simplefilter("ignore")
        from pydub import AudioSegment
        from pydub.exceptions import CouldntEncodeError

    if encoding.codec:
        from imageio_ffmpeg import get_ffmpeg_exe

        AudioSegment.converter = get_ffmpeg_exe()
    samples = clip.samples.astype(clip.samples.dtype.newbyteorder("<"))
    segment = AudioSegment(
        data=samples.tobytes(),
        sample_width=samples.itemsize,
        frame_rate=clip.rate,
        channels=clip.channels,
    )
    with path.open("wb+") as file:
        try:
            # With None pydub writes WAV itself; with an empty list it would call ffmpeg.
            parameters = list(encoding.parameters) or None
            segment.export(file, format=encoding.format, codec=encoding.codec, parameters=parameters, tags=dict(tags))
        except (CouldntEncodeError, OSError) as error:
            _remove_leftovers(error)
            raise OSError(getattr(error, "strerror", None) or "the encoder failed") from error


def _remove_leftovers(error: Exception) -> None:
    """Close and remove the temporary files that pydub leaves behind when its ``export`` fails."""
    for frame, _ in traceback.walk_tb(error.__traceback__):
        if frame.f_code.co_name == "export":
            writer = frame.f_locals.get("wave_data")
            if writer is not None:
                # Left open, it would write to the closed file when garbage collected.
                with suppress(OSError):
                    writer.close()
            for name in ("data", "output"):
                file = frame.f_locals.get(name)
                if file is not None:
                    with suppress(OSError):
                        file.close()
                    Path(file.name).unlink(missing_ok=True)
