"""The words of a passage as the Tantivy index stores them, so that a candidate is verified without the library's words.

Each word is its tokens; most have one. To read and to tokenise the row of 512 words of the library that a passage lies in
takes 0.9 ms, to read these 0.03 (docs/scale.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from index.fulltext.passages import CutPassage

_WORD, _TOKEN = " ", "\x1f"
"""What is between words, and between the tokens of one: no token has either."""


def write_words(passage: CutPassage) -> bytes:
    """Return the words of a passage to be stored."""
    words = [""] * (passage.last + 1 - passage.first)
    for owner, pairs in groupby(zip(passage.owners, passage.tokens, strict=True), key=lambda pair: pair[0]):
        words[owner - passage.first] = _TOKEN.join(token for _, token in pairs)
    return _WORD.join(words).encode()


def read_words(stored: bytes, first: int, last: int) -> tuple[list[str], Sequence[int]]:
    """Return the tokens of the words ``first`` to ``last``, both included, and the word of each.

    Raises ValueError if there are other words.
    """
    text = stored.decode()
    words = text.split(_WORD)
    if len(words) != last + 1 - first:
        raise ValueError(f"it has {len(words)} words for {first} to {last}")
    if _TOKEN not in text and all(words):
        return words, range(first, last + 1)
    split = [(token, first + place) for place, word in enumerate(words) if word for token in word.split(_TOKEN)]
    return [token for token, _ in split], [owner for _, owner in split]
