"""How repetitive a text is, as Whisper measures it."""

from __future__ import annotations

import zlib


def compression_ratio(text: str) -> float:
    """Bytes of UTF-8 text over bytes of its zlib compression (openai-whisper's `utils.py`); 0 for an empty text."""
    encoded = text.encode()
    return len(encoded) / len(zlib.compress(encoded))
