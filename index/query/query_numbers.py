"""Read the numbers among the words of a query, in each language of a library."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.language.capitals import tokenize_asked
from index.language.numbers.number_readings import NumberReading, read_numbers
from index.query.tree import Numeral, Part

_PUNCTUATION = " .,;:!?…\"'“”‘’()[]"
"""What may surround a number without being part of it."""


@dataclass(frozen=True, slots=True)
class PlacedPart:
    """A part of a query, and the words ``first`` to ``last``, inclusive, that hold it."""

    part: Part
    first: int
    last: int


def read_parts(
    texts: Sequence[str], languages: Iterable[str | None], *, exactly: bool = False
) -> list[list[PlacedPart]]:
    """Return the tokens and numbers of a run of words, once for each different way in which the languages read it.

    What one language reads as a number and the others as nothing is a number in every way: 1.500 has two readings,
    "twenty" in a library of several languages has one. With ``exactly``, as in quotation marks, digits said one by one
    ("nine one one") are also these words.
    """
    tokens, owners = tokenize_asked(texts)
    read = {language: read_numbers(texts, language) for language in languages}
    ways = [_combine([own, *read.values()]) for own in read.values()] or [()]
    if exactly:
        ways += [tuple(one for one in way if not _is_spelled_out(one, tokens)) for way in ways]
    return [_split(texts, tokens, owners, readings) for readings in dict.fromkeys(ways)]


def _combine(read: Iterable[Iterable[NumberReading]]) -> tuple[NumberReading, ...]:
    """Return the readings of the first language, and those of the others that overlap none before them."""
    taken: set[int] = set()
    kept: list[NumberReading] = []
    for reading in (one for readings in read for one in readings):
        tokens = range(reading.first, reading.last + 1)
        if taken.isdisjoint(tokens):
            taken.update(tokens)
            kept.append(reading)
    return tuple(sorted(kept, key=lambda reading: reading.first))


def _is_spelled_out(reading: NumberReading, tokens: Sequence[str]) -> bool:
    """Whether a number is digits said one by one; a part of them is worth finding, though it is another number."""
    said = tokens[reading.first : reading.last + 1]
    return reading.number.kind == "digit string" and not any(map(str.isdigit, "".join(said)))


def _split(
    texts: Sequence[str], tokens: Sequence[str], owners: Sequence[int], readings: Sequence[NumberReading]
) -> list[PlacedPart]:
    parts = [PlacedPart(token, owner, owner) for token, owner in zip(tokens, owners, strict=True)]
    for reading in reversed(readings):
        numeral = PlacedPart(_numeral(texts, tokens, owners, reading), owners[reading.first], owners[reading.last])
        parts[reading.first : reading.last + 1] = [numeral]
    return parts


def _numeral(texts: Sequence[str], tokens: Sequence[str], owners: Sequence[int], reading: NumberReading) -> Numeral:
    """Return a number with its text: whole words where it is no part of one, as 19 is in COVID-19."""
    first, last = reading.first, reading.last
    begins = first == 0 or owners[first - 1] != owners[first]
    ends = last == len(owners) - 1 or owners[last + 1] != owners[last]
    words = texts[owners[first] : owners[last] + 1] if begins and ends else tokens[first : last + 1]
    return Numeral(" ".join(words).strip(_PUNCTUATION), reading.number)
