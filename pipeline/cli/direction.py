"""Text that runs from right to left, in a line that runs from left to right."""

from __future__ import annotations

import unicodedata

_ISOLATE, _END_OF_ISOLATE = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
_RIGHT_TO_LEFT = frozenset(("R", "AL"))


def isolate(text: str) -> str:
    """``text`` as a piece of a line that does not reorder what stands beside it; as it is where nothing would.

    Without the isolate a terminal takes a line that begins with Hebrew or Arabic for one from the right, and the
    numbers behind such a word for a part of it (UAX #9, rules P2, W2 and N1).
    """
    if text.isascii() or not any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in text):
        return text
    return f"{_ISOLATE}{text}{_END_OF_ISOLATE}"
