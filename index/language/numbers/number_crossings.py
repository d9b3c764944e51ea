"""Which numbers are equal though their kinds differ: the table of crossings, and nothing else.

docs/numbers.md has the same table; tests/test_index_numbers.py checks every row's examples.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from operator import attrgetter

from index.language.numbers.number_kinds import Number, NumberReading, Part

YEARS = range(1000, 2100)
"""Figures of four digits that are read as a year."""

DOTTED_TIME = re.compile(r"(0?[0-9]|1[0-9]|2[0-3])[./]([0-5][0-9]|0)")
"""11.30, and as the value of a key 11/30; 9.00 has the key version:9/0."""
HALF_DAY = 720
"""Minutes; a time of day is compared by the clock of twelve hours, with am or pm beside it."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """A row of the table: which kinds are equal, where, and an example of each side."""

    kinds: str
    where: str
    one: str
    other: str


CROSSINGS = (
    Crossing("year, count", "everywhere: 2019 in figures may be either", "in 2019", "in two thousand nineteen"),
    Crossing("digit string, count", "everywhere, unless it begins with zero", "call nine one one", "call 911"),
    Crossing("digit string, year", "everywhere: 1984 in figures may be either", "room one nine eight four",
             "room 1984"),
    Crossing("version, count", "a version of one or two numbers and the figure", "Python three point eleven",
             "Python 3.11"),
    Crossing("time of day, count", "a full hour and the bare number, if the sentence of either has am, pm, o'clock, "
             "in the morning (afternoon, evening), at night or another time of day",
             "between 8:00 and 9:00 in the morning", "between 8 and 9 in the morning"),
    Crossing("time of day, count or version",
             "hours and minutes with a point, if the sentence of the number has such a word", "at 11:15 at night",
             "at 11.15 at night"),
    Crossing("ordinal, count", "after the name of a month", "on July 12th", "on July 12"),
)  # fmt: skip

_MONTH_TEXT = "january february march april may june july august september october november december"
_MONTHS = frozenset(_MONTH_TEXT.split())
_HALVES = frozenset({"unit:am", "unit:pm"})
_PARTS_OF_DAY = {"morning": "the", "afternoon": "the", "evening": "the", "night": "at"}
_SENTENCE_END = re.compile(r"(?<![ap]\.m)[.!?…][\"'”’»)\]]*$", re.IGNORECASE)
_LONGEST_SENTENCE = 60
"""Words on either side in which a time of day is looked for."""
_FIRST = attrgetter("first")
UNITS = ("percent", "dollars", "euros", "pounds", "yen", "cents")
"""The units that a number without one finds: those of number_figures.py."""


def equal_by_table(number: Number) -> frozenset[str]:
    """Return the keys of the numbers of another kind that equal this one wherever they stand."""
    found: list[Number] = []
    if number.kind == "year" or (number.kind == "digit string" and str(number.value)[0] != "0"):
        found.append(Number("count", Decimal(str(number.value))))
        if number.kind == "digit string" and int(str(number.value)) in YEARS:
            found.append(Number("year", int(str(number.value))))
    elif number.kind == "version" and isinstance(number.value, tuple) and len(number.value) <= 2:
        written = ".".join(map(str, number.value))
        if len(number.value) == 1 or not written.endswith("0"):
            found.append(Number("count", Decimal(written)))
    return frozenset(one.key for one in found)


def equal_numbers(one: Number, other: Number) -> bool:
    """Whether two numbers are equal wherever they stand: by kind and value, or by the table."""
    return one == other or one.key in equal_by_table(other) or other.key in equal_by_table(one)


@lru_cache(maxsize=1000)
def with_units(number: Number) -> frozenset[str]:
    """Return the keys of the amounts that a number, range or ratio without a unit finds in a search.

    They are money, cents and percent: 40000 finds $40,000, 12 finds 12 %, 3-5 finds 3-5 cents.
    """
    if number.kind in ("range", "ratio") and isinstance(number.value, tuple):
        first, second = number.value
        if not (isinstance(first, Decimal) and isinstance(second, Decimal)):
            return frozenset()
        pairs = ((_in_unit(first, unit), _in_unit(second, unit)) for unit in UNITS)
        return frozenset(Number(number.kind, pair).key for pair in pairs)
    amount = _bare_amount(number)
    if amount is None:
        return frozenset()
    percent = Number("percent", amount).key
    return frozenset({percent, *(Number("money", _in_unit(amount, unit)).key for unit in UNITS if unit != "percent")})


def _bare_amount(number: Number) -> Decimal | None:
    """Return how much a number without a unit is; None for one that is no amount, such as a telephone number."""
    match number:
        case Number("count", Decimal() as amount):
            return amount
        case Number("year", int(year)):
            return Decimal(year)
        case Number("digit string", str(digits)) if digits[0] != "0":
            return Decimal(digits)
        case Number("version", (int(whole), int(fraction))):
            return Decimal(f"{whole}.{fraction}")
    return None


def _in_unit(amount: Decimal, unit: str) -> tuple[Decimal, str]:
    """Return an amount as a number in this unit has it: 5 cents are 0.05 dollars."""
    return (amount / 100, "dollars") if unit == "cents" else (amount, unit)


def answers(number: Number, asked: Number) -> bool:
    """Whether a number in a transcript is found by one that is asked for: it equals it, or is it with a unit.

    A search may find more than equals; no verdict is taken from this.
    """
    return equal_numbers(number, asked) or number.key in with_units(asked)


def parts_in_context(
    readings: Sequence[NumberReading], texts: Sequence[str], tokens: Sequence[str], owners: Sequence[int]
) -> list[list[Part]]:
    """Return the parts of each number, with the keys that they also equal in their sentences.

    ``tokens`` and ``owners`` are those of ``texts``, as tokenize_words gives them.
    """
    found: list[list[Part]] = []
    for reading in readings:
        parts = list(reading.parts)
        if _is_day(reading, tokens):
            parts[0] = replace(parts[0], also=parts[0].also | {_as_day(parts[0].key)})
        times = {place: key for place, part in enumerate(parts) if (key := _as_time(part.key))}
        if times and not _is_measured(parts) and _has_time(reading, readings, texts, tokens, owners):
            for place, key in times.items():
                parts[place] = replace(parts[place], also=parts[place].also | {key})
        found.append(parts)
    return found


def _is_measured(parts: Sequence[Part]) -> bool:
    return any(part.key.startswith("unit:") and part.key not in _HALVES for part in parts)


def _is_day(reading: NumberReading, tokens: Sequence[str]) -> bool:
    """Whether this is the day after the name of a month: July 12, July the twelfth."""
    before = tokens[max(0, reading.first - 2) : reading.first]
    month = before[-1:] if before[-1:] != ["the"] else before[:-1]
    return reading.number.kind in ("count", "ordinal") and len(reading.parts) == 1 and not _MONTHS.isdisjoint(month)


def _as_day(key: str) -> str:
    kind, _, value = key.partition(":")
    return f"{'ordinal' if kind == 'count' else 'count'}:{value}"


def _as_time(key: str) -> str:
    """Return the key of a bare number as a time of day, and of a full hour as a bare number; "" for others.

    11.30 is a version by its zero, and 11.15 a count.
    """
    kind, _, value = key.partition(":")
    if kind == "time of day":
        return f"count:{int(value) // 60 or 12}" if int(value) % 60 == 0 else ""
    if kind == "count" and value.isdigit() and 1 <= int(value) <= 12:
        return f"time of day:{60 * int(value) % HALF_DAY}"
    if kind in ("count", "version") and (written := DOTTED_TIME.fullmatch(value)):
        return f"time of day:{minutes_of(written) % HALF_DAY}"
    return ""


def minutes_of(written: re.Match[str]) -> int:
    """Return the minutes since midnight of a match of DOTTED_TIME."""
    hour, minute = map(int, written.groups())
    return 60 * hour + minute


def _has_time(
    reading: NumberReading,
    readings: Sequence[NumberReading],
    texts: Sequence[str],
    tokens: Sequence[str],
    owners: Sequence[int],
) -> bool:
    """Whether the sentence of this number says that a time of day is meant, by more than a bare 8:00 itself."""
    first, last = _sentence_of(reading, texts, owners)
    begun = readings[bisect_left(readings, first, key=_FIRST) : bisect_right(readings, last, key=_FIRST)]
    for other in begun:
        if other.last <= last and _is_time(other) and (other is not reading or _is_marked(other, tokens)):
            return True
    return any(_PARTS_OF_DAY.get(word) == before for before, word in pairwise(tokens[first : last + 1]))


def _sentence_of(reading: NumberReading, texts: Sequence[str], owners: Sequence[int]) -> tuple[int, int]:
    """Return the first and the last token of the sentence of a number, at most _LONGEST_SENTENCE words beside it."""
    first, last = owners[reading.first], owners[reading.last]
    least, most = max(0, first - _LONGEST_SENTENCE), min(len(texts) - 1, last + _LONGEST_SENTENCE)
    while first > least and not _SENTENCE_END.search(texts[first - 1].rstrip()):
        first -= 1
    while last < most and not _SENTENCE_END.search(texts[last].rstrip()):
        last += 1
    return bisect_left(owners, first), bisect_right(owners, last) - 1


def _is_time(reading: NumberReading) -> bool:
    return any(part.key.startswith("time of day:") for part in reading.parts)


def _is_marked(reading: NumberReading, tokens: Sequence[str]) -> bool:
    """Whether a time of day itself has am, pm, o'clock, or two times."""
    times = sum(part.key.startswith("time of day:") for part in reading.parts)
    said = any(token in ("o'clock", "oclock") for token in tokens[reading.first : reading.last + 1])
    return said or times > 1 or any(part.key in _HALVES for part in reading.parts)
