"""The whole sound of a recording as a WAV file that exists only where it is read.

Browsers find a moment of a WAV file by arithmetic, to the sample; in other formats by tables and estimates.
"""

from __future__ import annotations

import struct
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path

from audio.recording.sound_choice import SoundChoice
from audio.seeking.packet_index import RecordingIndex
from audio.seeking.sound_reader import channels_of, read_sound_from

SAMPLE_BYTES = 2
PCM = 1

LARGEST_RIFF = 0xFFFFFFFF
"""Bytes: sizes in a RIFF file have 32 bits, and those of its successor RF64 (EBU Tech 3306) have 64."""

CHUNK_BYTES = 1 << 16
"""A third of a second of 44.1 kHz stereo: the first is decoded at once, and few are switched between."""


class WavFile:
    """A recording's sound as a WAV file: 16 bits, its own rate, one or two channels."""

    def __init__(self, path: Path, sound: SoundChoice, index: RecordingIndex) -> None:
        """``index`` is that of the track which ``sound`` names."""
        self._path, self._sound, self._index = path, sound, index

    @property
    def rate(self) -> int:
        """Samples a second."""
        return self._index.rate

    @property
    def channels(self) -> int:
        """Number of channels."""
        return channels_of(self._index, self._sound)

    @property
    def samples(self) -> int:
        """Number of samples of each channel."""
        return self._index.samples

    @property
    def header(self) -> bytes:
        """The bytes before the samples."""
        return wav_header(self.samples, self.rate, self.channels)

    @property
    def size(self) -> int:
        """The length of the file in bytes."""
        return len(self.header) + self.samples * self.channels * SAMPLE_BYTES

    def read(self, start: int, end: int) -> Generator[bytes]:
        """Yield the bytes ``[start, end)``, which lie within the file, in chunks. Raises MediaError."""
        yield from _in_chunks(self._parts(start, end), end - start)

    def _parts(self, start: int, end: int) -> Iterator[bytes]:
        """Yield the bytes from ``start`` to ``end`` or a little further."""
        header, frame = self.header, self.channels * SAMPLE_BYTES
        yield header[start:]
        first, skipped = divmod(max(0, start - len(header)), frame)
        last = -(-max(0, end - len(header)) // frame)
        for block in read_sound_from(self._path, self._sound, self._index, first, last):
            yield block.astype("<i2").tobytes()[skipped:]
            skipped = 0


def _in_chunks(parts: Iterable[bytes], left: int) -> Iterator[bytes]:
    """Yield the first ``left`` bytes of joined parts in chunks of at least CHUNK_BYTES, the last one shorter."""
    waiting = bytearray()
    for part in parts:
        waiting += part
        if len(waiting) >= min(left, CHUNK_BYTES):
            yield bytes(waiting[:left])
            left -= min(left, len(waiting))
            waiting.clear()
        if not left:
            return


def wav_header(samples: int, rate: int, channels: int) -> bytes:
    """Return the header of a WAV file of 16-bit samples: RIFF, or RF64 where that is too small."""
    frame = channels * SAMPLE_BYTES
    size = samples * frame
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, PCM, channels, rate, rate * frame, frame, 8 * SAMPLE_BYTES)
    if 36 + size <= LARGEST_RIFF:
        return struct.pack("<4sI4s", b"RIFF", 36 + size, b"WAVE") + form + struct.pack("<4sI", b"data", size)
    sizes = struct.pack("<4sIQQQI", b"ds64", 28, 72 + size, size, samples, 0)
    unknown = LARGEST_RIFF
    return struct.pack("<4sI4s", b"RF64", unknown, b"WAVE") + sizes + form + struct.pack("<4sI", b"data", unknown)
