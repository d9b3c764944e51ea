"""A clip as a sound file of its own: encoded through pydub, there whole or not at all."""

from __future__ import annotations

import traceback
import warnings
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from audio.atomic_write import write_atomically
from audio.clip import Clip
from audio.errors import (
    MAKE_FOLDER,
    OutputError,
    UsageError,
    allow_overwrite,
    choose_other_file,
    correct_input,
    make_room,
)


class _Encoding(NamedTuple):
    """What pydub hands to ffmpeg."""

    format: str
    codec: str | None
    parameters: tuple[str, ...] = ()


# Lossy codecs at rates at which speech and music are hard to tell from the original. Opus knows only a few rates
# (RFC 6716, 2.1.3), of which 48 kHz holds all others.
ENCODINGS = {
    ".wav": _Encoding("wav", None),
    ".flac": _Encoding("flac", "flac"),
    ".mp3": _Encoding("mp3", "libmp3lame", ("-q:a", "2")),
    ".m4a": _Encoding("ipod", "aac", ("-b:a", "192k")),
    ".ogg": _Encoding("ogg", "libvorbis", ("-q:a", "6")),
    ".opus": _Encoding("opus", "libopus", ("-b:a", "128k", "-ar", "48000")),
}


def write_clip(clip: Clip, path: Path, *, overwrite: bool = False) -> None:
    """Writes the clip as the kind of file that ``path`` ends in; WAV and FLAC keep it sample for sample.

    The file appears whole or not at all. Raises UsageError for an ending that is not known, a folder that is not
    there, or a file that is, unless ``overwrite``; OutputError where the disk is full or the folder refuses.
    """
    if path.is_dir():
        raise UsageError(f"{path} is a folder.", choose_other_file("Name a file in it."), where=path)
    encoding = ENCODINGS.get(path.suffix.lower())
    if encoding is None:
        raise UsageError(
            f"{path} does not say what kind of file to write.",
            correct_input(f"End its name in {', '.join(ENCODINGS)}."),
            where=path,
        )
    if not path.parent.is_dir():
        raise UsageError(f"There is no folder {path.parent}.", MAKE_FOLDER, where=path.parent)
    if path.exists() and not overwrite:
        raise UsageError(f"{path} is there already.", allow_overwrite(), where=path)
    try:
        with write_atomically(path) as unfinished:
            _export(clip, unfinished, encoding)
    except OSError as error:
        raise OutputError(
            f"{path} cannot be written: {error.strerror or error}.",
            make_room("Is the disk full, or the folder read-only?"),
            where=path,
        ) from error


def _export(clip: Clip, path: Path, encoding: _Encoding) -> None:
    """Encodes through pydub. Raises OSError for anything that keeps the file from being written."""
    with warnings.catch_warnings():
        # pydub's source has escapes that Python warns of, and it warns that it finds no ffmpeg, which it is given
        # below.
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
            # Without parameters pydub writes WAV itself; with an empty list it would call ffmpeg for it.
            parameters = list(encoding.parameters) or None
            segment.export(file, format=encoding.format, codec=encoding.codec, parameters=parameters)
        except (CouldntEncodeError, OSError) as error:
            _drop_leftovers(error)
            raise OSError(getattr(error, "strerror", None) or "the encoder failed") from error


def _drop_leftovers(error: Exception) -> None:
    """Closes and removes the temporary files that pydub leaves open and on disk where its ``export`` fails."""
    for frame, _ in traceback.walk_tb(error.__traceback__):
        if frame.f_code.co_name == "export":
            writer = frame.f_locals.get("wave_data")
            if writer is not None:
                # Left open, it would write to the closed file when it is thrown away.
                with suppress(OSError):
                    writer.close()
            for name in ("data", "output"):
                file = frame.f_locals.get(name)
                if file is not None:
                    with suppress(OSError):
                        file.close()
                    Path(file.name).unlink(missing_ok=True)
