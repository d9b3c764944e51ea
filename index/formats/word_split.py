"""Split text into words, also in scripts without spaces; clean up lines and characters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

# Thai, Lao, Tibetan, Myanmar, Khmer, kana, Han: scripts that write no space between words. Korean writes them.
_UNSPACED = (
    "\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3041-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
_WIDE_PUNCTUATION = "\u3001-\u3003\u3008-\u301f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
_LEADING_VOWELS = "\u0e40-\u0e44\u0ec0-\u0ec4"  # of Thai and Lao: written before the consonant that they follow
_OPENING = "「『（《〈【〔“‘«‹(\\[{¿¡"
_WORD = re.compile(
    rf"\s*(?:[{_OPENING}]*[{_LEADING_VOWELS}]?[{_UNSPACED}](?:(?![{_OPENING}])[^\w\s])*|[^\s{_UNSPACED}]+)",
)
_STARTS_UNSPACED = re.compile(rf"[{_UNSPACED}{_WIDE_PUNCTUATION}]")
_LINE_BREAK = re.compile(r"\r{0,3}\n|\r")
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")

_LONGEST_PIECE = 16
_MOST = 0.9
_SPACED_PIECES = 0.4
_SPACED_LINES = 0.7
"""The share of texts with a leading space from which spaces are taken as they are: at least half of Whisper's tokens
begin a word; of lines that are cut between tokens, nearly all do."""


def split_words(text: str) -> tuple[str, ...]:
    """Split ``text`` into words, each with the white space before it; joined they equal ``text``.

    Words are separated by spaces; in scripts without spaces each character is a word, with its marks and punctuation,
    so that times and phrases stay usable. Text of only white space has no words.
    """
    body = text.rstrip()
    words = _WORD.findall(body)
    if words:
        words[-1] += text[len(body) :]
    return tuple(words)


def is_spaced(text: str) -> bool:
    """Whether ``text`` begins in a script that writes spaces between words."""
    return not _STARTS_UNSPACED.match(text)


def join_texts(texts: Iterable[str]) -> str:
    """Join runs of words with spaces, except before those in scripts that write none."""
    joined = ""
    for text in filter(None, texts):
        joined += f" {text}" if joined and is_spaced(text) else text
    return joined


def with_leading_space(text: str) -> str:
    """Return ``text`` with a leading space, as Whisper writes it, in scripts with spaces between words."""
    return f" {text}" if text and goes_on_with_word(text) else text


def goes_on_with_word(text: str) -> bool:
    """Whether ``text`` has no leading space, though its script writes spaces between words."""
    return not text[:1].isspace() and is_spaced(text)


def lead_with_spaces(texts: Sequence[str]) -> list[str]:
    """Return texts with the leading spaces that they need.

    Where enough have one (whisper.cpp writes them), a text without that begins in lower case or with punctuation goes
    on with the word before it: whisper.cpp cuts words in pieces where it is asked for short cues.
    """
    spoken = [text for text in texts if text.strip()]
    spaced = sum(text[0].isspace() for text in spoken)
    short = sum(len(text) <= _LONGEST_PIECE for text in spoken) > _MOST * len(spoken)
    verbatim = spaced >= (_SPACED_PIECES if short else _SPACED_LINES) * len(spoken)
    return [
        text if verbatim and _goes_on(text, before) else with_leading_space(text)
        for before, text in zip(["", *texts], texts, strict=False)
    ]


def _goes_on(text: str, before: str) -> bool:
    first = text[:1]
    return first.islower() or first in tuple(".,!?;:%'’)-") or (first.isdigit() and before[-1:].isdigit())


def split_lines(text: str) -> list[str]:
    """Split lines at LF, CRLF, CR or what converting CRLF once more makes of it, not at Unicode's other separators."""
    return _LINE_BREAK.split(text)


def clean_texts(texts: Sequence[str]) -> list[str]:
    """Return the texts of a file's cues with trimmed lines, and with the leading spaces that they need."""
    return lead_with_spaces([" " * text[:1].isspace() + trim_lines(text) for text in texts])


def flat_text(text: str) -> str:
    """Return a text with its lines joined to one, and with its leading space."""
    return text if not _LINE_BREAK.search(text) else " " * text[:1].isspace() + one_line(text)


def without_blank_ends(lines: Sequence[str]) -> str:
    """Join lines with LF, without the blank ones at the beginning and at the end."""
    rows = [row for row, line in enumerate(lines) if line.strip()]
    return "\n".join(lines[rows[0] : rows[-1] + 1]) if rows else ""


def one_line(text: str) -> str:
    """Join the stripped, non-blank lines of ``text`` with spaces."""
    return " ".join(trim_lines(text).split("\n"))


def trim_lines(text: str) -> str:
    """Strip the lines of ``text``, leave out blank ones, and end the others with LF."""
    return "\n".join(line for line in map(str.strip, split_lines(text)) if line)


def writable(text: str) -> str:
    """Replace characters that text files and databases cannot hold: NUL and lone surrogates become U+FFFD."""
    return _UNWRITABLE.sub("\ufffd", text)
