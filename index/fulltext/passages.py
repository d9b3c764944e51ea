"""Split a transcript into overlapping passages, the unit of indexing and ranking."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

PASSAGE_TOKENS = 150
"""Length of a passage: about a minute of speech."""
OVERLAP_TOKENS = 30
"""Overlap of neighbouring passages: any phrase of up to this many tokens lies entirely in one of them."""
STEP_TOKENS = PASSAGE_TOKENS - OVERLAP_TOKENS
"""New tokens in each passage."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Words ``first`` to ``last``, both included, of the transcript with the number ``transcript``: a range, not text.

    An episode that is transcribed again gets a new number, which is never reused: unlike the episode's id it identifies
    these words.
    """

    transcript: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class CutPassage:
    """A passage to be indexed: its first and last word, both included, and its tokens."""

    first: int
    last: int
    tokens: list[str]


def cut_passages(tokens: Sequence[str], owners: Sequence[int]) -> Iterator[CutPassage]:
    """Yield the passages of a transcript's tokens (``owners``: each token's word number).

    Lengths count tokens, because a word may hold several or none; words at both ends are never split.
    """
    start = 0
    while start < len(tokens):
        end = min(start + PASSAGE_TOKENS, len(tokens))
        first, last = owners[start], owners[end - 1]
        whole_start, whole_end = start, end
        while whole_start > 0 and owners[whole_start - 1] == first:
            whole_start -= 1
        while whole_end < len(tokens) and owners[whole_end] == last:
            whole_end += 1
        yield CutPassage(first, last, list(tokens[whole_start:whole_end]))
        if end == len(tokens):
            return
        start += STEP_TOKENS
