"""Reference implementation of wildcard, fuzzy and sound expansion."""

from __future__ import annotations

from collections.abc import Mapping

import jellyfish
import regex

from index.query.tree import EXPANSION_LIMIT, Fuzzy, Query, Sounds, Wildcard


class Expansion:
    """Expands query words over the tokens of a library and their frequencies."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts = counts
        self._known: dict[Query, set[str]] = {}

    def words(self, leaf: Query) -> set[str]:
        """Return the most frequent words that match; ties in alphabetical order."""
        if leaf not in self._known:
            fitting = [word for word in self._counts if _fits(leaf, word)]
            self._known[leaf] = set(sorted(fitting, key=lambda word: (-self._counts[word], word))[:EXPANSION_LIMIT])
        return self._known[leaf]


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


def _sound(word: str) -> str:
    """Return the Metaphone code of a word of ASCII letters, empty for others."""
    bare = word.replace("'", "")
    return jellyfish.metaphone(bare) if word.isascii() and bare.isalpha() else ""
