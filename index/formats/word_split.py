"""Split text into words, also in scripts without spaces; clean up lines and characters."""

from __future__ import annotations

import re
from collections.abc import Iterable

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
_LINE_BREAK = re.compile(r"\r\n?|\n")
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")


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
    return f" {text}" if text and not text[0].isspace() and is_spaced(text) else text


def split_lines(text: str) -> list[str]:
    """Split lines at LF, CRLF or CR, but not at Unicode's other line separators."""
    return _LINE_BREAK.split(text)


def one_line(text: str) -> str:
    """Join the stripped, non-blank lines of ``text`` with spaces."""
    return " ".join(line for line in map(str.strip, split_lines(text)) if line)


def writable(text: str) -> str:
    """Replace characters that text files and databases cannot hold: NUL and lone surrogates become U+FFFD."""
    return _UNWRITABLE.sub("\ufffd", text)
