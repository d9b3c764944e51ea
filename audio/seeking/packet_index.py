"""Where the packets of a recording lie: by what its demuxer finds each, and at which sample its sound begins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from numpy.typing import NDArray

from audio.recording.ogg_links import ByteRange

BYTE_CONTAINERS = frozenset({"aac", "ac3", "eac3", "flac", "mp3"})
"""Containers without a table of their packets, in which FFmpeg finds the right one only by its byte offset. In others
it does by timestamp: MP4 refuses offsets, and Ogg has several packets at one."""


@dataclass(frozen=True, slots=True, eq=False)
class LinkIndex:
    """The packets of one link of a recording, in order; only chained Ogg files have more links than one.

    ``starts``, (packets + 1,): the sample at which the sound of each begins, and at last where the link ends;
    ``marks``, (packets,): their timestamps or byte offsets, empty where these do not tell them apart; ``sizes``,
    (packets,): in bytes. The last packet is FFmpeg's empty one, which makes a decoder give what it holds back.
    """

    link: ByteRange | None
    starts: NDArray[np.int64]
    marks: NDArray[np.int64]
    sizes: NDArray[np.int32]

    @property
    def end(self) -> int:
        """The sample at which the link ends."""
        return int(self.starts[-1])

    def packet_at(self, sample: int) -> int:
        """Return the number of the packet that holds a sample; of the first packet for one before the link."""
        return min(max(0, int(np.searchsorted(self.starts, sample, side="right")) - 1), len(self.sizes) - 1)

    def number_of(self, container: InputContainer, packet: Packet[AudioStream]) -> int | None:
        """Return the number of a packet, None if it is none of the index."""
        mark = packet_mark(container, packet)
        number = int(np.searchsorted(self.marks, mark)) if mark is not None else len(self.marks)
        same = number < len(self.marks) and self.marks[number] == mark and self.sizes[number] == packet.size
        return number if same else None


@dataclass(frozen=True, slots=True)
class RecordingIndex:
    """The packets of a track: of all links, on one time line in samples at ``rate``, that of its first sound."""

    rate: int
    channels: int
    links: tuple[LinkIndex, ...]

    @property
    def samples(self) -> int:
        """The number of samples of the whole track."""
        return self.links[-1].end


def is_sought_by_bytes(container: InputContainer) -> bool:
    """Whether the packets of a file are found by their byte offsets, and not by their timestamps."""
    return container.format.name in BYTE_CONTAINERS


def packet_mark(container: InputContainer, packet: Packet[AudioStream]) -> int | None:
    """Return by what a packet is found: its byte offset, or its timestamp; None if it has none."""
    return packet.pos if is_sought_by_bytes(container) else packet.pts
