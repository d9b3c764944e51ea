"""Numbers with all their English writings: the oracle for the reading of numbers, for tests and the bench.

It shares no code with index/language: it goes the other way, from a kind and value to texts. `draw_number` draws a
number, `writings` gives every way to write it, and `cross` says which numbers of other kinds are equal to it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate
from random import Random
from typing import Any

SMALL_TEXT = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen"""
TENS_TEXT = "twenty thirty forty fifty sixty seventy eighty ninety"
SMALL, TENS = SMALL_TEXT.split(), TENS_TEXT.split()
ENDINGS = {"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
           "twelve": "twelfth"}  # fmt: skip
MAGNITUDES = {"trillion": 10**12, "billion": 10**9, "million": 10**6, "thousand": 10**3}
LETTERS = {"thousand": ("K", "k"), "million": ("M",), "billion": ("B", "bn"), "trillion": ("T", "tn")}
SIGNS = {"dollars": "$", "euros": "€", "pounds": "£"}


@dataclass(frozen=True)
class Drawn:
    """A number as kind and value, in the terms of index.language.numbers.number_kinds.Number."""

    kind: str
    value: Any


_SIGNS_OF_FRACTIONS = {"1/2": "½", "1/4": "¼", "3/4": "¾", "1/3": "⅓", "2/3": "⅔"}


