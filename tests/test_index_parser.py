"""Query parsing: every text gives a tree or an error with a column, nothing else."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from libraries import make_library, search

from index.errors import QueryError
from index.language.numbers.number_readings import Number
from index.language.tokens import tokenize
from index.query.parser import MAX_DEPTH, parse_query
from index.query.tree import (
    AllOf,
    AnyOf,
    Filter,
    Fuzzy,
    Near,
    Numeral,
    Phrase,
    Query,
    Sounds,
    Term,
    Wildcard,
    Within,
    is_condition,
    parts_of,
)

A, B, C, D = Term("a"), Term("b"), Term("c"), Term("d")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a", A),
        ("a b", AllOf((A, B))),
        ("a AND b", AllOf((A, B))),
        ("a OR b", AnyOf((A, B))),
        ("a b OR c d", AnyOf((AllOf((A, B)), AllOf((C, D))))),
        ("a AND b OR c", AnyOf((AllOf((A, B)), C))),
        ("a (b OR c)", AllOf((A, AnyOf((B, C))))),
        ("a NOT b", AllOf((A,), (B,))),
        ("a AND NOT b", AllOf((A,), (B,))),
        ("a -b c", AllOf((A, C), (B,))),
        ("NOT b a", AllOf((A,), (B,))),
        ("a -(b OR c)", AllOf((A,), (AnyOf((B, C)),))),
        ('a -"b c"', AllOf((A,), (Phrase(("b", "c")),))),
        ("a (-b)", AllOf((A,), (B,))),
        ("a OR b NOT c", AnyOf((A, AllOf((B,), (C,))))),
        ('"a b"', Phrase(("a", "b"))),
        ("“a b” «c d» „a b“", AllOf((Phrase(("a", "b")), Phrase(("c", "d")), Phrase(("a", "b"))))),
        ('"a"', Phrase(("a",))),
        ('a"b"c', AllOf((A, Phrase(("b",)), C))),
        ('"a AND (b"', Phrase(("a", "and", "b"))),
        ("a and b or not c", AllOf((A, Term("and"), B, Term("or"), Term("not"), C))),
        ("ANDROID ORANGE NOTE", AllOf((Term("android"), Term("orange"), AnyOf((Term("note"), Phrase(tuple("note"))))))),
        ("AND-a", AnyOf((Phrase(("and", "a")), Term("anda")))),
        ("ice-cream", AnyOf((Phrase(("ice", "cream")), Term("icecream")))),
        ("twenty-five", Numeral("twenty-five", Number("count", Decimal(25)))),
        ("U.S.", AnyOf((Phrase(("u", "s")), Term("US")))),
        ("US", AnyOf((Term("US"), Phrase(("u", "s"))))),
        ("us", Term("us")),
        ('"tell US MORE"', Phrase(("tell", "us", "more"))),
        ("R&D", Phrase(("r", "and", "d"))),
        ("rock -- a", AllOf((Term("rock"), A))),
        ("Don’t CAFÉ", AllOf((AnyOf((Term("don't"), Term("dont"))), Term("cafe")))),
        ("((a))", A),
        ("a (— ...) OR ?", A),
        ("a OR (b OR c)", AnyOf((A, AnyOf((B, C))))),
        ('"presid*" a', AllOf((Phrase(("presid",)), A))),
        ("a\tb\nc\u3000d", AllOf((A, B, C, D))),
        ("presid*", Wildcard("presid*")),
        ("Présid**t", Wildcard("presid*t")),
        ("w?m*n a", AllOf((Wildcard("w?m*n"), A))),
        ("a love?", AllOf((A, AnyOf((Term("love"), Wildcard("love?")))))),
        ("a ? * ?!", A),
        ("duchovny~", Fuzzy("duchovny", 1)),
        ("Duchovny~2", Fuzzy("duchovny", 2)),
        ("sounds:Hutchins", Sounds("hutchins")),
        ('"a b"~5', Within(("a", "b"), 5)),
        ("“a b”~0 c", AllOf((Within(("a", "b"), 0), C))),
        ("near(a, b, 30s)", Near((A, B), 30.0)),
        ('NEAR("a b",(c OR d), 1:15)', Near((Phrase(("a", "b")), AnyOf((C, D))), 75.0)),
        ("near(a*, sounds:b, 2) c", AllOf((Near((Wildcard("a*"), Sounds("b")), 2.0), C))),
        ("near (a b)", AllOf((Term("near"), AllOf((A, B))))),
        ("linear(a)", AllOf((Term("linear"), A))),
        ('show:"Fail Better" a', AllOf((Filter("show", ("fail", "better")), A))),
        ("Speaker:bob a -title:b", AllOf((Filter("speaker", ("bob",)), A), (Filter("title", ("b",)),))),
        ("chapter:b notes:c a", AllOf((Filter("chapter", ("b",)), Filter("notes", ("c",)), A))),
        ("episode:the-roof a", AllOf((Filter("episode", ("the-roof",)), A))),
        ("lang:English a", AllOf((Filter("lang", ("en",)), A))),
        ("date:2023 a", AllOf((Filter("date", ("2023-01-01", "2023-12-31")), A))),
        ("date:2024-02 a", AllOf((Filter("date", ("2024-02-01", "2024-02-29")), A))),
        ("date:2023-5-7 a", AllOf((Filter("date", ("2023-05-07", "2023-05-07")), A))),
        ("date:2023-05..2024 a", AllOf((Filter("date", ("2023-05-01", "2024-12-31")), A))),
        ("date:2023.. a", AllOf((Filter("date", ("2023-01-01", "9999-12-31")), A))),
        ("date:..2023 a", AllOf((Filter("date", ("0001-01-01", "2023-12-31")), A))),
        ("(show:c OR show:d) a", AllOf((AnyOf((Filter("show", ("c",)), Filter("show", ("d",)))), A))),
        ("10:30", Numeral("10:30", Number("time of day", (630, 0)))),
        ("http://a.b/c?d=a*b", Phrase(("http", "a", "b", "c", "d", "a", "b"))),
        ("a: b", AllOf((A, B))),
        ('"show:a"', Phrase(("show", "a"))),
    ],
)
def test_each_operator_and_what_binds_closer(text: str, tree: Query) -> None:
    assert parse_query(text) == tree


@pytest.mark.parametrize(
    ("text", "column", "reason"),
    [
        ('"unclosed', 1, "quotation mark is never closed"),
        ('a "b" “c', 7, "quotation mark is never closed"),
        ("AND", 1, "something is missing before 'AND'"),
        ("AND a", 1, "something is missing before 'AND'"),
        ("OR a", 1, "something is missing before 'OR'"),
        ("a AND AND b", 7, "something is missing before 'AND'"),
        ("a OR", 4, "missing after 'OR'"),
        ("a OR  ", 4, "missing after 'OR'"),
        ("a NOT", 5, "missing after 'NOT'"),
        ("(", 1, "missing after '('"),
        ("(a b", 1, "bracket is never closed"),
        ("a (b (c)", 3, "bracket is never closed"),
        (")", 1, "bracket was never opened"),
        ("a) b", 2, "bracket was never opened"),
        ("a ()", 4, "something is missing before ')'"),
        ("(a OR )", 7, "something is missing before ')'"),
        ("", 1, "empty"),
        (" \t ", 1, "empty"),
        ("— ... ♪", 1, "no letter or digit"),
        ('""', 1, "no letter or digit"),
        ("~a", 1, "must follow a single word"),
        ("a b~c", 3, "must follow a single word"),
        ("a twenty-five~", 3, "must follow a single word"),
        ("a~3", 1, "the number after ~ can be 1 or 2"),
        ("twenty-f*", 1, "letters of one word"),
        ('a "b c"~', 3, "needs the number of other words"),
        ("a speeker:bob", 3, "there is no field 'speeker'"),
        ("a show:b*", 8, "not allowed after show:"),
        ("show:a", 1, "fields only narrow"),
        ("show:a -b", 1, "fields only narrow"),
        ("notes:a OR chapter:a", 1, "fields only narrow"),
        ("b OR chapter:a", 6, "cannot be an alternative to words"),
        ("b OR show:a", 6, "cannot be an alternative to words"),
        ("a date:2023-13", 8, "not a calendar date"),
        ("a date:..", 8, "at least one end"),
        ("a lang:123", 8, "'123' is not a language. Write its code or its English name, such as de or German."),
        ("near(a, b)", 9, "the last part of near() is the time"),
        ("near(a, 3s)", 1, "two words or more"),
        ("near(a b, c, 3s)", 8, "a comma is missing"),
        ("near(a, (b c), 3s)", 10, "words, phrases, and alternatives in brackets"),
        ("NOT a", 1, "only exclude: add words to search for"),
        ("-a", 1, "only exclude: add words to search for"),
        ("a OR NOT b", 6, "only exclude: add words to search for"),
        ("a (-b -c)", 4, "only exclude: add words to search for"),
        ("a NOT NOT b", 7, "cannot be doubled"),
        ("(" * (MAX_DEPTH + 1), MAX_DEPTH + 1, "brackets are nested more than"),
    ],
)
def test_an_error_points_at_the_place(text: str, column: int, reason: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse_query(text)
    assert caught.value.column == column
    assert reason in caught.value.message


@given(st.one_of(st.text(), st.text(st.sampled_from(' ()"“”-*?~:,1ANDORTnearshow a_é’東.\n'), max_size=30)))
def test_any_text_gives_a_tree_of_folded_tokens_or_an_error_with_its_column(text: str) -> None:
    try:
        tree = parse_query(text)
    except QueryError as error:
        assert 1 <= error.column <= len(text) + 1
        assert "Traceback" not in str(error)
    else:
        for token in tokens_of(tree):
            assert tokenize(token) == (token,)


def combine(inner: st.SearchStrategy[tuple[str, Query]]) -> st.SearchStrategy[tuple[str, Query]]:
    def both(operator: str, left: tuple[str, Query], right: tuple[str, Query]) -> tuple[str, Query]:
        tree = (AnyOf if operator == "OR" else AllOf)((left[1], right[1]))
        return f"({left[0]} {operator} {right[0]})", tree

    return st.builds(both, st.sampled_from(["AND", "OR", ""]), inner, inner)


@given(st.recursive(st.sampled_from([("a", A), ("b", B), ('"c d"', Phrase(("c", "d")))]), combine))
def test_brackets_around_everything_give_the_tree_that_they_show(written: tuple[str, Query]) -> None:
    text, tree = written
    assert parse_query(text) == tree


@pytest.mark.parametrize("column", [1, 5, 59, 60, 61, 62, 500])
def test_the_caret_stands_under_the_place(column: int) -> None:
    text = "a " * (column // 2) + ("b " if column % 2 == 0 else "")
    text = text[: column - 1].ljust(column - 1, "a") + ")" + " c" * 100
    with pytest.raises(QueryError) as caught:
        parse_query(text)
    _, excerpt, caret = caught.value.message.splitlines()
    assert caught.value.column == column
    assert excerpt[caret.index("^")] == ")"


def test_ten_thousand_words_and_deep_brackets_are_parsed() -> None:
    numbers = [f"w{number}x" for number in range(10_000)]
    terms = tuple(map(Term, numbers))
    assert parse_query(" ".join(numbers)) == AllOf(terms)
    assert parse_query(" OR ".join(numbers)) == AnyOf(terms)
    assert parse_query(f'"{" ".join(numbers)}"') == Phrase(tuple(numbers))
    assert parse_query("a " + " ".join(f"-{word}" for word in numbers)) == AllOf((A,), terms)
    assert parse_query("(" * MAX_DEPTH + "a" + ")" * MAX_DEPTH) == A
    for broken in ("NOT " * 10_000 + "a", "(" * 10_000, ")" * 10_000, '"' * 10_001, "a OR " * 10_000):
        with pytest.raises(QueryError):
            parse_query(broken)


def test_long_and_deep_queries_are_answered(tmp_path: Path) -> None:
    deep = "ferry"
    for depth in range(MAX_DEPTH):
        deep = f"({deep} {'OR night' if depth % 2 else 'left'})"
    words = " ".join(f"w{number}" for number in range(2000))
    with make_library(tmp_path, ["the ferry left at night", words]) as store:
        assert len({hit.episode.id for hit in search(store, deep)}) == 1
        assert len(search(store, f'"{words}"')) == 1
        assert len(search(store, words.replace(" ", " OR "), 5)) == 5


def tokens_of(tree: Query) -> list[str]:
    """Return the folded words of a tree, checking the invariants of its nodes."""
    tokens: list[str] = []
    assert not is_condition(tree)
    for part in parts_of(tree):
        match part:
            case Term(token) | Fuzzy(token) | Sounds(token):
                tokens.append(token)
            case Numeral():
                tokens += tokenize(part.text)
            case Phrase(several) | Within(several):
                assert several
                for one in several:
                    tokens += tokenize(one.text) if isinstance(one, Numeral) else [one]
            case Wildcard(pattern):
                assert tokenize(pattern.replace("*", "").replace("?", ""))
            case AllOf(children, excluded):
                assert children
                assert excluded or len(children) > 1
            case AnyOf(children) | Near(children):
                assert len(children) > 1
            case Filter(_, values):
                assert values
    return tokens
