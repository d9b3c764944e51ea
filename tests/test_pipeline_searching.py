"""Statements of a search: the same whether read in parts or at once, and long queries in little memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from libraries import make_library, search

from index.fulltext.maintenance import open_index
from index.fulltext.ranking import ScoredPassages, match_all, match_any
from index.storage.store import Store
from pipeline.answers import SearchOptions
from pipeline.searching import find_statements, read_query

TEXTS = ["The ferry left the harbour at night, and the storm came. " * 12, "A ferry; — a storm! " * 40, "ferry"]


@pytest.fixture(scope="module")
def ferry_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store with the transcripts TEXTS."""
    with make_library(tmp_path_factory.mktemp("library"), TEXTS) as store:
        yield store


@pytest.mark.parametrize("context", [0, 1, 3, 20])  # the last is more than there is
def test_an_episode_read_whole_gives_the_statements_that_its_parts_give(
    ferry_store: Store, context: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = SearchOptions(limit=None, offset=3, context=context)
    for query in ("ferry", '"storm came the ferry"', "storm -harbour", "near(ferry, storm, 5s)"):
        answers = []
        for hits in (0, 1_000_000):
            monkeypatch.setattr("pipeline.searching._READ_WHOLE", hits)
            with open_index(ferry_store) as index:
                answers.append(find_statements(read_query(query, options, ferry_store), index))
        assert answers[0] == answers[1]
        assert [statement.n for statement in answers[0].statements] == list(range(4, answers[0].total + 1))


def made_matches(number: int, passages: int) -> Iterator[ScoredPassages]:
    for part in range(number):
        yield ScoredPassages(np.arange(passages) % 7 != part % 7, np.full(passages, 0.5), *np.ones((2, passages)))


def test_a_query_of_ten_thousand_parts_needs_no_more_memory_than_one_of_two() -> None:
    peaks = []
    for parts in (2, 10_000):
        tracemalloc.start()
        matched = match_any(made_matches(parts, 10_000), 10_000)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert matched.held.all()
        matching = [sum(part % 7 != passage for part in range(parts)) for passage in range(7)]
        assert matched.scores.tolist() == [0.5 * matching[passage % 7] for passage in range(10_000)]
    assert peaks[1] < 2 * peaks[0]


def test_no_more_parts_are_looked_at_once_no_passage_is_left() -> None:
    parts = made_matches(10_000, 100)
    assert not match_all(parts, 100).held.any()
    assert sum(1 for _ in parts) == 10_000 - 7
    some = match_all(made_matches(3, 70), 70)
    assert some.held.sum() == 40


def test_words_within_so_many_that_no_passage_has_as_many_are_nowhere(ferry_store: Store) -> None:
    assert search(ferry_store, f'"{"ferry storm " * 5_000}"~999') == []
    assert search(ferry_store, f'"{"the ferry " * 3}"~50')


@pytest.mark.parametrize(
    ("query", "advice"),
    [
        ("1,200 ferry", "'1,200' is nowhere in the library, neither in figures nor in words."),
        ("twelve hundred ferry", "'twelve hundred' is nowhere in the library, neither in figures nor in words."),
        ("fery 25", "'fery' is nowhere in the library; did you mean ferry?"),
    ],
)
def test_a_number_that_is_nowhere_is_told_and_no_other_number_suggested(
    tmp_path: Path, query: str, advice: str
) -> None:
    with (
        make_library(tmp_path, ["The ferry has twenty-five rooms and 1,100 beds."]) as store,
        open_index(store) as index,
    ):
        answer = find_statements(read_query(query, SearchOptions(), store), index)
    assert [one.advice for one in answer.suggestions if "nowhere" in one.advice] == [advice]


def test_the_marks_of_a_number_are_all_its_words(tmp_path: Path) -> None:
    with make_library(tmp_path, ["The ferry has one hundred and five beds."]) as store, open_index(store) as index:
        (found,) = find_statements(read_query("105 ferry", SearchOptions(), store), index).statements
    assert [found.context[start:end] for start, end in found.marks] == ["ferry", "one hundred and five"]
