"""Operators of other search engines: read where airquote has what they mean, else answered with what to type."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import QueryError
from index.language.tokens import tokenize
from index.query.foreign_operators import FIELDS, advise_on_field, note_stars
from index.query.parser import parse_query
from index.query.syntax_help import syntax_page
from index.query.tree import AnyOf, Phrase, parts_of

READ = {
    "a || b": "a OR b",
    "a||b": "a OR b",
    "a | b c": "a OR b c",
    '"a b"|c': '"a b" OR c',
    "(a)||(b)": "a OR b",
    "a && b": "a b",
    "a&&b || c": "a b OR c",
    "a !b": "a -b",
    'a !"b c"': 'a -"b c"',
    "a AND !(b || c)": "a -(b OR c)",
    "a AND NOT b": "a -b",
    "a && !speaker:bob": "a -speaker:bob",
    "+a -b": "a -b",
    '+"a b" +c': '"a b" c',
    "+speaker:bob +a": "speaker:bob a",
    "+(a b) c": "(a b) c",
    "speaker:(bob OR ann) a": "(speaker:bob OR speaker:ann) a",
    'show:("fail better" daily) a': '(show:"fail better" show:daily) a',
    "speaker:(bob -ann) a": "(speaker:bob -speaker:ann) a",
    "title:(a) b": "title:a b",
    "-lang:(de || fr) a": "-(lang:de OR lang:fr) a",
    "sounds:(smith OR jones)": "sounds:smith OR sounds:jones",
    "date:(2020 OR 2022) a": "(date:2020 OR date:2022) a",
    "date:[2023 TO 2024-05] a": "date:2023..2024-05 a",
    "date:[2023-05-01 to *] a": "date:2023-05-01.. a",
    "date:[* TO 2024] a": "date:..2024 a",
    "date:>=2023 a": "date:2023.. a",
    "date:<=2023-05 a": "date:..2023-05 a",
}


@pytest.mark.parametrize(("foreign", "own"), READ.items())
def test_what_airquote_has_too_is_read(foreign: str, own: str) -> None:
    assert parse_query(foreign) == parse_query(own)


ADVISED = {
    "ferry^2": (6, "leave ^2 out"),
    "ferry^0.5 a": (6, "leave ^0.5 out"),
    '"a b"^10': (6, "leave ^10 out"),
    "(a b)^2": (6, "leave ^2 out"),
    "a /joh?n(ath[oa]n)/": (3, "presid*"),
    "/more (to|will) come/": (1, "wom?n"),
    "title:/stars?/ a": (7, "presid*"),
    "ferry w/5 storm": (7, '"ferry storm"~5'),
    "ferry W/12 storm": (7, "near(ferry, storm, 12s)"),
    'a "big storm" NEAR/3 ferry': (15, 'near("big storm", ferry, 3s)'),
    "ferry pre/3 storm": (7, '"ferry storm"~3'),
    "ferry /5 storm": (7, '"ferry storm"~5'),
    "ferry w/s storm": (7, '"ferry storm"~5'),
    "ferry AROUND(4) storm": (7, '"ferry storm"~4'),
    "ferry NEAR(4) storm": (7, '"ferry storm"~4'),
    "ferry NEAR storm": (7, "near(ferry, storm, 5s)"),
    "ferry ADJ storm": (7, '"ferry storm"~5'),
    "_exists_:title a": (1, "there is no field '_exists_'"),
    "ferry ADJ2 storm": (7, '"ferry storm"~2'),
    "ferry <-> storm": (7, '"ferry storm"~5'),
    "(a b) w/5 storm": (7, '"ferry storm"~5'),
    "[a TO b] c": (1, "date:2023..2024"),
    "c {a TO b}": (3, "date:[2023 TO 2024]"),
    "speaker:[a TO b] c": (9, "date:[2023 TO 2024]"),
    "date:{2023 TO 2024} a": (6, "[2023 TO 2024]"),
    "date:>2023 a": (6, ">=2023"),
    "2020..2024 a": (1, "date:2020..2024"),
    "a ANDNOT b": (3, "ferry NOT night"),
    "a XOR b": (3, "(ferry NOT night) OR (night NOT ferry)"),
    "a OR +b": (6, "leave one of them out"),
    "a +b OR c": (3, "leave one of them out"),
    "a !!b": (3, "!night"),
    "a !-b": (3, "-night"),
    "a ! b": (3, "!night"),
    "*:*": (1, "name words"),
    "wom[ae]n": (3, "wom?n"),
    "[T]here is more": (1, "wom?n"),
    "near(a|b, c, 3s)": (7, "near((ferry OR boat), storm, 30s)"),
    '"a b"*': (6, '"storm harbour"~5'),
    '"a b c"/2': (8, '"storm harbour"~5'),
    "=ferry": (1, '"ferry"'),
    "a~0.8": (1, "can be 1 or 2"),
    "speaker: bob a": (1, "speaker:bob"),
    "a show = news": (3, "speaker:bob"),
    "a speaker:-bob": (11, "-speaker:bob"),
    "speaker:(near(a, b, 3s)) a": (10, "speaker:(bob OR ann)"),
    "site:example.com a": (1, "write show:example.com"),
    'a intitle:"big stars"': (3, 'write title:"big stars"'),
    "-site:news a": (2, "write show:news"),
    "from:bob a": (1, "write speaker:bob"),
    "before:2024-05 a": (1, "write date:..2024-05"),
    "after:2023 a": (1, "write date:2023.."),
    "newer_than:2d a": (1, "write date:2024-05-31.."),
    "intext:ferry": (1, "without a field: ferry"),
    "speeker:bob a": (1, "Do you mean speaker:bob?"),
    "filetype:pdf a": (1, ", ".join(FIELDS)),
}


@pytest.mark.parametrize(("text", "column", "advice"), [(text, *told) for text, told in ADVISED.items()])
def test_what_airquote_has_not_is_answered_with_what_to_type(text: str, column: int, advice: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse_query(text)
    assert caught.value.column == column
    assert advice in caught.value.message


@pytest.mark.parametrize("text", [text for text, (_, advice) in ADVISED.items() if advice.startswith(('"', "near("))])
def test_what_to_type_is_a_query(text: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse_query(text)
    named = re.findall(r'"[^"]+"(?:~\d+)?|near\([^()]*(?:\([^()]*\))?[^()]*\)', caught.value.message.splitlines()[0])
    assert named
    for query in named:
        parse_query(query)


@pytest.mark.parametrize(
    "text",
    [
        "R&B Q&A AT&T", "24/7 9/11 1/2", "and/or", "w/o sugar", "http://example.com/a/b/", "Yahoo! Japan", "Wow!",
        "Bonjour !", "C++ c+", "a - b", "rock -- a", "Star Wars: A New Hope", "note: more", "ferry near storm",
        "what ?", "* a", "$5 5% #1 @bob", "S01E02 10:30", "…and then", "a... b", "[laughter] a", "a [inaudible] b",
        "x=y 2^n",
    ],
)  # fmt: skip
def test_marks_of_ordinary_text_are_no_operators(text: str) -> None:
    parse_query(text)


PIECES = st.sampled_from(
    ["||", "&&", "|", "&", "!", "+", "-", "^2", "~", "~2", "/a/", "w/5", "NEAR/5", "near(", "AROUND(3)", "[", "]", "{",
     "}", " TO ", "AND", "OR", "NOT", "a", "b", " ", " ", "(", ")", "*", "?", ":", "=", "..", "2023", "speaker:",
     "date:", "site:", "show:(", ">", "<", ",", "3s", ")", "<->", "\\", "'", "é", "東"]
)  # fmt: skip
"""What queries of other engines are made of, without quotation marks."""
WRITTEN = st.lists(PIECES, max_size=12).map("".join)


@given(WRITTEN)
def test_any_mix_of_operators_gives_a_tree_or_an_error_with_its_column(text: str) -> None:
    try:
        parse_query(text)
    except QueryError as error:
        assert 1 <= error.column <= len(text) + 1


@given(WRITTEN, st.sampled_from(['""', "“”", "«»"]))
def test_quotation_marks_protect_whatever_is_between_them(text: str, marks: str) -> None:
    if not tokenize(text):
        return
    tree = parse_query(f"{marks[0]}{text}{marks[1]}")
    assert all(isinstance(part, Phrase | AnyOf) for part in parts_of(tree))


def test_every_field_of_other_engines_is_told_with_its_value() -> None:
    for name in ("site", "podcast", "intitle", "by", "year", "language", "soundex", "inurl"):
        advice = advise_on_field(name, "2024")
        (field,) = re.findall(r"write (\w+):2024", advice)
        assert field in FIELDS


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("ferry * storm", 1),
        ('"ferry * storm"', 1),
        ('"f***" a * b', 2),
        ("presid* a", 0),
        ("a ? * ?!", 0),
        ('"a" b*', 0),
    ],
)
def test_stars_that_are_text_are_noted(text: str, number: int) -> None:
    assert len(note_stars(text)) == number
    parse_query(text)


def test_the_page_on_syntax_tells_of_them() -> None:
    page = syntax_page()
    for written in ("ferry || boat", "!night", "+ferry && harbour", "speaker:(bob OR ann)", "date:[2023 TO", "w/5"):
        assert written in page
