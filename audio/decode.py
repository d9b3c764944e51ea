"""Decode any media file to 16 kHz mono float32, in blocks, on the time line that all of airquote uses.

The time line is that of the decoded samples: sample n lies at n divided by the rate. Timestamps in the file are used
only to tell how much is lost in a hole (``audio.packets``). Encoder delay is removed: FFmpeg trims it by the file's
edit lists, LAME headers and pre-skips; from an MP3 without any, ``audio.packets`` trims ``MP3_DELAY``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

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
from audio.recording.mix_loss import MixLoss
from audio.recording.mixing import mix_channels, standard_gain, to_float
from audio.recording.ogg_links import find_links
from audio.recording.sound_choice import FIRST_SOUND, SoundChoice, Weights
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

Mixes = NDArray[np.float32]
"""Several mixes of the same sound at 16 kHz, float32, (mixes, samples)."""


@dataclass(slots=True)
class DecodeReport:
    """Facts about one decoding, updated while it runs.

    ``duration`` is the length decoded so far, ``stated`` the length in the file's header (None: not stated), both in
    seconds; ``end_missing`` is whether the container's end marker is missing; ``holes`` are the spans of damaged or
    lost packets, decoded as silence. ``loss`` measures what the mix of the channels loses, if it is asked for.
    """

    duration: float = 0.0
    stated: float | None = None
    end_missing: bool = False
    holes: list[Span] = field(default_factory=list)
    loss: MixLoss | None = None

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


class _Resampler:
    """Streaming mixer and resampler (swresample): native sound at one rate in, one or several mixes at 16 kHz out.

    ``loss`` measures what the first mix loses.
    """

    def __init__(self, rate: int, mixes: Sequence[Weights | None], loss: MixLoss | None) -> None:
        self.rate = rate
        self._mixes, self._loss = mixes, loss
        self._waiting: list[NativeBlock] = []
        self._count = 0
        self._swr = [AudioResampler(format="flt", layout="mono", rate=SAMPLE_RATE) for _ in mixes]

    def push(self, block: NativeBlock) -> Iterator[Mixes]:
        self._waiting.append(block)
        self._count += len(block.samples)
        if self._count >= RESAMPLE_SECONDS * self.rate:
            yield from self._resample()

    def flush(self) -> Iterator[Mixes]:
        if self._count:
            yield from self._resample()
        if self.rate != SAMPLE_RATE:
            yield from self._swr_frames(None for _ in self._mixes)

    def _resample(self) -> Iterator[Mixes]:
        sound = np.concatenate([self._mix(*run) for run in _runs_of_one_format(self._waiting)], axis=1)
        self._waiting, self._count = [], 0
        if self.rate == SAMPLE_RATE:
            yield sound
            return
        yield from self._swr_frames(map(self._frame, sound))

    def _mix(self, sound: NDArray[np.float32], channels: tuple[str, ...]) -> Mixes:
        mixes = np.stack([mix_channels(sound, channels, weights) for weights in self._mixes])
        if self._loss is not None:
            self._loss.add(sound, mixes[0], standard_gain(channels), self.rate)
        return mixes

    def _frame(self, samples: Samples) -> AudioFrame:
        # Without a timestamp on the frame, swresample neither stretches nor pads to match one.
        frame = AudioFrame.from_ndarray(samples[np.newaxis], format="flt", layout="mono")
        frame.sample_rate = self.rate
        return frame

    def _swr_frames(self, frames: Iterable[AudioFrame | None]) -> Iterator[Mixes]:
        resampled = [swr.resample(frame) for swr, frame in zip(self._swr, frames, strict=True)]
        for outs in zip(*resampled, strict=True):
            yield np.concatenate([out.to_ndarray() for out in outs])


def _runs_of_one_format(blocks: Iterable[NativeBlock]) -> Iterator[tuple[NDArray[np.float32], tuple[str, ...]]]:
    """Join blocks whose channels and number type are the same: one call for a second of sound, not one a packet."""
    for (channels, _), run in groupby(blocks, key=lambda block: (block.channels, block.samples.dtype)):
        yield to_float(np.concatenate([block.samples for block in run])), channels


def decode_audio(
    path: Path,
    sound: SoundChoice = FIRST_SOUND,
    *,
    allow_truncated: bool = False,
    report: DecodeReport | None = None,
) -> Iterator[Samples]:
    """Yield the sound of ``path`` in blocks, float32, (BLOCK_SECONDS * 16000,), the last one shorter.

    Runs in constant memory. Sample n of the concatenated blocks lies at n / 16000 s. Damaged packets become silence,
    listed in ``report.holes``. Raises MediaError for a file that cannot be read or contains no sound and, after the
    last block, TruncatedMediaError for one shorter than its header states, unless ``allow_truncated`` or a hole in its
    middle explains that.
    """
    report = report if report is not None else DecodeReport()
    for mixes in _decode_blocks(path, sound.track, [sound.weights], report):
        yield mixes[0]
    if not report.duration:
        raise no_sound(path)
    if not allow_truncated:
        check_length(path, report)


def decode_mixes(path: Path, track: int | None, mixes: Sequence[Weights | None]) -> Iterator[Mixes]:
    """Yield several mixes of a track at once, in blocks, float32, (mixes, BLOCK_SECONDS * 16000), of all there is."""
    yield from _decode_blocks(path, track, mixes, DecodeReport())


def _decode_blocks(
    path: Path, track: int | None, mixes: Sequence[Weights | None], report: DecodeReport
) -> Iterator[Mixes]:
    """Yield blocks of one length, the last one shorter."""
    size = round(BLOCK_SECONDS * SAMPLE_RATE)
    waiting: list[Mixes] = []
    count = 0
    for piece in _resampled(path, track, mixes, report):
        waiting.append(piece)
        count += piece.shape[1]
        while count >= size:
            joined = np.concatenate(waiting, axis=1)
            yield joined[:, :size]
            waiting, count = [joined[:, size:]], count - size
    if count:
        yield np.concatenate(waiting, axis=1)


def _resampled(path: Path, track: int | None, mixes: Sequence[Weights | None], report: DecodeReport) -> Iterator[Mixes]:
    """Yield the 16 kHz sound in pieces of about a second and keep ``report`` up to date."""
    for link in find_links(path):
        with open_media(path, track, link) as (container, stream):
            report.end_missing = lacks_end(path, container.format.name)
            yield from resample_blocks(_decoded_blocks(path, container, stream, report), mixes, report.loss)


def _decoded_blocks(
    path: Path, container: InputContainer, stream: AudioStream, report: DecodeReport
) -> Iterator[NativeBlock]:
    decoder = PacketDecoder(container, stream, path)
    start: float | None = None
    for packet in read_packets(container, stream):
        if start is None:
            start = float((packet.pts or 0) * (packet.time_base or 0))
            report.stated = stated_duration(path, container, stream, start)
        for block, real in decoder.decode(packet):
            if not real:
                report.add_hole(block.seconds)
            report.duration += block.seconds
            yield block


def resample_blocks(
    blocks: Iterable[NativeBlock], mixes: Sequence[Weights | None], loss: MixLoss | None = None
) -> Iterator[Mixes]:
    """Yield mixes of sound at 16 kHz in pieces of about a second; blocks may differ in rate."""
    resampler: _Resampler | None = None
    for block in blocks:
        if resampler is None or resampler.rate != block.rate:
            if resampler is not None:
                yield from resampler.flush()
            resampler = _Resampler(block.rate, mixes, loss)
        yield from resampler.push(block)
    if resampler is not None:
        yield from resampler.flush()


def check_length(path: Path, report: DecodeReport) -> None:
    """Raise TruncatedMediaError if a file is shorter than it states, unless a hole in its middle explains that."""
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
