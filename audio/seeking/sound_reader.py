"""Read the sound of a recording from any sample on, as decoding it from its beginning would give it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from numpy.typing import NDArray

from audio.clip import HEAD_PACKETS, PREROLL, convert_block, to_integer
from audio.media import open_media
from audio.packets import NativeBlock, PacketDecoder, read_packets
from audio.recording.mixing import mix_channels, to_float
from audio.recording.sound_choice import SoundChoice
from audio.seeking.packet_index import LinkIndex, RecordingIndex, is_sought_by_bytes

STEREO = 2


class _LostPacketError(Exception):
    """A seek did not lead to the packet that was wanted."""


def channels_of(index: RecordingIndex, sound: SoundChoice) -> int:
    """Return the number of channels in which a recording is read: its own, or one where they are mixed."""
    return 1 if sound.weights is not None or index.channels > STEREO else index.channels


def read_sound_from(
    path: Path, sound: SoundChoice, index: RecordingIndex, first: int, last: int
) -> Iterator[NDArray[np.int16]]:
    """Yield the samples ``[first, last)`` in blocks, int16, (samples, channels). Raises MediaError.

    They are those of ``audio.clip.read_span``, except that more than two channels are mixed to one. Silence is where
    nothing can be decoded.
    """
    channels = channels_of(index, sound)
    for start, block in _blocks_from(path, sound, index, first):
        if start >= last:
            break
        if start > first:
            yield from _silence(min(start, last) - first, index.rate, channels)
            first = start
        samples = _as_int16(block, sound, index.rate, channels)[first - start : last - start]
        if len(samples):
            yield samples
            first += len(samples)
        if first == last:
            return
    yield from _silence(last - first, index.rate, channels)


def _silence(samples: int, rate: int, channels: int) -> Iterator[NDArray[np.int16]]:
    for at in range(0, samples, rate):
        yield np.zeros((min(rate, samples - at), channels), np.int16)


def _as_int16(block: NativeBlock, sound: SoundChoice, rate: int, channels: int) -> NDArray[np.int16]:
    if block.samples.shape[1] > STEREO or sound.weights is not None:
        mix = mix_channels(to_float(block.samples), block.channels, sound.weights)
        block = block._replace(samples=mix[:, np.newaxis])
    samples = to_integer(convert_block(block, rate, channels), exact=False)
    return (samples >> 16 if samples.dtype == np.int32 else samples).astype(np.int16, copy=False)


def _blocks_from(
    path: Path, sound: SoundChoice, index: RecordingIndex, first: int
) -> Iterator[tuple[int, NativeBlock]]:
    """Yield the sound from the packet that holds ``first`` on, each block with the sample at which it begins."""
    for link in index.links:
        if link.end <= first:
            continue
        wanted = link.packet_at(first)
        begin = link.packet_at(first - round(PREROLL * index.rate))
        before, at = -1, 0
        for number, block in _decode_packets_from(path, sound.track, link, begin, wanted):
            at = at if number == before else int(link.starts[number])
            end = int(link.starts[number + 1])
            yield at, block._replace(samples=block.samples[: -((at - end) * block.rate // index.rate)])
            before, at = number, at + round(len(block.samples) * index.rate / block.rate)


def _decode_packets_from(
    path: Path, track: int | None, link: LinkIndex, begin: int, wanted: int
) -> Iterator[tuple[int, NativeBlock]]:
    """Yield the sound of packets from ``wanted`` on with their numbers; decoding starts at ``begin``."""
    if begin <= HEAD_PACKETS:
        yield from _decode_packets(path, track, link, 0, wanted, seek=False)
    else:
        try:
            yield from _decode_packets(path, track, link, begin, wanted, seek=True)
        except _LostPacketError:
            yield from _decode_packets(path, track, link, begin, wanted, seek=False)


def _decode_packets(
    path: Path, track: int | None, link: LinkIndex, begin: int, wanted: int, *, seek: bool
) -> Iterator[tuple[int, NativeBlock]]:
    with open_media(path, track, link.link) as (container, stream):
        if seek:
            packets = _seek_packets(container, stream, link, begin, wanted)
        else:
            packets = enumerate(read_packets(container, stream))
        decoder = PacketDecoder(container, stream, path, from_start=not begin)
        for number, packet in packets:
            if number >= begin:
                blocks = [block for block, real in decoder.decode(packet) if real]
                if number >= wanted:
                    yield from ((number, block) for block in blocks)


def _seek_packets(
    container: InputContainer, stream: AudioStream, link: LinkIndex, begin: int, wanted: int
) -> Iterator[tuple[int, Packet[AudioStream]]]:
    """Yield packets from ``begin`` or an earlier one on with their numbers.

    Raises _LostPacketError if one before ``wanted`` is not the packet that the index has there.
    """
    number = -1
    try:
        container.seek(int(link.marks[begin]), stream=stream, unsupported_byte_offset=is_sought_by_bytes(container))
    except (av.error.FFmpegError, IndexError):
        raise _LostPacketError from None
    for packet in read_packets(container, stream):
        found = link.number_of(container, packet) if number < wanted else number + 1
        if found is None or (found > begin if number < 0 else found != number + 1):
            raise _LostPacketError
        number = found
        yield number, packet
