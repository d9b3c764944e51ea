"""Postings of common terms, block by block of passages, in files that are mapped into memory and read as arrays.

Tantivy's Python package returns an object for each posting: a word that a million passages hold took a second to read,
from these files it takes milliseconds. Numbers of passages never change, so neither does the block of one. What a block
lacks, because the term is rare in it or it is not full yet, is read from Tantivy.
"""

from __future__ import annotations

import struct
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, pairwise, repeat
from mmap import ACCESS_READ, mmap
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audio.atomic_write import write_atomically
from index.fulltext.ranking import Postings
from index.fulltext.tantivy.tantivy_files import DELETED
from index.language.common_words import common_grams, common_words
from index.language.tokens import stem_token

BLOCK_PASSAGES = 32_768
"""Passages in a block: their places in it fit into 16 bits."""
LEAST_SHARE = 1 / 512
"""Share of the passages of a block that hold a term of its file at least."""
_SAMPLED = 16
"""Every so many passages one is looked at for terms that may be common."""
_MOST_COUNTED = 255
_HEADER = struct.Struct("<III")
"""Bytes of the names of terms, how many there are, and of how many deleted passages the block knows."""
_BREAK = ord("\n")
"""Before and behind each of these names."""
_STEM, _GRAM, _LANGUAGE = "s", "g", "l"
_INITIALS = {"stems": _STEM, "grams": _GRAM, "language": _LANGUAGE}
"""What the name of a term begins with, by its field: others have no common terms here."""

ReadTokens = tuple[Sequence[str], str | None]
"""The tokens of a passage, and its language."""
ReadPassage = Callable[[int], ReadTokens | None]
"""Reads the passage with a number; None if it is deleted."""


def file_of_block(folder: Path, block: int) -> Path:
    """Return the file of a block in a numbered folder."""
    return folder / f"common-{block}.bin"


def passages_of_block(block: int) -> range:
    """Return the numbers of the passages of a block."""
    return range(block * BLOCK_PASSAGES, (block + 1) * BLOCK_PASSAGES)


def count_deleted(transcripts: NDArray[np.int64]) -> list[int]:
    """Return how many passages of each full block are deleted."""
    blocks = len(transcripts) // BLOCK_PASSAGES
    counted: list[int] = (
        (transcripts[: blocks * BLOCK_PASSAGES].reshape(blocks, BLOCK_PASSAGES) == DELETED).sum(axis=1).tolist()
    )
    return counted


def stale_blocks(folder: Path, deleted: Sequence[int]) -> list[int]:
    """Return the blocks whose files do not know that so many of their passages are ``deleted``."""
    files = {block: file_of_block(folder, block) for block in range(len(deleted))}
    return [block for block, file in files.items() if file.exists() and _BlockFile(file).deleted != deleted[block]]


def write_block(folder: Path, block: int, read: ReadPassage, deleted: int) -> None:
    """Write the file of a block, so many of whose passages are ``deleted``."""
    passages = passages_of_block(block)
    least = LEAST_SHARE * len(passages)
    likely = _find_likely(map(read, passages[::_SAMPLED]), least / _SAMPLED / 2)
    terms, places, counts = _count_terms(likely, map(read, passages))
    held = np.bincount(terms, minlength=len(likely))
    chosen = np.flatnonzero(held >= least)
    names = "".join(f"\n{likely[number]}" for number in chosen.tolist()).encode() + b"\n"
    kept = np.isin(terms, chosen)
    with write_atomically(file_of_block(folder, block)) as unfinished, unfinished.open("wb") as file:
        file.write(_HEADER.pack(len(names), len(chosen), deleted))
        file.write(names)
        file.write(np.cumsum(np.append(0, held[chosen])).astype("<u4").tobytes())
        file.write(places[kept].astype("<u2").tobytes())
        file.write(np.minimum(counts[kept], _MOST_COUNTED).astype("u1").tobytes())


def _find_likely(passages: Iterable[ReadTokens | None], least: float) -> list[str]:
    """Return the names of the terms that at least so many of some passages hold, in order.

    A common term that a sample misses is only one that the block lacks.
    """
    sampled: Counter[str] = Counter()
    for tokens, language in filter(None, passages):
        sampled[_name_language(language)] += 1
        sampled.update({f"{_STEM}{stem_token(token, language)}" for token in tokens})
        sampled.update({f"{_GRAM}{gram}" for gram in common_grams(tokens, language)})
    return sorted(name for name, times in sampled.items() if times >= least)


def _name_language(language: str | None) -> str:
    return f"{_LANGUAGE}{language or 'none'}"


