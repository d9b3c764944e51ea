"""Normalise English numerals in figures and in words to one key: 25 and twenty-five, 1st and first.

Years need no rule here: "twenty nineteen" is 20 and 19, and the alignment matches neighbours that make 2019 when
written together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_UNITS_TEXT = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen"""
_TENS_TEXT = "twenty thirty forty fifty sixty seventy eighty ninety"
_ORDINALS_TEXT = """zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth
    fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"""
_UNITS, _TENS, _ORDINAL_UNITS = _UNITS_TEXT.split(), _TENS_TEXT.split(), _ORDINALS_TEXT.split()
SMALL_NUMBERS = {word: value for value, word in enumerate(_UNITS)} | {
    word: 10 * value for value, word in enumerate(_TENS, 2)
}
SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_ORDINALS = {word: value for value, word in enumerate(_ORDINAL_UNITS)} | {
    f"{word[:-1]}ieth": 10 * value for value, word in enumerate(_TENS, 2)
}
_ORDINAL_SCALES = {"hundredth": 100, "thousandth": 1000, "millionth": 10**6}
_DECADES = {f"{word[:-1]}ies": f"{10 * value}s" for value, word in enumerate(_TENS, 2)}
_CURRENCIES = {"$": "dollars", "€": "euros", "£": "pounds", "¥": "yen"}
_SUFFIXES = {"k": 10**3, "m": 10**6, "mn": 10**6, "b": 10**9, "bn": 10**9, "t": 10**12}
LONGEST_FIGURE = 40
"""Characters; a longer run of digits is not a number that anyone says."""

_FIGURE = re.compile(
    r"(?P<sign>[$€£¥]?)(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\d{1,2}:\d\d)"
    r"(?P<after>%|€|st|nd|rd|th|(?:'?s)|k|mn?|bn?|t)?",
    re.IGNORECASE,
)
_PLAIN_FIGURE = re.compile(r"[0-9][0-9_]*(?:\.[0-9]+)?")
NUMERAL_WORDS = frozenset({*SMALL_NUMBERS, *SCALES, *_ORDINALS, *_ORDINAL_SCALES, *_DECADES, "hundred"})


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number parsed from ``length`` pieces; ``key`` is its value in figures: 25, 3.5, 21st, 90s."""

    key: str
    length: int


def split_figure(text: str) -> tuple[str, ...] | None:
    """Split a figure into pieces as they are spoken: $5 -> 5 dollars, 10,000 -> 10000; None for other text.

    ``text`` must be stripped of punctuation that is not part of the figure.
    """
    found = _FIGURE.fullmatch(text) if len(text) <= LONGEST_FIGURE else None
    if not found:
        return None
    sign, digits, after = (
        found["sign"],
        found["digits"].replace(",", "").replace(":", ""),
        (found["after"] or "").lower(),
    )
    unit = _CURRENCIES.get(sign) or _CURRENCIES.get(after)
    if after == "%":
        return digits, "percent"
    if after.lstrip("'") in ("s", "st", "nd", "rd", "th") and not sign:
        return (digits + after.lstrip("'"),)
    if after in _SUFFIXES:
        if not sign:
            return (digits + after,) if digits.isdigit() else None
        digits = _plain(Decimal(digits) * _SUFFIXES[after])
    return (digits, unit) if unit else (digits,)


def read_numeral(pieces: list[str], start: int, ends: list[bool]) -> Numeral | None:
    """Parse the longest number that begins at ``pieces[start]``; ``ends`` marks pieces followed by punctuation."""
    place, total, group, last = start, Decimal(0), None, "none"
    while place < len(pieces):
        piece = pieces[place]
        if place > start and ends[place - 1] and last != "scale":
            break
        if piece in ("a", "an") and last == "none" and _follows(pieces, place, ("hundred", *SCALES)):
            group = Decimal(1)
        elif piece == "and" and last in ("hundred", "scale") and _is_small(pieces, place + 1):
            pass
        elif (
            piece == "point"
            and group is not None
            and last in ("unit", "ten", "figure")
            and _is_digit(pieces, place + 1)
        ):
            return _read_decimals(pieces, start, place, total + group)
        elif piece in SMALL_NUMBERS and (kind := _fits(SMALL_NUMBERS[piece], last)):
            group, last = (group or Decimal(0)) + SMALL_NUMBERS[piece], kind
        elif last == "none" and (figure := _figure(piece)) is not None:
            group, last = figure, "figure"
        elif piece == "hundred" and group is not None and last != "scale" and group < 100:
            group, last = group * 100, "hundred"
        elif piece in SCALES and group is not None and (total == 0 or SCALES[piece] < _last_scale(total)):
            total, group, last = total + group * SCALES[piece], Decimal(0), "scale"
        elif (ordinal := _ordinal(piece, last)) is not None:
            value = total + (group or Decimal(0)) + ordinal
            return Numeral(_with_ending(int(value)), place + 1 - start)
        elif piece in _ORDINAL_SCALES and group is not None and last != "scale":
            return Numeral(_with_ending(int(total + group * _ORDINAL_SCALES[piece])), place + 1 - start)
        elif piece in _DECADES and last == "none":
            return Numeral(_DECADES[piece], 1)
        else:
            break
        place += 1
    if group is None or last == "none":
        return None
    return Numeral(_plain(total + group), place - start)


def other_notations(key: str) -> list[str]:
    """Return the tokens of a whole number's other notations: 25000 is twenty five thousand, and 25,000."""
    if not (key.isascii() and key.isdigit() and len(key) <= 12):
        return []
    value = int(key)
    return [*(_spell(value) if value < 10**12 else ()), *f"{value:,}".split(",")]


