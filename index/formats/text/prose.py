"""Plain text without times, which a recording can give it."""

from __future__ import annotations

from index.formats.cues import TranscriptFile
from index.formats.word_split import clean_texts, split_lines, writable
from index.transcript import Cue

_LEAST_LETTERS = 0.6
"""The share of letters and spaces in a text that people read: tables and code have less."""


def is_prose(text: str) -> bool:
    """Whether a text is mostly letters and spaces, and no markup."""
    plain = text.strip()
    letters = sum(letter.isalpha() or letter.isspace() for letter in plain)
    return bool(plain) and not plain.startswith(("<", "{", "[")) and letters >= _LEAST_LETTERS * len(plain)


def read_prose(text: str) -> TranscriptFile:
    """Return the paragraphs of a text as cues, all at the time 0: names of speakers stay in them."""
    paragraphs: list[list[str]] = [[]]
    for line in split_lines(writable(text)):
        if line.strip():
            paragraphs[-1].append(line)
        elif paragraphs[-1]:
            paragraphs.append([])
    texts = clean_texts(["\n".join(lines) for lines in paragraphs if lines])
    return TranscriptFile("prose", tuple(Cue(0.0, 0.0, said) for said in texts))
