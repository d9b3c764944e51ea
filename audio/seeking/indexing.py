"""Index the packets of a recording, on the time line of ``audio.decode``.

Where the packets of a codec state their length, only the first and the last are decoded, from which encoders' delay and
padding are trimmed: three hours take a second or two. Otherwise, and in files with holes, every packet is decoded.
"""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import numpy as np
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from numpy.typing import NDArray

from audio.clip import HEAD_PACKETS, UncountableError, is_counted, packet_length
from audio.media import no_sound, open_media
from audio.packets import LARGEST_MP3_FRAME, LEAST_JUMP, NativeBlock, PacketDecoder, is_mp3, read_packets
from audio.recording.ogg_links import ByteRange, find_links
from audio.seeking.packet_index import LinkIndex, RecordingIndex, packet_mark

WARM_UP_PACKETS = 256
"""Packets decoded before those at the end. The shortest, of Opus, last 2.5 ms: 0.6 s, where it looks back 80 ms."""

TAIL_PACKETS = 64
"""Packets at the end whose sound is measured: encoders' padding is trimmed from the last few."""

UNKNOWN = -(2**62)
"""Stands for a timestamp that a packet lacks."""


class _TimedLink(NamedTuple):
    """A link by itself: its packets' starts and its end in samples at the rate of ``first``, its first sound."""

    packets: LinkIndex
    first: NativeBlock


class _DecodedTimes:
    """Times of decoded packets: ``starts`` are those of their sound, ``time`` is where the last ends, in seconds."""

    def __init__(self) -> None:
        self.time = Fraction(0)
        self.starts: list[Fraction] = []
        self.first: NativeBlock | None = None
        self.has_holes = False

    def add(self, blocks: Iterable[tuple[NativeBlock, bool]]) -> Fraction:
        """Add the sound of one packet and return its length with the silence before it."""
        began, start = self.time, None
        for block, real in blocks:
            start = self.time if real and start is None else start
            self.has_holes |= not real
            self.first = self.first or block
            self.time += Fraction(len(block.samples), block.rate)
        self.starts.append(self.time if start is None else start)
        return self.time - began

    def in_samples(self, rate: int) -> NDArray[np.int64]:
        """Return the starts and the end, in samples."""
        return np.array([round(time * rate) for time in (*self.starts, self.time)], np.int64)


