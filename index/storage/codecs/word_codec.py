"""Encode words as compact bytes for the store's rows.

Times are stored to the millisecond, finer than Whisper's 20 ms frames, probabilities to one part in ten thousand.
An hour of speech takes about 100 KB.
"""

from __future__ import annotations

import json
import struct
import sys
import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from operator import sub
from typing import NamedTuple

from index.transcript import Word

CHUNK_WORDS = 512
"""Words in one row: a passage of 150 tokens touches one or two, an hour about twenty.

Rows of 256 words, about 2.7 KB, lie one to a 4 KB page of SQLite and leave a third of it empty: measured on
10,000 words, 177 KB. Rows of 512 spill over into pages that they fill: 123 KB.
"""

LARGEST_ROW = 2**29
"""Bytes: twice the largest transcript file that is imported (index/formats/reading.py)."""

_HEADER = struct.Struct("<II")
_REACHED = struct.Struct("<Q")
_NOTE_MARKS = " .,;:!?()[]*（）［］【】〔〕"
_PROBABILITY_STEPS = 10_000
_UNKNOWN = 0xFFFF


def round_word(word: Word) -> Word:
    """Return the word as it will be decoded: times in whole milliseconds, probability in steps of 0.0001."""
    probability = (
        None if word.probability is None else round(word.probability * _PROBABILITY_STEPS) / _PROBABILITY_STEPS
    )
    # Not round(seconds, 3): it rounds a few halves differently from the whole milliseconds in a row.
    start, end = round(word.start * 1000) / 1000, round(word.end * 1000) / 1000
    # Not dataclasses.replace: it takes four times as long, and imports have millions of words.
    return Word(word.text, start, end, probability, word.heard, word.spoken)


def encode_words(words: Sequence[Word], reached: float = 0.0) -> bytes:
    """Encode and compress one row: header, texts, columns of starts (as differences), lengths and probabilities.

    ``reached`` is the latest end of the words in all earlier rows, in seconds. It is stored behind the columns: ends
    may decrease where imported cues overlap, but this never does, so a time can be looked up by binary search.
    """
    starts = [round(word.start * 1000) for word in words]
    ends = [round(word.end * 1000) for word in words]
    steps, lengths = array("I", map(sub, starts, [0, *starts])), array("I", map(sub, ends, starts))
    probabilities = array(
        "H",
        [_UNKNOWN if word.probability is None else round(word.probability * _PROBABILITY_STEPS) for word in words],
    )
    heard = {str(number): word.heard for number, word in enumerate(words) if word.heard is not None}
    silent = [number for number, word in enumerate(words) if not word.spoken]
    content = [[word.text for word in words], heard, *([silent] if silent else [])]
    texts = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    columns = b"".join(_little_endian(column).tobytes() for column in (steps, lengths, probabilities))
    row = _HEADER.pack(len(words), len(texts)) + texts + columns + _REACHED.pack(round(reached * 1000))
    return zlib.compress(row)


def encode_rows(words: Sequence[Word]) -> Iterator[tuple[int, bytes]]:
    """Yield the rows of a transcript's words, each with the number of its first word."""
    reached = 0.0
    for first in range(0, len(words), CHUNK_WORDS):
        row = words[first : first + CHUNK_WORDS]
        yield first, encode_words(row, reached)
        reached = max(reached, *(word.end for word in row))


class _Columns(NamedTuple):
    """What one row holds: for each word a text, its start as a difference, its length and its probability; by number
    what was ``heard`` instead of a word, and the words that are ``unspoken``."""

    texts: list[str]
    steps: array[int]
    lengths: array[int]
    probabilities: array[int]
    heard: dict[str, str]
    unspoken: frozenset[int]


def _read_columns(row: bytes) -> _Columns:
    data = decompress_row(row)
    count, texts_length = _HEADER.unpack_from(data)
    texts, heard, *silent = json.loads(data[_HEADER.size : _HEADER.size + texts_length])
    check_texts([*texts, *heard.values()])
    unspoken = frozenset(silent[0]) if silent else frozenset()
    place = _HEADER.size + texts_length
    steps, lengths, probabilities = array("I"), array("I"), array("H")
    for column in (steps, lengths, probabilities):
        size = count * column.itemsize
        column.frombytes(data[place : place + size])
        _little_endian(column)
        place += size
    if not len(texts) == len(steps) == len(lengths) == len(probabilities):
        raise ValueError("the columns of a row differ in length")
    return _Columns(texts, steps, lengths, probabilities, heard, unspoken)


