"""Read numbers, in figures and in words, as (kind, value), for search, locating and verdicts alike.

Two numbers are the same if kind and value are equal: 25 and twenty-five are a count, 4-5 is a range, 80/20 a ratio,
1.0 a version.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from index.language.tokens import tokenize

NumberKind = Literal[
    "count", "money", "percent", "ordinal", "ratio", "range", "year", "decade", "time of day", "version", "digit string"
]

Value = Decimal | int | str | tuple["Value", ...]


@dataclass(frozen=True, slots=True)
class Number:
    """A number: its kind, and its value in the kind's own terms.

    count and percent: a Decimal. money: (Decimal, currency). ordinal, year: an int. decade: its first year, or 90 for a
    decade of an unnamed century. ratio and range: an ordered pair. time of day: minutes since midnight, and whether the
    half of the day is known. version: a tuple of ints. digit string: its digits.
    """

    kind: NumberKind
    value: Value

    @property
    def key(self) -> str:
        """A canonical text of kind and value, equal for equal numbers alone; the term in the index."""
        return f"{self.kind}:{_canonical(self.value)}"


@dataclass(frozen=True, slots=True)
class NumberReading:
    """A number and its place: the tokens ``first`` to ``last``, inclusive, as tokenize_words counts them."""

    number: Number
    first: int
    last: int


def read_numbers(texts: Sequence[str], language: str | None) -> list[NumberReading]:
    """Return the numbers in a run of words (as in a transcript, or ``text.split()``), in order, without overlap."""
    del language
    found: list[NumberReading] = []
    place = 0
    for text in texts:
        length = len(tokenize(text))
        if _COUNT.fullmatch(text.strip(" .,;:!?")):
            value = Decimal(text.strip(" .,;:!?").replace(",", ""))
            found.append(NumberReading(Number("count", value), place, place + length - 1))
        place += length
    return found


_COUNT = re.compile(r"\d{1,3}(?:,\d{3})+|\d{1,15}")


def _canonical(value: Value) -> str:
    if isinstance(value, tuple):
        return "/".join(map(_canonical, value))
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)
