"""Decode the bytes of a transcript file: Unicode, also damaged, or the encoding that is detected or named."""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass

from audio.errors import UsageError, correct_input
from index.errors import NAME_ENCODING
from index.formats.cues import MalformedError, shorten
from index.formats.encodings.legacy_encodings import detect_encoding
from index.formats.word_split import split_lines
from index.transcript import Flaw

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark is its beginning
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDE = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
_DECLARED = re.compile(rb"""<(?:\?xml|meta)[^<>]{0,200}?(?:encoding|charset)=["']?([\w.:-]{2,40})""", re.IGNORECASE)
_HEAD_BYTES = 4096
_SHIFTS = (b"\x1b$B", b"\x1b$@")
"""Escape sequences that begin Japanese text in ISO-2022-JP, whose bytes are all ASCII."""

_LEAST_ASCII = 0.2
"""The share of ASCII characters in a transcript of any language: its times. Bytes read in the wrong width have few."""

_LONE_BYTES = 0.002
"""The share of bytes of an ASCII text that may be damaged; a language beyond ASCII has at least 1 %."""


_BEYOND_ASCII = re.compile(rb"[\x80-\xff]+")
_LONE = re.compile(rb"(?<![A-Za-z\x80-\xff])(?:[\x80-\xbf]{1,3}|[\xc2-\xf4][\x80-\xbf]{0,2})(?![A-Za-z\x80-\xff])")
"""Bytes of one character between spaces: whisper.cpp writes these where it cuts a text by tokens."""


@dataclass(frozen=True, slots=True)
class DecodedText:
    """The text of a file and what of it could not be decoded and was replaced.

    It has no byte order marks, which joined files have in the middle too.
    """

    text: str
    flaws: tuple[Flaw, ...] = ()


def check_encoding(name: str | None) -> None:
    """Raise UsageError if ``name`` is not an encoding of text."""
    try:
        if name is not None:
            "".encode(name)
    except (LookupError, ValueError):
        raise UsageError(
            f"{name!r} is not an encoding.", correct_input("Name one such as utf-8, cp1251 or gb18030."), where=name
        ) from None


def decode_transcript(data: bytes, encoding: str | None = None) -> DecodedText:
    """Decode a file in the ``encoding`` that is named, else in the one that it is in.

    Single bytes that are not valid there are replaced by U+FFFD, and are flaws. Raises MalformedError if the encoding
    is unsure, or if this is not text.
    """
    found = encoding or _find_encoding(data)
    if found is None:
        place = f"line {_line(data, next((row for row, byte in enumerate(data) if byte > 127), 0))}"
        raise MalformedError(place, "this is not UTF-8 text, and its encoding is unsure", NAME_ENCODING)
    text = data.decode(found, "replace")
    if found == "cp1258":
        text = unicodedata.normalize("NFC", text)  # its tone marks stand behind the letters
    if "\0" in text:
        raise MalformedError(f"line {_line(text, text.index(chr(0)))}", "this is not text")
    return DecodedText(text.replace("\ufeff", ""), _find_replaced(data, text, found))


def is_wide_text(data: bytes) -> bool:
    """Whether data with zero bytes is UTF-16 or UTF-32, with or without a byte order mark."""
    return data.startswith(tuple(mark for mark, _ in _MARKS[1:])) or any(_is_wide(data, one) for one in _WIDE)


def _find_encoding(data: bytes) -> str | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    if b"\0" in data[:_HEAD_BYTES]:
        return next((encoding for encoding in _WIDE if _is_wide(data, encoding)), None)
    if any(shift in data for shift in _SHIFTS):
        return "iso2022_jp"
    if _is_mostly_utf8(data):
        return "utf-8"
    declared = _DECLARED.search(data, 0, _HEAD_BYTES)
    if declared and _decodes(data, declared[1].decode("ascii", "replace")):
        return declared[1].decode("ascii")
    if detected := detect_encoding(data):
        return detected
    beyond = sum(map(len, _BEYOND_ASCII.findall(data)))
    lone = sum(map(len, _LONE.findall(data)))
    return "utf-8" if beyond in (lone, 0) or beyond <= _LONE_BYTES * len(data) else None


def _is_wide(data: bytes, encoding: str) -> bool:
    sample = data[: _HEAD_BYTES & ~3].decode(encoding, "replace")
    ascii_letters = sum(letter.isascii() and (letter.isprintable() or letter.isspace()) for letter in sample)
    return ascii_letters >= _LEAST_ASCII * len(sample) and "\0" not in sample


def _is_mostly_utf8(data: bytes) -> bool:
    """Whether bytes beyond ASCII are UTF-8, but for at most as many bad ones as good characters.

    In other encodings, few pairs of bytes are valid UTF-8 by chance: below a fifth in GBK, hardly any in Windows-1251.
    """
    try:
        data.decode()
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
        bad = text.count("\ufffd")
        return bad <= sum(letter > "\x7f" for letter in text) - bad
    return True


def _decodes(data: bytes, name: str) -> bool:
    try:
        check_encoding(name)
        data.decode(name)
    except (UsageError, UnicodeDecodeError):
        return False
    return True


def _find_replaced(data: bytes, text: str, encoding: str) -> tuple[Flaw, ...]:
    """Return a flaw for each line of ``text`` in which bytes were replaced; a file may have U+FFFD of its own."""
    if "\ufffd" not in text or _decodes(data, encoding):
        return ()
    label = encoding.removesuffix("-sig").upper()
    return tuple(
        Flaw(f"line {number}", f"bytes that are not {label} were replaced", shorten(line), left_out=False)
        for number, line in enumerate(split_lines(text), start=1)
        if "\ufffd" in line
    )


def _line(data: bytes | str, place: int) -> int:
    return (data.count(b"\n", 0, place) if isinstance(data, bytes) else data.count("\n", 0, place)) + 1
