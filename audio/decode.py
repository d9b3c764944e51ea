"""Any media file as 16 kHz mono float32, in blocks, on the one time line that all of airquote counts in.

The time line is that of the decoded samples: the n-th sample that comes out lies at n divided by the rate.
Timestamps in the file are looked at only to tell how much is lost in a hole (``audio.packets``). What the encoder
put before the sound is taken off: FFmpeg does that by the edit lists, LAME headers and pre-skips that the file
carries; for an MP3 without any, ``MP3_DELAY`` is taken off there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from numpy.typing import NDArray

from audio.errors import TruncatedMediaError
from audio.headers import lacks_end, stated_duration
from audio.media import no_sound, open_media
from audio.packets import NativeBlock, PacketDecoder, read_packets
from audio.samples import SAMPLE_RATE, Samples
from audio.timecode import Span, format_time

# A header may round up to whole frames, and an encoder's last frame is often cut short: that is no damage.
TRUNCATION_SECONDS = 1.0
TRUNCATION_SHARE = 0.001

# A file whose damage is in its middle may be shorter than its header says by this share: an MP3's reader skips what
# it cannot take for a frame, without a word. What lacks more was cut off as well.
LOST_SHARE = 0.1

# PyAV sets up each call anew; resampling one second at a time makes that cost vanish.
RESAMPLE_SECONDS = 1.0


@dataclass(slots=True)
class DecodeReport:
    """Facts about one decoding, filled in while it runs.

    ``duration`` is what was decoded so far, ``stated`` what the file's header promises (None: nothing), both in
    seconds; ``endless`` is whether the end is missing that the container marks; ``holes`` are the stretches whose
    packets are damaged or gone, and that became silence.
    """

    duration: float = 0.0
    stated: float | None = None
    endless: bool = False
    holes: list[Span] = field(default_factory=list)

    def add_hole(self, seconds: float) -> None:
        """So much silence comes next, which may be the rest of the last hole."""
        end = self.duration + seconds
        if self.holes and self.holes[-1].end == self.duration:
            self.holes[-1] = Span(self.holes[-1].start, end)
        else:
            self.holes.append(Span(self.duration, end))

    @property
    def lost(self) -> float:
        """Seconds by which the file is shorter than stated, beyond what is no damage."""
        if self.stated is None:
            return 0.0
        tolerance = TRUNCATION_SECONDS + TRUNCATION_SHARE * self.stated
        return self.stated - self.duration if self.duration < self.stated - tolerance else 0.0


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
        decoder = PacketDecoder(container, stream, path)
        for packet in read_packets(container, stream):
            for block, real in decoder.decode(packet):
                if not real:
                    report.add_hole(block.seconds)
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
