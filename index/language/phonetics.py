"""How words sound: one code for words that are pronounced alike."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=100_000)
def sound_of(token: str) -> str:
    """How a word sounds (Metaphone, Lawrence Philips 1990), empty where that is not defined: no Latin letters."""
    if not (token.isascii() and token.replace("'", "").isalpha()):
        return ""
    import jellyfish

    return jellyfish.metaphone(token.replace("'", ""))
