"""Two transcripts of the same sound, side by side: which words of one stand where the words of the other do."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.language.tokens import tokenize_words
from index.transcript import Word
from pipeline.alignment.token_matching import TokenRun, match_tokens


@dataclass(frozen=True, slots=True)
class ParallelStretch:
    """Words of both transcripts that stand for each other: from ``first`` up to ``stop`` of one, and from
    ``other_first`` up to ``other_stop`` of the other; either may be none. ``equal`` is whether they are the same."""

    first: int
    stop: int
    other_first: int
    other_stop: int
    equal: bool

    def joined_with(self, later: ParallelStretch) -> ParallelStretch:
        """Return the stretch of this one, a later one, and what is between, which differs."""
        return ParallelStretch(self.first, later.stop, self.other_first, later.other_stop, equal=False)


class ParallelWords:
    """The words of a transcript beside those of another one."""

    def __init__(self, words: Sequence[Word], others: Sequence[Word]) -> None:
        self._count, self._other_count = len(words), len(others)
        tokens, self._owners = _number_tokens(words)
        other_tokens, self._other_owners = _number_tokens(others)
        self._runs = match_tokens(tokens, other_tokens)

    def counterpart(self, first: int, last: int) -> range:
        """Return the words of the other that stand for words ``first`` to ``last``, and the equal ones around them."""
        begin, end = bisect_left(self._owners, first), bisect_right(self._owners, last)
        before = [run for run in self._runs if run.text < begin]
        after = [run for run in self._runs if run.text_end > end]
        start = before[-1].heard + min(begin - before[-1].text, before[-1].length) - 1 if before else 0
        stop = after[0].heard + max(end - after[0].text, 0) if after else len(self._other_owners) - 1
        if not self._other_owners or stop < start:
            return range(0)
        return range(self._other_owners[start], self._other_owners[stop] + 1)

    def differing(self, apart: int) -> Iterator[ParallelStretch]:
        """Yield the stretches that differ, as one where fewer than ``apart`` equal words part them; beside each are as
        many equal words, or the beginning or the end of both."""
        joined: ParallelStretch | None = None
        for stretch in self.stretches():
            if not stretch.equal:
                joined = stretch if joined is None else joined.joined_with(stretch)
            elif (
                joined is not None
                and min(stretch.stop - stretch.first, stretch.other_stop - stretch.other_first) >= apart
            ):
                yield joined
                joined = None
        if joined is not None:
            yield joined

    def stretches(self) -> Iterator[ParallelStretch]:
        """Yield the stretches of both in order, equal and different ones by turns; words are never divided."""
        reached, other_reached = 0, 0
        for run in self._runs:
            first, stop, other_first, other_stop = self._whole_words(run)
            if stop <= first or other_stop <= other_first or first < reached or other_first < other_reached:
                continue
            if first > reached or other_first > other_reached:
                yield ParallelStretch(reached, first, other_reached, other_first, equal=False)
            yield ParallelStretch(first, stop, other_first, other_stop, equal=True)
            reached, other_reached = stop, other_stop
        if self._count > reached or self._other_count > other_reached:
            yield ParallelStretch(reached, self._count, other_reached, self._other_count, equal=False)

    def _whole_words(self, run: TokenRun) -> tuple[int, int, int, int]:
        """Return the words that a run holds whole in both."""
        begin, end = 0, run.length
        while begin < end and not (
            _begins_word(self._owners, run.text + begin) and _begins_word(self._other_owners, run.heard + begin)
        ):
            begin += 1
        while end > begin and not (
            _begins_word(self._owners, run.text + end) and _begins_word(self._other_owners, run.heard + end)
        ):
            end -= 1
        if begin >= end:
            return 0, 0, 0, 0
        return (
            self._owners[run.text + begin],
            self._owners[run.text + end - 1] + 1,
            self._other_owners[run.heard + begin],
            self._other_owners[run.heard + end - 1] + 1,
        )


def _begins_word(owners: Sequence[int], token: int) -> bool:
    """Whether a token is the first of its word, or the end of all."""
    return token in (0, len(owners)) or owners[token] != owners[token - 1]


def _number_tokens(words: Sequence[Word]) -> tuple[list[str], list[int]]:
    """Return the tokens that were said, in order, and the number of the word of each."""
    return tokenize_words(word.text if word.spoken else "" for word in words)
