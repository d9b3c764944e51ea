"""Other writings in searches: the table of docs/writings.md holds row by row, and compounds are joined where safe."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from generated_docs import ROOT
from hypothesis import given
from hypothesis import strategies as st
from libraries import add_text, hit_text, make_library, search

from index.storage.store import Store

SENTENCE = "and then we said {} about them"


class Row(NamedTuple):
    """A row of the table: writings that are equal, and those that none of them finds."""

    equal: list[str]
    different: list[str]


def read_table() -> list[Row]:
    lines = (ROOT / "docs" / "writings.md").read_text(encoding="utf-8").splitlines()
    cells = [line.split("|")[2:4] for line in lines if line.startswith("|")][2:]
    return [Row(*(re.findall("`([^`]+)`", cell) for cell in row)) for row in cells]


TABLE = read_table()


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.equal[0])
def test_each_writing_of_a_row_finds_the_others_and_nothing_else(tmp_path: Path, row: Row) -> None:
    assert len(row.equal) > 1
    with Store.open(tmp_path, create=True) as store:
        for number, said in enumerate((*row.equal, *row.different)):
            add_text(store, f"n{number}", SENTENCE.format(said))
        wanted = {f"n{number}" for number in range(len(row.equal))}
        for asked in row.equal:
            for query in (f'"{asked}"', f'"said {asked} about"', f'near("{asked}", said, 3s)'):
                assert {hit.episode.id for hit in search(store, query)} == wanted, query
            scattered = {hit.episode.id for hit in search(store, asked)}
            assert wanted <= scattered if " " in asked else wanted == scattered, asked
            others = {f"n{number + len(row.equal)}" for number in range(len(row.different))}
            assert {hit.episode.id for hit in search(store, f'said -"{asked}"')} == others, asked


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    texts = [
        "a lifelong friend of notable web sites set up the setup in sight",
        "a life-long friend who is not able to read e-mails",
        "a web site about an insight in one email, with life and long days",
    ]
    with make_library(tmp_path_factory.mktemp("compounds"), texts) as made:
        yield made


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("lifelong", ["lifelong", "life-long"]),
        ('"a lifelong friend"', ["a lifelong friend", "a life-long friend"]),
        ('"life long friend"', ["lifelong friend", "life-long friend"]),
        ("life-long", ["lifelong", "life-long"]),
        ('"notable"', ["notable"]),
        ('"not able"', ["not able"]),
        ('"set up"', ["set up"]),
        ("setup", ["setup"]),
        ('"in sight"', ["in sight"]),
        ("insight", ["insight"]),
        ("websites", ["web sites", "web site"]),
        ("e-mails", ["e-mails", "email,"]),
        ("emails", ["e-mails", "email,"]),
        ("friend -lifelong", []),
        ("near(lifelong, friend, 2s)", ["lifelong friend", "life-long friend"]),
    ],
)
def test_compounds_are_found_in_the_ways_of_the_library(store: Store, query: str, found: list[str]) -> None:
    assert sorted(hit_text(store, hit) for hit in search(store, query)) == sorted(found)


WORDS = ["life", "long", "lifelong", "life-long", "web", "site", "website", "not", "able", "notable", "friend"]


@given(words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=4))
def test_a_phrase_finds_only_what_has_its_letters(store: Store, words: list[str]) -> None:
    asked = " ".join(words)
    for hit in search(store, f'"{asked}"'):
        assert re.sub("[ -]", "", asked) in re.sub("[ -]", "", hit_text(store, hit))
