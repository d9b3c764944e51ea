"""Plain text without times, which a recording can give it."""

from __future__ import annotations

from dataclasses import replace

from index.formats.cues import TranscriptFile, spread_cues
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


def is_untimed(file: TranscriptFile) -> bool:
    """Whether no cue of a file has a time."""
    return all(cue.start == cue.end == 0.0 for cue in file.cues)


def spread_over(file: TranscriptFile, seconds: float) -> TranscriptFile:
    """Return a file without times with its cues spread over so many seconds, in proportion to their lengths."""
    spread = spread_cues([(cue.speaker, cue.text) for cue in file.cues], 0.0, seconds)
    return replace(file, cues=tuple(replace(cue, continued=False) for cue in spread))
