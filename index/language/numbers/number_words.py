"""Read one English amount, in words or figures: a count, fraction, ordinal, year, decade, version or digits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import gcd

from index.language.numbers.number_digits import read_digit_string
from index.language.numbers.number_figures import Entry, Piece, read_fraction
from index.language.numbers.number_kinds import plain

_UNIT_TEXT = "zero one two three four five six seven eight nine"
_TEEN_TEXT = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS_TEXT = "twenty thirty forty fifty sixty seventy eighty ninety"
_ORDINAL_TEXT = """first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth
    fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"""
UNITS, TEENS, TENS, _ORDINALS = _UNIT_TEXT.split(), _TEEN_TEXT.split(), _TENS_TEXT.split(), _ORDINAL_TEXT.split()
SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}


def _listed(kind: str, words: Mapping[str, int]) -> dict[str, Entry]:
    return {word: (kind, Decimal(value), "") for word, value in words.items()}


def _named(kind: str, words: Mapping[str, str]) -> dict[str, Entry]:
    return {word: (kind, Decimal(0), name) for text, name in words.items() for word in text.split()}


VOCABULARY: dict[str, Entry] = {
    **_listed("unit", {word: value for value, word in enumerate(UNITS)}),
    **_listed("teen", {word: value for value, word in enumerate(TEENS, 10)}),
    **_listed("ten", {word: 10 * value for value, word in enumerate(TENS, 2)}),
    **_listed("scale", SCALES),
    **_listed("ordinal", {word: value for value, word in enumerate(_ORDINALS, 1)}),
    **_listed("ordinal", {f"{word[:-1]}ieth": 10 * value for value, word in enumerate(TENS, 2)}),
    **_listed("ordinal scale", {f"{word}th": value for word, value in {"hundred": 100, **SCALES}.items()}),
    **_listed("decade", {f"{word[:-1]}ies": 10 * value for value, word in enumerate(TENS, 2)}),
    **_listed("parts", {f"{word}s": value for value, word in enumerate(_ORDINALS[2:10], 3)}),
    **_listed("parts", {"quarters": 4, "hundredths": 100}),
    **_listed("double", {"double": 2, "triple": 3}),
    **{word: (word, Decimal(value), "") for word, value in {"hundred": 100, "hundreds": 100, "dozen": 12, "half": 2,
        "quarter": 4, "oh": 0, "a": 1, "and": 0, "of": 0, "to": 0, "past": 0, "between": 0, "point": 0, "per": 0,
        "version": 0, "o'clock": 0, "minus": 0}.items()},
    **_listed("a", {"an": 1}), **_listed("oh", {"o": 0}), **_listed("past", {"after": 0}),
    **_listed("o'clock", {"oclock": 0}), **_listed("minus", {"negative": 0}),
    **_named("measure", {"percent": "percent", "dollar dollars": "dollars", "euro euros": "euros",
        "pound pounds": "pounds", "yen": "yen"}),
    **_named("cents", {"cent cents": "dollars"}),
    **_named("half of day", {"am a.m": "am", "pm p.m": "pm"}),
}  # fmt: skip

_SMALL = frozenset({"unit", "teen", "ten"})
_MINUTES = frozenset({15, 30, 45})
"""Minutes that make a time of day of two small numbers without a word beside them: eight thirty."""
_Pieces = Sequence[Piece]


@dataclass(frozen=True, slots=True)
class Amount:
    """What was read from a place on: ``kind`` as a number's, or "clock"; ``stop`` is the piece after it.

    ``scale`` is the magnitude that was said with a count, 1 if none. ``written``: a count that is a figure alone, a
    version, or the digits of a digit string, of which ``places`` are the tokens of each.
    """

    kind: str
    value: Decimal
    stop: int
    scale: Decimal = Decimal(1)
    written: str = ""
    places: tuple[tuple[int, int], ...] = ()


def read_amount(pieces: _Pieces, place: int, joins: bool = True) -> Amount | None:
    """Read the longest amount that begins at this piece; ``joins``: whether "and" may stand within a number."""
    piece = pieces[place]
    if piece.kind in ("clock", "fraction"):
        return Amount("count" if piece.kind == "fraction" else piece.kind, piece.value, place + 1)
    if piece.kind == "version" and piece.written:
        return Amount(piece.kind, piece.value, place + 1, written=piece.written)
    if piece.kind == "version":
        return _read_version(pieces, place)
    if digits := read_digit_string(pieces, place):
        return Amount("digit string", Decimal(0), digits.stop, written=digits.digits, places=digits.places)
    return (
        _read_clock_words(pieces, place)
        or _read_year(pieces, place)
        or _read_decade(pieces, place)
        or _read_fraction(pieces, place)
        or _read_count(pieces, place, joins)
    )


def _kind(pieces: _Pieces, place: int) -> str:
    return pieces[place].kind if place < len(pieces) else ""


def _small(pieces: _Pieces, place: int) -> tuple[int, int]:
    """Return a number below 100 in words, and the piece after it; 0 if there is none."""
    if _kind(pieces, place) not in _SMALL:
        return 0, place
    value = int(pieces[place].value)
    if value >= 20 and _kind(pieces, place + 1) == "unit" and pieces[place + 1].value and not pieces[place].closes:
        return value + int(pieces[place + 1].value), place + 2
    return value, place + 1


def _read_version(pieces: _Pieces, place: int) -> Amount | None:
    """Read the number after the word version, or a v, of which the value is 1."""
    read = read_amount(pieces, place + 1) if place + 1 < len(pieces) and not pieces[place].closes else None
    if read is None or pieces[place + 1].kind == "a":
        return None
    written = read.written or plain(read.value)
    if read.kind not in ("version", "count") or read.scale != 1 or "," in written:
        return None
    return Amount("version", pieces[place].value, read.stop, written=written)


def _read_clock_words(pieces: _Pieces, place: int) -> Amount | None:
    """Read half past eight, quarter to nine, ten past eight, eight thirty, eight o'clock."""
    start = place + (_kind(pieces, place) == "a")
    if _kind(pieces, start) in ("half", "quarter"):
        minutes, after = 60 // int(pieces[start].value), start + 1
    else:
        minutes, after = _small(pieces, place)
    word = _kind(pieces, after)
    if minutes and (word == "past" or (word == "to" and _kind(pieces, start) == "quarter")):
        hour, stop = _hour(pieces, after + 1)
        if hour and minutes < 60:
            time = 60 * hour + (minutes if word == "past" else -minutes)
            return Amount("clock", Decimal(time if time >= 60 else time + 720), stop)
    hour, stop = _hour(pieces, place)
    if not hour:
        return None
    if _kind(pieces, stop) == "o'clock":
        return Amount("clock", Decimal(60 * hour), stop + 1)
    oh = _kind(pieces, stop) == "oh"
    minutes, after = _small(pieces, stop + oh)
    if not minutes or pieces[stop - 1].closes or minutes >= 60 or (oh and minutes > 9) or (not oh and minutes < 10):
        return None
    said = _kind(pieces, after) == "half of day"
    bare = minutes in _MINUTES and _kind(pieces, after) not in ("hundred", "scale", "unit", "ordinal", "parts")
    return Amount("clock", Decimal(60 * hour + minutes), after) if said or (bare and not oh) else None