def spell(number: int, hyphen: str = "-", joiner: str = " ") -> str:
    """Return a whole number in words; ``joiner`` stands after a hundred, " " or " and "."""
    for name, size in MAGNITUDES.items():
        if number >= size:
            rest = number % size
            after = joiner if rest < 100 else " "
            return f"{spell(number // size, hyphen, joiner)} {name}" + (
                after + spell(rest, hyphen, joiner) if rest else ""
            )
    if number >= 100:
        rest = number % 100
        return f"{SMALL[number // 100]} hundred" + (joiner + spell(rest, hyphen) if rest else "")
    if number >= 20:
        return TENS[number // 10 - 2] + (hyphen + SMALL[number % 10] if number % 10 else "")
    return SMALL[number]


def spell_ordinal(number: int, hyphen: str = "-") -> str:
    """Return an ordinal in words."""
    words = spell(number, hyphen)
    last = words.replace("-", " ").split()[-1]
    ending = ENDINGS.get(last) or (f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th")
    return words[: len(words) - len(last)] + ending


def write_count(value: Decimal | Fraction) -> list[str]:
    """Return every writing of a count that is not a year."""
    exact = Fraction(value)
    if exact < 0:
        figures = [text for text in write_count(-exact) if text[0].isdigit()]
        words = [text for text in write_count(-exact) if text[0].isalpha() and not text.startswith(("a ", "half"))]
        return [sign + text for text in figures for sign in "-−"] + [
            f"{sign} {text}" for text in words for sign in ("minus", "negative")
        ]
    texts: list[str] = []
    whole = exact.numerator // exact.denominator
    rest = exact - whole
    if not rest:
        texts += [f"{whole:,}"] + ([str(whole)] if not 1000 <= whole < 2100 else [])
        if whole != 1:
            texts += {spell(whole, hyphen, joiner): None for hyphen in "- " for joiner in (" ", " and ")}
        if whole >= 100 and str(whole)[0] == "1" and spell(whole).startswith("one "):
            texts += ["a " + text.removeprefix("one ") for text in texts if text.startswith("one ")]
        if 1100 <= whole < 10_000 and whole % 100 == 0 and whole % 1000:
            texts.append(f"{spell(whole // 100)} hundred")
        if whole % 12 == 0 and 12 <= whole <= 120:
            texts.append(f"{spell(whole // 12) if whole > 12 else 'a'} dozen")
    elif decimal := _decimal(exact):
        texts += [decimal, spell_decimal(decimal)]
    texts += write_fraction(whole, rest)
    for name, size in MAGNITUDES.items():
        share = exact / size
        if share < 1000 and share >= 1 and (short := _decimal(share)) and len(short) <= 5:
            texts += [
                f"{short} {name}",
                f"{spell_decimal(short)} {name}",
                *(short + letter for letter in LETTERS[name]),
            ]
            if share.denominator == 2 and share > 1:
                texts.append(f"{spell(int(share))} and a half {name}")
        if share == Fraction(1, 2):
            texts += [f"half a {name}", f"a half {name}"]
        if share == Fraction(3, 2):
            texts += [f"a {name} and a half", f"one {name} and a half"]
    return texts


def write_fraction(whole: int, rest: Fraction) -> list[str]:
    """Return the writings of a whole number and a fraction of halves, thirds or quarters."""
    names = {2: "half", 3: "third", 4: "quarter"}
    if not rest or rest.denominator not in names:
        return []
    name, over = names[rest.denominator], rest.numerator
    sign = {Fraction(1, 2): "½", Fraction(1, 4): "¼", Fraction(3, 4): "¾", Fraction(1, 3): "⅓", Fraction(2, 3): "⅔"}[
        rest
    ]
    if whole:
        said = f"a {name}" if over == 1 else f"{spell(over)} {name}s"
        return [f"{whole} {rest}", f"{whole}{sign}"] + ([f"{spell(whole)} and {said}"] if whole < 1000 else [])
    noun = name if over == 1 else f"{name}s"
    bare = ["half"] if name == "half" else []
    return [str(rest), sign, f"{spell(over)} {noun}", f"{spell(over)}-{noun}", *bare]


def spell_decimal(text: str) -> str:
    """Return a decimal as it is said: three point one four."""
    whole, _, digits = text.partition(".")
    return spell(int(whole)) + (" point " + " ".join(SMALL[int(digit)] for digit in digits) if digits else "")


def _decimal(value: Fraction) -> str:
    """Return a value in figures with at most four decimals; "" if it has more."""
    scaled = value * 10**4
    if scaled.denominator != 1:
        return ""
    text = f"{scaled.numerator // 10**4}.{scaled.numerator % 10**4:04}"
    return text.rstrip("0").rstrip(".")


def write_money(value: tuple[Decimal, str]) -> list[str]:
    amount, currency = value
    counts = write_count(amount)
    sign = SIGNS[currency]
    plain = [text for text in counts if not any(mark in text for mark in "½¼¾/")]
    texts = [f"{text} {currency}" for text in plain] + [f"{sign}{text}" for text in plain if text[0].isdigit()]
    if amount == int(amount) and amount < 1000:
        texts.append(f"{sign}{int(amount)}.00")
    cents = int(amount * 100) % 100
    if currency == "dollars" and amount * 100 == int(amount * 100) and cents:
        texts += [f"${amount:.2f}"]
        texts += (
            [f"{spell(int(amount))} dollars and {spell(cents)} cents"]
            if amount >= 1
            else [f"{cents} cents", f"{cents}¢"]
        )
    return texts


def write_percent(value: Decimal) -> list[str]:
    counts = [text for text in write_count(value) if not any(mark in text for mark in "½¼¾/")]
    return [f"{text}{unit}" for text in counts for unit in (" percent", " per cent")] + [
        f"{text}{unit}" for text in counts if text[-1].isdigit() for unit in ("%", " %")
    ]


def write_ordinal(value: int) -> list[str]:
    ending = "th" if value // 10 % 10 == 1 else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return [f"{value}{ending}", spell_ordinal(value), spell_ordinal(value, " ")]


def write_ratio(value: tuple[Decimal, Decimal]) -> list[str]:
    one, other = map(int, value)
    texts = [f"{one}/{other}"]
    if one >= other:
        texts += [f"{one} to {other}", f"{one}-{other}", f"{spell(one)} to {spell(other)}"]
    if one + other == 100:
        texts += [f"{spell(one)} {spell(other)}"]
    if (one, other) == (50, 50):
        texts += ["fifty-fifty"]
    return texts


def write_range(value: tuple[Any, Any]) -> list[str]:
    one, other = value
    if not isinstance(one, tuple):
        return _write_count_range(int(one), int(other))
    if one[1] == "percent":
        first, second = int(one[0]), int(other[0])
        said = [f"{spell(first)} to {spell(second)} percent"] if _is_clear(first, second) else []
        return [*said, f"{first}-{second}%", f"{first}–{second} percent", f"{first}% to {second}%",
                f"between {first} and {second} percent"]  # fmt: skip
    if one[1] in SIGNS:
        first, second, sign = int(one[0]), int(other[0]), SIGNS[one[1]]
        said = [f"{spell(first)} to {spell(second)} {one[1]}"] if _is_clear(first, second) else []
        return [*said, f"{sign}{first:,}-{second:,}", f"{sign}{first:,}–{sign}{second:,}",
                f"{sign}{first:,} to {sign}{second:,}",
                f"between {sign}{first:,} and {sign}{second:,}"]  # fmt: skip
    texts = [f"{first} to {second}" for first in write_time(one)[:2] for second in write_time(other)[:2]]
    half = "pm" if one[0] >= 720 else "am"
    if (
        one[1]
        and (one[0] >= 720) == (other[0] >= 720)
        and one[0] % 60 == other[0] % 60 == 0
        and other[0] % 720 > one[0] % 720
    ):
        texts += [f"{_hour(one[0])}-{_hour(other[0])}{half}", f"{_hour(one[0])} to {_hour(other[0])} {half}"]
    return texts


def _is_clear(first: int, second: int) -> bool:
    """Whether the words of a range are of these numbers alone: "two to three thousand" may be from 2000."""
    return second % 1000 > 0 or first >= 1000


def _write_count_range(first: int, second: int) -> list[str]:
    texts = [f"{first:,} to {second:,}", f"between {first:,} and {second:,}"]
    if _is_clear(first, second):
        texts += [f"{spell(first)} to {spell(second)}", f"from {spell(first)} to {spell(second)}"]
    if (len(str(first)), len(str(second))) != (3, 4):
        texts += [f"{first:,}-{second:,}", f"{first:,}–{second:,}"]
    if second >= 10**6 and first % 10**6 == second % 10**6 == 0:
        texts += [f"{first // 10**6} to {second // 10**6} million", f"{first // 10**6}-{second // 10**6} million"]
    return texts


def write_year(value: int) -> list[str]:
    first, second = divmod(value, 100)
    texts = [str(value)]
    if 16 <= first <= 20 and second >= 10:
        texts += [f"{spell(first)} {spell(second, hyphen)}" for hyphen in "- "]
    if 16 <= first <= 20 and 0 < second < 10:
        texts += [f"{spell(first)} oh {spell(second)}"]
    return texts


def write_decade(value: int) -> list[str]:
    tens = value % 100
    word = f"{spell(tens)[:-1]}ies" if tens >= 20 else ""
    if value < 100:
        return [f"{value}s", f"'{value}s", f"’{value}s", word]
    return [f"{value}s", f"{value}'s"] + ([f"{spell(value // 100)} {word}"] if word else [])


def write_time(value: tuple[int, int]) -> list[str]:
    minutes, known = value
    hour, minute = _hour(minutes), minutes % 60
    halves = ("am", " a.m.", " AM", " am") if minutes < 720 else ("pm", " p.m.", " PM", " pm")
    if known:
        texts = [f"{hour}:{minute:02}{half}" for half in halves]
        texts += [f"{hour}{half}" for half in halves if not minute]
        texts += [f"{spell(hour)} a.m." if minutes < 720 else f"{spell(hour)} p.m."] if not minute else []
        texts += [f"{spell(hour)} {spell(minute)}{halves[1]}"] if minute >= 10 else []
        return texts + ([f"{minutes // 60}:{minute:02}"] if minutes >= 780 else [])
    texts = [f"{hour}:{minute:02}"]
    if minute == 0:
        texts += [f"{spell(hour)} o'clock", f"{hour} o'clock"]
    if minute == 30:
        texts += [f"half past {spell(hour)}", f"{spell(hour)} thirty"]
    if minute == 15:
        texts += [f"quarter past {spell(hour)}", f"a quarter past {hour}"]
    if minute == 45 and hour < 12:
        texts += [f"quarter to {spell(hour + 1)}", f"{spell(hour)} forty-five"]
    return texts


def _hour(minutes: int) -> int:
    return minutes // 60 % 12 or 12


def write_version(value: tuple[int, ...]) -> list[str]:
    written = ".".join(map(str, value))
    texts = [f"v{written}", f"version {written}"]
    if len(value) > 2 or (len(value) == 2 and (value[1] == 0 or (value[1] >= 10 and value[1] % 10 == 0))):
        texts.append(written)
    if len(value) == 2 and value[0] < 100 and (value[1] == 0 or value[1] >= 10):
        texts.append(f"{spell(value[0])} point {spell(value[1]) if value[1] else 'oh'}")
    return texts


_GROUPED = {5: (5,), 7: (3, 4), 9: (3, 2, 4), 10: (3, 3, 4), 11: (1, 3, 3, 4), 16: (4, 4, 4, 4)}
"""How long numbers are written in groups: postal codes, telephones, social security, accounts."""


def write_digits(value: str) -> list[str]:
    """Return the writings of a digit string: one by one, with pauses, in groups of figures and in pairs."""
    texts = [_say_digits(value), _say_digits(value, repeats=True)]
    if value.strip("0") and (value[0] != "0" or len(value) >= 5):
        texts.append(_say_digits(value, zero="oh"))
    if value[0] == "0":
        texts.append(value)
    groups = _cut(value, _GROUPED.get(len(value), ()))
    counts_up = value in "0123456789"
    if len(value) in (7, 10) and not counts_up:
        texts += [", ".join(map(_say_digits, groups)), "... ".join(map(_say_digits, groups))]
        if not _rises_or_falls(value):
            texts.append(", ".join(map(_say_digits, value)))
        texts += _say_last_pairs(groups)
    if len(value) == 5 and not counts_up and value[0] != "0":
        texts.append(f"{_say_digits(value[:3], 'oh')}, {_say_digits(value[3:], 'oh')}")
    round_ones = len(value) == 7 and all(group.endswith("0") for group in groups)
    written = not round_ones and not any(1900 <= int(group or 0) < 2100 for group in groups)
    if len(value) in (7, 10, 11, 16) and written and not counts_up:
        texts += ["-".join(groups), " ".join(groups), ", ".join(groups)]
    if len(value) == 9:
        texts.append("-".join(groups))
    if len(value) == 10 and written:
        texts += [f"({groups[0]}) {groups[1]}-{groups[2]}", ".".join(groups), f"{groups[0]}-{groups[1]}-{groups[2]}"]
    if len(value) in (10, 11) and value[-10:-7] in ("800", "900"):
        first = "one " if len(value) == 11 else ""
        if value[:-10] in ("", "1"):
            texts.append(f"{first}{SMALL[int(value[-10])]} hundred, {_say_digits(value[-7:])}")
    return texts


def _say_digits(digits: str, zero: str = "zero", repeats: bool = False) -> str:
    """Return digits as they are said one by one; ``repeats``: two that are equal as "double five"."""
    said: list[str] = []
    place = 0
    while place < len(digits):
        word = zero if digits[place] == "0" else SMALL[int(digits[place])]
        twice = repeats and digits[place : place + 2] == digits[place] * 2
        said.append(f"double {word}" if twice else word)
        place += 1 + twice
    return " ".join(said)


def _say_last_pairs(groups: Sequence[str]) -> list[str]:
    """Return a telephone number of which the last four digits are said in two pairs: five five five twelve ten."""
    pairs = groups[-1][:2], groups[-1][2:]
    if any(pair[0] == "0" for pair in pairs) or 1900 <= int(groups[-1]) < 2100:
        return []
    return [" ".join([*map(_say_digits, groups[:-1]), *(spell(int(pair)) for pair in pairs)])]


def _cut(value: str, sizes: Sequence[int]) -> list[str]:
    """Return a text cut into parts of these sizes; one empty part if there are none."""
    ends = list(accumulate(sizes))
    return [value[end - size : end] for end, size in zip(ends, sizes, strict=True)] or [""]


def _rises_or_falls(value: str) -> bool:
    return list(value) in (sorted(value), sorted(value, reverse=True))


_WRITERS: dict[str, Callable[[Any], list[str]]] = {
    "count": write_count, "money": write_money, "percent": write_percent, "ordinal": write_ordinal,
    "ratio": write_ratio, "range": write_range, "year": write_year, "decade": write_decade,
    "time of day": write_time, "version": write_version, "digit string": write_digits,
}  # fmt: skip


KINDS = tuple(_WRITERS)


def writings(number: Drawn) -> list[str]:
    """Return every way to write a number, without doubles."""
    return list(dict.fromkeys(_WRITERS[number.kind](number.value)))


def draw_number(random: Random, kind: str | None = None) -> Drawn:
    """Draw a number, of a kind drawn too if none is given."""
    kind = kind or random.choice(KINDS)
    return Drawn(kind, _DRAWERS[kind](random))


def _draw_count(random: Random) -> Decimal:
    size = random.choice((10, 100, 1000, 10_000, 10**6, 10**9))
    value = Decimal(random.randint(2, size))
    match random.randint(0, 6):
        case 0:
            return value / 10 + Decimal("0.01") * random.randint(1, 9)
        case 1:
            return Decimal(random.choice((1, 2, 3))) / 4 + random.choice((0, 0, 1, 2, 7, 20))
        case 2:
            return Decimal(random.choice((5, 15, 20, 25, 40, 400))) * random.choice((10**5, 10**3, 10**8))
        case 3:
            return -value
    return value


def _draw_pair(random: Random) -> tuple[Decimal, Decimal]:
    most = random.choice((12, 100, 1000, 100_000))
    first, second = sorted(random.sample(range(2, most), 2))
    return Decimal(first), Decimal(second)


def _draw_range(random: Random) -> tuple[Any, Any]:
    first, second = _draw_pair(random)
    match random.randint(0, 5):
        case 0:
            return (first, "percent"), (second, "percent")
        case 1:
            currency = random.choice(list(SIGNS))
            return (first, currency), (second, currency)
        case 2:
            early, late = sorted(random.sample(range(1, 12), 2))
            return (60 * early, 1), (60 * late, 1)
        case 3:
            fewer, more = sorted(random.sample(range(2, 900), 2))
            return Decimal(10**6) * fewer, Decimal(10**6) * more
    return first, second


def _draw_ratio(random: Random) -> tuple[Decimal, Decimal]:
    if random.random() < 0.3:
        share = random.choice((50, 60, 70, 80, 90, 99))
        return Decimal(share), Decimal(100 - share)
    first, second = random.choice(((24, 7), (9, 11), (21, 14), (4, 1), (10, 3), (7, 1)))
    return Decimal(first), Decimal(second)


def _draw_time(random: Random) -> tuple[int, int]:
    known = random.randint(0, 1)
    minutes = 60 * random.randint(1, 23 if known else 12) + random.choice((0, 0, 15, 30, 45, random.randint(1, 59)))
    return minutes % 1440, known


def _draw_version(random: Random) -> tuple[int, ...]:
    return tuple(random.choice((0, 1, 2, 3, 10, 11, 14)) for _ in range(random.randint(1, 4)))


def _draw_digits(random: Random) -> str:
    length = random.choice((3, 4, 5, 6, 7, 7, 9, 10, 10, 11, 16))
    digits = "".join(random.choice("0123456789") for _ in range(length))
    if length in (10, 11) and random.random() < 0.3:
        digits = ("1" if length == 11 else "") + random.choice(("800", "900")) + digits[-7:]
    return digits if digits not in "0123456789" or length > 4 else "911"  # counting is not a number


_DRAWERS: dict[str, Callable[[Random], Any]] = {
    "count": _draw_count,
    "money": lambda random: (abs(_draw_count(random)).quantize(Decimal("0.01")), random.choice(list(SIGNS))),
    "percent": lambda random: abs(_draw_count(random)),
    "ordinal": lambda random: random.choice((random.randint(3, 31), random.randint(3, 1000))),
    "ratio": _draw_ratio,
    "range": _draw_range,
    "year": lambda random: random.choice((random.randint(1600, 2099), random.randint(1000, 2099))),
    "decade": lambda random: random.choice((0, 1700, 1800, 1900, 1900, 2000)) + 10 * random.randint(2, 9),
    "time of day": _draw_time,
    "version": _draw_version,
    "digit string": _draw_digits,
}


def cross(one: Drawn, other: Drawn) -> bool:
    """Whether two numbers of different kinds are equal by the table of crossings, be it only in some sentences."""
    kinds = {one.kind: one.value, other.kind: other.value}
    if kinds.keys() == {"digit string", "year"}:
        return bool(str(kinds["year"]) == kinds["digit string"])
    if "count" in kinds and len(kinds) == 2:
        count = kinds.pop("count")
        [(kind, value)] = kinds.items()
        if kind in ("year", "digit string"):
            return str(count) == str(value)
        if kind == "version":
            return len(value) <= 2 and str(count) == ".".join(map(str, value))
        return kind == "time of day" and value == (60 * count, 0)
    return False
