"""Words of the library that are spelled or sound nearly like a word, with how alike they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nsmallest

import numpy as np
from numpy.typing import NDArray

from index.language.phonetics import pronounce

_MOST = 0.9
"""The likeness of other words is below this: they rank after the word itself."""
_LEAST = 0.01
SHORTEST_CHANGED, _TWO_EDITS = 4, 8
"""The letters of a word from which on one edit, and two, make a word that is alike: one edit turns most shorter words
into other common ones."""
_SOUND = 0.25
"""The most that words that sound alike differ, as a share of the longer code: Okafor and Akhofer differ by 3 of 13."""
_PAIR_SHARE = 3
"""One in so many characters of a code may differ for a pair of words: Okafor and oak afford differ by 4 of 12."""
_PAIR_MOST = 0.6
"""The likeness of pairs is below this: most single words that are alike come before them."""
_FAR = 1_000
"""Edits of a code that are too many."""
_RARE, _RARE_SHARE = 20, 20_000
"""A word is rare that occurs so often at most, or is one of so many words: two frequent words in a row sound like too
many names (okay for)."""
_PHONE = re.compile("@[aeiou]?|[a-z]{2}[a-zTS]|[a-z]")
_FREQUENCY = 0.02
"""The most that frequency decides between words that are equally close."""


@dataclass(frozen=True, slots=True)
class KnownWords:
    """Every word of a library: its spelling, its code (``pronounce``) and its count."""

    words: list[str]
    spoken: list[str]
    counts: NDArray[np.int64]

    def alike(self, token: str, edits: int, most: int) -> dict[str, float]:
        """Return at most so many words that are alike, the most alike first, with their likeness; ``token`` is not one.

        Words are alike if their spelling differs by at most so many edits: insertions, deletions and substitutions of a
        letter, and transpositions of two neighbours. Or if the codes of their sounds differ by a quarter at most; those
        of a word of fewer than four letters must be equal.
        """
        spelling, sound = _spelling_edits(token, self.words), _sound_difference(token, self.spoken)
        near = np.flatnonzero((spelling <= edits) | (sound <= (_SOUND if len(token) >= SHORTEST_CHANGED else 0)))
        differences = _difference(spelling[near] / len(token), sound[near], self.counts[near])
        found = zip(differences.tolist(), (self.words[number] for number in near), strict=True)
        best = nsmallest(most, ((difference, word) for difference, word in found if word != token))
        return {word: _likeness(difference) for difference, word in best}

    def pairs(self, token: str) -> WordPairs:
        """Return the words that may be halves of what sounds like ``token``; none if it is short or not rare."""
        phones = _PHONE.findall(pronounce(token))
        budget, rare = len("".join(phones)) // _PAIR_SHARE, max(_RARE, int(self.counts.sum()) // _RARE_SHARE)
        if token in self.words and self.counts[self.words.index(token)] > rare:
            return NO_PAIRS
        halves = [("".join(phones[:cut]), "".join(phones[cut:])) for cut in range(2, len(phones) - 1)]
        splits = tuple(
            (self._near(first, budget), self._near(second, budget))
            for first, second in halves
            if "@" in first and "@" in second
        )
        known = {self.words[number] for number in np.flatnonzero(self.counts <= rare)} if splits else ()
        return WordPairs(splits, frozenset(known), budget)

    def _near(self, code: str, most: int) -> dict[str, int]:
        """Return the words whose code differs from this one by at most so many edits, and at most by half of it."""
        from rapidfuzz.distance import Levenshtein
        from rapidfuzz.process import cdist

        most = min(most, len(code) // 2)
        edits = cdist([code], self.spoken, scorer=Levenshtein.distance, score_cutoff=most, dtype=np.uint8)[0]
        near = np.flatnonzero(edits <= most)
        return {self.words[number]: int(edits[number]) for number in near if self.spoken[number]}


@dataclass(frozen=True, slots=True)
class WordPairs:
    """Pairs of words that together sound nearly like a word.

    ``splits`` are, for each way to split its code, the words that may be the first half and the second, with the edits
    of their codes. One of a pair is one of the ``rare`` words, and both differ by at most ``budget`` edits.
    """

    splits: tuple[tuple[dict[str, int], dict[str, int]], ...]
    rare: frozenset[str]
    budget: int

    def likeness(self, first: str, second: str) -> float:
        """Return how alike two words in a row are, 0 if they are not."""
        if first not in self.rare and second not in self.rare:
            return 0.0
        edits = min(firsts.get(first, _FAR) + seconds.get(second, _FAR) for firsts, seconds in self.splits)
        return self.likeness_of(edits) if edits <= self.budget else 0.0

    def likeness_of(self, edits: float) -> float:
        """Return how alike two words are by the edits of their codes."""
        return _PAIR_MOST * (1 - edits / (self.budget * _PAIR_SHARE + 1)) ** 2


NO_PAIRS = WordPairs((), frozenset(), 0)


def edits_alike(token: str) -> int:
    """Return by how many edits the spelling of a word may differ so that it is alike."""
    return (len(token) >= SHORTEST_CHANGED) + (len(token) >= _TWO_EDITS)


def likeness_to(token: str, words: Sequence[str]) -> dict[str, float]:
    """Return how alike some words are to ``token``, above 0 to 1: the word itself."""
    spelling = _spelling_edits(token, words) / len(token)
    differences = _difference(
        spelling, _sound_difference(token, list(map(pronounce, words))), np.ones(len(words), np.int64)
    )
    found = zip(words, differences.tolist(), strict=True)
    return {word: 1.0 if word == token else _likeness(difference) for word, difference in found}


def _likeness(difference: float) -> float:
    return max(_LEAST, _MOST * (1 - difference) ** 2)


def _spelling_edits(token: str, words: Sequence[str]) -> NDArray[np.float64]:
    """Return the edits between the spelling of each word and ``token``."""
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import cdist

    edits: NDArray[np.float64] = cdist([token], words, scorer=OSA.distance, dtype=np.float64)[0]
    return edits


def _sound_difference(token: str, spoken: Sequence[str]) -> NDArray[np.float64]:
    """Return how much the sound of each word differs from that of ``token``, 0 to 1; 1 for what has no sound."""
    from rapidfuzz.distance import Levenshtein
    from rapidfuzz.process import cdist

    sound = pronounce(token)
    if not sound:
        return np.ones(len(spoken), np.float64)
    scorer = Levenshtein.normalized_distance
    difference: NDArray[np.float64] = cdist([sound], spoken, scorer=scorer, dtype=np.float64)[0]
    return difference


def _difference(
    spelling: NDArray[np.float64], sound: NDArray[np.float64], counts: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return how much words differ, 0 to 1: by sound above all, then by spelling, then by how frequent they are."""
    heard = (np.minimum(spelling, 1) + 2 * sound) / 3
    return np.where(sound < 1, heard, np.minimum(spelling, 1)) * (1 - _FREQUENCY) + _FREQUENCY / (1 + np.log10(counts))
