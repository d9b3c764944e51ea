"""Numbers in queries: every notation finds every other, and no other number; passages agree on what they hold."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from libraries import add_text, hit_text, make_library, search

from index.fulltext.passages import cut_passages, find_numbers, keys_of, most_tokens
from index.language.numbers.number_readings import NumberReading, with_units
from index.language.tokens import tokenize_words
from index.query.parser import parse_query
from index.query.query_numbers import read_parts
from index.query.tree import AllOf, AnyOf, Near, Numeral, Phrase, Term, Wildcard, Within
from index.storage.store import Store

WAYS = [
    ["25", "twenty-five", "twenty five"],
    ["100", "a hundred", "one hundred"],
    ["1,100", "1100", "eleven hundred", "one thousand one hundred"],
    ["40000", "40,000", "40K", "forty thousand"],
    ["1500", "1,500", "fifteen hundred"],
    ["5,000,000", "5 million", "five million"],
    ["$5", "five dollars", "5 dollars"],
    ["$600,000", "six hundred thousand dollars"],
    ["5%", "five percent", "5 percent"],
    ["21st", "twenty-first"],
    ["9am", "9 a.m.", "nine a.m."],
    ["2019", "twenty nineteen"],
    ["80/20", "eighty twenty"],
    ["4-5", "4 to 5", "four to five"],
    ["0.5", "half"],
    ["911", "nine one one"],
]
"""Numbers that all differ, each in its notations."""
SENTENCE = "and then we said {} about them"
SOUP = ["the", "a", "and", "between", "one", "five", "twenty", "hundred", "thousand", "1,100", "$5", "percent", "8",
        "half", "a.m.", "to", "4-5", "nineteen", "5.", "point", "second"]  # fmt: skip


@pytest.fixture(scope="module")
def numbers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A library with one episode for each notation."""
    texts = [SENTENCE.format(way) for way in chain(*WAYS)]
    with Store.open(tmp_path_factory.mktemp("numbers"), create=True) as store:
        for number, text in enumerate(texts):
            add_text(store, f"n{number}", text)
        yield store


@pytest.mark.parametrize("ways", WAYS, ids=lambda ways: ways[0])
def test_each_notation_of_a_number_finds_every_other_and_no_other_number(numbers: Store, ways: list[str]) -> None:
    for way in ways:
        assert sorted(hit_text(numbers, hit) for hit in search(numbers, way)) == sorted(ways), way
        assert len(search(numbers, f'"said {way} about"')) == len(ways), way
        assert len(search(numbers, f'"{way} we them"~4')) == len(ways), way
        assert len(search(numbers, f'near("{way}", said, 3s)')) == len(ways), way
        assert len(search(numbers, f'said -"{way}"')) == len([*chain(*WAYS)]) - len(ways), way
        assert len(search(numbers, f'xylophone OR "{way}"')) == len(ways), way


@pytest.mark.parametrize(
    ("text", "query", "found"),
    [
        ("over 1,100 episodes", '"100 episodes"', None),
        ("over 1,100 episodes", "100", None),
        ("3-5 hours", "$5", None),
        ("3-5 hours", "5", None),
        ("it is 5% of it", "5", "5%"),
        ("it is 5 of it", "5%", None),
        ("it is five percent of it", '"is 5 of"', "is five percent of"),
        ("for 3-5 cents each", "3-5", "3-5 cents"),
        ("for three to five cents each", '"for 3-5 each"', "for three to five cents each"),
        ("some 10 to 20% of them", '"some 10-20 of"', "some 10 to 20% of"),
        ("$3 to $5 each", "3-5", "$3 to $5"),
        ("a 5 cent coin", "5", "5 cent"),
        ("it grew by 2.0% then", "2.0", "2.0%"),
        ("8 to 9 a.m. today", "8-9", None),
        ("the 3rd to 5th row", "3-5", None),
        ("it is 12-15% of it", "12", None),
        ("we paid $40,000 for it", "40000", "$40,000"),
        ("we paid forty thousand euros", "40K", "forty thousand euros"),
        ("we paid $1,500 for it", '"paid 1500 for"', "paid $1,500 for"),
        ("we paid $5 for it", "six", None),
        ("we paid 1,500", "$1500", None),
        ("version 1.0 is out", "10", None),
        ("the 80/20 rule", "8020", None),
        ("I have 25.", '"have twenty-five"', "have 25."),
        ("one of the best", '"one of the"', "one of the"),
        ("just a second", "second", "second"),
        ("the seconds pass", "second", "seconds"),
        ("the seconds pass", '"second pass"', None),
        ("in the 2nd half", "second", "2nd"),
        ("in twenty years", "twenty", "twenty"),
        ("he is twenty-five", "twenty", None),
        ("twenty-five people", '"five people"', None),
        ("two and a half hours", '"half hours"', None),
        ("five million a year", "five", None),
        ("call nine one one five now", '"one one five"', "one one five"),
        ("call 9115 now", '"one one five"', None),
        ("one two three four five", '"two three four"', "two three four"),
        ("dial nine one one", '"dial nine"', "dial nine"),
        ("dial nine one one", "nine", None),
        ("dial 911", '"dial nine"', None),
        ("a hundred and two three times", '"two three"', None),
        ("an F16 and MP3", "F16", "F16"),
        ("an F16 and MP3", "16", None),
        ("is it 100?", "100?", "100?"),
        ("we are 1500", "15*", "1500"),
        ("we are fifteen hundred", "15*", None),
        ("we are 1500", "150~", "1500"),
    ],
)
def test_the_traps_of_numbers(tmp_path: Path, text: str, query: str, found: str | None) -> None:
    with make_library(tmp_path, [text]) as store:
        assert [hit_text(store, hit) for hit in search(store, query)] == ([found] if found else [])


