"""Write a clip as a sound file, encoded by pydub and written atomically."""

from __future__ import annotations

import traceback
import warnings
from contextlib import suppress
from pathlib import Path
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


def write_clip(clip: Clip, path: Path, *, overwrite: bool = False) -> None:
    """Write the clip in the format that the suffix of ``path`` names; WAV and FLAC are lossless.

    The write is atomic. Raises UsageError for an unknown suffix, a missing folder or, unless ``overwrite``, an
    existing file; OutputError where the disk is full or the folder is not writable.
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
        _export(clip, unfinished, encoding)


def _export(clip: Clip, path: Path, encoding: _Encoding) -> None:
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
            segment.export(file, format=encoding.format, codec=encoding.codec, parameters=parameters)
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
