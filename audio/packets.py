"""Decode packets onto the time line, inserting silence for damaged and lost ones.

Time is counted in samples. The silence is as long as what is missing: for a damaged packet its stated duration; for
lost packets the jump to the next timestamp, in containers with reliable timestamps; in an MP3, which has neither,
the frames that its header counts but that are missing, or else an estimate from the number of zeroed bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from numpy.typing import NDArray

from audio.headers import LARGEST_OGG_PAGE, estimated_duration, mp3_lacks_end, stated_duration
from audio.media import is_sound, open_media

# Samples at the file's own rate: 576 of LAME's encoder (ENCDELAY in its encoder.h) and 529 of any decoder (LAME's
# technical FAQ; FFmpeg's mp3dec.c adds the same 528 + 1 to the delay it reads from a LAME header). Measured: an
# MP3 written without its header lies 1105 samples after its WAV.
MP3_DELAY = 576 + 529

LARGEST_MP3_FRAME = 1441
"""Bytes: 320 kbit/s at 32 kHz and one of padding (MPEG-1 layer III). FFmpeg returns unreadable data as one packet."""

# Unreadable data that is mostly zero bytes is sound lost by a broken copy; other data is a cover or a tag between two
# concatenated files, where nothing is missing.
WIPED_SHARE = 0.9

# Least gap in seconds between two packets that means lost ones. Between long and short blocks Vorbis timestamps are off
# by up to a quarter of the blocks' difference: 10 ms at 44.1 kHz, 28 ms at 16 kHz. Matroska counts in milliseconds, and
# browsers that record into it leave smaller gaps where nothing is lost.
LEAST_JUMP = {"flac": 0.05, "ogg": 0.05, "matroska,webm": 1.0}

# Seconds: a timestamp further beyond the file's end is itself damaged.
LENGTH_TOLERANCE = 1.0

MOST_SILENCE = 12 * 3600.0
"""Seconds of silence for all holes of a file: a hole beyond it is not lost sound, but a damaged timestamp or header."""

PLANES = 7
"""PyAV looks for an end mark after a frame's list of planes, and there is one only up to this number: of 7.1 channels,
8 planes, reading them ended the process."""

LOUDEST = 1000.0
"""Where full scale is 1.0: floating point samples beyond it, 60 dB over what can be played, are damaged."""


class NativeBlock(NamedTuple):
    """Decoded sound in the file's format: ``samples`` (samples, channels) in the codec's number type, ``rate`` in Hz,
    ``channels`` by FFmpeg's names (``FL``, ``FC``, ...)."""

    samples: NDArray[Any]
    rate: int
    channels: tuple[str, ...]

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate


def read_packets(container: InputContainer, stream: AudioStream) -> Iterator[Packet[AudioStream]]:
    """Yield all packets of the track, also those after a long hole. Raises FFmpegError for a file that ends in one."""
    # FFmpeg's Ogg demuxer gives up after searching the length of a page, and resumes from there when called again.
    attempts = container.size // LARGEST_OGG_PAGE + 1
    while True:
        try:
            yield from container.demux(stream)
        except av.error.InvalidDataError:
            if not attempts:
                raise
            attempts -= 1
        else:
            return


class PacketDecoder:
    """Decode packets to sound on the time line, with silence for holes."""

    def __init__(
        self, container: InputContainer, stream: AudioStream, path: Path | None = None, *, from_start: bool = True
    ) -> None:
        """``path`` is the file; it is read a second time if the length of a hole depends on all of it.

        Without ``from_start`` the first packet is one amid the file, before which nothing is missing.
        """
        self._path = path
        self._delay = unstated_delay(container, stream) if from_start else 0
        self._least_jump = LEAST_JUMP.get(container.format.name)
        # On the file's own clock, in seconds: its latest end, and the end of the last frame.
        self._end = (estimated_duration(container, stream) or 0.0) + _start_time(stream) + LENGTH_TOLERANCE
        self._reached: float | None = None
        self._mp3 = is_mp3(stream)
        # Totals decoded so far, for estimating the duration of a hole from its size in bytes.
        self._bytes, self._seconds = 0, 0.0
        self._seconds_a_byte: float | None = None
        self._missing = 0.0
        self._silence_left = MOST_SILENCE
        self._last: NativeBlock | None = None

    def skip_packets(self) -> None:
        """Expect a later packet next: that its timestamp is later means no hole."""
        self._reached = None

    def decode(self, packet: Packet[AudioStream]) -> Iterator[tuple[NativeBlock, bool]]:
        """Yield the packet's sound in blocks, each with whether it is real (False: silence for a hole).

        Silence is inserted only between sounds: unreadable data at the beginning or the end is not part of the sound.
        """
        wiped = self._mp3 and is_wiped(packet)
        if wiped and self._bytes:
            if self._path is not None:
                self._seconds_a_byte, self._path = _wiped_seconds_a_byte(self._path), None
            self._missing += packet.size * (self._seconds_a_byte or self._seconds / self._bytes)
        try:
            frames = packet.decode()
        except av.error.FFmpegError:
            if self._last is not None and not wiped and packet.duration and packet.time_base is not None:
                self._missing += float(packet.duration * packet.time_base)
            return
        self._bytes += 0 if wiped else packet.size
        for frame in frames:
            if not is_sound(frame):
                continue
            block = native_block(frame)
            self._seconds += block.seconds
            if self._delay:
                skipped = min(self._delay, len(block.samples))
                self._delay -= skipped
                block = block._replace(samples=block.samples[skipped:])
            # The jump of the timestamps includes the damaged packets.
            silent = max(self._missing, self._jumped_seconds(frame))
            self._missing = 0.0
            if self._last is not None and silent <= self._silence_left:
                self._silence_left -= silent
                yield from ((block, False) for block in _silence_like(self._last, silent))
            if len(block.samples):
                yield block, True
            self._last = block

    def _jumped_seconds(self, frame: AudioFrame) -> float:
        """Return the gap in seconds between the last frame and this one; 0.0 where there is none or it is unknown."""
        stated: float | None = frame.time
        start = self._reached if stated is None else stated
        jump = 0.0
        if start is not None and self._reached is not None and self._least_jump is not None and start <= self._end:
            jump = start - self._reached
        self._reached = None if start is None else start + frame.samples / frame.sample_rate
        return jump if self._least_jump is not None and jump >= self._least_jump else 0.0


