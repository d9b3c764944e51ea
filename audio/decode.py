"""Any media file as 16 kHz mono float32, in blocks, on the one time line that all of airquote counts in.

The time line is that of the decoded samples: the n-th sample that comes out lies at n divided by the rate.
Timestamps in the file are not looked at. What the encoder put before the sound is taken off: FFmpeg does that by
the edit lists, LAME headers and pre-skips that the file carries; for an MP3 without any, ``MP3_DELAY`` is taken
off here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
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

from audio.errors import TruncatedMediaError
from audio.media import lacks_end, no_sound, open_media, stated_duration
from audio.timecode import Span, format_time

SAMPLE_RATE = 16000
"""Hz: what Whisper and Silero listen at."""

Samples = NDArray[np.float32]
"""Mono sound at 16 kHz, float32, (samples,), full scale at 1.0."""

# Samples at the file's own rate: 576 of LAME's encoder (ENCDELAY in its encoder.h) and 529 of any decoder (LAME's
# technical FAQ; FFmpeg's mp3dec.c adds the same 528 + 1 to the delay it reads from a LAME header). Measured: an
# MP3 written without its header lies 1105 samples behind its WAV.
MP3_DELAY = 576 + 529

# A header may round up to whole frames, and an encoder's last frame is often cut short: that is no damage.
TRUNCATION_SECONDS = 1.0
TRUNCATION_SHARE = 0.001

# A file whose damage is in its middle may be shorter than its header says by this share: an MP3's reader skips what
# it cannot take for a frame, without a word. What lacks more was cut off as well.
LOST_SHARE = 0.1

# PyAV sets up each call anew; resampling one second at a time makes that cost vanish.
RESAMPLE_SECONDS = 1.0


class NativeBlock(NamedTuple):
    """Decoded sound as the file has it: ``samples`` (samples, channels) in the codec's own number type, ``rate``
    in Hz, ``channels`` by FFmpeg's names (``FL``, ``FC``, ...)."""

    samples: NDArray[Any]
    rate: int
    channels: tuple[str, ...]

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate


@dataclass(slots=True)
class DecodeReport:
    """Facts about one decoding, filled in while it runs.

    ``duration`` is what was decoded so far, ``stated`` what the file's header promises (None: nothing), both in
    seconds; ``endless`` is whether the end is missing that the container marks; ``holes`` are the damaged packets
    that became silence.
    """

    duration: float = 0.0
    stated: float | None = None
    endless: bool = False
    holes: list[Span] = field(default_factory=list)

    @property
    def lost(self) -> float:
        """Seconds by which the file is shorter than stated, beyond what is no damage."""
        if self.stated is None:
            return 0.0
        tolerance = TRUNCATION_SECONDS + TRUNCATION_SHARE * self.stated
        return self.stated - self.duration if self.duration < self.stated - tolerance else 0.0


class PacketDecoder:
    """Packets in, sound on the time line out."""

    def __init__(self, container: InputContainer, stream: AudioStream) -> None:
        self._delay = _unstated_delay(container, stream)
        self._missing = 0.0
        self._last: NativeBlock | None = None

    def decode(self, packet: Packet[AudioStream]) -> list[tuple[NativeBlock, bool]]:
        """The packet's sound, block by block, each with whether it is real (False: silence where a packet is
        damaged).

        Silence is put only between sounds: damaged packets at the beginning or the end are junk around the sound.
        """
        try:
            frames = packet.decode()
        except av.error.FFmpegError:
            if self._last is not None and packet.duration and packet.time_base is not None:
                self._missing += float(packet.duration * packet.time_base)
            return []
        blocks: list[tuple[NativeBlock, bool]] = []
        for frame in frames:
            if not frame.samples or not frame.sample_rate:
                continue
            block = native_block(frame)
            if self._delay:
                skipped = min(self._delay, len(block.samples))
                self._delay -= skipped
                block = block._replace(samples=block.samples[skipped:])
            if self._missing and self._last is not None:
                blocks.append((_silence_like(self._last, self._missing), False))
                self._missing = 0.0
            if len(block.samples):
                blocks.append((block, True))
            self._last = block
        return blocks


def _unstated_delay(container: InputContainer, stream: AudioStream) -> int:
    """Samples of encoder and decoder delay before the sound that FFmpeg does not know of."""
    # FFmpeg starts an MP3's clock at the delay that its LAME header states: at zero, there is no such header.
    unstated = container.format.name == "mp3" and not stream.start_time
    return MP3_DELAY if unstated and stream.codec_context.name.startswith("mp3") else 0


def native_block(frame: AudioFrame) -> NativeBlock:
    """The samples of one decoded frame, unchanged."""
    array = frame.to_ndarray()
    count = len(frame.layout.channels)
    samples = array.T if frame.format.is_planar else array.reshape(-1, count)
    return NativeBlock(samples, frame.sample_rate, tuple(channel.name for channel in frame.layout.channels))


def _silence_like(block: NativeBlock, seconds: float) -> NativeBlock:
    shape = (round(seconds * block.rate), block.samples.shape[1])
    # Unsigned 8-bit samples are silent in the middle of their range.
    level = 128 if block.samples.dtype == np.uint8 else 0
    return block._replace(samples=np.full(shape, level, block.samples.dtype))


