"""Words as compact bytes: what the store keeps in its rows.

Times are kept to the millisecond and probabilities to one part in ten thousand, which is finer than Whisper's
own 20 ms frames. An hour of speech takes about 80 KB.
"""

from __future__ import annotations

import json
import struct
import sys
import zlib
from array import array
from collections.abc import Sequence

from index.transcript import Word

CHUNK_WORDS = 256
"""Words in one row: a passage of 150 tokens touches two or three rows, an hour about forty."""

_HEADER = struct.Struct("<II")
_PROBABILITY_STEPS = 10_000
_UNKNOWN = 0xFFFF


def round_word(word: Word) -> Word:
    """The word as it will be read back: times in whole milliseconds, probability in steps of 0.0001."""
    probability = (
        None if word.probability is None else round(word.probability * _PROBABILITY_STEPS) / _PROBABILITY_STEPS
    )
    return Word(word.text, round(word.start, 3), round(word.end, 3), probability, word.heard)


def encode_words(words: Sequence[Word]) -> bytes:
    """One row's bytes: a header, then starts (as steps), lengths and probabilities in columns, then texts."""
    starts = [round(word.start * 1000) for word in words]
    steps = array("I", (now - before for before, now in zip([0, *starts], starts, strict=False)))
    lengths = array("I", (round(word.end * 1000) - start for word, start in zip(words, starts, strict=True)))
    probabilities = array(
        "H",
        (_UNKNOWN if word.probability is None else round(word.probability * _PROBABILITY_STEPS) for word in words),
    )
    heard = {str(number): word.heard for number, word in enumerate(words) if word.heard is not None}
    texts = json.dumps([[word.text for word in words], heard], ensure_ascii=False, separators=(",", ":")).encode()
    columns = b"".join(_little_endian(column).tobytes() for column in (steps, lengths, probabilities))
    return zlib.compress(_HEADER.pack(len(words), len(texts)) + texts + columns)


def decode_words(row: bytes) -> list[Word]:
    """The words of one row."""
    data = zlib.decompress(row)
    count, texts_length = _HEADER.unpack_from(data)
    texts, heard = json.loads(data[_HEADER.size : _HEADER.size + texts_length])
    place = _HEADER.size + texts_length
    steps, lengths, probabilities = array("I"), array("I"), array("H")
    for column in (steps, lengths, probabilities):
        size = count * column.itemsize
        column.frombytes(data[place : place + size])
        _little_endian(column)
        place += size
    words = []
    start = 0
    for number, (text, step, length, steps_of_probability) in enumerate(
        zip(texts, steps, lengths, probabilities, strict=True)
    ):
        start += step
        probability = None if steps_of_probability == _UNKNOWN else steps_of_probability / _PROBABILITY_STEPS
        words.append(
            Word(
                text, start / 1000, (start + length) / 1000, probability, heard.get(str(number)) if heard else None
            )
        )
    return words


def decode_texts(row: bytes) -> list[str]:
    """Only the texts of one row's words: all that checking a candidate needs."""
    data = zlib.decompress(row)
    _, texts_length = _HEADER.unpack_from(data)
    texts: list[str] = json.loads(data[_HEADER.size : _HEADER.size + texts_length])[0]
    return texts


def _little_endian(column: array[int]) -> array[int]:
    if sys.byteorder == "big":
        column.byteswap()
    return column
