"""Split a transcript into overlapping passages, the unit of indexing and ranking."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from index.language.numbers.number_readings import Number, NumberReading, equal_by_table, read_numbers, with_units
from index.query.tree import Part

PASSAGE_TOKENS = 150
"""Length of a passage: about a minute of speech."""
OVERLAP_TOKENS = 30
"""Overlap of neighbouring passages: any phrase of up to this many tokens lies entirely in one of them."""
STEP_TOKENS = PASSAGE_TOKENS - OVERLAP_TOKENS
"""New tokens in each passage."""
WORDS_A_SECOND = 5
"""More than people speak."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Words ``first`` to ``last``, both included, of the transcript with the number ``transcript``: a range, not text.

    An episode that is transcribed again gets a new number, which is never reused: unlike the episode's id it identifies
    these words.
    """

    transcript: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class CutPassage:
    """A passage to be indexed: its first and last word, both included, its tokens with their words, and its numbers."""

    first: int
    last: int
    tokens: list[str]
    owners: list[int]
    numbers: list[NumberReading]


def cut_passages(
    tokens: Sequence[str], owners: Sequence[int], readings: Sequence[NumberReading] = ()
) -> Iterator[CutPassage]:
    """Yield the passages of a transcript's tokens (``owners``: each token's word number) and the numbers among them.

    Lengths count tokens, because a word may hold several or none; words at both ends are never split.
    """
    begins = [reading.first for reading in readings]
    start = 0
    while start < len(tokens):
        end = min(start + PASSAGE_TOKENS, len(tokens))
        first, last = owners[start], owners[end - 1]
        whole_start, whole_end = start, end
        while whole_start > 0 and owners[whole_start - 1] == first:
            whole_start -= 1
        while whole_end < len(tokens) and owners[whole_end] == last:
            whole_end += 1
        begun = readings[bisect_left(begins, whole_start) : bisect_left(begins, whole_end)]
        numbers = [
            NumberReading(reading.number, reading.first - whole_start, reading.last - whole_start)
            for reading in begun
            if reading.last < whole_end
        ]
        inside = slice(whole_start, whole_end)
        yield CutPassage(first, last, list(tokens[inside]), list(owners[inside]), numbers)
        if end == len(tokens):
            return
        start += STEP_TOKENS


def find_numbers(texts: Sequence[str], language: str | None) -> list[NumberReading]:
    """Return the numbers of a run of words that can be found: all but those said at unusual length."""
    read = read_numbers(texts, language)
    return [one for one in read if one.last - one.first < most_tokens(one.number)]


def keys_of(number: Number) -> frozenset[str]:
    """Return the keys by which a number is looked up: its own, and those of other kinds that equal it."""
    return frozenset({number.key}) | equal_by_table(number)


def asked_keys(number: Number) -> frozenset[str]:
    """Return the keys by which a search finds a number: those of the number, and without a unit also with each."""
    return keys_of(number) | with_units(number)


def number_grams(tokens: Sequence[str], numbers: Iterable[NumberReading]) -> list[str]:
    """Return the bigrams of each number's keys with the token before and the one after it.

    They stand for a number in a phrase: a key has a colon, which no token has.
    """
    return [
        gram
        for reading in numbers
        for key in keys_of(reading.number)
        for gram in (
            *(f"{token} {key}" for token in tokens[max(0, reading.first - 1) : reading.first]),
            *(f"{key} {token}" for token in tokens[reading.last + 1 : reading.last + 2]),
        )
    ]


def most_tokens(number: Number) -> int:
    """Return the most tokens in which a number is looked for, so that a phrase with it has a known length.

    Two for each digit and four for its unit, "and" and "point": "one hundred and twenty-five" has five.
    """
    return min(OVERLAP_TOKENS, 2 * sum(map(str.isdigit, number.key)) + 4)


def longest_run(parts: Sequence[Part]) -> int:
    """Return the most tokens that the parts of a phrase can have in a transcript."""
    return sum(1 if isinstance(part, str) else most_tokens(part.number) for part in parts)
