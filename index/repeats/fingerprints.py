"""Fingerprints of a transcript: hashes of some of its 4-grams, always the same ones of the same words.

Two copies of a passage share a fingerprint wherever they agree in four tokens in a row. Which 4-grams are kept depends
on their own hash alone, so that both copies keep the same ones (Manber, "Finding similar files in a large file
system", 1994); 4-grams with fewer than two uncommon tokens are stock phrases, and none is kept.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from index.language.common_words import common_words
from index.language.tokens import tokenize_words

GRAM_TOKENS = 4
KEPT_SHARE = 2
"""One 4-gram of so many is kept."""
_UNCOMMON = 2
"""The fewest uncommon tokens of a 4-gram that is kept."""
_SHORT = 3
"""Letters of a token that counts as common in a language without a list of common words."""


@dataclass(frozen=True, slots=True)
class TokenizedText:
    """The tokens of a run of words, and for each token the number of its word."""

    tokens: list[str]
    owners: list[int]


def tokenize_texts(texts: list[str], first: int = 0) -> TokenizedText:
    """Return the tokens of words, of which the first has the number ``first`` in its transcript."""
    tokens, owners = tokenize_words(texts)
    return TokenizedText(tokens, [first + owner for owner in owners])


Fingerprint = tuple[int, int]
"""A hash of 32 bits, and the number of the word with which the 4-gram begins."""


def find_fingerprints(text: TokenizedText, language: str | None, show: str | None) -> list[Fingerprint]:
    """Return the fingerprints of a transcript by place; those of other shows are other ones."""
    count = max(0, len(text.tokens) - GRAM_TOKENS + 1)
    sums = np.fromiter(map(_crc, text.tokens), np.uint64, len(text.tokens))
    uncommon = _are_uncommon(text.tokens, language)
    grams = np.full(count, zlib.crc32((show or "").encode()), np.uint64)
    rare = np.zeros(count, np.int8)
    for place in range(GRAM_TOKENS):
        grams = _mix(grams ^ sums[place : place + count])
        rare += uncommon[place : place + count]
    kept = np.flatnonzero((rare >= _UNCOMMON) & (grams % np.uint64(KEPT_SHARE) == 0))
    hashes = grams[kept] >> np.uint64(32)
    places = (text.owners[token] for token in kept.tolist())
    return list(dict.fromkeys(zip(hashes.tolist(), places, strict=True)))  # a word may say the same over and over


def key_of(prints: Sequence[Fingerprint]) -> int:
    """Return a number of 48 bits that follows from fingerprints: the rank of their transcript in its show."""
    return int.from_bytes(hashlib.blake2b(repr(prints).encode(), digest_size=6).digest())


def _are_uncommon(tokens: Sequence[str], language: str | None) -> NDArray[np.int8]:
    common = common_words(language)
    uncommon = (token not in common if common else len(token) > _SHORT for token in tokens)
    return np.fromiter(uncommon, np.int8, len(tokens))


@lru_cache(maxsize=100_000)
def _crc(token: str) -> int:
    return zlib.crc32(token.encode())


def _mix(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return well mixed values: the finalizer of SplitMix64 (Steele, Lea and Flood, 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
