"""Decode any media file to 16 kHz mono float32, in blocks, on the time line that all of airquote uses.

The time line is that of the decoded samples: sample n lies at n divided by the rate. Timestamps in the file are used
only to tell how much is lost in a hole (``audio.packets``). Encoder delay is removed: FFmpeg trims it by the file's
edit lists, LAME headers and pre-skips; from an MP3 without any, ``audio.packets`` trims ``MP3_DELAY``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from numpy.typing import NDArray

from audio.errors import TAKE_PARTIAL, TruncatedMediaError
from audio.headers import lacks_end, stated_duration
from audio.media import no_sound, open_media
from audio.packets import NativeBlock, PacketDecoder, read_packets
from audio.samples import SAMPLE_RATE, Samples
from audio.timecode import Span, format_time

# Tolerated shortfall: a header may round up to whole frames, and an encoder's last frame is often cut short.
TRUNCATION_SECONDS = 1.0
TRUNCATION_SHARE = 0.001

# A file damaged in its middle may be shorter than stated by this share, since FFmpeg's MP3 demuxer silently skips what
# is not a frame. A file that lacks more was also truncated.
LOST_SHARE = 0.1

# Resampling one second at a time makes PyAV's setup cost per call negligible.
RESAMPLE_SECONDS = 1.0

BLOCK_SECONDS = 30.0


@dataclass(slots=True)
class DecodeReport:
    """Facts about one decoding, updated while it runs.

    ``duration`` is the length decoded so far, ``stated`` the length in the file's header (None: not stated), both in
    seconds; ``end_missing`` is whether the container's end marker is missing; ``holes`` are the spans of damaged or
    lost packets, decoded as silence.
    """

    duration: float = 0.0
    stated: float | None = None
    end_missing: bool = False
    holes: list[Span] = field(default_factory=list)

    def add_hole(self, seconds: float) -> None:
        """Record a hole of ``seconds`` at the current position, merged with the last hole if it ends there."""
        end = self.duration + seconds
        if self.holes and self.holes[-1].end == self.duration:
            self.holes[-1] = Span(self.holes[-1].start, end)
        else:
            self.holes.append(Span(self.duration, end))

    @property
    def lost(self) -> float:
        """Seconds by which the file is shorter than stated; 0 within the tolerance."""
        if self.stated is None:
            return 0.0
        tolerance = TRUNCATION_SECONDS + TRUNCATION_SHARE * self.stated
        return self.stated - self.duration if self.duration < self.stated - tolerance else 0.0


def to_float(samples: NDArray[Any]) -> NDArray[np.float32]:
    """Convert samples of any number type to float32 with full scale at 1.0, same shape."""
    if samples.dtype == np.uint8:
        return (samples.astype(np.float32) - np.float32(128)) / np.float32(128)
    if np.issubdtype(samples.dtype, np.integer):
        return (samples / float(-np.iinfo(samples.dtype).min)).astype(np.float32)
    return samples.astype(np.float32, copy=False)


def to_mono(block: NativeBlock) -> Samples:
    """Mix down to one channel, (samples,): the mean; of a surround layout, the centre (which carries the voices) and
    the front.
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
    """Streaming resampler (swresample): mono sound at one rate in, 16 kHz out."""

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
        # Without a timestamp on the frame, swresample neither stretches nor pads to match one.
        frame = AudioFrame.from_ndarray(sound[np.newaxis], format="flt", layout="mono")
        frame.sample_rate = self.rate
        yield from (out.to_ndarray()[0] for out in self._swr.resample(frame))


def decode_audio(path: Path, *, allow_truncated: bool = False, report: DecodeReport | None = None) -> Iterator[Samples]:
    """Yield the sound of ``path`` in blocks, float32, (BLOCK_SECONDS * 16000,), the last one shorter.

    Runs in constant memory. Sample n of the concatenated blocks lies at n / 16000 s. Damaged packets become silence,
    listed in ``report.holes``. Raises MediaError for a file that cannot be read or contains no sound and, after the
    last block, TruncatedMediaError for one shorter than its header states, unless ``allow_truncated`` or a hole in its
    middle explains that.
    """
    report = report if report is not None else DecodeReport()
    size = round(BLOCK_SECONDS * SAMPLE_RATE)
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
    """Yield the 16 kHz sound in pieces of about a second and keep ``report`` up to date."""
    with open_media(path) as (container, stream):
        report.stated = stated_duration(path, container, stream)
        report.end_missing = lacks_end(path, container.format.name)
        yield from resample_blocks(_decoded_blocks(path, container, stream, report))


def _decoded_blocks(
    path: Path, container: InputContainer, stream: AudioStream, report: DecodeReport
) -> Iterator[NativeBlock]:
    decoder = PacketDecoder(container, stream, path)
    for packet in read_packets(container, stream):
        for block, real in decoder.decode(packet):
            if not real:
                report.add_hole(block.seconds)
            report.duration += block.seconds
            yield block


def resample_blocks(blocks: Iterable[NativeBlock]) -> Iterator[Samples]:
    """Yield sound at 16 kHz, mixed down to one channel, in pieces of about a second; blocks may differ in rate."""
    resampler: _Resampler | None = None
    for block in blocks:
        if resampler is None or resampler.rate != block.rate:
            if resampler is not None:
                yield from resampler.flush()
            resampler = _Resampler(block.rate)
        yield from resampler.push(to_mono(block))
    if resampler is not None:
        yield from resampler.flush()


def _check_length(path: Path, report: DecodeReport) -> None:
    if report.end_missing:
        raise TruncatedMediaError(
            f"{path} is cut off at {format_time(report.duration)}: its end is missing.", TAKE_PARTIAL, where=path
        )
    if report.stated is None or not report.lost:
        return
    if not report.holes or report.lost > LOST_SHARE * report.stated:
        raise TruncatedMediaError(
            f"{path} is cut off: its header states that it is {format_time(report.stated)} long, but it holds"
            f" {format_time(report.duration)}.",
            TAKE_PARTIAL,
            where=path,
        )
