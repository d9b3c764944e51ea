"""The alignment against an exhaustive reference, and words that are the same in another spelling."""

from __future__ import annotations

import tracemalloc
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from index.verification.alignment import (
    BRACKETED_WORD,
    MARKED_GAP_OPEN,
    OMITTED_WORD,
    Alignment,
    AlignmentCosts,
    align,
    align_all,
    compute_costs,
    fill_tables,
    trace,
)
from index.verification.costs import GAP_OPEN, substitution_costs
from index.verification.quoted_words import read_quotation
from index.verification.word_forms import REPEAT_REACH, read_forms, repeated_starts

WORDS = "we never went home to the um boat boats 25 twenty five don't do not taint atthe"
SPOKEN = st.lists(st.sampled_from(WORDS.split()), min_size=1, max_size=7).map(" ".join)
QUOTED = st.lists(st.sampled_from([*WORDS.split(), "...", "[it]", "b***"]), min_size=1, max_size=6).map(" ".join)


def costs_of(quoted: str, said: str) -> AlignmentCosts:
    return compute_costs(read_quotation(quoted, "en"), read_forms(said.split(), "en"))


def reference_cost(costs: AlignmentCosts) -> float:
    """Return the least cost by exhaustive recursion, without dynamic programming tables."""
    rows, columns = costs.substitution.shape

    @cache
    def rest(row: int, column: int, inserting: bool, deleted: bool) -> float:
        """Return the least cost of the quoted forms from ``row`` on, with speech aligned up to ``column``."""
        if row == rows:
            return np.inf if deleted else 0.0
        opened = 0.0 if inserting else costs.insertion_open[row]
        ways = [opened + costs.insertion[row] + rest(row + 1, column, True, False)]
        if column < columns:
            ways.append(costs.substitution[row, column] + rest(row + 1, column + 1, False, False))
        ways += [
            extra + rest(row + length, column + spoken, False, False)
            for (first, length, begin, spoken), extra in costs.joins.items()
            if (first, begin) == (row, column)
        ]
        if row and not deleted:
            for end in range(column + 1, columns + 1):
                words = end - column
                cost = {
                    "none": GAP_OPEN + costs.deletion[column:end].sum(),
                    "omission": MARKED_GAP_OPEN + OMITTED_WORD * words,
                    "insertion": MARKED_GAP_OPEN + BRACKETED_WORD * words,
                }[costs.gaps[row]]
                ways.append(cost + rest(row, end, False, True))
        return float(min(ways))

    return min(rest(0, column, False, False) for column in range(columns + 1))


def cost_of(alignment: Alignment, costs: AlignmentCosts) -> float:
    """Add up the costs of the steps of an alignment."""
    cost, inserting = 0.0, False
    for step in alignment.steps:
        length, words = step.stop - step.first, step.end - step.begin
        if length == 0:
            cost += {
                "none": GAP_OPEN + costs.deletion[step.begin : step.end].sum(),
                "omission": MARKED_GAP_OPEN + OMITTED_WORD * words,
                "insertion": MARKED_GAP_OPEN + BRACKETED_WORD * words,
            }[costs.gaps[step.first]]
        elif words == 0:
            cost += costs.insertion[step.first] + (0.0 if inserting else costs.insertion_open[step.first])
        else:
            join = (step.first, length, step.begin, words)
            cost += costs.joins.get(join, costs.substitution[step.first, step.begin])
        inserting = length > 0 and words == 0
    return float(cost)


@given(QUOTED, SPOKEN)
@settings(max_examples=120)
def test_the_cost_is_the_least_there_is_and_the_steps_add_up_to_it(quoted: str, said: str) -> None:
    costs = costs_of(quoted, said)
    assume(costs.insertion.size)
    alignment = align(costs)
    assert alignment.cost == pytest.approx(reference_cost(costs))
    assert cost_of(alignment, costs) == pytest.approx(alignment.cost)


@given(QUOTED, SPOKEN)
@settings(max_examples=60)
def test_every_end_can_be_traced_and_the_steps_cover_the_quotation_in_order(quoted: str, said: str) -> None:
    costs = costs_of(quoted, said)
    assume(costs.insertion.size)
    tables = fill_tables(costs)
    for end in range(tables.best.shape[1]):
        steps = trace(tables, end).steps
        assert [form for step in steps for form in range(step.first, step.stop)] == list(range(len(costs.insertion)))
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
        ("the No. 1 song", "the number one song"),
        ("we walked towards St. Louis", "we walked toward Saint Louis"),
        ("Gen. Ortiz and Sen. Cole of Dale Co.", "General Ortiz and Senator Cole of Dale Company"),
        ("on Jan. 5 it weighed 10 kg", "on January 5th it weighed ten kilos"),
        ("we're goin' home", "we are going home"),
    ],
)
def test_the_same_words_in_other_letters_cost_nothing(quoted: str, said: str) -> None:
    assert align(costs_of(quoted, said)).cost == 0
    assert align(costs_of(said, quoted)).cost == 0