def _hour(pieces: _Pieces, place: int) -> tuple[int, int]:
    """Return an hour of the twelve, in words or as a figure before o'clock, and the piece after it; 0 if none."""
    if _kind(pieces, place) in ("unit", "teen") or (
        _kind(pieces, place) == "figure" and pieces[place].written.isdigit()
    ):
        hour = int(pieces[place].value)
        return (hour, place + 1) if 1 <= hour <= 12 else (0, place)
    return 0, place


def _read_year(pieces: _Pieces, place: int) -> Amount | None:
    """Read a year in two halves: nineteen eighty-four, twenty nineteen, nineteen oh five."""
    first = int(pieces[place].value) if _kind(pieces, place) in ("teen", "ten") else 0
    if not 10 <= first <= 20 or pieces[place].closes:
        return None
    if _kind(pieces, place + 1) == "oh":
        second, stop = _small(pieces, place + 2)
        fits = 0 < second < 10 and first >= 16
    else:
        second, stop = _small(pieces, place + 1)
        fits = second >= 10 and (
            first >= 16 or (first >= 13 and second % 5 > 0) or (first < 13 and second >= 60 and second % 5 > 0)
        )
    after = _kind(pieces, stop)
    if not fits or (after in ("hundred", "scale", "decade", "parts", "o'clock") and not pieces[stop - 1].closes):
        return None
    return Amount("year", Decimal(100 * first + second), stop)


def _read_decade(pieces: _Pieces, place: int) -> Amount | None:
    """Read the nineties, nineteen nineties, nineteen hundreds, and the figures 1990s and '90s."""
    kind = _kind(pieces, place)
    if kind == "decade":
        return Amount("decade", Decimal(int(pieces[place].value)), place + 1)
    first = int(pieces[place].value) if kind in ("teen", "ten") else 0
    after = _kind(pieces, place + 1)
    if not 10 <= first <= 20 or after not in ("decade", "hundreds"):
        return None
    return Amount("decade", Decimal(100 * first) + pieces[place + 1].value % 100, place + 2)


