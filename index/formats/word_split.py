"""Words in a line of text, in scripts that write spaces between them and in scripts that do not."""

from __future__ import annotations

import re

# Thai, Lao, Tibetan, Myanmar, Khmer, kana, Han: scripts that write no space between words. Korean writes them.
_UNSPACED = (
    "\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3041-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
_WIDE_PUNCTUATION = "\u3001-\u3003\u3008-\u301f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
_OPENING = "「『（《〈【〔“‘«‹(\\[{¿¡"
_WORD = re.compile(
    rf"\s*(?:[{_OPENING}]*[{_UNSPACED}](?:(?![{_OPENING}])[^\w\s])*|[^\s{_UNSPACED}]+)",
)
_STARTS_UNSPACED = re.compile(rf"[{_UNSPACED}{_WIDE_PUNCTUATION}]")
_LINE_BREAK = re.compile(r"\r\n?|\n")
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")


def split_words(text: str) -> tuple[str, ...]:
    """The words of ``text``, each with the white space before it; joined they are ``text`` again.

    Words stand between spaces; a script that writes none gives a word a character, with the marks and
    punctuation that belong to it, so that times and phrases stay usable. Text of white space only has no words.
    """
    body = text.rstrip()
    words = _WORD.findall(body)
    if words:
        words[-1] += text[len(body) :]
    return tuple(words)


def with_leading_space(text: str) -> str:
    """``text`` as Whisper begins a word: after a space, in the scripts that write spaces."""
    return text if not text or text[0].isspace() or _STARTS_UNSPACED.match(text) else " " + text


def split_lines(text: str) -> list[str]:
    """Lines as text files end them: LF, CRLF or CR, and nothing else that Unicode would allow."""
    return _LINE_BREAK.split(text)


def one_line(text: str) -> str:
    """The lines of ``text`` joined with one space each, without the blank ones and without space around."""
    return " ".join(line for line in map(str.strip, split_lines(text)) if line)


def writable(text: str) -> str:
    """``text`` without what no text file or database can hold: NUL and lone surrogates become U+FFFD."""
    return _UNWRITABLE.sub("\ufffd", text)
