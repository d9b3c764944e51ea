"""The alignment against a plain reference, and what it must make of words that are the same in other letters."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from index.verification.alignment import (
    INSERTED_WORD,
    MARKED_OPEN,
    OMITTED_WORD,
    Alignment,
    Prices,
    align,
    fill_tables,
    price,
    trace,
)
from index.verification.costs import OPEN
from index.verification.quoted_words import read_quotation
from index.verification.word_forms import read_forms

WORDS = "we never went home to the um boat boats 25 twenty five don't do not taint atthe"
SPOKEN = st.lists(st.sampled_from(WORDS.split()), min_size=1, max_size=7).map(" ".join)
QUOTED = st.lists(st.sampled_from([*WORDS.split(), "...", "[it]", "b***"]), min_size=1, max_size=6).map(" ".join)


def prices_of(quoted: str, said: str) -> Prices:
    return price(read_quotation(quoted, "en"), read_forms(said.split(), "en"))


def reference_cost(prices: Prices) -> float:
    """The least cost by trying every way, without a table that is filled in order."""
    rows, columns = prices.exchange.shape

    @cache
    def rest(row: int, column: int, dropping: bool, skipped: bool) -> float:
        """The least that quoted forms from ``row`` on cost, speech being read up to ``column``."""
        if row == rows:
            return np.inf if skipped else 0.0
        opened = 0.0 if dropping else prices.open[row]
        ways = [opened + prices.left_out[row] + rest(row + 1, column, True, False)]
        if column < columns:
            ways.append(prices.exchange[row, column] + rest(row + 1, column + 1, False, False))
        ways += [
            extra + rest(row + length, column + spoken, False, False)
            for (first, length, begin, spoken), extra in prices.joins.items()
            if (first, begin) == (row, column)
        ]
        if row and not skipped:
            for end in range(column + 1, columns + 1):
                words = end - column
                cost = {
                    "none": OPEN + prices.skipped[column:end].sum(),
                    "omission": MARKED_OPEN + OMITTED_WORD * words,
                    "insertion": MARKED_OPEN + INSERTED_WORD * words,
                }[prices.gaps[row]]
                ways.append(cost + rest(row, end, False, True))
        return float(min(ways))

    return min(rest(0, column, False, False) for column in range(columns + 1))


def cost_of(alignment: Alignment, prices: Prices) -> float:
    """What the steps of an alignment cost, added up one by one."""
    cost, dropping = 0.0, False
    for step in alignment.steps:
        length, words = step.stop - step.first, step.end - step.begin
        if length == 0:
            cost += {
                "none": OPEN + prices.skipped[step.begin : step.end].sum(),
                "omission": MARKED_OPEN + OMITTED_WORD * words,
                "insertion": MARKED_OPEN + INSERTED_WORD * words,
            }[prices.gaps[step.first]]
        elif words == 0:
            cost += prices.left_out[step.first] + (0.0 if dropping else prices.open[step.first])
        else:
            join = (step.first, length, step.begin, words)
            cost += prices.joins.get(join, prices.exchange[step.first, step.begin])
        dropping = length > 0 and words == 0
    return float(cost)


@given(QUOTED, SPOKEN)
@settings(max_examples=120)
def test_the_cost_is_the_least_there_is_and_the_steps_add_up_to_it(quoted: str, said: str) -> None:
    prices = prices_of(quoted, said)
    assume(prices.left_out.size)
    alignment = align(prices)
    assert alignment.cost == pytest.approx(reference_cost(prices))
    assert cost_of(alignment, prices) == pytest.approx(alignment.cost)


@given(QUOTED, SPOKEN)
@settings(max_examples=60)
def test_every_end_can_be_traced_and_the_steps_cover_the_quotation_in_order(quoted: str, said: str) -> None:
    prices = prices_of(quoted, said)
    assume(prices.left_out.size)
    tables = fill_tables(prices)
    for end in range(tables.best.shape[1]):
        steps = trace(tables, end).steps
        assert [form for step in steps for form in range(step.first, step.stop)] == list(range(len(prices.left_out)))
        assert all(before.end == after.begin for before, after in pairwise(steps))


@pytest.mark.parametrize(
    ("quoted", "said"),
    [
        ("It's twenty-five, isn't it?", "it is 25 is not it"),
        ("going to cost five million dollars", "Gonna cost $5 million"),
        ("in nineteen ninety-five", "in 1995"),
        ("in twenty nineteen", "in 2019"),
        ("the 1990s", "the nineteen nineties"),
        ("the first of a hundred and two", "the 1st of 102"),
        ("three point five percent", "3.5%"),
        ("the twenty-first century", "the 21st century"),
        ("ten thousand", "10,000"),
        ("a podcast", "a pod cast"),
        ("every day", "everyday"),
        ("the U.S. army", "the US army"),
        ("the café's colour", "the cafe's color"),
        ("they organised it", "They organized it."),
        ("I can not, I won't", "i cannot i will not"),
        ("he would've", "he'd have"),
        ("we're goin' home", "we are going home"),
    ],
)
def test_the_same_words_in_other_letters_cost_nothing(quoted: str, said: str) -> None:
    assert align(prices_of(quoted, said)).cost == 0
    assert align(prices_of(said, quoted)).cost == 0


@pytest.mark.parametrize(
    ("quoted", "said"),
    [
        ("twenty-five", "26"), ("five million", "five billion"), ("we were", "we are"),
        ("the first", "the second"), ("hell yes", "he'll yes"),
    ],
)  # fmt: skip
def test_other_words_cost_something(quoted: str, said: str) -> None:
    assert align(prices_of(quoted, said)).cost > 0


@pytest.mark.parametrize(
    ("mask", "word"), [("s***", "shit"), ("f------", "fucking"), ("f**king", "fucking"), ("s—", "shit")]
)
def test_a_masked_word_is_any_that_its_letters_fit(mask: str, word: str) -> None:
    assert align(prices_of(f"it was {mask}, man", f"it was {word} man")).cost == 0
    assert align(prices_of(f"it was {mask}, man", "it was lovely man")).cost > 0.1


def test_fillers_and_repeated_starts_are_cheaper_to_skip_than_words() -> None:
    clean = align(prices_of("we went home", "we, um, we went, you know, home")).cost
    assert 0 < clean < align(prices_of("we went home", "we soon went straight home")).cost


def test_dots_leave_out_any_number_of_words_for_nearly_nothing() -> None:
    assert align(prices_of("we went ... home", f"we went {'along the road ' * 20} home")).cost < 0.2


def test_brackets_stand_for_anything_or_nothing() -> None:
    assert align(prices_of("the [Rust] set was cold", "the set was cold")).cost == 0
    assert align(prices_of("the [Rust] set was cold", "the movie set was cold")).cost < 0.2
    assert align(prices_of("[T]he set was cold", "the set was cold")).cost == 0
