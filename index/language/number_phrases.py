"""Compose amounts to numbers: with a currency, percent or half of the day, and in pairs, 4-5 and 80/20."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from index.language.number_figures import Piece
from index.language.number_kinds import Number, NumberReading, Part, Value, equal_by_table
from index.language.number_words import Amount, read_amount

HALF_DAY = 720
_YEARS = range(1000, 2100)
"""Figures of four digits that may be a year."""
_PAIRED = frozenset({"count", "ordinal", "year", "clock"})
_SAID_AS_RATIO = frozenset({(24, 7), (9, 11)})
"""Ratios that are said without a word between: twenty-four seven. Two counts that make a hundred are one too."""
_UNIT_OF_TIME_BEFORE = frozenset({"unit", "a", "half"})


@dataclass(frozen=True, slots=True)
class _Measure:
    """An amount with its unit: percent, a currency, am or pm; ``base`` and ``unit`` are the tokens of each."""

    amount: Amount
    unit: str
    base: tuple[int, int]
    unit_place: tuple[int, int]
    stop: int

    @property
    def last(self) -> int:
        return max(self.base[1], self.unit_place[1])


def read_run(pieces: Sequence[Piece]) -> list[NumberReading]:
    """Return the numbers in a run of pieces that follow each other, in order, without overlap."""
    found: list[NumberReading] = []
    place = 0
    while place < len(pieces):
        read = _read_number(pieces, place)
        if read is None:
            place += 1
        else:
            reading, place = read
            found.append(reading)
    return found


def _read_number(pieces: Sequence[Piece], place: int) -> tuple[NumberReading, int] | None:
    """Return the number that begins at this piece, and the piece after it."""
    between = place > 0 and pieces[place - 1].kind == "between"
    for joins in (True, False) if between else (True,):
        one = _read_measure(pieces, place, joins)
        if one is None:
            return None
        paired = _read_pair(pieces, one, between)
        if paired:
            return paired
    one = _read_measure(pieces, place, True)
    return (_single(one), one.stop) if one and not _is_pronoun(pieces, place, one) else None


def _is_pronoun(pieces: Sequence[Piece], place: int, one: _Measure) -> bool:
    """Whether this is "one" alone, which is rather a pronoun."""
    return one.stop == place + 1 and not one.unit and pieces[place].kind == "unit" and one.amount.value == 1


def _read_measure(pieces: Sequence[Piece], place: int, joins: bool) -> _Measure | None:
    """Read a sign, an amount and a unit: $5 million, fifty percent, 8:30 pm, minus five."""
    start, sign, negative = place, "", False
    if pieces[start].kind == "minus":
        counted = place > 0 and pieces[place - 1].kind in ("unit", "teen", "ten", "figure", "hundred", "scale")
        if counted or start + 1 == len(pieces) or pieces[start].closes:
            return None
        start, negative = start + 1, True
    if pieces[start].kind == "sign":
        start, sign = start + 1, str(pieces[start].value)
    amount = read_amount(pieces, start, joins) if start < len(pieces) else None
    if amount is None or (negative and amount.kind != "count"):
        return None
    if _is_unit_of_time(pieces, start, amount):
        return None
    if negative:
        amount = replace(amount, value=-Decimal(amount.value), written="")  # type: ignore[arg-type]
    base = pieces[place].first, max(piece.last for piece in pieces[start : amount.stop])
    one = _Measure(amount, "", base, (base[1], base[1]), amount.stop)
    one = replace(one, unit=sign, unit_place=base) if sign else _read_unit(pieces, one)
    return one if not one.unit or one.amount.kind in ("count", "clock", "year") else None


def _is_unit_of_time(pieces: Sequence[Piece], place: int, amount: Amount) -> bool:
    """Whether this "second" is a unit of time: a second, one second."""
    if amount.kind != "ordinal" or amount.stop != place + 1 or pieces[place].written or amount.value != 2:
        return False
    return place > 0 and pieces[place - 1].kind in _UNIT_OF_TIME_BEFORE and not pieces[place - 1].closes


def _read_unit(pieces: Sequence[Piece], one: _Measure) -> _Measure:
    stop, amount = one.stop, one.amount
    after = pieces[stop] if stop < len(pieces) and not pieces[stop - 1].closes else None
    if after is None or amount.kind not in ("count", "clock", "year"):
        return one
    if after.kind == "per" and stop + 1 < len(pieces) and pieces[stop + 1].kind == "cents" and amount.kind == "count":
        return replace(one, unit="percent", unit_place=(after.first, pieces[stop + 1].last), stop=stop + 2)
    place = after.first, after.last
    if after.kind == "half of day":
        if amount.kind == "count" and amount.value in range(1, 13):
            amount = Amount("clock", 60 * int(amount.value), stop)  # type: ignore[arg-type]
        if amount.kind == "clock" and int(amount.value) <= 13 * 60 - 1:  # type: ignore[arg-type]
            return replace(one, amount=amount, unit=str(after.value), unit_place=place, stop=stop + 1)
        return one
    if after.kind == "o'clock" and amount.kind == "clock":
        return _read_unit(pieces, replace(one, base=(one.base[0], after.last), stop=stop + 1))
    if amount.kind == "clock":
        return one
    if after.kind == "measure":
        money = replace(one, unit=str(after.value), unit_place=place, stop=stop + 1)
        return _with_cents(pieces, money) if after.value == "dollars" else money
    if after.kind == "cents" and amount.kind == "count":
        value = Decimal(amount.value) / 100  # type: ignore[arg-type]
        return replace(one, amount=replace(amount, value=value), unit="dollars", unit_place=place, stop=stop + 1)
    return one


def _with_cents(pieces: Sequence[Piece], money: _Measure) -> _Measure:
    """Continue dollars by cents: five dollars and fifty cents."""
    place = money.stop + (money.stop < len(pieces) and pieces[money.stop].kind == "and")
    if place >= len(pieces) or pieces[money.stop - 1].closes or money.amount.value != int(Decimal(money.amount.value)):  # type: ignore[arg-type]
        return money
    cents = read_amount(pieces, place)
    if cents is None or cents.kind != "count" or not 0 < Decimal(cents.value) < 100:  # type: ignore[arg-type]
        return money
    if cents.stop >= len(pieces) or pieces[cents.stop].kind != "cents":
        return money
    value = Decimal(money.amount.value) + Decimal(cents.value) / 100  # type: ignore[arg-type]
    last = pieces[cents.stop]
    whole = money.base[0], last.last
    return replace(money, amount=replace(money.amount, value=value), base=whole, unit_place=whole, stop=cents.stop + 1)


def _read_pair(pieces: Sequence[Piece], one: _Measure, between: bool) -> tuple[NumberReading, int] | None:
    """Return a range or a ratio that begins with this amount: 4-5, four to five, 80/20, fifty-fifty."""
    if one.amount.kind not in _PAIRED or one.stop >= len(pieces) or pieces[one.stop - 1].closes:
        return None
    joiner = pieces[one.stop]
    glued = joiner.glued and joiner.kind not in ("to", "slash")
    word = joiner.kind in ("to", "dash") or joiner.kind == "slash" or (joiner.kind == "and" and between)
    start = one.stop if glued else one.stop + 1
    if not (word or glued) or start >= len(pieces) or (pieces[start].kind in ("a", "to", "and") and not between):
        return _read_said_ratio(pieces, one)
    other = _read_measure(pieces, start, True)
    if other is None or other.amount.kind not in _PAIRED:
        return None
    matched = _share_unit(one, other)
    if matched is None:
        return None
    first, second, unit = matched
    middle = (joiner.first, joiner.last) if word and joiner.kind in ("to", "and") else (other.base[0], other.base[0])
    return _pair(first, second, unit, joiner.kind == "slash", middle)


def _read_said_ratio(pieces: Sequence[Piece], one: _Measure) -> tuple[NumberReading, int] | None:
    """Return a ratio of which the two sides are said one after the other: eighty twenty, twenty-four seven."""
    if one.unit or one.amount.kind != "count" or pieces[one.stop].kind not in ("unit", "teen", "ten"):
        return None
    other = _read_measure(pieces, one.stop, True)
    if other is None or other.unit or other.amount.kind != "count":
        return None
    sides = one.amount.value, other.amount.value
    hundred = Decimal(sides[0]) + Decimal(sides[1]) == 100  # type: ignore[arg-type]
    if not (hundred or sides in _SAID_AS_RATIO):
        return None
    return _pair(one, other, "", True, (other.base[0], other.base[0]))


def _share_unit(one: _Measure, other: _Measure) -> tuple[_Measure, _Measure, str] | None:
    """Return both amounts in the unit that they share: 5-10%, $5-10, two to three million, 8 to 9 a.m."""
    kinds = {one.amount.kind, other.amount.kind}
    if "clock" in kinds:
        return _share_half_of_day(one, other)
    if "ordinal" in kinds:
        return (one, other, "ordinal") if len(kinds) == 1 else None
    if one.unit and other.unit and one.unit != other.unit:
        return None
    if one.unit == "percent" and not other.unit:
        return None
    if one.unit and not other.unit and one.unit_place != one.base:
        return None  # five dollars to ten
    left, right = Decimal(one.amount.value), Decimal(other.amount.value)  # type: ignore[arg-type]
    century = left - left % 100
    if len(one.amount.written) == 4 and left in _YEARS and len(other.amount.written) == 2 and right > left % 100:
        other = replace(other, amount=replace(other.amount, value=century + right))  # 1990-95
    if other.amount.scale > 1 == one.amount.scale and 0 < left < right / other.amount.scale:
        one = replace(one, amount=replace(one.amount, value=left * other.amount.scale))
    return one, other, one.unit or other.unit


def _share_half_of_day(one: _Measure, other: _Measure) -> tuple[_Measure, _Measure, str] | None:
    times = []
    for side in (one, other):
        if side.amount.kind == "count" and side.amount.value in range(1, 13) and side.amount.written:
            side = replace(side, amount=replace(side.amount, kind="clock", value=60 * int(side.amount.value)))  # type: ignore[arg-type]
        if side.amount.kind != "clock":
            return None
        times.append(side)
    first, second = times
    if second.unit and not first.unit:
        same = int(first.amount.value) % HALF_DAY < int(second.amount.value) % HALF_DAY  # type: ignore[arg-type]
        first = replace(first, unit=second.unit if same else {"am": "pm", "pm": "am"}[second.unit])
    elif first.unit and not second.unit:
        return None
    return first, second, "time"


def _pair(one: _Measure, other: _Measure, unit: str, ratio: bool, middle: tuple[int, int]) -> tuple[NumberReading, int]:
    """Return a range where the second amount is more, else a ratio; with a slash always a ratio."""
    values = [_value_of(side, unit) for side in (one, other)]
    order = [value[0] if isinstance(value, tuple) else value for value in values]
    kind: str = "ratio" if ratio or not order[0] < order[1] else "range"  # type: ignore[operator]
    parts = [*_base_parts(one)]
    if unit != "time" or one.unit == other.unit:
        parts = parts[:1]
    joined = "to" if kind == "range" else "ratio"
    parts += [Part(f"joined:{joined}", *middle), *_base_parts(other)]
    if unit not in ("time", "ordinal", "") and len(parts) == 3:
        parts.append(Part(f"unit:{unit}", *one.unit_place))
    value: Value = (values[0], values[1])
    return NumberReading(Number(kind, value), one.base[0], other.last, tuple(parts)), other.stop  # type: ignore[arg-type]


def _value_of(side: _Measure, unit: str) -> Value:
    if unit == "time":
        return _minutes(side)
    value = side.amount.value
    if unit == "ordinal":
        return int(value), unit  # type: ignore[arg-type]
    return (Decimal(value), unit) if unit else Decimal(value)  # type: ignore[arg-type]


def _minutes(side: _Measure) -> tuple[int, int]:
    """Return the minutes since midnight, and 1 if the half of the day is known, else 0."""
    minutes = int(side.amount.value)  # type: ignore[arg-type]
    if side.unit:
        return minutes % HALF_DAY + HALF_DAY * (side.unit == "pm"), 1
    return minutes, int(minutes >= 13 * 60 or minutes < 60)


def _single(one: _Measure) -> NumberReading:
    """Return the number of an amount alone."""
    kind, value = one.amount.kind, one.amount.value
    number: Number
    if one.unit == "percent":
        number = Number("percent", Decimal(value))  # type: ignore[arg-type]
    elif kind == "clock":
        number = Number("time of day", _minutes(one))
    elif one.unit:
        number = Number("money", (Decimal(value), one.unit))  # type: ignore[arg-type]
    elif kind == "ratio":
        over, under = value  # type: ignore[misc, str-unpack]
        number = Number("ratio", (Decimal(over), Decimal(under)))
    elif kind == "count":
        number = _count_or_year(one.amount)
    else:
        number = Number(kind, value)  # type: ignore[arg-type]
    return NumberReading(number, one.base[0], one.last, tuple(_parts(one, number)))


def _count_or_year(amount: Amount) -> Number:
    written = amount.written
    if written.isdigit() and len(written) == 4 and int(written) in _YEARS:
        return Number("year", int(written))
    whole, point, fraction = written.partition(".")
    if point and (fraction == "0" or (len(fraction) == 2 and fraction[1] == "0")):
        return Number("version", (int(whole), int(fraction)))  # nobody says "one point zero" of a count
    return Number("count", Decimal(amount.value))  # type: ignore[arg-type]


def _parts(one: _Measure, number: Number) -> list[Part]:
    if number.kind == "digit string":
        return [Part(number.key, *one.base, equal_by_table(number))]
    if number.kind == "ratio":
        over, under = number.value  # type: ignore[misc, str-unpack]
        return [
            Part(f"count:{over}", one.base[0], one.base[0]), Part("joined:ratio", one.base[1], one.base[1]),
            Part(f"count:{under}", one.base[1], one.base[1]),
        ]  # fmt: skip
    if number.kind in ("money", "percent", "time of day"):
        return _base_parts(one)
    return [Part(number.key, *one.base, equal_by_table(number))]


def _base_parts(side: _Measure) -> list[Part]:
    """Return the parts of an amount with its unit; a time of day by the clock of twelve hours, then am or pm."""
    if side.amount.kind == "clock":
        minutes, known = _minutes(side)
        half = ("pm" if minutes >= HALF_DAY else "am") if known else ""
        parts = [Part(f"time of day:{minutes % HALF_DAY}", *side.base)]
        return [*parts, Part(f"unit:{half}", *side.unit_place)] if half else parts
    kind = "ordinal" if side.amount.kind == "ordinal" else "count"
    parts = [Part(Number(kind, Decimal(side.amount.value)).key, *side.base)]  # type: ignore[arg-type]
    return [*parts, Part(f"unit:{side.unit}", *side.unit_place)] if side.unit and side.unit_place else parts
