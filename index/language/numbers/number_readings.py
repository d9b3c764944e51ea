"""Read numbers, in figures and in words, as (kind, value), for search, locating and verdicts alike.

Two numbers are the same if kind and value are equal, or by the table of crossings in docs/numbers.md: 25 and
twenty-five are a count, 4-5 is a range, 80/20 a ratio, 1.0 a version.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, compress, count, repeat
from operator import attrgetter
from typing import NamedTuple

from index.language.numbers.number_crossings import answers, equal_by_table, equal_numbers, parts_in_context, with_units
from index.language.numbers.number_digits import may_pause, may_resume
from index.language.numbers.number_figures import Piece, split_word
from index.language.numbers.number_kinds import Number, NumberKind, NumberReading, Part, Value
from index.language.numbers.number_languages import compose_words, has_decimal_comma, lookup_for
from index.language.numbers.number_phrases import read_run
from index.language.numbers.number_words import TENS, spell_number, spell_ordinal
from index.language.tokens import tokenize

__all__ = [
    "LONGEST_RUN", "Number", "NumberKind", "NumberReading", "Part", "Value", "answers", "equal_by_table",
    "equal_numbers", "other_writings", "parts_in_context", "read_numbers", "with_units",
]  # fmt: skip

_LONGEST_SPELLED = 15  # digits

LONGEST_RUN = 40
"""Words that numbers may be made of and that follow each other; in a longer run of them no number is read, so that a
number depends on no more words than this on either side."""

_CONTINUING = re.compile(r"[-‐‑–−/.,:](?P<digit>\d)|\.m\b", re.IGNORECASE)
"""How a text without a leading space begins if it goes on with the one before it: recognisers cut 4-5 into " 4" and
"-5", p.m. into " p" and ".m."."""

_BASES = frozenset({"unit", "teen", "ten", "hundred", "ordinal", "decade", "half", "figure", "clock",
                    "version", "digits", "fraction", "quarter", "word", "dozen", "scale"})  # fmt: skip
"""The kinds of pieces of which a number has at least one; the rest, such as "a", is looked at only next to these."""


class _SplitWord(NamedTuple):
    """A word: its number of tokens, its pieces of numbers, and how it is joined to its neighbours.

    ``pauses`` and ``resumes``: whether a number may have a pause after it and go on with it after one.
    """

    tokens: int
    pieces: tuple[Piece, ...]
    has_base: bool
    goes_on: bool
    continues: bool
    pauses: bool
    resumes: bool


_TOKENS, _HAS_BASE, _CONTINUES = attrgetter("tokens"), attrgetter("has_base"), attrgetter("continues")


def read_numbers(texts: Sequence[str], language: str | None) -> list[NumberReading]:
    """Return the numbers in a run of words (as in a transcript, or ``text.split()``), in order, without overlap."""
    read = {text: _read_word(text, language) for text in set(texts)}
    words = list(map(read.__getitem__, texts))
    if any(map(_CONTINUES, read.values())):
        words = list(map(_read_word, _join_cut(texts), repeat(language)))
    bases = list(compress(count(), map(_HAS_BASE, words)))
    if not bases:
        return []
    places = list(accumulate(map(_TOKENS, words), initial=0))
    found: list[NumberReading] = []
    stop = 0
    for base in bases:
        if base < stop:
            continue
        start, stop = _find_run(words, base, stop)
        if stop - start <= LONGEST_RUN:
            pieces = [
                piece._replace(first=piece.first + places[number], last=piece.last + places[number])
                for number in range(start, stop)
                for piece in words[number].pieces
            ]
            found += read_run(pieces if language in (None, "en") else compose_words(pieces, language))
    return found


def _find_run(words: Sequence[_SplitWord], base: int, least: int) -> tuple[int, int]:
    """Return the range of words around ``base`` that may be parts of one number, the end exclusive."""
    start, stop = base, base + 1
    while start > least and _go_on(words[start - 1], words[start]):
        start -= 1
    while stop < len(words) and _go_on(words[stop - 1], words[stop]) and words[stop].pieces:
        stop += 1
    return start, stop


def _go_on(word: _SplitWord, after: _SplitWord) -> bool:
    return word.goes_on or (word.pauses and after.resumes)


def _join_cut(texts: Iterable[str]) -> Iterator[str]:
    """Yield the texts, with what was cut put together: " 4" and "-5", " p" and ".m."."""
    joined = ""
    for text in texts:
        if _is_cut(joined, text):
            joined += text
        else:
            yield joined
            joined = text
    yield joined


def _is_cut(before: str, text: str) -> bool:
    found = _CONTINUING.match(text)
    if found is None:
        return False
    return before[-1:].isdigit() if found["digit"] else before.strip().lower() in ("a", "p")


@lru_cache(maxsize=200_000)
def _read_word(text: str, language: str | None) -> _SplitWord:
    pieces, goes_on = split_word(text, lookup_for(language), has_decimal_comma(language))
    has_base = any(piece.kind in _BASES for piece in pieces)
    ended = bool(pieces) and _ends(pieces[-1])
    continues = _CONTINUING.match(text) is not None
    pauses, resumes = bool(pieces) and may_pause(pieces[-1]), bool(pieces) and may_resume(pieces[0])
    goes_on = bool(pieces) and goes_on and not ended
    return _SplitWord(len(tokenize(text)), tuple(pieces), has_base, goes_on, continues, pauses, resumes)


def _ends(piece: Piece) -> bool:
    """Whether the mark after this piece ends a number: not the comma in "two million, five hundred thousand"."""
    return bool(piece.closes) and not (piece.kind == "scale" and piece.closes == ",")


def other_writings(key: str) -> list[str]:
    """Return tokens in which the number of a part may be written elsewhere, by the part's key; none for other keys."""
    kind, _, written = key.partition(":")
    if kind == "unit":
        return [written]
    whole, _, fraction = written.partition(".")
    if kind not in ("count", "year", "ordinal", "decade", "time of day") or not (whole.isascii() and whole.isdigit()):
        return []
    if len(whole) > _LONGEST_SPELLED:
        return [whole]
    value = int(whole)
    match kind:
        case "ordinal":
            return [_with_ending(value), *spell_ordinal(value)]
        case "decade":
            return [f"{value}s", f"{TENS[value % 100 // 10 - 2][:-1]}ies"] if value % 100 >= 20 else [f"{value}s"]
        case "time of day":
            hour, minute = value // 60 or 12, value % 60
            return [str(hour), f"{minute:02}", *spell_number(hour), *(spell_number(minute) if minute else ["o'clock"])]
    return [whole, *f"{value:,}".split(","), *spell_number(value), *([fraction] if fraction else [])]


def _with_ending(value: int) -> str:
    ending = "th" if value % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return f"{value}{ending}"
