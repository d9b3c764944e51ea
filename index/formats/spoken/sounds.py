"""Find what a text holds and nobody said: sounds and notes such as [APPLAUSE], (laughs), *sighs* or 【拍手】.

In doubt, text is speech: (202) 555, or (so he said).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from index.formats.cues import spread_words
from index.formats.spoken.sound_words import LONGEST_NOTE, are_sounds, name_a_sound, name_sounds
from index.formats.word_split import flat_text
from index.language.common_words import common_words
from index.language.tokens import tokenize
from index.transcript import Cue, Word

_SQUARE = re.compile(r"[\[［【〔]([^\[\]［］【】〔〕]*)[\]］】〕]")
_ROUND = re.compile(r"[(（]([^()（）]*)[)）]")
_STARRED = re.compile(r"\*([^*]*)\*")
_OPENINGS = frozenset("[［【〔(（*")
_SIGNS = "♪♫♬♩"
_LONGEST_WHOLE = 4
"""Words of a sound that is not a known one, where it has a line of its own."""


def mark_sounds(words: Sequence[Word], cue: Cue, language: str | None) -> list[Word]:
    """Return the words of a cue, those that nobody said marked so; a word beside a bracket is parted from it."""
    silent = bytearray(sum(len(word.text) for word in words))
    for start, end in find_sounds(cue.text, language):
        silent[start:end] = bytes([1]) * (end - start)
    if not any(silent):
        return list(words)
    marked: list[Word] = []
    place = 0
    for word in words:
        borders = [row for row in range(1, len(word.text)) if silent[place + row] != silent[place + row - 1]]
        for piece in _cut(word, borders):
            first = place + len(piece.text) - len(piece.text.lstrip())
            place += len(piece.text)
            marked.append(replace(piece, spoken=False) if first < place and silent[first] else piece)
    return marked


def _cut(word: Word, borders: Sequence[int]) -> Sequence[Word]:
    """Cut a word where a bracket begins or ends, if it has text on both sides."""
    inside = [border for border in borders if word.text[:border].strip() and word.text[border:].strip()]
    if not inside:
        return [word]
    texts = [word.text[start:stop] for start, stop in pairwise([0, *inside, len(word.text)])]
    return [replace(part, probability=word.probability) for part in spread_words(texts, word.start, word.end)]


def find_sounds(text: str, language: str | None) -> Iterator[tuple[int, int]]:
    """Yield first and last character of each sound in the text of a cue, counted where its lines are joined."""
    if _OPENINGS.isdisjoint(text):
        return
    flat = flat_text(text)
    lines = set(_lines(text))
    for pattern in (_SQUARE, _ROUND, _STARRED):
        for found in pattern.finditer(flat):
            before = flat[max(0, found.start() - 1) : found.start()]
            if before.isascii() and before.isalnum():
                continue  # an index or a call: words[0], f(x)
            alone = _with_marks(flat, *found.span()) in lines
            if _is_sound(found[1], pattern is _SQUARE, alone, language):
                yield _with_closing(flat, *found.span())


def is_sung(text: str) -> bool:
    """Whether a whole text stands between signs of music."""
    bare = text.strip()
    return bare.startswith(tuple(_SIGNS)) and bare.endswith(tuple(_SIGNS)) and bool(tokenize(bare))


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Yield first and last character of each line, counted where the lines are joined, and of the whole text."""
    place = len(text) - len(text.lstrip())
    yield place, place + len(flat_text(text).strip())
    for line in text.strip().split("\n"):
        yield place, place + len(line.strip())
        place += len(line.strip()) + 1


def _with_marks(text: str, start: int, stop: int) -> tuple[int, int]:
    """Return the place of a bracket with a dash before it and a full stop behind it, within the stripped text."""
    begin, end = len(text) - len(text.lstrip()), len(text.rstrip())
    while start > begin and text[start - 1] in "-–—♪ ":
        start -= 1
    while stop < end and text[stop] in ".,!?♪ ":
        stop += 1
    return start, stop


def _with_closing(text: str, start: int, stop: int) -> tuple[int, int]:
    """Return the place of a bracket with the punctuation behind it."""
    while stop < len(text) and text[stop] in ".,;:!?":
        stop += 1
    return start, stop


def _is_sound(inside: str, square: bool, alone: bool, language: str | None) -> bool:
    tokens = tokenize(inside)
    if len(tokens) > LONGEST_NOTE:
        return False
    if square or are_sounds(tokens):
        return True
    named = name_sounds(tokens)
    if not named or any(character.isdigit() for character in inside) or len(tokens) > _LONGEST_WHOLE:
        return False
    if not common_words(language).isdisjoint(named):
        return False
    if name_a_sound(tokens) or (inside.isupper() and len(named) > 1):
        return True
    return alone and inside.strip()[:1].islower()
