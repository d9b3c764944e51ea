"""Repetitiveness of a text, as Whisper measures it."""

from __future__ import annotations

import zlib


def compression_ratio(text: str) -> float:
    """Return UTF-8 bytes over zlib-compressed bytes (openai-whisper's `utils.py`); 0 for an empty text."""
    encoded = text.encode()
    return len(encoded) / len(zlib.compress(encoded))
