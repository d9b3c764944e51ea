"""Numbers are read as kind and value, and two that differ are never equal."""

from __future__ import annotations

from decimal import Decimal

import pytest

from index.language.numbers import Number, NumberKind, Value, read_numbers

READ: list[tuple[str, NumberKind, Value]] = [
    ("4-5", "range", (Decimal(4), Decimal(5))),
    ("four to five", "range", (Decimal(4), Decimal(5))),
    ("80/20", "ratio", (Decimal(80), Decimal(20))),
    ("2,025", "count", Decimal(2025)),
    ("two point five million", "count", Decimal(2_500_000)),
    ("$1.2 million", "money", (Decimal(1_200_000), "dollars")),
    ("fifty percent", "percent", Decimal(50)),
    ("half", "count", Decimal("0.5")),
    ("twenty-first", "ordinal", 21),
    ("nineteen eighty-four", "year", 1984),
    ("nineteen nineties", "decade", 1990),
    ("'90s", "decade", 90),
    ("8 a.m.", "time of day", (480, 1)),
    ("half past eight", "time of day", (510, 0)),
    ("1.0", "version", (1, 0)),
    ("three point ten", "version", (3, 10)),
    ("five five five one two three four", "digit string", "5551234"),
]


@pytest.mark.parametrize(("text", "kind", "value"), READ)
def test_a_number_is_read_as_kind_and_value(text: str, kind: NumberKind, value: Value) -> None:
    (reading,) = read_numbers(text.split(), "en")
    assert reading.number == Number(kind, value)


@pytest.mark.parametrize(
    "text", ["F-16", "MP3", "COVID-19", "B2B", "x86", "2024-07-12", "one", "a few hundred", "7/12/24"]
)
def test_what_is_no_number_is_not_read(text: str) -> None:
    assert read_numbers(text.split(), "en") == []