@pytest.mark.parametrize(
    ("quoted", "said"),
    [
        ("twenty-five", "26"), ("five million", "five billion"), ("we were", "we are"),
        ("the first", "the second"), ("hell yes", "he'll yes"),
        ("Gen Z", "General Z"), ("the co-founder", "the company founder"), ("no 1", "number 1"),
    ],
)  # fmt: skip
def test_other_words_cost_something(quoted: str, said: str) -> None:
    assert align(costs_of(quoted, said)).cost > 0


@pytest.mark.parametrize(
    ("mask", "word"), [("s***", "shit"), ("f------", "fucking"), ("f**king", "fucking"), ("s—", "shit")]
)
def test_a_masked_word_is_any_that_its_letters_fit(mask: str, word: str) -> None:
    assert align(costs_of(f"it was {mask}, man", f"it was {word} man")).cost == 0
    assert align(costs_of(f"it was {mask}, man", "it was lovely man")).cost > 0.1


def test_fillers_and_repeated_starts_are_cheaper_to_skip_than_words() -> None:
    clean = align(costs_of("we went home", "we, um, we went, you know, home")).cost
    assert 0 < clean < align(costs_of("we went home", "we soon went straight home")).cost


def test_dots_leave_out_any_number_of_words_for_nearly_nothing() -> None:
    assert align(costs_of("we went ... home", f"we went {'along the road ' * 20} home")).cost < 0.2


def test_brackets_stand_for_anything_or_nothing() -> None:
    assert align(costs_of("the [Rust] set was cold", "the set was cold")).cost == 0
    assert align(costs_of("the [Rust] set was cold", "the movie set was cold")).cost < 0.2
    assert align(costs_of("[T]he set was cold", "the set was cold")).cost == 0


@given(quoted=QUOTED, said=SPOKEN)
@settings(max_examples=40)
def test_all_alignments_are_apart_and_end_however_many_are_asked_for(quoted: str, said: str) -> None:
    tables = fill_tables(costs_of(quoted, said))
    found = align_all(tables, float("inf"), 10**12)
    assert 1 <= len(found) <= len(tables.ends)
    spoken = sorted((one.begin, one.end) for one in found if one.begin < one.end)
    assert all(before[1] <= after[0] for before, after in pairwise(spoken))


@given(quoted=QUOTED, said=SPOKEN, most=st.floats(0, 3))
@settings(max_examples=40)
def test_a_most_cost_leaves_out_exactly_the_alignments_that_cost_more(quoted: str, said: str, most: float) -> None:
    tables = fill_tables(costs_of(quoted, said))
    every = align_all(tables, float("inf"), 10**12)
    assert align_all(tables, most, 10**12) == [one for one in every if one.cost <= most]


@given(quoted=QUOTED, said=st.tuples(SPOKEN, SPOKEN))
@settings(max_examples=40)
def test_the_costs_of_a_substitution_do_not_depend_on_what_else_was_said(quoted: str, said: tuple[str, str]) -> None:
    quotation = read_quotation(quoted, "en").forms.forms
    one, other = (read_forms(text.split(), "en").forms for text in said)
    both = np.hstack([substitution_costs(quotation, one), substitution_costs(quotation, other)])
    np.testing.assert_array_equal(substitution_costs(quotation, (*one, *other)), both)


@given(said=SPOKEN.map(str.split), begin=st.integers(0, 7), end=st.integers(0, 7))
@settings(max_examples=80)
def test_a_part_of_speech_has_the_repeated_starts_of_the_whole(said: list[str], begin: int, end: int) -> None:
    forms = read_forms(said * 2, "en")
    first = max(0, begin - REPEAT_REACH)
    repeated = repeated_starts(forms.part(first, end + REPEAT_REACH))
    assert repeated[begin - first : max(begin, end) - first] == repeated_starts(forms)[begin:end]


@pytest.mark.parametrize("letter", ["9", "a"])
def test_the_memory_for_one_very_long_word_is_linear(letter: str) -> None:
    def peak(length: int) -> int:
        quoted, speech = read_quotation(letter * length, "en"), read_forms([letter * length, "more"], "en")
        tracemalloc.start()
        compute_costs(quoted, speech)
        taken = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return taken

    peak(50)  # imports and caches
    assert peak(8000) <= 6 * max(peak(2000), 20_000)
