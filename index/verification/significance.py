"""Surprisal of finding so much of a quotation by chance, in bits."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise

from index.fulltext.maintenance import OpenIndex
from index.fulltext.passages import OVERLAP_TOKENS, PASSAGE_TOKENS
from index.language.common_words import common_grams, common_words
from index.language.tokens import tokenize
from index.verification.edits import Edit

COMMON_CHANCE, RARE_CHANCE = 0.0043, 0.00002
"""Probability of a common word, and of any other: the 150 of index/language/common_words.py are 65 % of speech."""

_PRIOR_WORDS, _PRIOR_PAIRS = 100_000, 20
"""Weights of the prior, in words of speech and in occurrences of a word, against the library's own counts."""


class WordRarity:
    """Weighs words by their rarity in one library; caches the counts."""

    def __init__(self, index: OpenIndex) -> None:
        self._index = index
        self._counts: dict[str, int] = {}
        self._grams: dict[str, int] = {}

    @property
    def library_words(self) -> int:
        """The approximate number of words in the library."""
        return max(2, (PASSAGE_TOKENS - OVERLAP_TOKENS) * self._index.fulltext.numbers())

    def weigh_edits(self, edits: Iterable[Edit], language: str | None) -> float:
        """Return the bits of all equal words, summed over their runs."""
        return sum(self.weigh_run(tokenize(edit.said), language) for edit in edits if edit.op == "equal")

    def weigh_run(self, tokens: Sequence[str], language: str | None) -> float:
        """Return the bits of consecutive words: the surprisal of the first, then of each one given the one before it.

        Bigram counts exist where one of the two words is very common, which is where they matter: after "one of",
        "the" carries little information.
        """
        bits = -math.log2(self._chance(tokens[0], language)) if tokens else 0.0
        for before, token in pairwise(tokens):
            chance = self._chance(token, language)
            for gram in common_grams([before, token], language):
                together = (self._gram(gram) + chance * _PRIOR_PAIRS) / (self._count(before) + _PRIOR_PAIRS)
                chance = min(1.0, max(chance, together))
            bits -= math.log2(chance)
        return bits

    def bits(self, token: str, language: str | None) -> float:
        """Return the surprisal of a word by itself."""
        return -math.log2(self._chance(token, language))

    def _chance(self, token: str, language: str | None) -> float:
        """Return the probability of a word, from the library's counts smoothed with the prior."""
        usual = COMMON_CHANCE if token in common_words(language) else RARE_CHANCE
        return (self._count(token) + usual * _PRIOR_WORDS) / (self.library_words + _PRIOR_WORDS)

    def _count(self, token: str) -> int:
        if token not in self._counts:
            self._counts[token] = self._index.lexicon.count(token)
        return self._counts[token]

    def _gram(self, gram: str) -> int:
        if gram not in self._grams:
            self._grams[gram] = self._index.fulltext.frequency("grams", gram)
        return self._grams[gram]