def count_words(row: bytes, start: int, stop: int) -> range:
    """Return the numbers of the words of one row, or of a slice of them. Raises what ``decode_words`` would raise."""
    return range(*slice(start, stop).indices(len(_read_columns(row).texts)))


def decode_words(row: bytes, start: int, stop: int) -> list[Word]:
    """Decode the words of one row, or a slice of them: decompressing is cheap, creating Word objects is not."""
    texts, steps, lengths, probabilities, heard, unspoken = _read_columns(row)
    words = []
    begin = sum(steps[:start])
    for number in range(*slice(start, stop).indices(len(texts))):
        begin += steps[number]
        known = probabilities[number] != _UNKNOWN
        words.append(
            Word(
                texts[number], begin / 1000, (begin + lengths[number]) / 1000,
                probabilities[number] / _PROBABILITY_STEPS if known else None,
                heard.get(str(number)) if heard else None,
                number not in unspoken,
            )
        )  # fmt: skip
    return words


def decode_texts(row: bytes, start: int, stop: int) -> list[str]:
    """Decode only the texts of one row's words: all that verifying a candidate needs."""
    data = decompress_row(row)
    _, texts_length = _HEADER.unpack_from(data)
    texts: list[str] = json.loads(data[_HEADER.size : _HEADER.size + texts_length])[0]
    check_texts(texts)
    return texts[start:stop]


def decode_spoken(row: bytes, start: int, stop: int) -> list[str]:
    """Decode the texts of one row's words as they are searched: empty for what nobody said."""
    data = decompress_row(row)
    _, texts_length = _HEADER.unpack_from(data)
    texts, _, *silent = json.loads(data[_HEADER.size : _HEADER.size + texts_length])
    check_texts(texts)
    for number in silent[0] if silent else ():
        texts[number] = ""
    return list(texts[start:stop])


def decode_recognised(row: bytes, start: int, stop: int) -> list[tuple[str, float | None]]:
    """Decode only the text and the probability of one row's words: all that an alignment needs.

    What nobody said is in square brackets, each word by itself, whatever marks it in the file.
    """
    data = decompress_row(row)
    count, texts_length = _HEADER.unpack_from(data)
    texts, _, *silent = json.loads(data[_HEADER.size : _HEADER.size + texts_length])
    check_texts(texts)
    for number in silent[0] if silent else ():
        texts[number] = f" [{texts[number].strip(_NOTE_MARKS)}]"
    probabilities = array("H")
    place = _HEADER.size + texts_length + 2 * count * array("I").itemsize
    probabilities.frombytes(data[place : place + count * probabilities.itemsize])
    if len(texts) != len(probabilities):
        raise ValueError("the columns of a row differ in length")
    known = [None if step == _UNKNOWN else step / _PROBABILITY_STEPS for step in _little_endian(probabilities)]
    return list(zip(texts[start:stop], known[start:stop], strict=True))


def decode_times(row: bytes, start: int, stop: int) -> list[tuple[float, float]]:
    """Decode only the start and the end of one row's words, in seconds."""
    data = decompress_row(row)
    count, texts_length = _HEADER.unpack_from(data)
    place = _HEADER.size + texts_length
    columns = array("I")
    columns.frombytes(data[place : place + 2 * count * columns.itemsize])
    _little_endian(columns)
    if len(columns) != 2 * count:
        raise ValueError("the columns of a row differ in length")
    begins = accumulate(columns[:count])
    times = [(begin / 1000, (begin + length) / 1000) for begin, length in zip(begins, columns[count:], strict=True)]
    return times[start:stop]


def decode_reached(row: bytes) -> float | None:
    """Decode the latest end of the words in all earlier rows, in seconds; None in rows that do not hold it yet."""
    data = decompress_row(row)
    count, texts_length = _HEADER.unpack_from(data)
    place = _HEADER.size + texts_length + count * (2 * array("I").itemsize + array("H").itemsize)
    return _REACHED.unpack_from(data, place)[0] / 1000 if place < len(data) else None


def decompress_row(row: bytes, most: int | None = None) -> bytes:
    """Decompress a row. Raises ValueError for one of more than ``most`` bytes, by default LARGEST_ROW: it was made to
    fill the memory."""
    decompressor = zlib.decompressobj()
    data = decompressor.decompress(row, (most or LARGEST_ROW) + 1)
    if not decompressor.eof:
        raise ValueError("a row is cut off, or larger than a transcript can be")
    return data


def check_texts(texts: Iterable[str]) -> None:
    """Raise TypeError or ValueError if one of the texts is not text, or cannot be written as UTF-8."""
    "".join(texts).encode()


def _little_endian(column: array[int]) -> array[int]:
    if sys.byteorder == "big":
        column.byteswap()
    return column
