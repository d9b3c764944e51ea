"""Cut a span out of a media file, sample-exact, at the file's own rate and channels.

The cut is made on the time line of ``audio.decode``, by counting samples from the start of the file. Seeking would
be faster but inexact: containers seek by timestamps and tables that are estimates, above all in VBR MP3. Far from
the span only the packets' durations are summed; decoding starts shortly before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from numpy.typing import NDArray

from audio.decode import resample_blocks
from audio.errors import TimeError, correct_input
from audio.media import no_sound, open_media
from audio.packets import LARGEST_MP3_FRAME, NativeBlock, PacketDecoder, is_mp3, jumps, read_packets
from audio.recording.mixing import mix_channels, to_float
from audio.recording.ogg_links import find_links
from audio.recording.sound_choice import FIRST_SOUND, SoundChoice, Weights
from audio.samples import Samples
from audio.timecode import LONGEST_SECONDS, Span, format_time

# Codecs whose packets decode to exactly their stated duration. Vorbis packets do not.
COUNTED_CODECS = ("aac", "alac", "flac", "mp3", "mp3float", "opus")

# Packets at the beginning that are always decoded: encoder delay is trimmed from the first few.
HEAD_PACKETS = 8

# Seconds decoded before the span, so that the decoder's state is the same as after decoding everything. MP3's bit
# reservoir reaches back furthest: 511 bytes, 22 frames (0.6 s) at 8 kbit/s; Opus 80 ms (RFC 7845, 4.6); AAC one frame.
PREROLL = Fraction(1)

FADE_SECONDS = 0.005


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """Sound cut from a file: ``samples`` int16 or int32, (samples, channels), ``rate`` in Hz.

    Lossy codecs and 8- and 16-bit files give int16; files with 24-bit, 32-bit or floating point samples give int32.
    """

    samples: NDArray[np.int16] | NDArray[np.int32]
    rate: int

    @property
    def channels(self) -> int:
        """Number of channels."""
        return int(self.samples.shape[1])

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.rate


class UncountableError(Exception):
    """The packets' stated durations cannot be trusted."""


def read_span(path: Path, span: Span, sound: SoundChoice = FIRST_SOUND) -> Clip:
    """Return the samples ``[round(start * rate), round(end * rate))`` of the fully decoded file.

    It has the file's own channels, unless weights were chosen for them: then players, which mix them otherwise, would
    lose somebody, and it is that mix. Bit-exact for PCM, FLAC and MP3; AAC fills parts of the spectrum with random
    noise, which differs. A span that extends past the file's end is truncated there. Raises TimeError for an empty span
    or one that begins past the end, and MediaError for a file that cannot be read.
    """
    parts, exact = _read_blocks(path, span, sound.track)
    if sound.weights is not None:
        exact = exact or parts[0].samples.dtype in (np.int32, np.int64)
        parts = [_mixed(part, sound.weights) for part in parts]
    rate, channels = parts[0].rate, parts[0].samples.shape[1]
    pieces = [to_integer(convert_block(part, rate, channels), exact) for part in parts]
    return Clip(np.ascontiguousarray(np.concatenate(pieces)), rate)


def _mixed(block: NativeBlock, weights: Weights) -> NativeBlock:
    mix = mix_channels(to_float(block.samples), block.channels, weights)
    return NativeBlock(mix[:, np.newaxis], block.rate, ("FC",))


def read_samples(path: Path, span: Span, sound: SoundChoice = FIRST_SOUND) -> Samples:
    """Return the same span as ``audio.decode`` decodes it: mono at 16 kHz. Raises as ``read_span`` does."""
    blocks, _ = _read_blocks(path, span, sound.track)
    (samples,) = np.concatenate(list(resample_blocks(blocks, [sound.weights])), axis=1)
    return np.asarray(samples)


def _read_blocks(path: Path, span: Span, track: int | None) -> tuple[list[NativeBlock], bool]:
    """Return the blocks of a span, cut to it, and whether their samples are floating point."""
    if span.start >= span.end:
        raise TimeError("A clip must end after it starts.", correct_input(f"Both are {format_time(span.start)}."))
    try:
        return _count_blocks(path, span, track, count=True)
    except UncountableError:
        return _count_blocks(path, span, track, count=False)


def _count_blocks(path: Path, span: Span, track: int | None, *, count: bool) -> tuple[list[NativeBlock], bool]:
    parts: list[NativeBlock] = []
    length = Fraction(0)
    exact = False
    edges = min(span.start, LONGEST_SECONDS), min(span.end, LONGEST_SECONDS)  # samples are counted up to them
    for time, block, codec in _linked_blocks(path, track, Fraction(edges[0]), count):
        length = time + Fraction(len(block.samples), block.rate)
        exact = exact or codec.startswith("pcm_f")
        # The sum is rounded, not each length: at a constant rate, `at` is the number of samples before this block.
        at = round(time * block.rate)
        first, last = (max(0, round(edge * block.rate) - at) for edge in edges)
        if len(block.samples[first:last]):
            parts.append(block._replace(samples=block.samples[first:last]))
        if last <= len(block.samples):
            break
    if not length:
        raise no_sound(path)
    if not parts:
        raise TimeError(
            f"{format_time(edges[0])} is past the end of {path}.",
            correct_input(f"It is {format_time(float(length))} long."),
            where=path,
        )
    return parts, exact


