"""Numbers as values: their kind and value, their place in a text, and the parts in which they are said."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

NumberKind = Literal[
    "count", "money", "percent", "ordinal", "ratio", "range", "year", "decade", "time of day", "version", "digit string"
]

Value = Decimal | int | str | tuple["Value", ...]


@dataclass(frozen=True, slots=True)
class Number:
    """A number: its kind, and its value in the kind's own terms.

    count and percent: a Decimal. money: (Decimal, currency). ordinal, year: an int. decade: its first year, or 90 for a
    decade of an unnamed century. time of day: minutes since midnight, and 1 if the half of the day is known, else 0.
    version: a tuple of ints. digit string: its digits. ratio and range: an ordered pair of Decimals, of times of day,
    or of (Decimal or int, unit), where the unit is a currency, "percent" or "ordinal".
    """

    kind: NumberKind
    value: Value

    @property
    def key(self) -> str:
        """A canonical text of kind and value, equal for equal numbers alone; the term in the index."""
        return f"{self.kind}:{_canonical(self.value)}"


JOINER = "joined:"
"""Begins the key of the part between the two numbers of a range or ratio."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a number, as said: an amount, a unit, or what joins two amounts; tokens ``first`` to ``last``.

    Two numbers are equal exactly if the keys of their parts are equal, in order. A quotation may end within a number:
    "forty thousand" of "forty thousand dollars". ``also``: keys of amounts that are equal by the table of crossings.
    """

    key: str
    first: int
    last: int
    also: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class NumberReading:
    """A number and its place: the tokens ``first`` to ``last``, inclusive, as tokenize_words counts them."""

    number: Number
    first: int
    last: int
    parts: tuple[Part, ...] = ()


def plain(value: Decimal) -> str:
    """Return a Decimal in figures, without an exponent and without zeros at the end of its fraction."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _canonical(value: Value) -> str:
    if isinstance(value, tuple):
        return "/".join(f"({_canonical(part)})" if isinstance(part, tuple) else _canonical(part) for part in value)
    return plain(value) if isinstance(value, Decimal) else str(value)