def _count_terms(likely: Sequence[str], passages: Iterable[ReadTokens | None]) -> tuple[NDArray[np.integer], ...]:
    """Return a row for each of the likely terms in each passage: its number, that of the passage, and how often.

    They are in the order of the terms, then of the passages.
    """
    numbers = {name: number for number, name in enumerate(likely)}
    of_language: dict[str | None, _LikelyTerms] = {}
    found, lengths = array("i"), array("i")
    for passage in passages:
        before = len(found)
        if passage is not None:
            tokens, language = passage
            if language not in of_language:
                of_language[language] = _LikelyTerms(numbers, language)
            found.extend(of_language[language].numbers_in(tokens))
        lengths.append(len(found) - before)
    terms = np.array(found, np.int32)
    places = np.repeat(np.arange(len(lengths), dtype=np.uint32), lengths)[terms >= 0]
    rows = terms[terms >= 0].astype(np.min_scalar_type(len(likely) * len(lengths)))
    rows, counts = np.unique(rows * rows.dtype.type(len(lengths)) + places, return_counts=True)
    return rows // len(lengths), rows % len(lengths), counts


class _LikelyTerms(dict[str, int]):
    """The number of the term of each token of a language, -1 for a term that is not likely."""

    def __init__(self, numbers: Mapping[str, int], language: str | None) -> None:
        super().__init__()
        self._numbers, self._language = numbers, language
        pairs = ((name.removeprefix(_GRAM).split(" "), number) for name, number in numbers.items() if name[0] == _GRAM)
        common = common_words(language)
        self._grams = {(one, other): number for (one, other), number in pairs if one in common or other in common}
        self._own = numbers.get(_name_language(language), -1)

    def __missing__(self, token: str) -> int:
        number = self[token] = self._numbers.get(f"{_STEM}{stem_token(token, self._language)}", -1)
        return number

    def numbers_in(self, tokens: Sequence[str]) -> Iterator[int]:
        """Return the number of the language, of the stem of each token, and of the gram of each two neighbours."""
        return chain([self._own], map(self.__getitem__, tokens), map(self._grams.get, pairwise(tokens), repeat(-1)))


class CommonPostings:
    """The postings of common terms in the blocks of an index that have a file."""

    def __init__(self, folder: Path, passages: int) -> None:
        """Open the files of an index of so many ``passages`` in its numbered folder. Raises ValueError for damage."""
        numbers = (block for block in range(passages // BLOCK_PASSAGES) if file_of_block(folder, block).exists())
        self._blocks = {block: _BlockFile(file_of_block(folder, block)) for block in numbers}

    def read(self, field: str, text: str) -> tuple[list[range], Postings | None]:
        """Return the ranges of passages whose postings of a term are known, and these if there are any.

        Raises ValueError.
        """
        initial = _INITIALS.get(field)
        if initial is None:
            return [], None
        name = f"{initial}{text}".encode()
        found = [(block, *held) for block, file in self._blocks.items() if (held := file.find(name))]
        if not found:
            return [], None
        blocks, places, counts = zip(*found, strict=True)
        known = [passages_of_block(block) for block in blocks]
        passages = np.concatenate(places, dtype=np.int64)
        passages += np.repeat([one.start for one in known], [len(one) for one in places])
        if np.any(passages[1:] <= passages[:-1]) or passages[-1] >= known[-1].stop:
            raise ValueError("the passages of a common term are not in order")
        return known, Postings(passages, np.concatenate(counts, dtype=np.float32))


class _BlockFile:
    """The file of a block, mapped into memory: the names of its terms in order, where the postings of each end, the
    places of all their passages in the block, and the counts."""

    def __init__(self, file: Path) -> None:
        with file.open("rb") as opened:
            self._map = mmap(opened.fileno(), 0, access=ACCESS_READ)
        size, terms, self.deleted = _HEADER.unpack_from(self._map)
        names = np.frombuffer(self._map, "u1", size, _HEADER.size)
        self._breaks = array("i", (np.flatnonzero(names == _BREAK) + _HEADER.size).astype("i").tobytes())
        self._ends = np.frombuffer(self._map, "<u4", terms + 1, _HEADER.size + size)
        self._begin = _HEADER.size + size + 4 * (terms + 1)
        self._postings = int(self._ends[-1])
        whole = len(self._map) == self._begin + 3 * self._postings and len(self._breaks) == terms + 1
        if not whole or self._ends[0] or np.any(self._ends[1:] < self._ends[:-1]):
            raise ValueError(f"{file} has another size than it says")

    def find(self, name: bytes) -> tuple[NDArray[np.uint16], NDArray[np.uint8]] | None:
        """Return the places of the passages that hold a term, and how often they do."""
        terms = len(self._breaks) - 1
        number = bisect_left(range(terms), name, key=self._name)
        if number == terms or self._name(number) != name:
            return None
        first, end = self._ends[number : number + 2].tolist()
        places = np.frombuffer(self._map, "<u2", end - first, self._begin + 2 * first)
        return places, np.frombuffer(self._map, "u1", end - first, self._begin + 2 * self._postings + first)

    def _name(self, number: int) -> bytes:
        return self._map[self._breaks[number] + 1 : self._breaks[number + 1]]
