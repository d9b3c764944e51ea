"""Whether a word recurs, by brute force: its surroundings are looked for in every other episode, word by word.

Written apart from index/repeats: words are split and folded in another way, and nothing is indexed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

AROUND = 12
SHARE = 0.7
_NOT_LETTERS = re.compile(r"[^a-z0-9]+")


class Episodes:
    """The words of all episodes of a show, as numbers."""

    def __init__(self, episodes: Sequence[Sequence[str]]) -> None:
        self._known: dict[str, int] = {}
        self.words = [
            np.array([self._known.setdefault(_fold(word), len(self._known)) for word in words], np.int64)
            for words in episodes
        ]

    def others(self, episode: int, word: int, enough: int, *, centred: bool = False) -> int:
        """Return in how many other episodes a word recurs; counting stops when they are enough.

        It does where 12 words in a row that hold it occur, or only those with it in their middle (``centred``).
        """
        words = self.words[episode]
        firsts = [word - AROUND // 2] if centred else range(word - AROUND + 1, word + 1)
        around = {max(0, min(first, len(words) - AROUND)) for first in firsts}
        found = 0
        for number, other in enumerate(self.words):
            found += number != episode and any(occurs(words[first : first + AROUND], other) for first in around)
            if found >= enough:
                break
        return found


def occurs(around: NDArray[np.int64], words: NDArray[np.int64]) -> bool:
    """Whether some twelve words in a row have 70 % of these in the same order."""
    return any(_common(around.tolist(), words[at : at + AROUND].tolist()) >= SHARE * len(around)
               for at in _possible(around, words))  # fmt: skip


def _possible(around: NDArray[np.int64], words: NDArray[np.int64]) -> Iterator[int]:
    """Yield where twelve words begin of which 70 % are among those that are looked for."""
    held = np.concatenate([[0], np.cumsum(np.isin(words, around))])
    windows = held[AROUND:] - held[:-AROUND] if len(held) > AROUND else held[-1:]
    yield from np.flatnonzero(windows >= SHARE * len(around)).tolist()


def _common(one: Sequence[int], other: Sequence[int]) -> int:
    """Return the length of the longest common subsequence, by the textbook's table."""
    before = [0] * (len(other) + 1)
    for word in one:
        row = [0]
        for place, also in enumerate(other):
            row.append(before[place] + 1 if word == also else max(before[place + 1], row[-1]))
        before = row
    return before[-1]


def _fold(word: str) -> str:
    return _NOT_LETTERS.sub("", word.lower())
