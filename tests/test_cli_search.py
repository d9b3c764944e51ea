"""``airquote search``: options, counts, suggestions without hits, and arbitrary input."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from fake_engine import airquote
from libraries import make_library, make_transcript

from index.fulltext.lexicon import Lexicon, compile_pattern, count_words
from index.query.parser import parse_with_writings
from index.query.syntax_help import SYNTAX, syntax_page
from index.query.tree import EXPANSION_LIMIT, Wildcard
from index.storage.store import Store
from index.transcript import Episode

TALKS = [
    ("one", "Night Boat", "2023-05-17", "en", "The ferry left the harbour. The storm came. The ferry came back."),
    ("two", "Night Boat", "2024-02-29", "en", "Mr Hutchens said: the ferry is late. David Duchovny was there."),
    ("three", "Day Train", "2024-06-01", "en", "No boat here, but a train and a storm at night."),
    ("vier", None, None, "de", "Die Häfen sind leer, und die Fähre ist weg."),
    ("shalom", "Night Boat", "2022-01-01", "he", "שלום עולם, הים גדול."),
]


@pytest.fixture
def five_talks(library: Path) -> Iterator[Path]:
    """A library of five episodes in three languages; two speakers in turn, six words each."""
    with Store.open(library, create=True) as store:
        for title, show, published, language, text in TALKS:
            transcript = make_transcript(text, language, 6)
            segments = tuple(
                replace(segment, speaker=("Bob", "Alice Smith")[number % 2])
                for number, segment in enumerate(transcript.segments)
            )
            episode = store.add_episode(Episode(title, show, title, published, f"/{title}.mp3", "registered"))
            store.save_transcript(episode.id, replace(transcript, segments=segments))
    yield library


def found(*arguments: object) -> list[str]:
    run = airquote("search", *arguments, "--json")
    assert run.code == (0 if run.out else 1), run.err
    return [answer["episode"] for answer in run.answers]


@pytest.mark.usefixtures("five_talks")
@pytest.mark.parametrize(
    ("arguments", "episodes"),
    [
        (("ferry",), {"one", "two"}),
        (("ferry", "--show", "night"), {"one", "two"}),
        (("storm", "--show", "train"), {"three"}),
        (("show:night storm",), {"one"}),
        (("storm", "--episode", "thr"), {"three"}),
        (("ferry", "--since", "2024"), {"two"}),
        (("ferry", "--until", "2023-05"), {"one"}),
        (("storm", "--since", "2023-05-17", "--until", "2023-05-17"), {"one"}),
        (("date:2024 ferry",), {"two"}),
        (("hafen", "--lang", "German"), {"vier"}),
        (("ferry", "--lang", "de"), set()),
        (("left", "--speaker", "bob"), {"one"}),
        (("late", "--speaker", "bob"), set()),
        (("late", "--speaker", "alice"), {"two"}),
        (("ferry -speaker:bob",), {"one"}),
        (("sounds:hutchins",), {"two"}),
        (("duchovni~",), {"two"}),
        (("duch*",), {"two"}),
        (("near(ferry, hutchens, 5s)",), {"two"}),
        (("near(ferry, duchovny, 0.5s)",), set()),
        (('"harbour left"~1',), {"one"}),
        (("hutchins david", "--fuzzy"), {"two"}),
        (("ferry is late?",), {"two"}),
    ],
)
def test_fields_and_options_narrow_and_widen(arguments: tuple[str, ...], episodes: set[str]) -> None:
    assert set(found(*arguments)) == episodes


@pytest.mark.usefixtures("five_talks")
def test_order_pages_and_groups() -> None:
    assert found("storm OR ferry", "--sort", "date") == ["three", "two", "one", "one", "one"]
    assert found("storm OR ferry", "--sort", "time") == ["one", "one", "one", "two", "three"]
    assert found("storm OR ferry", "--sort", "time", "--offset", "2", "--limit", "2") == ["one", "two"]
    assert found("storm OR ferry", "--sort", "date", "--group", "episode") == ["three", "two", "one"]
    page = airquote("search", "ferry", "--offset", "1", "--limit", "1")
    assert page.out.startswith("  2  ")
    assert "Hits 2 to 2 of" in page.err
    assert airquote("clip", "1").code == 2, "the last search showed hit 2 only"
    assert airquote("search", "ferry", "--offset", "9").code == 1


@pytest.mark.usefixtures("five_talks")
def test_counts_are_exact_and_facets_tell_where_hits_are() -> None:
    assert airquote("search", "ferry OR storm", "--count").out == "5 hits in 3 episodes\n"
    assert airquote("search", "ferry OR storm", "--count", "--json").answer == {"hits": 5, "episodes": 3, "exact": True}
    facets = airquote("search", "ferry OR storm", "--facets", "show,year,speaker", "--json").answers
    assert [tuple(one.values()) for one in facets] == [
        ("show", "Night Boat", 4), ("show", "Day Train", 1),
        ("year", "2023", 3), ("year", "2024", 2),
        ("speaker", "Alice Smith", 3), ("speaker", "Bob", 2),
    ]  # fmt: skip
    assert "Night Boat" in airquote("search", "ferry", "--facets", "show").out
    assert airquote("search", "ferry", "--facets", "mood").code == 2


@pytest.mark.usefixtures("five_talks")
def test_nothing_found_is_answered_with_help() -> None:
    misspelt = airquote("search", "duchofny")
    assert (misspelt.code, misspelt.out) == (1, "")
    assert "did you mean duchovny?" in misspelt.err
    assert "similar hits with --fuzzy, which also matches misspelt and misrecognised words." in misspelt.err
    narrowed = airquote("search", "ferry", "--show", "train")
    assert (narrowed.code, narrowed.out) == (1, "")
    assert "without the fields and options" in narrowed.err
    hopeless = airquote("search", "xylophone")
    assert "nor is anything like it" in hopeless.err
    assert "--fuzzy" not in hopeless.err
    assert airquote("search", "xylophone", "--count").out == ""


@pytest.mark.usefixtures("five_talks")
def test_right_to_left_text_stands_in_an_isolate() -> None:
    out = airquote("search", "עולם").out
    assert "\N{FIRST STRONG ISOLATE}" in out
    assert "**עולם,**" in out


def test_every_example_of_the_help_page_parses_and_the_page_is_printed() -> None:
    page = airquote("search", "--syntax")
    assert (page.code, page.out.rstrip()) == (0, syntax_page().rstrip())
    for _, examples in SYNTAX:
        for example, _ in examples:
            parse_with_writings(example, descriptions=True)
            assert example in page.out


# Whatever is typed in


@pytest.mark.usefixtures("five_talks")
@pytest.mark.parametrize(
    ("query", "code", "said"),
    [
        ("speeker:bob", 2, "there is no field 'speeker', only show, episode, title, chapter, notes"),
        ("date:yesterday ferry", 2, "'yesterday' is not a date"),
        ("date:2023-02-30 ferry", 2, "not a calendar date"),
        ("date:2024..2023 ferry", 2, "2023 lies before 2024"),
        ("lang:nonsense ferry", 2, "'nonsense' is not a language. Write its code or its English name, such as de or"),
        ("show:night", 2, "fields only narrow"),
        ("*", 2, "no letter or digit"),
        ("?? ** *?", 2, "no letter or digit"),
        ("🙂", 2, "no letter or digit"),
        ("near(ferry, storm)", 2, "the last part of near() is the time"),
        ("(" * 5000 + "ferry" + ")" * 5000, 2, "brackets are nested more than"),
        ("a*" * 40 + "b", 1, ""),
        ("SELECT * FROM words; DROP TABLE words --", 1, ""),
        ("<script>alert(1)</script>", 1, ""),
        ("🙂 ferry", 0, ""),
        ("10:30", 1, ""),
        ("https://example.org/ferry?late=yes", 1, ""),
        ("Star Wars: A New Hope", 1, ""),
    ],
)
def test_whatever_is_typed_gets_an_answer_or_a_clear_error(query: str, code: int, said: str) -> None:
    run = airquote("search", "--", query)
    assert run.code == code, run.err
    assert "Traceback" not in run.err
    assert said in run.err
    assert bool(run.out) == (code == 0)


@pytest.mark.usefixtures("five_talks")
@pytest.mark.parametrize("option", [("--since", "soon"), ("--until", "2023-13"), ("--lang", "??"), ("--show", "...")])
def test_an_option_that_does_not_fit_is_named(option: tuple[str, str]) -> None:
    run = airquote("search", "ferry", *option)
    assert (run.code, run.out) == (2, "")
    assert option[1] in run.err


@pytest.mark.usefixtures("five_talks")
def test_an_episode_that_is_not_there_is_named() -> None:
    run = airquote("search", "ferry", "--episode", "nowhere")
    assert (run.code, run.out) == (2, "")
    assert "nowhere" in run.err


@pytest.mark.usefixtures("five_talks")
def test_ten_thousand_words_are_searched_for() -> None:
    words = [f"w{number}" for number in range(9_999)]
    nothing = airquote("search", "--", " ".join([*words, "ferry"]))
    assert nothing.code == 1
    assert nothing.err.count("nowhere in the library") == 5
    assert airquote("search", "--", " OR ".join([*words, "ferry"])).code == 0


def test_an_empty_library_finds_nothing(library: Path) -> None:
    make_library(library, []).close()
    for arguments in (("ferry",), ("fer*",), ("ferry", "--count"), ("near(a, b, 3s)",), ("ferry~", "--facets", "show")):
        run = airquote("search", *arguments)
        assert (run.code, run.out) == (1, ""), arguments


def test_a_wildcard_that_opens_to_many_words_is_cut_and_that_is_said(library: Path) -> None:
    words = " ".join(f"w{number}" for number in range(EXPANSION_LIMIT + 500))
    make_library(library, [words + " w7" * 9]).close()
    run = airquote("search", "w*", "--limit", "3")
    assert run.code == 0
    assert f"matches {EXPANSION_LIMIT + 500} words" in run.err
    assert airquote("search", "w*", "--count", "--json").answer["hits"] == EXPANSION_LIMIT + 9


def test_the_most_frequent_words_are_those_that_are_taken(tmp_path: Path) -> None:
    with closing(Lexicon(tmp_path / "lexicon.db", writable=True)) as lexicon:
        rare = [f"w{number:05}" for number in range(60_000)]
        lexicon.change([], [count_words(1, "en", [*rare, "woften", "woften"])])
        expanded = lexicon.matching(Wildcard("w*"))
        assert (expanded.found, len(expanded.words), expanded.cut) == (60_001, EXPANSION_LIMIT, True)
        assert set(expanded.words) == {"woften", *rare[: EXPANSION_LIMIT - 1]}
        assert lexicon.matching(Wildcard("*77")).found == 600


def test_no_pattern_goes_back_and_forth_over_a_word() -> None:
    fits = compile_pattern("a*" * 60 + "b")
    assert not fits("a" * 5_000)
    assert fits("a" * 5_000 + "b")
    assert not compile_pattern("a*a")("a")
    assert compile_pattern("(a+)+*")("(a+)+$")
    assert compile_pattern("*.?")("x.y")
    assert not compile_pattern("?")("")
