"""Where a line of a subtitle may end, and how good a place it is: after a clause, never after an article."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from index.formats.cues import spread_words
from index.formats.word_split import is_spaced, split_words, writable
from index.language.phrase_words import CLOSE_WORDS, LEADING_WORDS
from index.language.tokens import fold_text
from index.transcript import Transcript, Word

_CLAUSE_ENDS = tuple(",;:—–…、，；：،؛!?.。！？؟।")
_CLOSING = "\"'”’»›)]}」』】）》〉〕"
_OPENING = tuple('「『（《〈【〔“‘«‹([{¿¡"')
_NEVER_FIRST = tuple("ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶー々ะาำๅๆฯ")
"""Small kana, marks of length and repetition, and Thai vowels, which belong to the character before them."""
_NEVER_LAST = tuple("เแโใไ")
"""Thai vowels that belong to the character after them."""

_PAUSE_MS = 300

# The costs of breaks, in order of how good they are.
_AFTER_SENTENCE, _AFTER_CLAUSE, _AT_PAUSE, _BEFORE_PHRASE, _ELSEWHERE = 0.0, 1.0, 1.5, 2.0, 4.0
_IN_UNIT_OF_SENSE = 8.0
_AFTER_LEADING_WORD = 100.0
"""More than any other cost of a subtitle, so that only a limit is a reason to end a line there."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Text that no break divides, with the space before it; times in milliseconds.

    ``turn``: somebody else spoke before it. ``ends_sentence``: it is the last of a sentence.
    """

    text: str
    start: int
    end: int
    speaker: str | None
    turn: bool = False
    ends_sentence: bool = False


def list_units(transcript: Transcript) -> list[Unit]:
    """Return the words of a transcript, each with what belongs to it, such as punctuation or the rest of a compound."""
    units: list[Unit] = []
    for segment in transcript.segments:
        begun = len(units)
        for piece in _pieces(transcript.words[segment.first : segment.last + 1]):
            unit = _unit(piece, segment.speaker)
            if units and not _may_break(units[-1].text, piece.text):
                joined = units[-1].text + unit.text
                units[-1] = replace(units[-1], text=joined, end=max(units[-1].end, unit.end))
            else:
                units.append(replace(unit, turn=bool(units) and units[-1].speaker != segment.speaker))
        if len(units) > begun:
            units[-1] = replace(units[-1], ends_sentence=True)
    return [
        replace(before, end=max(before.start, min(before.end, after.start))) for before, after in pairwise(units)
    ] + units[-1:]


def _pieces(words: Sequence[Word]) -> Iterator[Word]:
    """Yield what is written between spaces, or each character of scripts without them, with the space before it."""
    space = ""
    for word in words:
        text = space + writable(word.text)
        space = " " * text[-1:].isspace()
        if text.strip():
            yield from spread_words(split_words(text), word.start, word.end)


def _unit(piece: Word, speaker: str | None) -> Unit:
    text = " " * piece.text[:1].isspace() + piece.text.strip()
    return Unit(text, round(1000 * piece.start), round(1000 * piece.end), speaker)


def _may_break(before: str, after: str) -> bool:
    """Whether a line may end between two texts: at a space or, in a script without spaces, between characters."""
    if after[:1].isspace():
        return True
    if not after or (is_spaced(after) and is_spaced(before[-1:])):
        return False
    first = after[0]
    begins = first.isalnum() or first in _OPENING
    return begins and first not in _NEVER_FIRST and before[-1:] not in (*_OPENING, *_NEVER_LAST)


def break_costs(units: Sequence[Unit], language: str | None) -> list[float]:
    """Return how bad it is that a line ends after each unit; 0 is best."""
    leading = LEADING_WORDS.get(language or "", frozenset())
    close = CLOSE_WORDS.get(language or "", frozenset())
    costs = [_cost(before, after, leading, close, language) for before, after in pairwise(units)]
    return [*costs, _AFTER_SENTENCE]


def _cost(before: Unit, after: Unit, leading: frozenset[str], close: frozenset[str], language: str | None) -> float:
    if before.ends_sentence or after.turn:
        return _AFTER_SENTENCE
    text = before.text.strip().rstrip(_CLOSING)
    if text.endswith(_CLAUSE_ENDS):
        return _AFTER_CLAUSE
    word, following = fold_text(text).lstrip("\"'“‘«(["), fold_text(after.text.strip())
    if word in leading:
        return _AFTER_LEADING_WORD
    if after.start - before.end >= _PAUSE_MS:
        return _AT_PAUSE
    name = language != "de" and text[:1].isupper() and after.text.strip()[:1].isupper()
    if word in close or name:
        return _IN_UNIT_OF_SENSE
    return _BEFORE_PHRASE if following in leading else _ELSEWHERE


def is_wide(character: str) -> bool:
    """Whether a character is as wide as Han, kana or Hangul."""
    return character > "\u10ff" and unicodedata.east_asian_width(character) in "WF"
