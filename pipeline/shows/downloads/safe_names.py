"""Names of files from texts that strangers wrote, such as titles: never a path, never a name with an effect."""

from __future__ import annotations

import re
import unicodedata

MOST_BYTES = 150
"""Of a name in UTF-8, without its extension. File systems take 255, some encrypted ones 143 letters."""

_SEPARATORS = re.compile(r"[/\\:*?\"<>|\u2044\u2215\u2216\u29f8\u29f9\u2236\ua789]+")
"""What separates folders, drives and streams somewhere, or means something to a shell of Windows, and what looks so."""
_SPACES = re.compile(r"\s+")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|clock\$|conin\$|conout\$|com[0-9]|lpt[0-9])(?:\s*\..*|\s*)", re.IGNORECASE)
"""Devices of Windows, with any extension."""


def safe_file_name(text: str, otherwise: str = "episode") -> str:
    """Return a name for a file that says what ``text`` says, without an extension; ``otherwise`` if nothing is left.

    It is one name on every system: without separators, controls, invisible and unassigned characters, leading dots and
    hyphens, trailing dots and spaces; no device of Windows; of at most MOST_BYTES. Fullwidth and other compatible
    characters become the usual ones first, since a file system may take them for those.
    """
    shown = "".join(letter for letter in _SPACES.sub(" ", text) if unicodedata.category(letter)[0] != "C")
    name = _SEPARATORS.sub("-", _SPACES.sub(" ", unicodedata.normalize("NFKC", shown)))
    name = _cut(name.lstrip(".- ~")).rstrip(". ")
    if _RESERVED.fullmatch(name):
        name = f"_{name}"
    return name or otherwise


def _cut(name: str) -> str:
    return name.encode()[:MOST_BYTES].decode("utf-8", "ignore")
