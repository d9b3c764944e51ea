"""Reference implementation of the expansion of words by pattern, spelling and sound."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

import jellyfish
import regex

from index.language.phonetics import pronounce
from index.query.tree import ALIKE_LIMIT, EXPANSION_LIMIT, Alike, Fuzzy, Query, Sounds, Wildcard


class Expansion:
    """Expands query words over the tokens of a library and their frequencies."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts = counts
        self._known: dict[Query, set[str]] = {}

    def words(self, leaf: Query) -> set[str]:
        """Return the most frequent words that match, or those that are the most alike; ties in alphabetical order."""
        if leaf not in self._known:
            if isinstance(leaf, Alike):
                differences = {word: self._difference(leaf.token, word) for word in self._counts if word != leaf.token}
                fitting = [word for word, difference in differences.items() if difference is not None]
                self._known[leaf] = set(sorted(fitting, key=lambda word: (differences[word], word))[:ALIKE_LIMIT])
            else:
                fitting = [word for word in self._counts if _fits(leaf, word)]
                self._known[leaf] = set(sorted(fitting, key=lambda word: (-self._counts[word], word))[:EXPANSION_LIMIT])
        return self._known[leaf]

    def are_pair(self, token: str, one: str, other: str) -> bool:
        """Whether two words in a row sound like one word, which is rare, as one of them is."""
        rare = max(20, sum(self._counts.values()) // 20_000)
        if self._counts.get(token, 0) > rare or min(self._counts[one], self._counts[other]) > rare:
            return False
        phones = re.findall("@[aeiou]?|[a-z][a-zA-Z]{2}|[a-z]", pronounce(token))
        for cut in range(2, len(phones) - 1):
            halves = ["".join(phones[:cut]), "".join(phones[cut:])]
            sounds = [pronounce(one), pronounce(other)]
            if all("@" in half for half in halves) and all(sounds):
                edits = [_edits(half, sound, swaps=False) for half, sound in zip(halves, sounds, strict=True)]
                near = all(edit <= len(half) // 2 for edit, half in zip(edits, halves, strict=True))
                if near and sum(edits) <= len("".join(phones)) // 3:
                    return True
        return False

    def _difference(self, token: str, word: str) -> float | None:
        """Return how much a word differs from another in spelling and sound, None if it is not alike."""
        edits, allowed = _edits(token, word, swaps=True), (len(token) >= 4) + (len(token) >= 8)
        spelling, sounds = min(1.0, edits / len(token)), (pronounce(token), pronounce(word))
        sound = _edits(*sounds, swaps=False) / max(map(len, sounds)) if all(sounds) else 1.0
        if edits > allowed and sound > (0.25 if len(token) >= 4 else 0):
            return None
        difference = (spelling + 2 * sound) / 3 if sound < 1 else spelling
        # Rounded, since the search computes in single precision.
        return round(0.98 * difference + 0.02 / (1 + math.log10(self._counts[word])), 6)


def _fits(leaf: Query, written: str) -> bool:
    word = written.lower()
    match leaf:
        case Wildcard(pattern):
            letters = ({"*": ".*", "?": "."}.get(letter, regex.escape(letter)) for letter in pattern)
            return regex.fullmatch("".join(letters), word, regex.DOTALL) is not None
        case Fuzzy(token, distance):
            apart = abs(len(token) - len(word)) > distance
            return not apart and jellyfish.damerau_levenshtein_distance(token, word) <= distance
        case Sounds(token):
            return _sound(word) == _sound(token) if _sound(token) else word == token
        case _:
            raise NotImplementedError(f"{leaf} has no reference implementation")


def _edits(one: str, other: str, *, swaps: bool) -> int:
    """Return the insertions, deletions and substitutions between two words, and transpositions with ``swaps``."""
    before, above = list[int](), list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        here = [row]
        for column, opposite in enumerate(other, 1):
            cost = min(above[column] + 1, here[-1] + 1, above[column - 1] + (letter != opposite))
            if swaps and row > 1 and column > 1 and (letter, one[row - 2]) == (other[column - 2], opposite):
                cost = min(cost, before[column - 2] + 1)
            here.append(cost)
        before, above = above, here
    return above[-1]


def _sound(word: str) -> str:
    """Return the Metaphone code of a word of ASCII letters, empty for others."""
    bare = word.replace("'", "")
    return jellyfish.metaphone(bare) if word.isascii() and bare.isalpha() else ""
