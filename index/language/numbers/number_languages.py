"""Number words of the languages that text2num reads, and how figures are written in others.

English has its own reading in number_words.py: text2num reads "two point five million" as two numbers, and neither
fractions, years in two halves nor digits said one by one. Here its readings become figures, which the same rules then
compose with units and in pairs.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache, partial

from text_to_num import find_numbers

from index.language.numbers.number_figures import Entry, Lookup, Piece
from index.language.numbers.number_words import VOCABULARY
from index.language.tokens import fold_text

LANGUAGES = ("da", "de", "en", "es", "fr", "it", "nl", "pt")
"""Languages whose number words are read; of the others, only figures are."""

_POINT = frozenset(["en", "ga", "he", "hi", "id", "ja", "ko", "ms", "sw", "ta", "te", "th", "ur", "zh"])
"""Languages in which a decimal point is written; in the others it is a comma."""

_WORDS = {
    "da": {"and": "og", "point": "komma", "to": "til", "between": "mellem", "percent": "procent", "euros": "euro",
           "dollars": "dollar dollars", "minus": "minus"},
    "de": {"and": "und", "point": "komma", "to": "bis", "between": "zwischen", "percent": "prozent", "euros": "euro",
           "dollars": "dollar", "minus": "minus", "o'clock": "uhr"},
    "es": {"and": "y", "point": "coma", "to": "a", "between": "entre", "per": "por", "euros": "euro euros",
           "dollars": "dolar dolares", "minus": "menos"},
    "fr": {"and": "et", "point": "virgule", "to": "a", "between": "entre", "per": "pour", "euros": "euro euros",
           "dollars": "dollar dollars", "minus": "moins", "hour": "h"},
    "it": {"and": "e", "point": "virgola", "to": "a", "between": "tra fra", "per": "per", "euros": "euro",
           "dollars": "dollaro dollari", "minus": "meno"},
    "nl": {"and": "en", "point": "komma", "to": "tot", "between": "tussen", "percent": "procent", "euros": "euro",
           "dollars": "dollar", "minus": "min"},
    "pt": {"and": "e", "point": "virgula", "to": "a", "between": "entre", "per": "por", "euros": "euro euros",
           "dollars": "dolar dolares", "minus": "menos", "hour": "h"},
}  # fmt: skip
"""Folded words around numbers, by the kind of their piece, or by the unit that they name."""

_UNITS = frozenset({"percent", "euros", "dollars"})
_ENTRIES: dict[str, dict[str, Entry]] = {
    language: {
        word: ("measure", Decimal(0), name) if name in _UNITS else (name, Decimal(0), word)
        for name, text in words.items()
        for word in text.split()
    }
    for language, words in _WORDS.items()
}
_HUNDRED = frozenset({"cent", "ciento", "cento"})
"""After "per" these are percent."""

_RATHER_WORDS = {"fr": frozenset({"neuf"}), "it": frozenset({"sei"})}
"""Number words that are more often other words where no other piece of a number is beside them."""

_WITHIN = {"it": {"mila": 10**3, "milione": 10**6, "milioni": 10**6, "miliardo": 10**9, "miliardi": 10**9}}
"""Magnitudes that text2num knows only behind other words."""

_SPELT = {"es": {"veintiún": "veintiuno"}}
"""Spellings that text2num does not know."""

_SCALES = frozenset({Decimal(10**3), Decimal(10**6), Decimal(10**9), Decimal(10**12)})


@dataclass(frozen=True, slots=True)
class _NumberWord:
    """A word as text2num takes it."""

    written: str

    def text(self) -> str:
        return self.written

    def nt_separated(self, previous: object) -> bool:
        del previous
        return False

    def not_a_number_part(self) -> bool:
        return False


def has_decimal_comma(language: str | None) -> bool:
    """Whether figures are written with a decimal comma: 1.100,5."""
    return language is not None and language not in _POINT


def lookup_for(language: str | None) -> Lookup:
    """Return the function that gives the kind, value and text of a word of which numbers are made."""
    if language in (None, "en"):
        return VOCABULARY.get
    return partial(_look_up, language) if language in _WORDS else _know_nothing


def _know_nothing(word: str) -> Entry | None:
    del word
    return None


@lru_cache(maxsize=100_000)
def _look_up(language: str, word: str) -> Entry | None:
    composed = unicodedata.normalize("NFC", word)
    spoken = _SPELT.get(language, {}).get(composed, composed)
    known = _ENTRIES[language].get(fold_text(word))
    if known is None and spoken.isalpha() and (spoken in _WITHIN.get(language, ()) or _find([spoken], language)):
        return "word", Decimal(0), spoken
    return known


def _find(words: Sequence[str], language: str) -> list[tuple[int, int, str, bool]]:
    """Return the numbers that text2num finds: first word, end, digits, and whether it is an ordinal."""
    found = find_numbers([_NumberWord(word) for word in words], language, 0)
    return [(one.start, one.end, one.text, one.is_ordinal) for one in found]


def compose_words(pieces: Sequence[Piece], language: str) -> list[Piece]:
    """Return the pieces with number words, and figures that are cut by spaces, composed to figures."""
    if len(pieces) == 1 and pieces[0].written in _RATHER_WORDS.get(language, ()):
        return []
    composed: list[Piece] = []
    place = 0
    while place < len(pieces):
        stop = place
        while stop < len(pieces) and pieces[stop].kind in ("word", "and", "point"):
            stop += 1
            if pieces[stop - 1].closes:
                break
        percent = pieces[place : place + 2]
        if stop > place:
            composed += _compose_stretch(pieces[place:stop], language)
        elif percent[0].kind == "per" and len(percent) == 2 and fold_text(percent[1].written) in _HUNDRED:
            stop = place + 2
            composed.append(percent[1]._replace(kind="measure", first=percent[0].first, written="percent"))
        else:
            composed.append(pieces[place])
        place = max(stop, place + 1)
    return _compose_figures(composed)


def _compose_stretch(pieces: Sequence[Piece], language: str) -> list[Piece]:
    composed: list[Piece] = []
    place = 0
    for start, stop, digits, is_ordinal in _find([piece.written for piece in pieces], language):
        if "," in digits and _scale_of(pieces[stop - 1].written, language):
            # "Two point five million" is given as 2.5000000.
            composed += [*pieces[place:start], *_compose_stretch(pieces[start : stop - 1], language)]
            place = stop - 1
            continue
        read = _read_found(digits, is_ordinal, pieces[start:stop])
        others = [piece._replace(kind="one", value=Decimal(1)) for piece in pieces[start:stop]] if digits == "1" else []
        composed += [*pieces[place:start], *([read] if read else others or pieces[start:stop])]
        place = stop
    return [
        piece._replace(kind="scale", value=scale)
        if piece.kind == "word" and (scale := _scale_of(piece.written, language))
        else piece
        for piece in [*composed, *pieces[place:]]
    ]


def _scale_of(word: str, language: str) -> Decimal | None:
    """Return the magnitude that a word names, None for other words."""
    listed = _WITHIN.get(language, {}).get(word)
    found = _find([word], language)
    value = Decimal(listed) if listed else Decimal(found[0][2]) if found and found[0][2].isdigit() else None
    return value if value in _SCALES else None


def _read_found(digits: str, is_ordinal: bool, pieces: Sequence[Piece]) -> Piece | None:
    """Return the piece of a number in words; None for "one", which is an article, and for "first" and "second"."""
    bare = "".join(filter(str.isdigit, digits)) if is_ordinal else digits.replace(",", ".")
    value = Decimal(bare)
    if bare == "1" or (is_ordinal and value == 2):
        return None
    kind = "ordinal" if is_ordinal else "figure"
    if len(pieces) == 1 and value in _SCALES:
        kind = "scale"
    elif bare[0] == "0" and len(bare) > 1 and bare.isdigit():
        kind = "digits"
    written = bare if kind in ("ordinal", "digits") else ""
    return Piece(kind, value, pieces[0].first, pieces[-1].last, pieces[0].glued, pieces[-1].closes, written)


def _compose_figures(pieces: Sequence[Piece]) -> list[Piece]:
    """Compose figures that stand apart: 1 100, 20 Uhr 30, 8 h 30; a thousand alone is a figure too."""
    composed: list[Piece] = []
    for piece in pieces:
        before = composed[-1] if composed and not composed[-1].closes else None
        if piece.kind == "scale" and (before is None or before.kind != "figure"):
            composed.append(piece._replace(kind="figure"))
        elif before and (value := _continue_figure(composed, piece)) is not None:
            kind = "clock" if piece.kind == "o'clock" or before.kind in ("clock", "hour") else "figure"
            first = composed[-2] if before.kind == "hour" else before
            del composed[-2 if before.kind == "hour" else -1 :]
            composed.append(first._replace(kind=kind, value=value, last=piece.last, closes=piece.closes, written=","))
        else:
            composed.append(piece)
    return composed


def _continue_figure(composed: Sequence[Piece], piece: Piece) -> Decimal | None:
    """Return the value of the last figure with this piece after it; None if it does not continue it."""
    before = composed[-1]
    minutes = piece.kind == "figure" and piece.value in range(60)
    if before.kind == "figure" and piece.kind == "o'clock" and before.value in range(24):
        return 60 * before.value
    if before.kind == "clock" and before.written == "," and before.value % 60 == 0 and minutes:
        return before.value + piece.value
    if before.kind == "hour" and minutes and len(composed) > 1 and composed[-2].value in range(24):
        return 60 * composed[-2].value + piece.value
    group = len(piece.written) == 3 and piece.written.isdigit() and piece.kind in ("figure", "digits")
    opened = before.written == "," or (before.written.isdigit() and len(before.written) <= 3)
    return 1000 * before.value + Decimal(piece.written) if group and opened and before.kind == "figure" else None