def is_wiped(packet: Packet[AudioStream]) -> bool:
    """Whether an MP3's packet is unreadable data that replaced sound: zero bytes where frames were."""
    return packet.size > LARGEST_MP3_FRAME and bytes(packet).count(0) > WIPED_SHARE * packet.size


def _wiped_seconds_a_byte(path: Path) -> float | None:
    """Return seconds of sound per zeroed byte of an MP3, from the frames that its header counts but that are missing.

    None without a count, or if the file is truncated, since frames are then missing at the end too. For a hole of 2 or
    4 s in a VBR file, the error was 0.2 s by bytes alone and 0.01 s by frames.
    """
    with path.open("rb") as file:
        if mp3_lacks_end(file):
            return None
    wiped = 0
    with open_media(path) as (container, stream):
        missing = stated_duration(path, container, stream) or 0.0
        for packet in container.demux(stream):
            if is_wiped(packet):
                wiped += packet.size
            elif packet.duration and packet.time_base is not None and packet.size <= LARGEST_MP3_FRAME:
                missing -= float(packet.duration * packet.time_base)
    return missing / wiped if wiped and missing > 0 else None


def jumps(packet: Packet[AudioStream], before: Packet[AudioStream]) -> bool:
    """Whether the gap between ``before`` and ``packet`` is large enough that packets may be lost between them."""
    if packet.pts is None or before.pts is None or packet.time_base is None:
        return False
    return float((packet.pts - before.pts - (before.duration or 0)) * packet.time_base) >= min(LEAST_JUMP.values())


def is_mp3(stream: AudioStream) -> bool:
    """Whether the track is an MP3."""
    return stream.codec_context.name.startswith("mp3")


def _start_time(stream: AudioStream) -> float:
    return float((stream.start_time or 0) * stream.time_base) if stream.time_base is not None else 0.0


def unstated_delay(container: InputContainer, stream: AudioStream) -> int:
    """Return the samples of encoder and decoder delay that FFmpeg does not trim."""
    # FFmpeg starts an MP3's clock at the delay stated in its LAME header; zero means that there is no such header.
    unstated = container.format.name == "mp3" and not stream.start_time
    return MP3_DELAY if unstated and is_mp3(stream) else 0


def native_block(frame: AudioFrame) -> NativeBlock:
    """Return the samples of one decoded frame, unchanged but for floating point numbers that are no sound."""
    channels = tuple(channel.name for channel in frame.layout.channels)
    planar = frame.format.is_planar
    if planar and len(channels) > PLANES:
        frame, planar = _interleave(frame), False
    array = frame.to_ndarray()
    if array.dtype.kind == "f" and not np.abs(array).max(initial=0.0) <= LOUDEST:
        array = np.nan_to_num(array, nan=0.0, posinf=LOUDEST, neginf=-LOUDEST).clip(-LOUDEST, LOUDEST)
    samples = array.T if planar else array.reshape(-1, len(channels))
    return NativeBlock(samples, frame.sample_rate, channels)


def _interleave(frame: AudioFrame) -> AudioFrame:
    """Return the same samples in one plane."""
    time, frame.pts = frame.pts, None  # without a timestamp swresample neither stretches nor pads to match one
    (interleaved,) = AudioResampler(format=frame.format.packed).resample(frame)
    frame.pts = time
    return interleaved


def _silence_like(block: NativeBlock, seconds: float) -> Iterator[NativeBlock]:
    """Yield ``seconds`` of silence in blocks of at most a second, since a hole can be an hour long."""
    # Silence in unsigned 8-bit samples is the middle of their range.
    level = 128 if block.samples.dtype == np.uint8 else 0
    left = round(seconds * block.rate)
    while left:
        shape = (min(left, block.rate), block.samples.shape[1])
        yield block._replace(samples=np.full(shape, level, block.samples.dtype))
        left -= shape[0]
