"""Words as tokens with times: each token has its share of the time of its word, by its length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from index.language.tokens import tokenize
from index.transcript import Word


@dataclass(frozen=True, slots=True)
class TimedToken:
    """A token with its times in seconds, and the number of the word that it belongs to."""

    text: str
    start: float
    end: float
    word: int


def time_tokens(words: Sequence[Word]) -> list[TimedToken]:
    """Return the tokens of some words, in order; starts never go back."""
    tokens: list[TimedToken] = []
    for number, word in enumerate(words):
        texts = tokenize(word.text)
        ends = list(accumulate(map(len, texts), initial=0))
        step = (word.end - word.start) / ends[-1] if texts else 0.0
        for text, (first, last) in zip(texts, pairwise(ends), strict=True):
            tokens.append(TimedToken(text, word.start + first * step, word.start + last * step, number))
    return tokens


def spread_evenly(
    tokens: Sequence[TimedToken], over: Sequence[tuple[float, float, float]]
) -> list[tuple[float, float]]:
    """Return times for tokens in proportion to their lengths, over pieces of time: (start, end, share of the text)."""
    total = sum(share for _, _, share in over) or 1.0
    letters = sum(len(token.text) for token in tokens)
    ends = [done / letters for done in accumulate((len(token.text) for token in tokens), initial=0)]
    return [(_time_at(first, over, total), _time_at(last, over, total)) for first, last in pairwise(ends)]


def _time_at(fraction: float, over: Sequence[tuple[float, float, float]], total: float) -> float:
    left = fraction * total
    for start, end, share in over:
        if left <= share:
            return start + (end - start) * (left / share if share else 1.0)
        left -= share
    return over[-1][1]
