"""The file of a segment's terms and postings: sorted terms in blocks, each compressed as a whole.

Nineteen in twenty terms of podcasts are bigrams, and half of those occur in one passage. So terms are compressed
together with their neighbours, which begin like them, and so are their postings: no term has an entry of its own.

A block has two parts: its terms with the number of passages of each, and their postings, as steps from one passage to
the next and as counts. A directory behind the blocks has the first term of each. Numbers are in byte planes: the lowest
byte of each, then the second of each, as far as any number needs it; most planes but the lowest are zeros.

The file may come from a stranger: nothing read is larger than the segment's passages or the file allow.
"""

from __future__ import annotations

import struct
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

_BLOCK_TERMS, _BLOCK_POSTINGS = 128, 2_048
"""A block ends when it has so many of either. 20,000 passages of real podcasts take 367 bytes each with half as much,
335 with twice as much, and 346 with these, of which a block is read in 0.07 ms."""
_COMPRESSED_TERMS = 2**16
"""Bytes of terms that a block compresses, forty times the usual; a few bytes can be compressed from any number."""
_KEPT_BLOCKS = 32
"""Decompressed blocks that a reader keeps: a merge reads the terms of one after the other."""
_SEPARATOR = b"\xff"
"""Between terms: a byte that UTF-8 never has."""
_NUMBERS = struct.Struct("<IB")
"""Before numbers: how many there are, and in how many byte planes."""
_END = struct.Struct("<QI")
"""At the end of the file: where the directory begins, and its CRC. Blocks have the checksum of zlib."""


class WrittenFile(Protocol):
    """A file open for writing."""

    def write(self, data: bytes, /) -> object:
        """Write at its end."""

    def close(self) -> None:
        """Close it."""


class ReadFile(Protocol):
    """A file open for reading at any position."""

    def get(self, position: int, length: int, /) -> bytes:
        """Return these bytes."""

    def close(self) -> None:
        """Close it."""


@dataclass(frozen=True, slots=True)
class TermPostings:
    """The passages with a term, ascending, and how often it occurs in each: int64 and uint32, (passages,)."""

    passages: NDArray[np.int64]
    counts: NDArray[np.uint32]


class TermWriter:
    """Writes terms, in ascending order."""

    def __init__(self, file: WrittenFile) -> None:
        self._file = file
        self._last = b""
        self._firsts: list[bytes] = []
        self._sizes: list[tuple[int, int]] = []
        self._begin_block()

    def add(self, term: bytes, passages: Sequence[int], counts: Sequence[float]) -> None:
        """Add a term of UTF-8 text with its passages, ascending, and its counts, which are whole numbers."""
        if term <= self._last or not len(passages) == len(counts) > 0:
            raise ValueError(f"{term!r} is not after {self._last!r}, or has no postings")
        self._last = term
        self._terms.append(term)
        self._lengths.append(len(passages))
        self._passages += passages
        self._counts += counts
        if len(self._terms) >= _BLOCK_TERMS or len(self._passages) >= _BLOCK_POSTINGS:
            self._write_block()

    def close(self) -> None:
        """Write what is left and the directory, and close the file."""
        if self._terms:
            self._write_block()
        sizes = np.array(self._sizes, dtype="<u4").reshape(-1, 2)
        directory = _pack(sizes[:, 0]) + _pack(sizes[:, 1]) + _SEPARATOR.join(self._firsts)
        self._file.write(directory + _END.pack(int(sizes.sum()), zlib.crc32(directory)))
        self._file.close()

    def _begin_block(self) -> None:
        self._terms: list[bytes] = []
        self._lengths: list[int] = []
        self._passages: list[int] = []
        self._counts: list[float] = []

    def _write_block(self) -> None:
        passages = np.array(self._passages, dtype="<u4")
        steps = np.diff(passages, prepend=np.uint32(0))
        begins = np.cumsum([0, *self._lengths[:-1]])
        steps[begins] = passages[begins]
        terms = _pack(self._lengths) + _SEPARATOR.join(self._terms)
        parts = (
            _compress(terms, zlib.Z_DEFAULT_STRATEGY if len(terms) <= _COMPRESSED_TERMS else None),
            # Twice as quick as the default strategy, and smaller by 3 %: postings have runs, and nothing else recurs.
            _compress(_pack(steps) + _pack(self._counts), zlib.Z_RLE),
        )
        for part in parts:
            self._file.write(part)
        self._sizes.append((len(parts[0]), len(parts[1])))
        self._firsts.append(self._terms[0])
        self._begin_block()


