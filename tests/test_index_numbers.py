"""Numbers are read as kind and value: every writing of one gives just it, and two that differ are never equal."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from generated_docs import ROOT
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from libraries import make_library, make_transcript
from number_writings import KINDS, Drawn, cross, draw_number, writings
from quoting import OTHER, verify

from index.language.numbers.number_crossings import CROSSINGS, Crossing
from index.language.numbers.number_languages import LANGUAGES
from index.language.numbers.number_readings import (
    LONGEST_RUN,
    Number,
    NumberKind,
    NumberReading,
    Value,
    equal_numbers,
    other_writings,
    read_numbers,
)
from index.language.tokens import tokenize, tokenize_words
from index.verification.alignment import align, complete_edges, compute_costs
from index.verification.edits import Difference, make_edits
from index.verification.judging import MARKED
from index.verification.quoted_words import read_quotation
from index.verification.word_forms import read_forms

CARRIERS = ["they said {} yesterday", "{} was said there", "she wrote down {}.", "so, {}, then", "then “{}” again"]
AROUND = ["they said {} yesterday", "so, {}, then", "then “{}” again"]
"""Carriers that go on after a number: a quotation may end before its unit, "ten" of "ten dollars"."""
DRAWN = st.tuples(st.sampled_from(KINDS), st.randoms(use_true_random=False)).map(lambda it: draw_number(it[1], it[0]))
WORDS = """a and to of the half one two five twenty hundred thousand million point oh percent dollars 4-5 80/20 $5 25
    1,100 2019 nineteen 8:30 a.m. o'clock first 21st second quarter past, between from ten. minus -5 "45" p .m. versus
    word"""


def read(text: str) -> list[NumberReading]:
    return read_numbers(text.split(), "en")


def differences(said: str, quoted: str, language: str = "en") -> set[Difference | None]:
    """Return the differences of a quotation from what was said."""
    quotation, speech = read_quotation(quoted, language), read_forms(said.split(), language)
    alignment = complete_edges(align(compute_costs(quotation, speech)), speech)
    return {edit.difference for edit in make_edits(alignment, quotation, speech)}


def make_runs(sizes: list[int]) -> list[str]:
    """Return runs of number words of these sizes, with another word after each."""
    return [word for size in sizes for word in [*(["five", "twenty"] * size)[:size], "the"]]


def key_of(number: Drawn) -> str:
    return Number(number.kind, number.value).key  # type: ignore[arg-type]


@given(DRAWN, st.sampled_from(CARRIERS))
@settings(max_examples=300)
def test_every_writing_of_a_number_is_read_as_just_it(number: Drawn, carrier: str) -> None:
    for text in writings(number):
        (reading,) = read(carrier.format(text))
        assert reading.number.key == key_of(number), text


@given(DRAWN, st.sampled_from(CARRIERS), st.randoms(use_true_random=False))
@settings(max_examples=150)
def test_a_quotation_with_another_writing_of_a_number_is_verbatim(number: Drawn, carrier: str, random: Random) -> None:
    said, quoted = (carrier.format(random.choice(writings(number))) for _ in range(2))
    added = [set(re.findall(r"\b(?:between|from|version|v(?=\d))", text)) for text in (said, quoted)]
    one_has_more = added[0] != added[1]
    assert differences(said, quoted) <= ({*MARKED, "small word"} if one_has_more else MARKED), (said, quoted)


@given(DRAWN, DRAWN, st.sampled_from(AROUND), st.randoms(use_true_random=False))
@settings(max_examples=300)
def test_a_quotation_with_another_number_is_neither_verbatim_nor_cleaned(
    one: Drawn, other: Drawn, carrier: str, random: Random
) -> None:
    assume(key_of(one) != key_of(other) and not cross(one, other))
    said, quoted = (carrier.format(random.choice(writings(number))) for number in (one, other))
    assert "number" in differences(said, quoted), (said, quoted)


@pytest.mark.parametrize(
    ("said", "quoted"),
    [
        ("it is between eight and nine hours", "it is between eight"),
        ("I get 4-5 hours", "I get 4"),
        ("80/20 it is", "20 it is"),
        ("so call nine one one five", "so call 911"),
        ("five five five, oh one two three is mine", "0123 is mine"),
    ],
)
def test_part_of_a_number_is_another_one(said: str, quoted: str) -> None:
    assert "number" in differences(said, quoted)


@given(DRAWN, DRAWN)
@settings(max_examples=300)
def test_numbers_are_equal_exactly_by_kind_and_value_or_by_the_table(one: Drawn, other: Drawn) -> None:
    first, second = (Number(number.kind, number.value) for number in (one, other))  # type: ignore[arg-type]
    same = one.kind == other.kind and one.value == other.value
    assert (first.key == second.key) == same
    assert equal_numbers(first, second) == equal_numbers(second, first)
    assert same <= equal_numbers(first, second) <= (same or cross(one, other))


@given(DRAWN)
def test_a_number_equals_the_count_that_its_kind_is_equal_to_everywhere(number: Drawn) -> None:
    said = Number(number.kind, number.value)  # type: ignore[arg-type]
    written = ".".join(map(str, number.value)) if number.kind == "version" else str(number.value)
    if re.fullmatch(r"[1-9][0-9]*|[0-9]+[.][0-9]*[1-9]", written):
        is_equal = number.kind in ("count", "year", "digit string", "version")
        assert equal_numbers(said, Number("count", Decimal(written))) == is_equal


@given(DRAWN.filter(lambda number: number.kind in ("ordinal", "year", "range", "ratio")))
def test_the_tokens_of_every_writing_of_a_number_lead_to_every_other(number: Drawn) -> None:
    for text in writings(number):
        (reading,) = read(text)
        found = {*tokenize(text), *(token for part in reading.parts for token in other_writings(part.key))}
        assert all(found.intersection(tokenize(other)) for other in writings(number)), text


@given(
    st.lists(st.sampled_from(WORDS.split()), max_size=200)
    | st.lists(st.integers(1, 2 * LONGEST_RUN), min_size=1, max_size=4).map(make_runs),
    st.data(),
)
def test_a_window_with_its_margin_is_read_as_within_the_whole(words: list[str], data: st.DataObject) -> None:
    first = data.draw(st.integers(0, max(0, len(words) - 1)))
    last = data.draw(st.integers(first, max(first, len(words) - 1)))
    begin = max(0, first - LONGEST_RUN)

    def inside(texts: list[str], start: int) -> list[tuple[Number, int, int]]:
        """The numbers of ``texts``, from word ``start``, that touch the window, counted from its first token."""
        before = len(tokenize_words(texts[: first - start])[0])
        end = before + len(tokenize_words(words[first : last + 1])[0])
        return [
            (one.number, one.first - before, one.last - before)
            for one in read_numbers(texts, "en")
            if before <= one.last and one.first < end
        ]

    assert inside(words[begin : last + 1 + LONGEST_RUN], begin) == inside(words, 0)


READ: list[tuple[str, NumberKind, Value]] = [
    ("4-5", "range", (Decimal(4), Decimal(5))),
    ("80/20", "ratio", (Decimal(80), Decimal(20))),
    ("21-14", "ratio", (Decimal(21), Decimal(14))),
    ("9/11", "ratio", (Decimal(9), Decimal(11))),
    ("1990-95", "range", (Decimal(1990), Decimal(1995))),
    ("two to three million", "range", (Decimal(2_000_000), Decimal(3_000_000))),
    ("at 11.30 p.m.", "time of day", (1410, 1)),
    ("9.05 AM", "time of day", (545, 1)),
    ("11 to 1 p.m.", "range", ((660, 1), (780, 1))),
    ("4K", "count", Decimal(4000)),
    ("20-year-old", "count", Decimal(20)),
    ("mid-1990s", "decade", 1990),
    ("#1", "count", Decimal(1)),
    ("a third of", "count", Decimal(1) / 3),
    ("five million, two hundred thousand", "count", Decimal(5_200_000)),
    ("5-5-5", "digit string", "555"),
    ("five five five, oh one two three", "digit string", "5550123"),
    ("555, 0123", "digit string", "5550123"),
    ("one two three four five six", "digit string", "123456"),
    ("1 (800) 555-0123", "digit string", "18005550123"),
    ("five, five, five, oh, one, two, three", "digit string", "5550123"),
    ("020 7946 0958", "digit string", "02079460958"),
    ("90210-1234", "digit string", "902101234"),
]


@pytest.mark.parametrize(("text", "kind", "value"), READ)
def test_a_number_is_read_as_kind_and_value(text: str, kind: NumberKind, value: Value) -> None:
    (reading,) = read(text)
    assert reading.number == Number(kind, value)


@pytest.mark.parametrize(
    "texts",
    [[" 4", "-5"], [" $40", ",000"], [" 80", "/20"], [" 2", ".5", " million"], [" 50", "%"], [" 50", " %"],
     [" 8", ":30", " p", ".m."], [" 1990", "-95"]],
)  # fmt: skip
def test_a_number_that_a_recogniser_cut_is_read_whole(texts: list[str]) -> None:
    (reading,) = read_numbers(texts, "en")
    assert [reading.number] == [one.number for one in read("".join(texts))]


@pytest.mark.parametrize(
    "text",
    ["F-16", "MP3", "COVID-19", "B2B", "x86", "2024-07-12", "7/12/24", "one", "one of them", "a few hundred",
     "a second", "one second", "dollars", "a.m.", "to a point", "half-built",
     "which one am I", "1-2-3", "f***", "5*", "9" * 41, "1,00", "5km"],
)  # fmt: skip
def test_what_is_no_number_is_not_read(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize("size", [LONGEST_RUN, LONGEST_RUN + 1])
def test_in_a_very_long_run_of_number_words_no_number_is_read(size: int) -> None:
    assert bool(read("twenty " * size)) == (size <= LONGEST_RUN)


SAME = [
    ("he flew the F-16 home", "he flew the F16 home"), ("he flew the F sixteen home", "he flew the F-16 home"),
    ("we wrote v2 of it", "we wrote version 2 of it"), ("the V8 roared", "the V eight roared"),
    ("half-built walls", "half built walls"),
    ("we are the number one show", "we are the #1 show"), ("one, two, three, go", "1-2-3, go"),
    ("one two three, go", "one, two, three, go"),
    ("it is five, five, five", "it is 5-5-5"),
    ("one of the things", "1 of the things"), ("it took from 5 to 10 hours", "it took from 5-10 hours"),
    ("we gave them forty thousand dollars", "we gave them forty thousand"), ("on July fourteenth", "on July 14"),
]  # fmt: skip
OTHERS = [
    ("4-5 hours", "45 hours"), ("the 80/20 rule", "the 8020 rule"), ("20-25 releases", "2,025 releases"),
    ("$600 in the bank", "$600,000 in the bank"), ("that 100% of us", "that 10% of us"),
    ("it is 1.0 now", "it is 10 now"),
    ("we met at 8 there", "we met at 8:00 there"), ("over 1,100 episodes", "over 100 episodes"),
    ("half of the money", "50% of the money"), ("four, five hours", "4-5 hours"), ("at 8 a.m. today", "at 8 today"),
    ("at 8 a.m. today", "at 8 p.m. today"), ("Python 3.10 is out", "Python 3.1 is out"), ("$5 for it", "5 for it"),
    ("he is agent 007 now", "he is agent 7 now"), ("the 1990s were", "the 90s were"), ("call 2 3 now", "call 23 now"),
    ("he flew the F-16 home", "he flew the F-15 home"), ("the first of them", "the one of them"),
    ("the V8 roared", "the V6 roared"), ("version 2 roared", "version 2.1 roared"),
    ("two to three million people", "two or three million people"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "quoted"), SAME)
def test_the_same_words_in_another_writing_are_verbatim(said: str, quoted: str) -> None:
    assert differences(said, quoted) <= MARKED


@pytest.mark.parametrize(("said", "quoted"), OTHERS)
def test_another_number_is_told_as_one(said: str, quoted: str) -> None:
    assert "number" in differences(said, quoted)
    assert "number" in differences(quoted, said)


@pytest.mark.parametrize("row", CROSSINGS, ids=lambda row: row.kinds)
def test_the_examples_of_the_table_of_crossings_are_equal(row: Crossing) -> None:
    assert differences(row.one, row.other) <= MARKED
    assert differences(row.other, row.one) <= MARKED


@given(st.from_regex(r"[1-9][0-9]{4,10}", fullmatch=True), st.sampled_from(AROUND))
def test_digits_said_one_by_one_are_the_figure_without_marks(digits: str, carrier: str) -> None:
    for text in writings(Drawn("digit string", digits)):
        said, quoted = carrier.format(text), carrier.format(digits)
        assert differences(said, quoted) <= MARKED, said
        assert differences(quoted, said) <= MARKED, said


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("in 2019, 2020 and 2021", 3), ("200, 300 people", 2), ("call 911, 2020 was hard", 2), ("one, two, three", 2),
     ("nine, eight, seven, six, five", 5), ("5, 7, 9, 12", 4), ("five, six people", 2), ("nine one one. 300 men", 2),
     ("oh seven four", 2)],
)  # fmt: skip
def test_numbers_in_a_row_are_not_one(text: str, numbers: int) -> None:
    assert len(read(text)) == numbers


PAGE = (ROOT / "docs" / "numbers.md").read_text(encoding="utf-8")


def test_the_documentation_has_the_table_of_crossings_and_the_languages() -> None:
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", PAGE, re.MULTILINE)
    assert rows[1:] == [(row.kinds, row.where, row.one, row.other) for row in CROSSINGS]
    assert sorted(re.findall(r"`([a-z]{2})`", PAGE)) == list(LANGUAGES)


def test_the_documentation_has_every_kind_with_an_example_that_is_read_so() -> None:
    kinds = PAGE.partition("## Kinds")[2].partition("\n\nA figure")[0].split("\n- *")[1:]
    assert sorted(item.partition("*")[0] for item in kinds) == sorted(KINDS)
    for item in kinds:
        [(text, key)] = re.findall(r"`([^`]+)` is `([^`]+)`", " ".join(item.split()))
        assert [reading.number.key for reading in read(text)] == [key]


@pytest.mark.parametrize(
    ("said", "quoted", "kinds"),
    [
        ("I'd get like 4-5 hours of sleep a night", "I'd get like 45 hours of sleep a night", {"altered"}),
        ("I'd get like 4-5 hours of sleep a night", "I'd get like four to five hours of sleep a night", {"verbatim"}),
        ("The 80/20 rule applies here my old friend", "The 8020 rule applies here my old friend", {"altered"}),
        ("it was 11:30 at night when the phone rang", "it was 11.30 at night when the phone rang", {"verbatim"}),
        ("it was 11:30 at night when the phone rang", "it was 11.13 at night when the phone rang", {"altered"}),
        ("somewhere between 8 and 9 in the morning", "somewhere between 8:00 and 9:00 in the morning", {"verbatim"}),
    ],
)
def test_the_verdict_goes_by_the_numbers(tmp_path: Path, said: str, quoted: str, kinds: set[str]) -> None:
    around = "the gulls screamed over the harbour while the ferry turned slowly"
    with make_library(tmp_path, [OTHER, "x"]) as store:
        store.save_transcript("episode-b", make_transcript(f"{around} {said} {around}"))
        assert verify(store, quoted).kind in kinds


@pytest.mark.parametrize("text", ["----", "f***", "—", "'90s", "1720's", "- 5", "5 -"])
def test_no_word_is_lost_beside_a_number(text: str) -> None:
    words = ["so", *text.split(), "5", *text.split(), "then"]
    forms = read_forms(words, "en")
    assert {number for word in zip(forms.firsts, forms.lasts, strict=True) for number in word} >= {
        number for number, word in enumerate(words) if word not in ("—", "-")
    }