def to_float(samples: NDArray[Any]) -> NDArray[np.float32]:
    """Samples of any number type as float32 with full scale at 1.0; the shape stays."""
    if samples.dtype == np.uint8:
        return (samples.astype(np.float32) - np.float32(128)) / np.float32(128)
    if np.issubdtype(samples.dtype, np.integer):
        return (samples / float(-np.iinfo(samples.dtype).min)).astype(np.float32)
    return samples.astype(np.float32, copy=False)


def to_mono(block: NativeBlock) -> Samples:
    """One channel, (samples,): the mean of two; of a surround layout, the centre that carries the voices, and the
    front.
    """
    sound = to_float(block.samples)
    if sound.shape[1] == 1:
        return np.ascontiguousarray(sound[:, 0])
    if sound.shape[1] > 2 and "FC" in block.channels:
        by_name = dict(zip(block.channels, sound.T, strict=True))
        front = [by_name[name] for name in ("FL", "FR") if name in by_name]
        return np.asarray((by_name["FC"] + sum(front) / max(1, len(front))) / 2, dtype=np.float32)
    return np.asarray(sound.mean(axis=1), dtype=np.float32)


class _Resampler:
    """Mono sound at one rate in, 16 kHz out (swresample), whatever the size of the pieces."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self._waiting: list[Samples] = []
        self._count = 0
        self._swr = AudioResampler(format="flt", layout="mono", rate=SAMPLE_RATE)

    def push(self, mono: Samples) -> Iterator[Samples]:
        self._waiting.append(mono)
        self._count += len(mono)
        if self._count >= RESAMPLE_SECONDS * self.rate:
            yield from self._resample()

    def flush(self) -> Iterator[Samples]:
        if self._count:
            yield from self._resample()
        if self.rate != SAMPLE_RATE:
            yield from (frame.to_ndarray()[0] for frame in self._swr.resample(None))

    def _resample(self) -> Iterator[Samples]:
        sound = np.concatenate(self._waiting)
        self._waiting, self._count = [], 0
        if self.rate == SAMPLE_RATE:
            yield sound
            return
        # The frame has no timestamp, so that nothing is stretched or filled to follow one.
        frame = AudioFrame.from_ndarray(sound[np.newaxis], format="flt", layout="mono")
        frame.sample_rate = self.rate
        yield from (out.to_ndarray()[0] for out in self._swr.resample(frame))


def decode_audio(
    path: Path,
    block_seconds: float = 30.0,
    *,
    allow_truncated: bool = False,
    report: DecodeReport | None = None,
) -> Iterator[Samples]:
    """The sound of ``path`` in blocks, float32, (block_seconds * 16000,), the last one shorter; memory does not
    grow.

    Sample n of all blocks together lies at n / 16000 s. Damaged packets become silence, listed in
    ``report.holes``. Raises MediaError for a file that cannot be read or yields no sound and, after the last
    block, TruncatedMediaError for one that ends before its header says, unless ``allow_truncated`` or a hole in its
    middle explains that.
    """
    report = report if report is not None else DecodeReport()
    size = round(block_seconds * SAMPLE_RATE)
    waiting: list[Samples] = []
    count = 0
    for piece in _resampled(path, report):
        waiting.append(piece)
        count += len(piece)
        while count >= size:
            sound = np.concatenate(waiting)
            yield sound[:size]
            waiting, count = [sound[size:]], count - size
    if count:
        yield np.concatenate(waiting)
    if not report.duration:
        raise no_sound(path)
    if not allow_truncated:
        _check_length(path, report)


def _resampled(path: Path, report: DecodeReport) -> Iterator[Samples]:
    """The 16 kHz sound in pieces of about a second, with ``report`` kept up to date."""
    resampler: _Resampler | None = None
    with open_media(path) as (container, stream):
        report.stated = stated_duration(path, container, stream)
        report.endless = lacks_end(path, container.format.name)
        decoder = PacketDecoder(container, stream)
        for packet in container.demux(stream):
            for block, real in decoder.decode(packet):
                if not real:
                    report.holes.append(Span(report.duration, report.duration + block.seconds))
                report.duration += block.seconds
                if resampler is None or resampler.rate != block.rate:
                    if resampler is not None:
                        yield from resampler.flush()
                    resampler = _Resampler(block.rate)
                yield from resampler.push(to_mono(block))
    if resampler is not None:
        yield from resampler.flush()


def _check_length(path: Path, report: DecodeReport) -> None:
    way_out = "Download it again, or take what is there with --partial."
    if report.endless:
        raise TruncatedMediaError(f"{path} is cut off at {format_time(report.duration)}: its end is missing.", way_out)
    if report.stated is None or not report.lost:
        return
    if not report.holes or report.lost > LOST_SHARE * report.stated:
        raise TruncatedMediaError(
            f"{path} is cut off: it says that it is {format_time(report.stated)} long, and holds"
            f" {format_time(report.duration)}.",
            way_out,
        )
