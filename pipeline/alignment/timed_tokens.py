"""Words as tokens with times: each token has its share of the time of its word, by its length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from index.language.tokens import tokenize
from index.transcript import Word

LONG_PAUSE = 1.0
"""Seconds: longer pauses are no more likely between two parts of a programme than inside one."""
SENTENCE_END = 0.5
"""Seconds of pause that the end of a sentence is worth, about what speakers make there."""
ROUNDING = 1e-9
"""Of a sum of shares."""
STOPS, CLOSING = (".", "?", "!", "…", "。", "？", "！"), " \"'”’)]»"


@dataclass(frozen=True, slots=True)
class TimedToken:
    """A token with its times in seconds, the number of the word that it belongs to, and whether a sentence may end with
    that word."""

    text: str
    start: float
    end: float
    word: int
    ends: bool = False

    def parts_from(self, after: TimedToken) -> float:
        """How much speaks for a border between this token and the one ``after`` it, in seconds of a pause."""
        if self.word == after.word:
            return -LONG_PAUSE
        return min(LONG_PAUSE, after.start - self.end) + (SENTENCE_END if self.ends else 0.0)


def time_tokens(words: Sequence[Word]) -> list[TimedToken]:
    """Return the tokens of some words, in order; starts never go back."""
    tokens: list[TimedToken] = []
    for number, word in enumerate(words):
        texts = tokenize(word.text)
        ends = list(accumulate(map(len, texts), initial=0))
        step = (word.end - word.start) / ends[-1] if texts else 0.0
        for text, (first, last) in zip(texts, pairwise(ends), strict=True):
            start, end = word.start + first * step, word.start + last * step
            tokens.append(TimedToken(text, start, end, number, ends=word.text.rstrip(CLOSING).endswith(STOPS)))
    return tokens


def spread_evenly(
    tokens: Sequence[TimedToken], over: Sequence[tuple[float, float, float]]
) -> list[tuple[float, float]]:
    """Return times for tokens in proportion to their lengths, over pieces of time: (start, end, share of the text)."""
    total = sum(share for _, _, share in over) or 1.0
    letters = sum(len(token.text) for token in tokens)
    ends = [total * done / letters for done in accumulate((len(token.text) for token in tokens), initial=0)]
    # At a border of two pieces a word ends with the first one and starts with the second.
    return [
        (_time_at(first + total * ROUNDING, over), _time_at(last - total * ROUNDING, over))
        for first, last in pairwise(ends)
    ]


def _time_at(shares: float, over: Sequence[tuple[float, float, float]]) -> float:
    for start, end, share in over:
        if shares <= share:
            return start + (end - start) * (shares / share if share else 1.0)
        shares -= share
    return over[-1][1]
