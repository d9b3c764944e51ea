"""Models of languages that tell text from other letters: the word lists of justext, and pairs of letters in them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from itertools import pairwise

_BIGRAM_WORDS = 1500
"""Words of a list, the most frequent first, whose letters are counted; Finnish has 7,317 of them, Spanish 304."""

_SMOOTHING = 0.05
_ALPHABET = 60
_EDGE = " "


class LanguageModel:
    """How probable a word is in a language, by its rank in a list of frequent words or by its pairs of letters."""

    def __init__(self, words: Iterable[str]) -> None:
        ranked = list(dict.fromkeys(word.strip(".,;:()\"'").lower() for word in words))
        # Zipf's law: the n-th word of a language is about one in 10 (n + 3) words.
        self._ranks = {word: -math.log(10 * (rank + 3)) for rank, word in enumerate(ranked) if word}
        self._pairs: Counter[tuple[str, str]] = Counter()
        self._letters: Counter[str] = Counter()
        for rank, word in enumerate(ranked[:_BIGRAM_WORDS]):
            weight = 1 + 3 * (rank < 100)
            for pair in pairwise(f"{_EDGE}{word}{_EDGE}"):
                self._pairs[pair] += weight
                self._letters[pair[0]] += weight

    def log_probability(self, word: str) -> float:
        """Return the natural logarithm of the probability of a word in lower case."""
        listed = self._ranks.get(word)
        return listed if listed is not None else sum(map(self._pair, pairwise(f"{_EDGE}{word}{_EDGE}")))

    def _pair(self, pair: tuple[str, str]) -> float:
        return math.log((self._pairs[pair] + _SMOOTHING) / (self._letters[pair[0]] + _SMOOTHING * _ALPHABET))


@cache
def language_model(name: str) -> LanguageModel:
    """Return the model of a language, by the English name that justext's word lists have."""
    return LanguageModel(read_words(name))


def read_words(name: str) -> list[str]:
    """Return the frequent words of a language, the most frequent first."""
    from justext import get_stoplists  # with lxml, which only a file that is not Unicode needs

    if name not in get_stoplists():
        raise ValueError(f"justext has no list of {name} words")
    # Its own function returns a set, without the order of frequency.
    return files("justext").joinpath("stoplists", f"{name}.txt").read_text(encoding="utf-8").split()
