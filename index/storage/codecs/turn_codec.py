"""Encode turns of voices and what voices sound like as compact bytes for the store's rows.

Times are stored to the millisecond, finer than the 17 ms frames in which turns are found. An hour of conversation takes
about 8 KB.
"""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Sequence
from itertools import accumulate
from zlib import compress

import numpy as np

from audio.voices.voice_turns import Vector, VoiceTurn
from index.storage.codecs.word_codec import decompress_row

VECTOR_SIZE = 192
"""Numbers in a vector."""

_COUNT = struct.Struct("<I")
_OFF_ONE = 0.01
"""How far the length of a vector may be from 1: rounding to float32 changes it by less than a millionth."""


def round_turn(turn: VoiceTurn) -> VoiceTurn:
    """Return the turn as it will be decoded: times in whole milliseconds."""
    return VoiceTurn(round(turn.start * 1000) / 1000, round(turn.end * 1000) / 1000, turn.voice)


def encode_turns(turns: Sequence[VoiceTurn]) -> bytes:
    """Encode and compress turns, by start: their count, and columns of starts (as differences), lengths and voices."""
    starts = [round(turn.start * 1000) for turn in turns]
    steps = array("I", (now - before for before, now in zip([0, *starts], starts, strict=False)))
    lengths = array("I", (round(turn.end * 1000) - start for turn, start in zip(turns, starts, strict=True)))
    voices = array("I", (turn.voice for turn in turns))
    return compress(_COUNT.pack(len(turns)) + b"".join(_swap(column).tobytes() for column in (steps, lengths, voices)))


def decode_turns(row: bytes) -> tuple[VoiceTurn, ...]:
    """Decode turns. Raises ValueError for what ``encode_turns`` did not make."""
    data = decompress_row(row)
    (count,) = _COUNT.unpack_from(data)
    columns = array("I")
    columns.frombytes(data[_COUNT.size :])
    if len(_swap(columns)) != 3 * count:
        raise ValueError("the columns of turns differ in length")
    starts = accumulate(columns[:count])
    parts = zip(starts, columns[count : 2 * count], columns[2 * count :], strict=True)
    return tuple(VoiceTurn(start / 1000, (start + length) / 1000, voice) for start, length, voice in parts)


def encode_vector(vector: Vector | None) -> bytes | None:
    """Encode what a voice sounds like."""
    return None if vector is None else vector.astype("<f4").tobytes()


def decode_vector(row: bytes | None) -> Vector | None:
    """Decode what a voice sounds like. Raises ValueError unless it is a vector of length 1."""
    if row is None:
        return None
    vector = np.frombuffer(row, "<f4").astype(np.float32)
    if vector.shape != (VECTOR_SIZE,) or not abs(float(np.linalg.norm(vector)) - 1.0) < _OFF_ONE:
        raise ValueError("a vector is not one of a voice")
    return vector


def _swap(column: array[int]) -> array[int]:
    if sys.byteorder == "big":
        column.byteswap()
    return column
