"""The words of a library that a pattern, a spelling or a sound stands for, stated again."""

from __future__ import annotations

from collections.abc import Mapping

import jellyfish
import regex

from index.query.tree import EXPANSION_LIMIT, Fuzzy, Query, Sounds, Wildcard


class Expansion:
    """Over the tokens of a library and how often each is said."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts = counts
        self._known: dict[Query, set[str]] = {}

    def words(self, leaf: Query) -> set[str]:
        """The most frequent words that fit; of two as frequent, the first by alphabet."""
        if leaf not in self._known:
            fitting = [word for word in self._counts if _fits(leaf, word)]
            self._known[leaf] = set(sorted(fitting, key=lambda word: (-self._counts[word], word))[:EXPANSION_LIMIT])
        return self._known[leaf]


def _fits(leaf: Query, word: str) -> bool:
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
            raise NotImplementedError(f"{leaf} has not been stated again")


def _sound(word: str) -> str:
    """The Metaphone code of a word of Latin letters."""
    bare = word.replace("'", "")
    return jellyfish.metaphone(bare) if word.isascii() and bare.isalpha() else ""