def _spell(value: int) -> list[str]:
    for name, scale in reversed(SCALES.items()):
        if value >= scale:
            return [*_spell(value // scale), name, *_spell(value % scale)]
    if value >= 100:
        return [*_spell(value // 100), "hundred", *_spell(value % 100)]
    if value >= 20:
        return [_TENS[value // 10 - 2], *([_UNITS[value % 10]] if value % 10 else [])]
    return [_UNITS[value]] if value else []


def _read_decimals(pieces: list[str], start: int, point: int, whole: Decimal) -> Numeral:
    place, digits = point + 1, ""
    while _is_digit(pieces, place):
        digits += str(SMALL_NUMBERS[pieces[place]])
        place += 1
    value = Decimal(f"{_plain(whole)}.{digits}")
    if place < len(pieces) and pieces[place] in SCALES:
        value *= SCALES[pieces[place]]
        place += 1
    return Numeral(_plain(value), place - start)


def _fits(value: int, last: str) -> str | None:
    """Return the kind ("unit" or "ten") of a small number that may follow the kind ``last``; None if it may not."""
    kind = "ten" if value >= 20 else "unit"
    allowed = {"none", "hundred", "scale"} | ({"ten"} if 0 < value < 10 else set())
    return kind if last in allowed else None


def _ordinal(piece: str, last: str) -> int | None:
    value = _ORDINALS.get(piece)
    if value is None or last in ("unit", "figure") or (last == "ten" and not 0 < value < 10):
        return None
    return value


def _follows(pieces: list[str], place: int, wanted: tuple[str, ...]) -> bool:
    return place + 1 < len(pieces) and pieces[place + 1] in wanted


def _is_small(pieces: list[str], place: int) -> bool:
    return place < len(pieces) and pieces[place] in SMALL_NUMBERS


def _is_digit(pieces: list[str], place: int) -> bool:
    return place < len(pieces) and SMALL_NUMBERS.get(pieces[place], 10) < 10


def _figure(piece: str) -> Decimal | None:
    return Decimal(piece) if len(piece) <= LONGEST_FIGURE and _PLAIN_FIGURE.fullmatch(piece) else None


def _last_scale(total: Decimal) -> int:
    return min(scale for scale in SCALES.values() if total >= scale and (total // scale) % 1000) if total >= 1000 else 1


def _with_ending(value: int) -> str:
    ending = "th" if value % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return f"{value}{ending}"


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