class TermReader:
    """Reads a file of terms. Raises an error of any kind if it is damaged."""

    def __init__(self, file: ReadFile, length: int, passages: int) -> None:
        """Read the directory of a file of this ``length`` in bytes, in a segment of so many ``passages``."""
        self._file, self._passages = file, passages
        end, crc = _END.unpack(file.get(length - _END.size, _END.size))
        directory = file.get(end, length - _END.size - end)
        if zlib.crc32(directory) != crc:
            raise ValueError("the directory of a segment does not match its checksum")
        term_sizes, place = _unpack(directory, 0)
        posting_sizes, place = _unpack(directory, place)
        self._firsts = directory[place:].split(_SEPARATOR) if len(term_sizes) else []
        sizes = np.column_stack([term_sizes, posting_sizes]).reshape(-1)
        self._places = np.cumsum([0, *sizes.tolist()]).tolist()
        if self._places[-1] != end or len(self._places) != 2 * len(self._firsts) + 1:
            raise ValueError("the directory of a segment does not have the blocks before it")
        self._terms = lru_cache(_KEPT_BLOCKS)(self._read_terms)
        self._postings = lru_cache(_KEPT_BLOCKS)(self._read_postings)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __iter__(self) -> Iterator[bytes]:
        """Yield all terms, ascending."""
        for block in range(len(self._firsts)):
            yield from self._terms(block)[0]

    def frequency(self, term: bytes) -> int:
        """Return the number of passages with a term."""
        begin, end = self._find(term)[1:]
        return end - begin

    def postings(self, term: bytes) -> TermPostings | None:
        """Return the postings of a term, None if it does not occur."""
        block, begin, end = self._find(term)
        if begin == end:
            return None
        steps, counts = self._postings(block)
        passages = np.cumsum(steps[begin:end], dtype=np.int64)
        if passages[-1] >= self._passages:
            raise ValueError("a posting is of a passage that its segment does not have")
        return TermPostings(passages, counts[begin:end])

    def _find(self, term: bytes) -> tuple[int, int, int]:
        """Return the block that has a term, and the range of its postings there: an empty one if it does not occur."""
        block = max(0, bisect_right(self._firsts, term) - 1)
        terms, ends = self._terms(block) if self._firsts else ([], [0])
        place = bisect_left(terms, term)
        found = place < len(terms) and terms[place] == term
        return block, ends[place], ends[place + found]

    def _read_terms(self, block: int) -> tuple[list[bytes], list[int]]:
        """Return the terms of a block, and the places among its postings at which those of each begin and end."""
        part = self._read_part(2 * block)
        packed = _decompress(part, max(_COMPRESSED_TERMS, len(part)))
        lengths, place = _unpack(packed, 0)
        terms = packed[place:].split(_SEPARATOR)
        ends = np.cumsum(np.append(0, lengths), dtype=np.int64)
        if len(terms) != len(lengths) or not np.all((lengths > 0) & (lengths <= self._passages)):
            raise ValueError("a term has no postings, or more than its segment has passages")
        if ends[-1] > _BLOCK_POSTINGS + self._passages:
            raise ValueError("a block has too many postings")
        return terms, ends.tolist()

    def _read_postings(self, block: int) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
        """Return the steps and the counts of the postings of a block."""
        count = self._terms(block)[1][-1]
        packed = _decompress(self._read_part(2 * block + 1), 2 * (_NUMBERS.size + 4 * count))
        steps, place = _unpack(packed, 0)
        counts, place = _unpack(packed, place)
        if not len(steps) == len(counts) == count or place != len(packed):
            raise ValueError("a block has other postings than its terms")
        return steps, counts

    def _read_part(self, number: int) -> bytes:
        begin, end = self._places[number : number + 2]
        return self._file.get(begin, end - begin)


def _compress(packed: bytes, strategy: int | None) -> bytes:
    """Compress by this strategy of zlib, or only add its checksum."""
    level = 0 if strategy is None else zlib.Z_DEFAULT_COMPRESSION
    compressor = zlib.compressobj(level, strategy=strategy or zlib.Z_DEFAULT_STRATEGY)
    return compressor.compress(packed) + compressor.flush()


def _decompress(part: bytes, largest: int) -> bytes:
    decompressor = zlib.decompressobj()
    packed = decompressor.decompress(part, largest + 1)
    if not decompressor.eof or len(packed) > largest:
        raise ValueError("a block is cut off, or larger than it can be")
    return packed


def _pack(numbers: ArrayLike) -> bytes:
    """Return numbers below 2^32 in byte planes."""
    whole = np.array(numbers, dtype="<u4")
    planes = (int(whole.max(initial=1)).bit_length() + 7) // 8
    return _NUMBERS.pack(len(whole), planes) + whole.view(np.uint8).reshape(-1, 4)[:, :planes].T.tobytes()


def _unpack(packed: bytes, place: int) -> tuple[NDArray[np.uint32], int]:
    """Return the numbers that were packed at a place, and the place behind them."""
    count, planes = _NUMBERS.unpack_from(packed, place)
    begin = place + _NUMBERS.size
    end = begin + count * planes
    if not (1 <= planes <= 4 and end <= len(packed)):
        raise ValueError("numbers are cut off")
    whole = np.zeros((count, 4), dtype=np.uint8)
    whole[:, :planes] = np.frombuffer(packed, np.uint8, count * planes, begin).reshape(planes, count).T
    return whole.view("<u4")[:, 0], end
