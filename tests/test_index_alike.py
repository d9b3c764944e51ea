"""Words that are spelled or sound nearly alike: what is found, and the closest first."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from libraries import hit_text, make_library

from index.fulltext.lexicon import Lexicon, count_words
from index.fulltext.maintenance import open_index
from index.query.parser import parse_query
from index.query.rewriting import widen
from index.search.searcher import search


def found(folder: Path, texts: list[str], query: str, *, fuzzy: bool = True) -> list[str]:
    """The words that a query finds, the best first."""
    with make_library(folder, texts) as store, open_index(store) as index:
        tree = parse_query(query)
        hits = search(widen(tree) if fuzzy else tree, index, limit=None).hits
        return [hit_text(store, hit).strip(".,") for hit in hits]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("Okafor", "Akhofer"),
        ("Duchovny", "Dukovny"),
        ("Prometeus", "Prometheus"),
        ("Nite", "Knight"),
        ("Stephen", "Steven"),
        ("Catherine", "Kathryn"),
        ("Duchvony", "Duchovny"),
    ],
)
def test_a_misspelt_name_finds_the_right_one_and_the_reverse(tmp_path: Path, query: str, said: str) -> None:
    for number, (asked, spoken) in enumerate([(query, said), (said, query)]):
        text = f"Nobody but {spoken} offered a pie to the director."
        assert found(tmp_path / str(number), [text], asked) == [spoken]


@pytest.mark.parametrize(
    ("query", "text", "words"),
    [
        ("Okafor", "He met oak afford in town.", ["oak afford"]),
        ("Kubernetes", "We use cooper netties for that.", ["cooper netties"]),
        ("Zuckerberg", "Mark sugar berg said so.", ["sugar berg"]),
        ("Ann Arbor", "We went to an harbor.", ["an harbor"]),
        ("Ann Arbor", "We flew to Anarbor yesterday.", ["Anarbor"]),
        ("Okafor", "It was okay. " * 29 + "Okay for me. " * 29, []),  # two frequent words
        (
            "ferry",
            "The fair, he said, is open.",
            [],
        ),  # another sound begins the second
    ],
)
def test_a_name_is_found_that_was_heard_as_two_words_or_two_as_one(
    tmp_path: Path, query: str, text: str, words: list[str]
) -> None:
    assert found(tmp_path, [text], query) == words


@pytest.mark.parametrize(
    ("query", "ranked"),
    [
        ("fogle", ["Fogle", "Fogel", "focal"]),
        ("prometeus", ["Prometheus", "promotes"]),
        ("okafor", ["Okafor", "Okafur", "Akhofer", "oak afford"]),
        ("stephen", ["Stephen", "Steven", "Stefan"]),
        ("fogle~2", ["Fogle", "Fogel", "Vogel"]),
    ],
)
def test_the_closest_word_comes_first_however_often_the_others_are_said(
    tmp_path: Path, query: str, ranked: list[str]
) -> None:
    # The worse a word fits, the more often it is said, in the newest episodes, and beside the better ones.
    texts = [
        f"{'so ' * 9}{word} " + "and so it was then. " * 3 + f"{' '.join(ranked[at + 1 :])} " + f"{word} " * at * 3
        for at, word in enumerate(ranked)
    ]
    assert list(dict.fromkeys(found(tmp_path, texts, query))) == ranked


def test_letters_without_a_vowel_sound_like_no_word(tmp_path: Path) -> None:
    assert found(tmp_path, ["We use VCL, and Fogel."], "Fogle") == ["Fogel"]


def test_an_exact_word_comes_before_one_that_is_rarer(tmp_path: Path) -> None:
    texts = ["Steven came."] * 3 + ["Stephen left. " * 4] * 20
    words = found(tmp_path, texts, "stephen")
    assert words == ["Stephen"] * 80 + ["Steven"] * 3


@pytest.mark.parametrize(
    ("query", "said"), [("colour", "color"), ("organised", "organizing"), ("ok", "okay"), ("centre", "center")]
)
def test_british_and_american_spellings_are_one_word_in_english_and_two_in_a_phrase(
    tmp_path: Path, query: str, said: str
) -> None:
    for number, (asked, spoken) in enumerate([(query, said), (said, query)]):
        text = f"The {spoken} of it."
        assert found(tmp_path / str(number), [text], asked, fuzzy=False) == [spoken]
        assert found(tmp_path / f"phrase {number}", [text], f'"the {asked} of"', fuzzy=False) == []


def test_suggestions_are_those_words_too(tmp_path: Path) -> None:
    with closing(Lexicon(tmp_path / "lexicon.db", writable=True)) as lexicon:
        lexicon.change(
            [], [count_words(1, "en", ["promotes"] * 9 + ["prometheus", "vcl", "fogel", "the", "they", "then"])]
        )
        assert lexicon.suggest("prometeus") == ["prometheus", "promotes"]
        assert lexicon.suggest("fogle") == ["fogel"]
        assert lexicon.suggest("teh")[0] == "the"
