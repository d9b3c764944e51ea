"""Isolate right-to-left text in a left-to-right line."""

from __future__ import annotations

import unicodedata

_ISOLATE, _END_OF_ISOLATE = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
_RIGHT_TO_LEFT = frozenset(("R", "AL"))


def isolate(text: str) -> str:
    """Wrap ``text`` in a directional isolate if it has right-to-left characters.

    Without the isolate a terminal lays out a line that begins with Hebrew or Arabic from right to left, and reorders
    the numbers after such a word with it (UAX #9, rules P2, W2 and N1).
    """
    if text.isascii() or not any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in text):
        return text
    return f"{_ISOLATE}{text}{_END_OF_ISOLATE}"