@pytest.mark.parametrize("text", ["25", "1984", "911", "2.0", "3-5", "21-14", "nine one one"])
def test_no_number_equals_what_it_finds_with_a_unit(text: str) -> None:
    (reading,) = find_numbers(text.split(), "en")
    found = with_units(reading.number)
    assert len(found) >= 6
    assert found.isdisjoint(keys_of(reading.number))
    assert not any(key.startswith("count:") for key in found)


DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


@settings(max_examples=25)
@given(said=st.lists(st.sampled_from(DIGITS), min_size=2, max_size=9), data=st.data())
def test_a_phrase_finds_the_digits_that_it_has_of_any_that_are_said(said: list[str], data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(said) - 2))
    words = ["code", *said, "people"]
    part = words[first : data.draw(st.integers(first + 2, len(words)))]
    with TemporaryDirectory() as folder, make_library(Path(folder), [f"the {' '.join(words)} know"]) as store:
        assert " ".join(part) in {hit_text(store, hit) for hit in search(store, f'"{" ".join(part)}"')}
        assert search(store, f'"{" ".join(part)}"~0')


@pytest.mark.parametrize("number", ["1,100", "six hundred and fifty thousand dollars", "between 8 and 9"])
def test_a_number_at_the_border_of_passages_is_one_hit_of_all_its_words(tmp_path: Path, number: str) -> None:
    places = [*range(108, 124), *range(136, 154), 505, 508, 511, 512]
    texts = [" ".join([*["word"] * place, number, *["word"] * 200]) for place in places]
    with Store.open(tmp_path, create=True) as store:
        for place, text in zip(places, texts, strict=True):
            add_text(store, f"place {place}", text)
        for query, words in ((f'"{number}"', 0), (f'"word {number} word"', 2)):
            hits = search(store, query)
            assert len({hit.episode.id for hit in hits}) == len(hits) == len(places)
            assert {hit.last - hit.first + 1 for hit in hits} == {len(number.split()) + words}


@given(words=st.lists(st.sampled_from([*SOUP, "word"]), max_size=400))
def test_every_number_is_indexed_in_each_passage_that_holds_it_and_in_one_at_least(words: list[str]) -> None:
    tokens, owners = tokenize_words(words)
    readings = find_numbers(words, "en")
    passages = list(cut_passages(tokens, owners, readings))
    for reading in readings:
        assert reading.last - reading.first < most_tokens(reading.number)
        first, last = owners[reading.first], owners[reading.last]
        holding = [one for one in passages if one.first <= first and last <= one.last]
        assert holding
        for passage in holding:
            start = owners.index(passage.first)
            assert NumberReading(reading.number, reading.first - start, reading.last - start) in passage.numbers
    assert sum(len(one.numbers) for one in passages) == sum(
        one.first <= owners[reading.first] and owners[reading.last] <= one.last
        for reading in readings
        for one in passages
    )


def numeral(text: str) -> Numeral:
    """The number that a text is in a query."""
    ((placed,),) = read_parts([text] if "-" in text else text.split(), ["en"])
    assert isinstance(placed.part, Numeral)
    return placed.part


def test_words_in_a_row_are_one_number_in_a_query() -> None:
    hundred, million = numeral("1,100"), numeral("5 million")
    assert parse_query("1,100") == hundred
    assert parse_query("a 5 million b") == AllOf((Term("a"), million, Term("b")))
    assert parse_query("5 AND million") == AllOf((numeral("5"), Term("million")))
    assert parse_query("a -1,100") == AllOf((Term("a"),), (hundred,))
    assert parse_query("a OR 5 million") == AnyOf((Term("a"), million))
    assert parse_query('"over 1,100 episodes"') == Phrase(("over", hundred, "episodes"))
    assert parse_query('"episodes 1,100"~5') == Within(("episodes", hundred), 5)
    assert parse_query("near(a, 1,100, 5s)") == Near((Term("a"), hundred), 5.0)
    assert parse_query("1100?") == AnyOf((numeral("1100"), Wildcard("1100?")))
    assert parse_query("COVID-19") == AnyOf((Phrase(("covid", "19")), Term("covid19")))


def test_each_language_reads_the_numbers_of_a_query() -> None:
    assert parse_query("twenty five", ["ja"]) == AllOf((Term("twenty"), Term("five")))
    assert parse_query("twenty-five", ["en", "ja", None]) == numeral("twenty-five")
    assert parse_query("twenty five", []) == AllOf((Term("twenty"), Term("five")))


def test_a_number_is_found_in_any_language_and_unknown_ones(tmp_path: Path) -> None:
    with make_library(tmp_path, ["there are 25 of them"]) as store:
        add_text(store, "deutsch", "es sind 25 davon", "de")
        add_text(store, "unbekannt", "25!", None)
        assert len(search(store, "25")) == 3
