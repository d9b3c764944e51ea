"""Compose amounts to numbers: with a currency, percent or half of the day, and in pairs, 4-5 and 80/20."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from index.language.numbers.number_crossings import DOTTED_TIME, HALF_DAY, YEARS, equal_by_table, minutes_of
from index.language.numbers.number_figures import NUMBER_SIGN, Piece
from index.language.numbers.number_kinds import JOINER, Number, NumberReading, Part, Value
from index.language.numbers.number_words import Amount, read_amount

_PAIRED = frozenset({"count", "ordinal", "clock"})
_SAID_AS_RATIO = {Decimal(24): Decimal(7), Decimal(9): Decimal(11)}
"""Ratios that are said without a word between: twenty-four seven. Two counts that make a hundred are one too."""

_BEFORE_A_UNIT_OF_TIME = frozenset({"unit", "a", "half"})
_CALCULATED_WITH = frozenset({"unit", "teen", "ten", "figure", "hundred", "scale"})
_OTHER_HALF = {"am": "pm", "pm": "am"}

_Pieces = Sequence[Piece]
_Tokens = tuple[int, int]
_Read = tuple[NumberReading, int]
"""A number, and the piece after it."""


@dataclass(frozen=True, slots=True)
class _Measure:
    """An amount with its unit: percent, a currency, am or pm; ``base`` and ``unit_tokens`` are the tokens of each.

    ``divisor`` is 100 for cents, of which the amount is in dollars.
    """

    amount: Amount
    unit: str
    base: _Tokens
    unit_tokens: _Tokens
    stop: int
    divisor: int = 1

    @property
    def value(self) -> Decimal:
        return self.amount.value

    @property
    def last(self) -> int:
        return max(self.base[1], self.unit_tokens[1])

    def with_value(self, value: Decimal) -> _Measure:
        return replace(self, amount=replace(self.amount, value=value))


def read_run(pieces: _Pieces) -> list[NumberReading]:
    """Return the numbers in a run of pieces that follow each other, in order, without overlap."""
    found: list[NumberReading] = []
    place = 0
    while place < len(pieces):
        read = _read_number(pieces, place)
        if read is None:
            place += 1
        else:
            found.append(read[0])
            place = read[1]
    return found


def _read_number(pieces: _Pieces, place: int) -> _Read | None:
    """Return the number that begins at this piece, and the piece after it."""
    between = place > 0 and pieces[place - 1].kind == "between"
    one = _read_measure(pieces, place, joins=True)
    if one is None:
        return None
    pair = _read_pair(pieces, one, between)
    if pair is None and between and (first := _read_measure(pieces, place, joins=False)):
        pair = _read_pair(pieces, first, between)  # between a hundred and two hundred
    if pair or _is_pronoun(pieces, place, one):
        return pair
    return _single(one), one.stop


def _is_pronoun(pieces: _Pieces, place: int, one: _Measure) -> bool:
    """Whether this is "one" alone, which is rather a pronoun."""
    return one.stop == place + 1 and not one.unit and pieces[place].kind == "unit" and one.value == 1


def _read_measure(pieces: _Pieces, place: int, joins: bool) -> _Measure | None:
    """Read a sign, an amount and a unit: $5 million, fifty percent, 8:30 pm, minus five."""
    start, sign, negative = place, "", False
    if pieces[start].kind == "minus":
        calculated = place > 0 and pieces[place - 1].kind in _CALCULATED_WITH and not pieces[place - 1].closes
        if calculated or start + 1 == len(pieces) or pieces[start].closes:
            return None
        start, negative = start + 1, True
    if pieces[start].kind == "sign":
        start, sign = start + 1, pieces[start].written
    amount = read_amount(pieces, start, joins) if start < len(pieces) else None
    if amount is None or ((negative or sign) and amount.kind != "count") or _is_unit_of_time(pieces, start, amount):
        return None
    if negative:
        amount = replace(amount, value=-amount.value, written="")
    if pieces[start].kind == "version" and not pieces[start].written:
        place = start + 1  # the word stands for itself
    base = pieces[place].first, max(piece.last for piece in pieces[start : amount.stop])
    if sign:
        return _Measure(amount, sign, base, base, amount.stop)
    return _read_unit(pieces, _Measure(amount, "", base, (base[1], base[1]), amount.stop))


def _is_unit_of_time(pieces: _Pieces, place: int, amount: Amount) -> bool:
    """Whether this "second" is a unit of time: a second, one second."""
    if amount.kind != "ordinal" or amount.stop != place + 1 or pieces[place].written or amount.value != 2:
        return False
    return place > 0 and pieces[place - 1].kind in _BEFORE_A_UNIT_OF_TIME and not pieces[place - 1].closes


def _read_unit(pieces: _Pieces, one: _Measure) -> _Measure:
    """Continue an amount by the unit after it, if there is one."""
    amount, stop = one.amount, one.stop
    if stop == len(pieces) or pieces[stop - 1].closes or amount.kind not in ("count", "clock", "version"):
        return one
    after = pieces[stop]
    tokens = after.first, after.last
    if after.kind == "o'clock" and amount.kind == "clock":
        return _read_unit(pieces, replace(one, base=(one.base[0], after.last), stop=stop + 1))
    if after.kind == "half of day" and not _is_verb(pieces, stop):
        if amount.kind == "count" and amount.value in range(1, 13):
            amount = replace(amount, kind="clock", value=60 * amount.value)
        elif dotted := DOTTED_TIME.fullmatch(pieces[stop - 1].written):
            amount = replace(amount, kind="clock", value=Decimal(minutes_of(dotted)))
        if amount.kind == "clock" and amount.value < HALF_DAY + 60:
            return _Measure(amount, after.written, one.base, tokens, stop + 1)
    if amount.kind in ("clock", "version"):
        return one
    if after.kind == "per" and stop + 1 < len(pieces) and pieces[stop + 1].kind == "cents":
        return _Measure(amount, "percent", one.base, (after.first, pieces[stop + 1].last), stop + 2)
    if after.kind == "cents":
        return _Measure(replace(amount, value=amount.value / 100), after.written, one.base, tokens, stop + 1, 100)
    if after.kind != "measure":
        return one
    return _with_cents(pieces, _Measure(amount, after.written, one.base, tokens, stop + 1))


def _is_verb(pieces: _Pieces, place: int) -> bool:
    """Whether this is the verb of "which one am I"."""
    before, after = pieces[place - 1 : place + 1]
    return before.kind == "unit" and before.value == 1 and after.written == "am" and after.first == after.last


def _with_cents(pieces: _Pieces, money: _Measure) -> _Measure:
    """Continue dollars by cents: five dollars and fifty cents."""
    place = money.stop + (money.stop < len(pieces) and pieces[money.stop].kind == "and")
    if place >= len(pieces) or pieces[money.stop - 1].closes:
        return money
    cents = read_amount(pieces, place)
    if not (cents and cents.kind == "count" and 0 < cents.value < 100 and cents.stop < len(pieces)):
        return money
    sign = pieces[cents.stop]
    if sign.kind != "cents" or sign.written != money.unit or money.value % 1:
        return money
    amount = replace(money.amount, value=money.value + cents.value / 100)
    return _Measure(amount, money.unit, (money.base[0], sign.last), (sign.first, sign.last), cents.stop + 1)


def _read_pair(pieces: _Pieces, one: _Measure, between: bool) -> _Read | None:
    """Return a range or a ratio that begins with this amount: 4-5, four to five, 80/20, fifty-fifty."""
    if (
        one.amount.kind not in _PAIRED
        or one.unit == NUMBER_SIGN
        or one.stop == len(pieces)
        or pieces[one.stop - 1].closes
    ):
        return None
    joiner = pieces[one.stop]
    with_word = joiner.kind in ("to", "slash", "colon") or (joiner.kind == "and" and between)
    start = one.stop + with_word
    if not (with_word or joiner.glued):
        return _read_said_ratio(pieces, one)
    if start == len(pieces) or (with_word and joiner.closes):
        return None
    other = _read_measure(pieces, start, True)
    shared = _share_unit(one, other) if other and other.amount.kind in _PAIRED else None
    if shared is None:
        return None
    tokens = (joiner.first, joiner.last) if joiner.kind in ("to", "and") else (shared[1].base[0], shared[1].base[0])
    return _pair(*shared, joiner.kind in ("slash", "colon"), tokens)


def _read_said_ratio(pieces: _Pieces, one: _Measure) -> _Read | None:
    """Return a ratio of which the two sides are said one after the other: eighty twenty, twenty-four seven."""
    if one.unit or one.amount.kind != "count" or pieces[one.stop].kind not in ("unit", "teen", "ten"):
        return None
    other = _read_measure(pieces, one.stop, True)
    if other is None or other.unit or other.amount.kind != "count":
        return None
    if one.value + other.value != 100 and _SAID_AS_RATIO.get(one.value) != other.value:
        return None
    return _pair(one, other, True, (other.base[0], other.base[0]))


def _share_unit(one: _Measure, other: _Measure) -> tuple[_Measure, _Measure] | None:
    """Return both amounts in the unit that they share: 5-10%, $5-10, two to three million, 8 to 9 a.m."""
    if "clock" in (one.amount.kind, other.amount.kind):
        return _share_half_of_day(one, other)
    if one.amount.kind != other.amount.kind or (one.unit and other.unit and one.unit != other.unit):
        return None
    if one.unit and not other.unit:
        if one.unit_tokens != one.base:
            return None  # "five dollars to ten"; but $5-10
        other = replace(other, unit=one.unit, unit_tokens=other.base)
    if not one.unit:
        one = one.with_value(one.value / other.divisor)  # 3-5 cents
    left, right, scale = one.value, other.value, other.amount.scale
    if scale > 1 and one.amount.scale == 1 and 0 < left < right / scale:
        one = one.with_value(left * scale)
    if len(one.amount.written) == 4 and left in YEARS and len(other.amount.written) == 2 and right > left % 100:
        other = other.with_value(left - left % 100 + right)  # 1990-95
    return replace(one, unit=other.unit), other


def _share_half_of_day(one: _Measure, other: _Measure) -> tuple[_Measure, _Measure] | None:
    first, second = _as_clock(one), _as_clock(other)
    if first is None or second is None or (first.unit and not second.unit):
        return None
    if second.unit and not first.unit:
        same = first.value % HALF_DAY < second.value % HALF_DAY
        first = replace(first, unit=second.unit if same else _OTHER_HALF[second.unit])
    return first, second


def _as_clock(side: _Measure) -> _Measure | None:
    if side.amount.kind == "count" and side.value in range(1, 13) and not side.unit:
        return replace(side, amount=replace(side.amount, kind="clock", value=60 * side.value))
    return side if side.amount.kind == "clock" else None


def _pair(one: _Measure, other: _Measure, is_ratio: bool, joined: _Tokens) -> _Read:
    """Return a range if the second amount is more, else a ratio; with a slash always a ratio."""
    values = _value_of(one), _value_of(other)
    is_range = not is_ratio and _order_of(one) < _order_of(other)
    number = Number("range", values) if is_range else Number("ratio", values)
    parts = [*_parts_of(one), Part(JOINER + ("to" if is_range else "ratio"), *joined), *_parts_of(other)]
    if one.unit == other.unit != "":
        del parts[1]  # the unit is said once, at the end
    return NumberReading(number, one.base[0], other.last, tuple(parts)), other.stop


def _order_of(side: _Measure) -> Decimal:
    return Decimal(_minutes(side)[0]) if side.amount.kind == "clock" else side.value


def _value_of(side: _Measure) -> Value:
    """Return the value of one side of a pair."""
    if side.amount.kind == "clock":
        return _minutes(side)
    if side.amount.kind == "ordinal":
        return int(side.value), "ordinal"
    return (side.value, side.unit) if side.unit else side.value


def _minutes(side: _Measure) -> tuple[int, int]:
    """Return the minutes since midnight, and 1 if the half of the day is known, else 0."""
    minutes = int(side.value)
    if side.unit:
        return minutes % HALF_DAY + HALF_DAY * (side.unit == "pm"), 1
    return minutes, int(minutes >= HALF_DAY + 60 or minutes < 60)


def _single(one: _Measure) -> NumberReading:
    """Return the number of an amount alone."""
    number = _number_of(one)
    if number.kind in ("money", "percent", "time of day") or one.unit == NUMBER_SIGN:
        parts = _parts_of(one)
    elif number.kind == "digit string":
        parts = _digit_parts(one)
    else:
        parts = [Part(number.key, *one.base, equal_by_table(number))]
    if one.amount.kind == "version" and one.value:
        parts.insert(0, Part("version", one.base[0], one.base[0], frozenset({"v"})))
    return NumberReading(number, one.base[0], one.last, tuple(parts))


def _number_of(one: _Measure) -> Number:
    amount = one.amount
    match amount.kind:
        case "clock":
            return Number("time of day", _minutes(one))
        case "version":
            return Number("version", tuple(map(int, amount.written.split("."))))
        case "digit string":
            return Number("digit string", amount.written)
        case "ordinal" | "year" | "decade" as kind:
            return Number(kind, int(amount.value))
    if one.unit and one.unit != NUMBER_SIGN:
        return Number("percent", amount.value) if one.unit == "percent" else Number("money", (amount.value, one.unit))
    whole, point, fraction = amount.written.partition(".")
    if not point and len(whole) == 4 and amount.value in YEARS:
        return Number("year", int(whole))
    if fraction == "0" or (len(fraction) == 2 and fraction[1] == "0"):
        return Number("version", (int(whole), int(fraction)))  # nobody says "one point zero" of a count
    return Number("count", amount.value)


def _parts_of(side: _Measure) -> list[Part]:
    """Return the parts of an amount and its unit; of a time of day by the clock of twelve hours, then am or pm."""
    if side.amount.kind == "clock":
        minutes, known = _minutes(side)
        unit = ("pm" if minutes >= HALF_DAY else "am") if known else ""
        base = Part(f"time of day:{minutes % HALF_DAY}", *side.base)
    else:
        unit = side.unit
        base = Part(Number("ordinal" if side.amount.kind == "ordinal" else "count", side.value).key, *side.base)
    if unit == NUMBER_SIGN:
        return [Part("number", *side.base), base]
    return [base, Part(f"unit:{unit}", *side.unit_tokens)] if unit else [base]


def _digit_parts(one: _Measure) -> list[Part]:
    """Return a part for each digit, so that "one, two, three" is the same as "one two three"."""
    return [
        Part(f"digit:{digit}", *place, frozenset({f"count:{digit}"}))
        for digit, place in zip(one.amount.written, one.amount.places, strict=True)
    ]
