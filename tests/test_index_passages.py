"""Passages: any phrase up to the overlap lies entirely in one of them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.fulltext.needed_passages import shared_passages
from index.fulltext.passages import OVERLAP_TOKENS, PASSAGE_TOKENS, cut_passages

NUMBERS = st.sets(st.integers(0, 60)) | st.builds(
    lambda stop, step: set(range(0, stop, step)), st.integers(1, 2_000), st.integers(1, 5)
)


@st.composite
def transcripts(draw: st.DrawFn) -> tuple[list[str], list[int]]:
    """Tokens with their word numbers: words of no, one or a few tokens, occasionally of very many."""
    sizes = draw(st.lists(st.sampled_from([0, 1, 1, 1, 1, 2, 3, 7, 200]), max_size=60))
    sizes = sizes * draw(st.integers(1, 12)) + [1] * draw(st.integers(0, 400))
    owners = [number for number, size in enumerate(sizes) for _ in range(size)]
    return [f"t{place}" for place in range(len(owners))], owners


@given(transcripts())
def test_every_run_of_thirty_tokens_lies_whole_in_one_passage(transcript: tuple[list[str], list[int]]) -> None:
    tokens, owners = transcript
    held = [(int(passage.tokens[0][1:]), int(passage.tokens[-1][1:])) for passage in cut_passages(tokens, owners)]
    for start in range(max(1, len(tokens) - OVERLAP_TOKENS + 1)):
        last = min(start + OVERLAP_TOKENS, len(tokens)) - 1
        assert last < start or any(first <= start and last <= end for first, end in held)


@given(transcripts())
def test_a_passage_is_whole_words_and_no_longer_than_it_must_be(transcript: tuple[list[str], list[int]]) -> None:
    tokens, owners = transcript
    covered: set[str] = set()
    for passage in cut_passages(tokens, owners):
        first, last = owners.index(passage.first), len(owners) - 1 - owners[::-1].index(passage.last)
        assert passage.tokens == tokens[first : last + 1]
        ends = owners.count(passage.first) + owners.count(passage.last)
        assert len(passage.tokens) <= PASSAGE_TOKENS + ends - 2
        covered.update(passage.tokens)
    assert covered == set(tokens)


def test_no_tokens_give_no_passage() -> None:
    assert list(cut_passages([], [])) == []


def test_passages_of_plain_words_are_150_long_and_share_30() -> None:
    tokens = [str(number) for number in range(500)]
    ranges = [(passage.first, passage.last) for passage in cut_passages(tokens, range(500))]
    assert ranges == [(0, 149), (120, 269), (240, 389), (360, 499)]


@given(NUMBERS, NUMBERS)
def test_shared_passages_are_those_in_both_lists(one: set[int], other: set[int]) -> None:
    lists = [np.array(sorted(numbers), np.int64) for numbers in (one, other)]
    assert shared_passages(*lists).tolist() == sorted(one & other)