class _PacketFacts:
    """What packets state, one after the other."""

    def __init__(self, container: InputContainer) -> None:
        self._container = container
        self._marks, self._times, self._sizes, self._durations = (array("q") for _ in range(4))
        self._trimmed = array("b")

    def add(self, packet: Packet[AudioStream]) -> None:
        mark = packet_mark(self._container, packet)
        self._marks.append(UNKNOWN if mark is None else mark)
        self._times.append(UNKNOWN if packet.pts is None else packet.pts)
        self._sizes.append(packet.size)
        self._durations.append(packet.duration or 0)
        self._trimmed.append(packet.is_discard or packet.has_sidedata("skip_samples"))

    @property
    def count(self) -> int:
        return len(self._sizes)

    def stated_lengths(self, stream: AudioStream, rate: int, packets: slice) -> NDArray[np.int64]:
        """Return the samples to which some packets will decode. Raises UncountableError where they do not tell.

        The conditions are those of ``audio.clip.packet_length``, for many packets at once.
        """
        times, durations = np.array(self._times)[packets], np.array(self._durations)[packets]
        unit = Fraction(stream.time_base or 0)
        gaps = times[1:] - times[:-1] - durations[:-1]
        jump = (gaps * float(unit) >= min(LEAST_JUMP.values())) & (times[1:] != UNKNOWN) & (times[:-1] != UNKNOWN)
        junk = is_mp3(stream) and max(self._sizes[packets], default=0) > LARGEST_MP3_FRAME
        lengths = durations * (unit.numerator * rate)
        if (
            jump.any()
            or junk
            or any(self._trimmed[packets])
            or not durations.all()
            or (lengths % unit.denominator).any()
        ):
            raise UncountableError
        return np.asarray(lengths // unit.denominator)

    def index(self, link: ByteRange | None, starts: NDArray[np.int64]) -> LinkIndex:
        """Return the index of these packets. The last is the empty one, which no seek leads to."""
        marks = np.array(self._marks)
        distinct = bool((np.diff(marks[:-1]) > 0).all())
        return LinkIndex(link, starts, marks[:-1] if distinct else marks[:0], np.array(self._sizes, np.int32))


def index_recording(path: Path, track: int | None) -> RecordingIndex:
    """Return where the packets of a track lie. Raises MediaError for a file that cannot be read or has no sound."""
    timed = [one for link in find_links(path) if (one := _index_link(path, track, link)) is not None]
    if not timed:
        raise no_sound(path)
    rate, channels = timed[0].first.rate, timed[0].first.samples.shape[1]
    links: list[LinkIndex] = []
    begin = 0
    for packets, first in timed:
        starts = begin + (2 * packets.starts * rate + first.rate) // (2 * first.rate)
        links.append(replace(packets, starts=starts))
        begin = links[-1].end
    return RecordingIndex(rate, channels, tuple(links))


def _index_link(path: Path, track: int | None, link: ByteRange | None) -> _TimedLink | None:
    """Return the index of a link, None if there is no sound in it."""
    try:
        with open_media(path, track, link) as (container, stream):
            return _count_packets(path, container, stream, link)
    except UncountableError:
        with open_media(path, track, link) as (container, stream):
            return _decode_packets(path, container, stream, link)


def _decode_packets(
    path: Path, container: InputContainer, stream: AudioStream, link: ByteRange | None
) -> _TimedLink | None:
    facts, clock, decoder = _PacketFacts(container), _DecodedTimes(), PacketDecoder(container, stream, path)
    for packet in read_packets(container, stream):
        facts.add(packet)
        clock.add(decoder.decode(packet))
    if clock.first is None:
        return None
    return _TimedLink(facts.index(link, clock.in_samples(clock.first.rate)), clock.first)


def _count_packets(
    path: Path, container: InputContainer, stream: AudioStream, link: ByteRange | None
) -> _TimedLink | None:
    """Decode the head and the tail of a link, and count the packets between. Raises UncountableError."""
    if not is_counted(stream.codec_context.name):
        raise UncountableError
    facts, head, decoder = _PacketFacts(container), _DecodedTimes(), PacketDecoder(container, stream, path)
    sounding = 0
    rest: deque[Packet[AudioStream]] = deque(maxlen=WARM_UP_PACKETS + TAIL_PACKETS)
    for packet in read_packets(container, stream):
        facts.add(packet)
        if sounding < HEAD_PACKETS:
            length = head.add(decoder.decode(packet))
            sounding += length > 0
            if sounding == HEAD_PACKETS and length != packet_length(packet, stream):
                raise UncountableError
        else:
            rest.append(packet)
    if head.first is None:
        return None
    rate = head.first.rate
    if facts.count == len(head.starts) + len(rest):
        for packet in rest:
            head.add(decoder.decode(packet))
        return _TimedLink(facts.index(link, head.in_samples(rate)), head.first)
    begun = head.in_samples(rate)
    stated = facts.stated_lengths(stream, rate, slice(len(head.starts), facts.count - TAIL_PACKETS))
    counted = begun[-1] + np.cumsum(stated)
    ended = counted[-1] + _tail_starts(path, container, stream, rest, rate)
    return _TimedLink(facts.index(link, np.concatenate([begun, counted[:-1], ended])), head.first)


def _tail_starts(
    path: Path, container: InputContainer, stream: AudioStream, rest: Iterable[Packet[AudioStream]], rate: int
) -> NDArray[np.int64]:
    """Return the starts of the last TAIL_PACKETS of these packets and their end, in samples from the first of them."""
    stream.codec_context.flush_buffers()
    decoder, clock = PacketDecoder(container, stream, path, from_start=False), _DecodedTimes()
    for packet in rest:
        clock.add(decoder.decode(packet))
    starts = clock.in_samples(rate)
    if clock.has_holes or not starts[WARM_UP_PACKETS]:
        raise UncountableError
    return np.asarray(starts[WARM_UP_PACKETS:] - starts[WARM_UP_PACKETS])