def _linked_blocks(
    path: Path, track: int | None, start: Fraction, count: bool
) -> Iterator[tuple[Fraction, NativeBlock, str]]:
    """Yield the sound of all links of a file from shortly before ``start`` on: time, block and codec."""
    length = Fraction(0)
    for link in find_links(path):
        with open_media(path, track, link) as (container, stream):
            codec = stream.codec_context.name
            for time, block in _timed_blocks(path, container, stream, start, length, count):
                length = time + Fraction(len(block.samples), block.rate)
                yield time, block, codec


class _TimedBlock(NamedTuple):
    time: Fraction
    block: NativeBlock


def _timed_blocks(
    path: Path, container: InputContainer, stream: AudioStream, start: Fraction, time: Fraction, count: bool
) -> Iterator[_TimedBlock]:
    """Yield the sound from shortly before ``start`` on, each block with its exact start time, the first at ``time``.

    With ``count``, packets between the file's head and ``start`` are counted instead of decoded; raises
    UncountableError where that cannot be trusted, as in a file with holes.
    """
    decoder = PacketDecoder(container, stream, path)
    codec = stream.codec_context
    counting = count and is_counted(codec.name)
    counted = False
    head = 0
    before: Packet[AudioStream] | None = None
    for packet in read_packets(container, stream):
        if counting and head >= HEAD_PACKETS and packet.size:
            if before is not None and jumps(packet, before):
                raise UncountableError
            length = packet_length(packet, stream)
            if time + length <= start - PREROLL:
                time += length
                counted = True
                before = packet
                continue
            if counted:
                codec.flush_buffers()
                decoder.skip_packets()
            counting = False
        began = time
        for block, real in decoder.decode(packet):
            # The length of a hole can depend on everything decoded before it.
            if counted and not real:
                raise UncountableError
            yield _TimedBlock(time, block)
            time += Fraction(len(block.samples), block.rate)
        if time > began:
            head += 1
            if counting and head == HEAD_PACKETS and time - began != packet_length(packet, stream):
                raise UncountableError
        before = packet
    yield _TimedBlock(time, NativeBlock(np.zeros((0, stream.channels)), stream.sample_rate or 1, ()))


def is_counted(codec: str) -> bool:
    """Whether the packets of a codec decode to exactly their stated duration."""
    return codec in COUNTED_CODECS or codec.startswith("pcm_")


def packet_length(packet: Packet[AudioStream], stream: AudioStream) -> Fraction:
    """Return the exact duration in seconds that the packet will decode to, or raise UncountableError."""
    if packet.is_discard:
        return Fraction(0)
    trimmed = packet.has_sidedata("skip_samples")
    junk = is_mp3(stream) and packet.size > LARGEST_MP3_FRAME
    if trimmed or junk or not packet.duration or packet.time_base is None or not stream.sample_rate:
        raise UncountableError
    length = packet.duration * packet.time_base
    # A time base such as milliseconds is too coarse to give the number of samples in a packet.
    if (length * stream.sample_rate).denominator != 1:
        raise UncountableError
    return length


def convert_block(block: NativeBlock, rate: int, channels: int) -> NDArray[Any]:
    """Return the block's samples at the clip's rate and channels.

    Only concatenated files change format within a clip; linear interpolation is good enough for them.
    """
    samples = block.samples
    if samples.shape[1] != channels:
        samples = np.repeat(to_float(samples).mean(axis=1, keepdims=True), channels, axis=1)
    if block.rate != rate:
        sound = to_float(samples)
        times = np.arange(round(len(sound) * rate / block.rate)) * (block.rate / rate)
        columns = [np.interp(times, np.arange(len(sound)), column) for column in sound.T]
        samples = np.stack(columns, axis=1).astype(np.float32)
    return samples


def to_integer(samples: NDArray[Any], exact: bool) -> NDArray[np.int16] | NDArray[np.int32]:
    """Convert samples of any number type to int16 or int32, same shape; ``exact`` gives floating point 32 bits."""
    if samples.dtype == np.uint8:
        return (samples.astype(np.int16) - 128) * np.int16(256)
    if samples.dtype in (np.int16, np.int32):
        return samples
    if samples.dtype == np.int64:
        return (samples >> 32).astype(np.int32)
    scaled = samples.astype(np.float64) * (2**31 if exact else 2**15)
    if exact:
        return np.clip(np.rint(scaled), -(2**31), 2**31 - 1).astype(np.int32)
    return np.clip(np.rint(scaled), -(2**15), 2**15 - 1).astype(np.int16)


def fade(clip: Clip) -> Clip:
    """Return the clip with a linear fade of FADE_SECONDS at both ends (at most half the clip each), to avoid clicks."""
    count = min(round(FADE_SECONDS * clip.rate), len(clip.samples) // 2)
    if not count:
        return clip
    ramp = (np.arange(count) / count)[:, np.newaxis]
    samples = clip.samples.copy()
    samples[:count] = np.rint(samples[:count] * ramp)
    samples[-count:] = np.rint(samples[-count:] * ramp[::-1])
    return Clip(samples, clip.rate)
