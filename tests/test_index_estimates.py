"""The number of hits is estimated without bias, within the error that is stated."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from libraries import make_library
from numpy.typing import NDArray

from index.fulltext.maintenance import open_index
from index.query.parser import parse_query
from index.search.estimates import Estimate, estimate_total
from index.search.searcher import search


@pytest.fixture
def random() -> np.random.Generator:
    """A source of numbers, the same for each test."""
    return np.random.default_rng(7)


def test_what_is_in_proportion_to_the_sizes_is_estimated_without_error(random: np.random.Generator) -> None:
    sizes = random.integers(1, 40, 5_000).astype(float)
    estimate = estimate_total(sizes, lambda number: int(3 * sizes[number]))
    assert estimate.total == 3 * sizes.sum()
    assert estimate.error == pytest.approx(0, abs=1e-6)


def _count_at(counts: NDArray[np.int64], number: int) -> int:
    return int(counts[number])


@pytest.mark.parametrize("share", [1.0, 0.5, 0.1, 0.02])
def test_estimates_are_unbiased_and_mostly_within_their_error(share: float, random: np.random.Generator) -> None:
    off, within = [], []
    for _ in range(60):
        sizes = random.integers(1, 12, 4_000).astype(float)
        # Many hits in few passages, and many passages that have none after all.
        counts = (random.random(4_000) < share) * random.poisson(sizes)
        estimate = estimate_total(sizes, partial(_count_at, counts))
        off.append(estimate.total / counts.sum() - 1)
        within.append(abs(off[-1]) <= estimate.error)
    assert abs(np.mean(off)) < 3 * np.std(off) / len(off) ** 0.5 + 0.005
    assert np.mean(within) > 0.85


def test_where_nothing_is_found_in_the_sample_the_error_says_that_it_may_be_anything() -> None:
    assert estimate_total(np.ones(100_000), lambda number: number == 77) == (0, 1.0)


QUERIES = [
    "ferry", "ferry harbour", '"the ferry"', "ferry -b", "fery~", "ferr*",
    "ferry OR night", "near(ferry, night, 2s)",
]  # fmt: skip


WORDS = ["the", "ferry", "harbour", "night", "storm", *"abcdefghijklmnop"]


def draw_words(random: np.random.Generator, different: int, number: int) -> str:
    return " ".join(random.choice(WORDS[:different], number))


@pytest.mark.parametrize("query", QUERIES)
def test_the_hits_of_a_large_library_are_estimated_within_the_error(
    tmp_path: Path, query: str, random: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    # In some episodes the words are frequent, in others rare; those with more rank first.
    texts = [draw_words(random, 5 + 2 * number, 1_500) for number in range(8)]
    with make_library(tmp_path, texts) as store, open_index(store) as index:
        tree = parse_query(query)
        exact = search(tree, index, limit=0, count=True)
        monkeypatch.setattr("index.search.searcher.COUNTED_PASSAGES", 0)
        monkeypatch.setattr("index.search.searcher.ERROR", 1.0)  # no count instead of a wide estimate
        told = search(tree, index, limit=3)
    assert exact.exact
    assert exact.error == 0
    assert not told.exact
    assert told.total == pytest.approx(exact.total, rel=2 * told.error)
    assert told.error < 0.35


@pytest.mark.parametrize("query", [*QUERIES, '"the ferry"~3', "b OR c OR d", '"the ferry harbour"'])
def test_the_shares_of_a_hit_in_the_passages_that_hold_it_add_up_to_one(
    tmp_path: Path, query: str, random: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def add_up(sizes: NDArray[np.float64], share: Callable[[int], float], most: int) -> Estimate:  # noqa: ARG001
        return Estimate(round(sum(map(share, range(len(sizes))))), 0.01)

    texts = [draw_words(random, 5 + 4 * number, 900) for number in range(4)]
    with make_library(tmp_path, texts) as store, open_index(store) as index:
        tree = parse_query(query)
        exact = search(tree, index, limit=0, count=True)
        monkeypatch.setattr("index.search.searcher.COUNTED_PASSAGES", 0)
        monkeypatch.setattr("index.search.searcher.estimate_total", add_up)
        told = search(tree, index, limit=0)
    assert not told.exact
    assert told.total == exact.total > 0


def test_a_wide_estimate_is_replaced_by_a_count_where_that_reads_little_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.search.searcher.COUNTED_PASSAGES", 0)
    texts = ["the ferry and the storm came " * 300 + "storm ferry " * 3] * 2
    with make_library(tmp_path, texts) as store, open_index(store) as index:
        told = search(parse_query('"storm ferry"~0'), index, limit=1)
    assert (told.total, told.exact) == (10, True)
