"""Encode the cues and the flaws of an imported file as compact bytes for the store.

Times are stored to the millisecond, as those of words are. An hour of subtitles takes about 30 KB, twice to four times
as much with times of its words.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from index.storage.codecs.word_codec import check_texts, decompress_row, round_word
from index.storage.untrusted import CUE_COLUMNS, FLAW_COLUMNS, WORD_COLUMNS, check_row
from index.transcript import Cue, Flaw, Word


def round_cue(cue: Cue) -> Cue:
    """Return the cue as it will be decoded: times in whole milliseconds, probabilities in steps of 0.0001."""
    start, end = (round(seconds * 1000) / 1000 for seconds in (cue.start, cue.end))
    return replace(cue, start=start, end=end, words=tuple(map(round_word, cue.words)))


def encode_cues(cues: Sequence[Cue], flaws: Sequence[Flaw]) -> bytes:
    """Encode and compress the cues and flaws of one file."""
    content = {
        "cues": [
            [
                round(cue.start * 1000), round(cue.end * 1000), cue.text, cue.speaker, cue.turn, cue.payload,
                cue.identifier, cue.settings, cue.continued, [_encode_word(word) for word in cue.words],
            ]
            for cue in cues
        ],
        "flaws": [[flaw.place, flaw.problem, flaw.text, flaw.left_out] for flaw in flaws],
    }  # fmt: skip
    return zlib.compress(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode())


def decode_cues(row: bytes) -> tuple[tuple[Cue, ...], tuple[Flaw, ...]]:
    """Decode the cues and flaws of one file. Raises ValueError for values that ``encode_cues`` does not write."""
    content = json.loads(decompress_row(row))
    check_texts(_texts_in(content))
    return tuple(map(_decode_cue, content["cues"])), tuple(map(_decode_flaw, content["flaws"]))


def _texts_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts_in(item)


def _encode_word(word: Word) -> list[Any]:
    return [word.text, round(word.start * 1000), round(word.end * 1000), word.probability]


def _decode_cue(values: list[Any]) -> Cue:
    check_row(values, CUE_COLUMNS)
    start, end, text, speaker, turn, payload, identifier, settings, continued, words = values
    timed = tuple(map(_decode_word, words))
    return Cue(start / 1000, end / 1000, text, speaker, timed, turn, payload, identifier, settings, continued)


def _decode_word(values: list[Any]) -> Word:
    check_row(values, WORD_COLUMNS)
    text, start, end, probability = values
    return Word(text, start / 1000, end / 1000, probability)


def _decode_flaw(values: list[Any]) -> Flaw:
    check_row(values, FLAW_COLUMNS)
    return Flaw(*values)