def _read_fraction(pieces: _Pieces, place: int) -> Amount | None:
    """Read half, two thirds, a third of, 3/4, half a million; not three and a half."""
    start = place + (_kind(pieces, place) == "a")
    kind = _kind(pieces, start)
    value: Decimal | None = None
    stop = start + 1
    if kind == "half":
        value = Decimal("0.5")
    elif start > place and kind in ("quarter", "ordinal") and int(pieces[start].value) > 2:
        of = _kind(pieces, stop) == "of"
        magnitude = kind == "quarter" and _kind(pieces, stop) in ("scale", "unit")
        value = 1 / pieces[start].value if of or magnitude else None
    elif kind == "quarter" and _kind(pieces, stop) == "of" and _kind(pieces, stop + 1) == "a":
        value = Decimal("0.25")
    elif kind in ("unit", "teen", "figure") and start == place:
        over, under = int(pieces[place].value), int(pieces[stop].value) if stop < len(pieces) else 0
        after = _kind(pieces, stop)
        singular = over == 1 and after in ("ordinal", "quarter", "half")
        if (singular or after == "parts") and 0 < over < under and gcd(over, under) == 1 and not pieces[place].closes:
            if after == "ordinal" and under == 2:
                return None
            value, stop = Decimal(over) / under, stop + 1
        elif after == "slash" and _kind(pieces, stop + 1) == "figure":
            value, stop = read_fraction(pieces[place].value, pieces[stop + 1].value), stop + 2
    return _of_magnitude(pieces, value, stop) if value is not None else None


def _of_magnitude(pieces: _Pieces, value: Decimal, stop: int) -> Amount:
    """Continue a fraction by what it is of: half a million, a quarter of a million, half a dozen."""
    after = stop + (_kind(pieces, stop) == "of")
    after += _kind(pieces, after) == "a"
    scale = pieces[after].value if _kind(pieces, after) in ("scale", "dozen", "hundred") else Decimal(0)
    if scale == 100 and _kind(pieces, after + 1) == "scale":
        return Amount("count", value * 100 * pieces[after + 1].value, after + 2)
    if scale and (scale != 100 or after > stop) and not pieces[stop - 1].closes:
        return Amount("count", value * scale, after + 1)
    return Amount("count", value, stop)


def _read_count(pieces: _Pieces, place: int, joins: bool) -> Amount | None:
    """Read a count: twenty-five, 2.5 million, a hundred and two, two and a half, three point five, twelve dozen."""
    total, group, last, scale, stop = Decimal(0), None, "", Decimal(1), place
    while stop < len(pieces) and not (stop > place and pieces[stop - 1].closes and last != "scale"):
        kind, value = pieces[stop].kind, pieces[stop].value
        if kind == "a" and not last and _kind(pieces, stop + 1) in ("hundred", "scale", "dozen"):
            group = Decimal(1)
        elif kind == "and" and last in ("hundred", "scale") and joins and _joins(pieces, stop, last, scale):
            pass
        elif kind in _SMALL and (fits := _fits(int(value), last)):
            group, last = (group or Decimal(0)) + value, fits
        elif kind == "figure" and (not last or (last == "scale" and value < scale and _kind(pieces, stop + 1) == last)):
            group, last = value, "figure"
        elif kind == "hundred" and group is not None and last != "scale" and 0 < group < 100:
            group, last = group * 100, "hundred"
        elif kind == "scale" and group is not None and last != "scale" and (scale == 1 or value < scale):
            total, group, last, scale = total + group * value, Decimal(0), "scale", value
        elif kind == "dozen" and group is not None and last != "scale":
            return Amount("count", (total + group) * 12, stop + 1)
        elif kind == "ordinal" and (group is not None or not last) and _fits_ordinal(int(value), last):
            return Amount("ordinal", Decimal(int(total + (group or 0) + value)), stop + 1)
        elif kind == "ordinal scale" and group is not None and last != "scale" and _kind(pieces, place) != "figure":
            return Amount("ordinal", Decimal(int(total + group * value)), stop + 1)
        else:
            break
        stop += 1
    if group is None or not last:
        return _read_point(pieces, place, Decimal(0)) if _kind(pieces, place) == "point" else None
    return _complete_count(pieces, place, total + group, stop, scale, last)


def _complete_count(pieces: _Pieces, place: int, value: Decimal, stop: int, scale: Decimal, last: str) -> Amount:
    """Continue a count by its decimals or "and a half"; ``last`` is the kind of its last piece."""
    if pieces[stop - 1].closes:
        return _count(pieces, place, value, stop, scale)
    if _kind(pieces, stop) == "point":
        return _read_point(pieces, stop, value) or _count(pieces, place, value, stop, scale)
    return _read_and_half(pieces, stop, value, scale, last) or _count(pieces, place, value, stop, scale)


