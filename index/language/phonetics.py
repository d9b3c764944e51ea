"""Phonetic codes: equal for words that are pronounced alike."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=100_000)
def sound_of(token: str) -> str:
    """Return a word's phonetic code (Metaphone, Lawrence Philips 1990), empty for other than ASCII letters."""
    if not (token.isascii() and token.replace("'", "").isalpha()):
        return ""
    import jellyfish

    return jellyfish.metaphone(token.replace("'", ""))
