"""The words of a passage as the Tantivy index stores them, so that a candidate is verified without the library's words.

To read and to tokenise the row of 512 words of the library that a passage lies in takes 0.9 ms, to read these 0.1
(docs/scale.md).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

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

    Raises ValueError if there are other words.
    """
    said, _, others = stored.decode().partition(_PART)
    tokens = said.split(_TOKEN)
    owners = _read_owners(others, first, last, len(tokens)) if others else range(first, last + 1)
    if len(owners) != len(tokens):
        raise ValueError(f"it has {len(tokens)} tokens for the words {first} to {last}")
    return tokens, owners


def _read_owners(others: str, first: int, last: int, tokens: int) -> list[int]:
    """Return the word of each of so many ``tokens``; ``others`` tells which words have none or several."""
    owners: list[int] = []
    begin = first
    for other in others.split(_TOKEN):
        place, _, count = other.partition(":")
        word, times = first + int(place), int(count)
        if not (begin <= word <= last and 0 <= times <= tokens - len(owners)):
            raise ValueError(f"it counts the tokens of other words than {first} to {last}")
        owners += range(begin, word)
        owners += [word] * times
        begin = word + 1
    owners += range(begin, last + 1)
    return owners