def _count(pieces: _Pieces, place: int, value: Decimal, stop: int, scale: Decimal) -> Amount:
    if pieces[stop - 1].kind != "scale" or any(piece.kind == "scale" for piece in pieces[place : stop - 1]):
        scale = Decimal(1)
    return Amount("count", value, stop, scale, pieces[place].written if stop == place + 1 else "")


def _fits(value: int, last: str) -> str:
    """Return the kind of a small number that may follow the kind ``last``; "" if it may not."""
    allowed = {"", "hundred", "scale"} | ({"ten"} if 0 < value < 10 else set())
    return ("ten" if value >= 20 else "unit") if last in allowed else ""


def _fits_ordinal(value: int, last: str) -> bool:
    return last in ("", "hundred", "scale") or (last == "ten" and value < 10)


def _joins(pieces: _Pieces, place: int, last: str, scale: Decimal) -> bool:
    """Whether "and" at this place is within a number: a hundred and two, not a hundred and two hundred."""
    small, stop = _small(pieces, place + 1)
    if last == "hundred" or not small:
        ordinal = _kind(pieces, place + 1) == "ordinal"
        return (ordinal or small > 0) and _kind(pieces, stop) != "hundred"
    rest = _read_count(pieces, place + 1, True)
    return rest is not None and rest.kind == "count" and rest.value < scale


def _read_point(pieces: _Pieces, place: int, whole: Decimal) -> Amount | None:
    """Read "point" and what follows, the digits of a decimal, or of a version: three point ten."""
    if _kind(pieces, place + 1) in ("teen", "ten"):
        number, stop = _small(pieces, place + 1)
        if whole != whole.to_integral_value():
            return None
        return Amount("version", Decimal(0), stop, written=f"{plain(whole)}.{number}")
    stop, digits = place + 1, ""
    while _kind(pieces, stop) in ("unit", "oh") and not (digits and pieces[stop - 1].closes):
        digits += str(pieces[stop].value)
        stop += 1
    if not digits:
        return None
    value = Decimal(f"{plain(whole)}.{digits}")
    if _kind(pieces, stop) == "scale" and not pieces[stop - 1].closes:
        scale = pieces[stop].value
        return Amount("count", value * scale, stop + 1, scale)
    return Amount("count", value, stop, written=f"{plain(whole)}.{digits}")


def _read_and_half(pieces: _Pieces, stop: int, value: Decimal, scale: Decimal, last: str) -> Amount | None:
    """Continue a count by "and a half", or in figures by 1/2: two and a half million, a million and a half."""
    more = Decimal(0)
    if _kind(pieces, stop) == "and" and value == value.to_integral_value():
        after = stop + 1
        with_a = _kind(pieces, after) == "a"
        kind = _kind(pieces, after + with_a)
        if kind in ("half", "quarter") or (with_a and kind == "ordinal" and pieces[after + 1].value != 2):
            more, after = 1 / pieces[after + with_a].value, after + with_a + 1
        elif _kind(pieces, after) == "unit" and _kind(pieces, after + 1) in ("parts", "quarter", "half"):
            more, after = pieces[after].value / pieces[after + 1].value, after + 2
    elif last == "figure" and _kind(pieces, stop) == "fraction":
        more, after = pieces[stop].value, stop + 1
    elif last == "figure" and [_kind(pieces, stop + n) for n in range(3)] == ["figure", "slash", "figure"]:
        more = read_fraction(pieces[stop].value, pieces[stop + 2].value) or Decimal(0)
        after = stop + 3
    if not more or more >= 1:
        return None
    value += more * (scale if last == "scale" else 1)
    if _kind(pieces, after) == "scale" and last != "scale" and not pieces[after - 1].closes:
        scale = pieces[after].value
        return Amount("count", value * scale, after + 1, scale)
    return Amount("count", value, after, scale)


def spell_number(value: int) -> list[str]:
    """Return the words of a whole number below 10^15: 25000 is twenty five thousand."""
    for name, scale in reversed(SCALES.items()):
        if value >= scale:
            return [*spell_number(value // scale), name, *(spell_number(value % scale) if value % scale else ())]
    if value >= 100:
        return [*spell_number(value // 100), "hundred", *(spell_number(value % 100) if value % 100 else ())]
    if value >= 20:
        return [TENS[value // 10 - 2], *([UNITS[value % 10]] if value % 10 else [])]
    return [[*UNITS, *TEENS][value]]


def spell_ordinal(value: int) -> list[str]:
    """Return the words of an ordinal: twenty first."""
    words = spell_number(value)
    last = value % 100 if value % 100 < 20 else value % 10
    tens = f"{words[-1][:-1]}ieth" if words[-1] in TENS else f"{words[-1]}th"
    return [*words[:-1], _ORDINALS[last - 1] if last else tens]
