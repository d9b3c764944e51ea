"""The words of a passage as the Tantivy index stores them, so that a candidate is verified without the library's words.

To read and to tokenise the row of 512 words of the library that a passage lies in takes 0.9 ms, to read these 0.03
(docs/scale.md).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from index.fulltext.passages import CutPassage

_TOKEN, _PART = " ", "\x1f"
"""What is between tokens, and between them and the counts of tokens of words: no token has either."""


def write_words(passage: CutPassage) -> bytes:
    """Return the words of a passage to be stored: their tokens, and the words that have none or several."""
    tokens = Counter(passage.owners)
    others = [
        f"{number - passage.first}:{tokens[number]}"
        for number in range(passage.first, passage.last + 1)
        if tokens[number] != 1
    ]
    return (_TOKEN.join(passage.tokens) + _PART + _TOKEN.join(others)).encode()


def read_words(stored: bytes, first: int, last: int) -> tuple[list[str], Sequence[int]]:
    """Return the tokens of the words ``first`` to ``last``, both included, and the word of each.

    Raises ValueError or IndexError if there are other words.
    """
    said, _, others = stored.decode().partition(_PART)
    tokens, owners = said.split(_TOKEN), range(first, last + 1)
    if not others and len(tokens) == len(owners):
        return tokens, owners
    counts = np.ones(len(owners), np.int64)
    for other in others.split(_TOKEN) if others else ():
        place, _, count = other.partition(":")
        counts[int(place)] = int(count)
    if counts.min() < 0 or counts.sum() != len(tokens):
        raise ValueError(f"it has {len(tokens)} tokens for the words {first} to {last}")
    return tokens, np.repeat(owners, counts).tolist()
