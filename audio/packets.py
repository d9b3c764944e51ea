"""A media file's packets as sound on the time line, with silence where some are damaged or gone.

Time is counted in samples. How long the silence must be is told by the packets: a damaged one by the duration that it
states, lost ones by the timestamp of the next in containers whose timestamps number the samples, and in an MP3, which
has neither, by the frames that its header counts and that are not there, or else by the bytes that were wiped out.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from numpy.typing import NDArray

from audio.headers import LARGEST_OGG_PAGE, estimated_duration, mp3_lacks_end, stated_duration
from audio.media import open_media

# Samples at the file's own rate: 576 of LAME's encoder (ENCDELAY in its encoder.h) and 529 of any decoder (LAME's
# technical FAQ; FFmpeg's mp3dec.c adds the same 528 + 1 to the delay it reads from a LAME header). Measured: an
# MP3 written without its header lies 1105 samples behind its WAV.
MP3_DELAY = 576 + 529

LARGEST_MP3_FRAME = 1441
"""Bytes: 320 kbit/s at 32 kHz and one of padding (MPEG-1 layer III). FFmpeg puts what it cannot read in one packet."""

# Junk that is mostly zero bytes was sound before a copy broke; a cover or a tag between two joined files never was.
WIPED_SHARE = 0.9

# Seconds by which a packet must be later than the one before it ends, to tell of lost ones. Between long and short
# blocks Vorbis is off by up to a quarter of their difference: 10 ms at 44.1 kHz, 28 ms at 16 kHz. Matroska counts in
# milliseconds, and browsers that record into it leave smaller gaps where nothing is lost.
LEAST_JUMP = {"flac": 0.05, "ogg": 0.05, "matroska,webm": 1.0}

# A timestamp beyond the file's length by more than this is damaged itself.
LENGTH_TOLERANCE = 1.0


class NativeBlock(NamedTuple):
    """Decoded sound as the file has it: ``samples`` (samples, channels) in the codec's own number type, ``rate``
    in Hz, ``channels`` by FFmpeg's names (``FL``, ``FC``, ...)."""

    samples: NDArray[Any]
    rate: int
    channels: tuple[str, ...]

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate


def read_packets(container: InputContainer, stream: AudioStream) -> Iterator[Packet[AudioStream]]:
    """The track's packets, also those after a stretch without any. Raises FFmpegError for a file that ends in one."""
    # FFmpeg gives up after as many bytes as an Ogg page can have, and goes on from there when it is asked again.
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
    """Packets in, sound on the time line out."""

    def __init__(self, container: InputContainer, stream: AudioStream, path: Path | None = None) -> None:
        """``path`` is the file, which is read once more where only all of it tells how long a hole is."""
        self._path = path
        self._delay = _unstated_delay(container, stream)
        self._least_jump = LEAST_JUMP.get(container.format.name)
        # By the file's own timestamps, in seconds: its end, and the end of the last frame.
        self._end = (estimated_duration(container, stream) or 0.0) + _start_time(stream) + LENGTH_TOLERANCE
        self._reached: float | None = None
        self._mp3 = is_mp3(stream)
        # What was decoded so far, from which follows how long sound is of which only the bytes are known.
        self._bytes, self._seconds = 0, 0.0
        self._seconds_a_byte: float | None = None
        self._missing = 0.0
        self._last: NativeBlock | None = None

    def decode(self, packet: Packet[AudioStream]) -> Iterator[tuple[NativeBlock, bool]]:
        """The packet's sound, block by block, each with whether it is real (False: silence where packets are
        damaged or gone).

        Silence is put only between sounds: damaged packets at the beginning or the end are junk around the sound.
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
            if not frame.samples or not frame.sample_rate:
                continue
            block = native_block(frame)
            self._seconds += block.seconds
            if self._delay:
                skipped = min(self._delay, len(block.samples))
                self._delay -= skipped
                block = block._replace(samples=block.samples[skipped:])
            # Damaged packets lie within the time that the timestamps jump over.
            silent = max(self._missing, self._jumped_seconds(frame))
            self._missing = 0.0
            if self._last is not None:
                yield from ((block, False) for block in _silence_like(self._last, silent))
            if len(block.samples):
                yield block, True
            self._last = block

    def _jumped_seconds(self, frame: AudioFrame) -> float:
        """How much later a frame is than the one before it ended; 0.0 where they meet or nobody can tell."""
        start = self._reached
        if frame.pts is not None and frame.time_base is not None:
            start = float(frame.pts * frame.time_base)
        jump = 0.0
        if start is not None and self._reached is not None and self._least_jump is not None and start <= self._end:
            jump = start - self._reached
        self._reached = None if start is None else start + frame.samples / frame.sample_rate
        return jump if self._least_jump is not None and jump >= self._least_jump else 0.0


def is_wiped(packet: Packet[AudioStream]) -> bool:
    """Whether a packet of an MP3 is junk for which sound is missing: zero bytes where frames were."""
    return packet.size > LARGEST_MP3_FRAME and bytes(packet).count(0) > WIPED_SHARE * packet.size


def _wiped_seconds_a_byte(path: Path) -> float | None:
    """Seconds of sound for each wiped byte of an MP3, by the frames that its header counts and that are not there;
    None where it counts none, or ends early, so that frames are missing there too.

    By bytes alone a hole of 2 or 4 s in a file of variable bit rate was 0.2 s too long, by frames 0.01 s.
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
    """Whether ``packet`` begins so much later than the one ``before`` it ends that others may be lost between them."""
    if packet.pts is None or before.pts is None or packet.time_base is None:
        return False
    return float((packet.pts - before.pts - (before.duration or 0)) * packet.time_base) >= min(LEAST_JUMP.values())


def is_mp3(stream: AudioStream) -> bool:
    """Whether the track is an MP3."""
    return stream.codec_context.name.startswith("mp3")


def _start_time(stream: AudioStream) -> float:
    return float((stream.start_time or 0) * stream.time_base) if stream.time_base is not None else 0.0


def _unstated_delay(container: InputContainer, stream: AudioStream) -> int:
    """Samples of encoder and decoder delay before the sound that FFmpeg does not know of."""
    # FFmpeg starts an MP3's clock at the delay that its LAME header states: at zero, there is no such header.
    unstated = container.format.name == "mp3" and not stream.start_time
    return MP3_DELAY if unstated and is_mp3(stream) else 0


def native_block(frame: AudioFrame) -> NativeBlock:
    """The samples of one decoded frame, unchanged."""
    array = frame.to_ndarray()
    count = len(frame.layout.channels)
    samples = array.T if frame.format.is_planar else array.reshape(-1, count)
    return NativeBlock(samples, frame.sample_rate, tuple(channel.name for channel in frame.layout.channels))


def _silence_like(block: NativeBlock, seconds: float) -> Iterator[NativeBlock]:
    """So much silence, in blocks of at most a second, for a hole can be an hour long."""
    # Unsigned 8-bit samples are silent in the middle of their range.
    level = 128 if block.samples.dtype == np.uint8 else 0
    left = round(seconds * block.rate)
    while left:
        shape = (min(left, block.rate), block.samples.shape[1])
        yield block._replace(samples=np.full(shape, level, block.samples.dtype))
        left -= shape[0]
