"""Words of the library that are spelled or sound nearly like a word, with how alike they are."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from itertools import compress

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
_RARE_HALVES, _HALVES = 40, 100
"""The nearest rare words, and the most frequent of the others, that may be a half of a pair: to read the
postings of 140 words takes some 10 ms."""
_LONGEST_PAIR = 40
"""Letters of what may be two names; the time grows with their square."""
_FAR = 1_000
"""Edits of a code that are too many."""
_RARE, _RARE_SHARE = 20, 20_000
"""A word is rare that occurs so often at most, or is one of so many words: two frequent words in a row sound like too
many names (okay for)."""
_PHONE = re.compile("@[aeiou]?|[a-z]{2}[a-zTS]|[a-z]")
_Scorer = Callable[..., float]
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
        from rapidfuzz.distance import OSA, Levenshtein

        code, allowed = pronounce(token), _SOUND if len(token) >= SHORTEST_CHANGED else 0
        spelled = _find_near(token, self.words, OSA.distance, edits)
        # Of two codes that differ by a quarter of the longer one, the edits are at most a third of the shorter one.
        heard = (
            _find_near(code, self.spoken, Levenshtein.distance, int(len(code) * allowed / (1 - allowed)))
            if code
            else []
        )
        numbers = sorted({*spelled, *heard})
        words = [self.words[number] for number in numbers]
        spelling = _distances(token, words, OSA.distance)
        sound = _sound_difference(code, [self.spoken[number] for number in numbers])
        differences = _difference(spelling / len(token), sound, self.counts[numbers])
        near = (spelling <= edits) | (sound <= allowed)
        found = zip(differences[near].tolist(), compress(words, near), strict=True)
        best = nsmallest(most, ((difference, word) for difference, word in found if word != token))
        return {word: _likeness(difference) for difference, word in best}

    def pairs(self, token: str) -> WordPairs:
        """Return the words that may be halves of what sounds like ``token``; none if it is too long or not rare."""
        if len(token) > _LONGEST_PAIR:
            return NO_PAIRS
        phones = _PHONE.findall(pronounce(token))
        rare = max(_RARE, int(self.counts.sum()) // _RARE_SHARE)
        at = bisect_left(self.words, token)
        if self.words[at : at + 1] == [token] and self.counts[at] > rare:
            return NO_PAIRS
        halves = [("".join(phones[:cut]), "".join(phones[cut:])) for cut in range(2, len(phones) - 1)]
        budget = len("".join(phones)) // _PAIR_SHARE
        splits = [
            (self._half(first, budget, rare), self._half(second, budget, rare))
            for first, second in halves
            if "@" in first and "@" in second
        ]
        return WordPairs(
            tuple(splits), frozenset(word for split in splits for half in split for word in half.edits), budget
        )

    def _half(self, code: str, budget: int, rare: int) -> Half:
        """Return words whose codes differ from this one by half of it at most: the nearest rare, the most frequent."""
        from rapidfuzz.distance import Levenshtein

        near = _find_near(code, self.spoken, Levenshtein.distance, min(budget, len(code) // 2))
        edits = _distances(code, [self.spoken[number] for number in near], Levenshtein.distance).tolist()
        found = [
            (self.counts[number] > rare, edit, int(self.counts[number]), self.words[number])
            for number, edit in zip(near, edits, strict=True)
            if self.spoken[number]
        ]
        seldom = nsmallest(_RARE_HALVES, ((edit, word) for often, edit, _, word in found if not often))
        often = nsmallest(_HALVES, ((-count, edit, word) for often, edit, count, word in found if often))
        rare_words = {word: int(edit) for edit, word in seldom}
        return Half(rare_words | {word: int(edit) for _, edit, word in often}, frozenset(rare_words))


@dataclass(frozen=True, slots=True)
class Half:
    """Words that sound nearly like a half of a word, with the edits between the codes, and which of them are rare."""

    edits: Mapping[str, int]
    rare: frozenset[str]


@dataclass(frozen=True, slots=True)
class WordPairs:
    """Pairs of words that together sound nearly like a word.

    ``splits`` are the two halves for each way to split its code. One of a pair is rare, and both together differ by at
    most ``budget`` edits. ``halves`` are the words of all halves.
    """

    splits: tuple[tuple[Half, Half], ...]
    halves: frozenset[str]
    budget: int

    def likeness(self, one: str, other: str) -> float:
        """Return how alike two words in a row are, 0 if they are not."""
        if one not in self.halves or other not in self.halves:
            return 0.0
        edits = min(
            (
                first.edits.get(one, _FAR) + second.edits.get(other, _FAR)
                for first, second in self.splits
                if one in first.rare or other in second.rare
            ),
            default=_FAR,
        )
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
    from rapidfuzz.distance import OSA

    spelling = _distances(token, words, OSA.distance) / len(token)
    sound = _sound_difference(pronounce(token), list(map(pronounce, words)))
    differences = _difference(spelling, sound, np.ones(len(words), np.int64))
    found = zip(words, differences.tolist(), strict=True)
    return {word: 1.0 if word == token else _likeness(difference) for word, difference in found}


def _likeness(difference: float) -> float:
    return max(_LEAST, _MOST * (1 - difference) ** 2)


def _find_near(text: str, texts: Sequence[str], scorer: _Scorer, most: int) -> list[int]:
    """Return the numbers of the texts within so many edits of a text."""
    from rapidfuzz.process import cdist

    edits = cdist([text], texts, scorer=scorer, score_cutoff=most, dtype=np.uint8)[0]
    return np.flatnonzero(edits <= most).tolist()


def _distances(text: str, texts: Sequence[str], scorer: _Scorer) -> NDArray[np.float64]:
    """Return the distance of each text to a text, (texts,)."""
    from rapidfuzz.process import cdist

    distances: NDArray[np.float64] = cdist([text], texts, scorer=scorer, dtype=np.float64)[0]
    return distances


def _sound_difference(code: str, codes: Sequence[str]) -> NDArray[np.float64]:
    """Return how much the sounds of these codes differ from that of a code, 0 to 1; 1 for what has no sound."""
    from rapidfuzz.distance import Levenshtein

    return _distances(code, codes, Levenshtein.normalized_distance) if code else np.ones(len(codes))


def _difference(
    spelling: NDArray[np.float64], sound: NDArray[np.float64], counts: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return how much words differ, 0 to 1: by sound above all, then by spelling, then by how frequent they are."""
    heard = (np.minimum(spelling, 1) + 2 * sound) / 3
    return np.where(sound < 1, heard, np.minimum(spelling, 1)) * (1 - _FREQUENCY) + _FREQUENCY / (1 + np.log10(counts))
