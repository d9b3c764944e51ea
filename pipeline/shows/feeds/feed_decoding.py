"""Decode the bytes of a feed, whatever encoding they are in and whatever they state."""

from __future__ import annotations

import codecs
import re

from index.formats.encodings.legacy_encodings import detect_encoding

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is its beginning
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE = ((b"\0\0\0<", "utf-32-be"), (b"<\0\0\0", "utf-32-le"), (b"\0<", "utf-16-be"), (b"<\0", "utf-16-le"))
"""How XML begins in encodings of several bytes without a mark (XML 1.0, appendix F)."""

_EBCDIC = "<?xml".encode("cp037")
_DECLARED = re.compile(r"""<\?xml[^<>]{0,200}?\sencoding\s*=\s*["']?\s*([\w.:-]{2,40})""", re.ASCII)
_HEAD_BYTES = 1024
_JAPANESE_SHIFTS = (b"\x1b$B", b"\x1b$@")
"""Escape sequences that begin Japanese text in ISO-2022-JP, whose bytes are all ASCII."""

_READ_AS = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "gb2312": "gb18030",
    "gbk": "gb18030", "big5": "big5hkscs", "shift_jis": "cp932", "euc_kr": "cp949",
}  # fmt: skip
"""What the web reads these as: a superset with the characters that such pages really hold
(https://encoding.spec.whatwg.org/#names-and-labels)."""

_LABELS = {"csmacintosh": "mac-roman", "iso-8859-8-i": "iso8859-8", "mac": "mac-roman", "ms-cyrl": "cp1251",
           "windows-874": "cp874", "windows-949": "cp949"}  # fmt: skip
"""Names of encodings that Python lacks."""

_NOT_OF_TEXTS = frozenset({"charmap", "idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"})
"""Codecs of Python that no feed is in; with some of them ASCII is read as something else."""

_STRAY = re.compile("[\udc80-\udcff]")
"""What Python's ``surrogateescape`` makes of a byte that is not UTF-8."""
_STRAY_IN_WEST = {0xDC00 + byte: bytes([byte]).decode("cp1252", "replace") for byte in range(0x80, 0x100)}

_DETECTED_BYTES = 200_000


def decode_feed(data: bytes, charset: str | None = None) -> tuple[str, str | None]:
    """Return the text of a feed, and a flaw if its encoding was guessed or is damaged.

    In this order: a byte order mark, several bytes a character, ISO-2022-JP by its escape sequences, UTF-8 if most
    bytes beyond ASCII are that, ``charset`` (by the server), the XML declaration, and the most probable encoding.
    """
    for start, name in (*((mark, name) for mark, name in _MARKS), *_WIDE):
        if data.startswith(start):
            return _decode_wide(data, name)
    declared = _declared_codecs(data, charset)
    if not data.startswith(_EBCDIC):
        if b"\x1b" in data and any(shift in data for shift in _JAPANESE_SHIFTS):
            declared.insert(0, "iso2022_jp")
        elif (text := _decode_utf8(data)) is not None:
            return _mend_strays(text)
    for name in declared:
        try:
            return data.decode(name), None
        except UnicodeError:
            continue
    guess = detect_encoding(_beyond_ascii(data)) or "cp1252"
    return data.decode(guess, "replace"), f"the encoding is not stated rightly, it was read as {guess}"


def _decode_wide(data: bytes, name: str) -> tuple[str, str | None]:
    text = data.decode(name, "replace").removeprefix("\ufeff")
    return text, f"bytes that are not {name.upper()} were replaced" if "\ufffd" in text else None


def _declared_codecs(data: bytes, charset: str | None) -> list[str]:
    """Return the codecs that the server and the XML declaration name, best first."""
    head = data[:_HEAD_BYTES].decode("cp037" if data.startswith(_EBCDIC) else "latin-1")
    found = _DECLARED.search(head)
    return [name for label in (charset, found and found[1]) for name in _codecs_named(label or "")]


def _codecs_named(label: str) -> list[str]:
    """Return Python's codecs for the name of an encoding; none if it is not one of texts."""
    try:
        stated = label.strip(" \t\"'").lower().removeprefix("x-")
        found = codecs.lookup(_LABELS.get(stated, stated))
        b" ".decode(found.name, "replace")  # LookupError: it is not of texts, as base64
    except (LookupError, ValueError):  # ValueError: a name with a NUL or a lone surrogate
        return []
    if found.name in _NOT_OF_TEXTS:
        return []
    return [_READ_AS[found.name], found.name] if found.name in _READ_AS else [found.name]


def _decode_utf8(data: bytes) -> str | None:
    """Return the text of UTF-8 with at most as many bad bytes as good characters beyond ASCII; None if it has more.

    In other encodings, few pairs of bytes are valid UTF-8 by chance.
    """
    text = data.decode("utf-8", "surrogateescape")
    if text.isascii():
        return text
    beyond = len(text) - len(text.encode("ascii", "ignore"))
    return text if 2 * len(_STRAY.findall(text)) <= beyond else None


def _mend_strays(text: str) -> tuple[str, str | None]:
    """Read bytes that are not UTF-8 as Windows-1252: most often a few quotation marks that were pasted."""
    if text.isascii() or not _STRAY.search(text):
        return text, None
    return text.translate(_STRAY_IN_WEST), "bytes that are not UTF-8 were read as Windows-1252"


def _beyond_ascii(data: bytes) -> bytes:
    """Return the pieces between tags with bytes beyond ASCII, up to a size; ">" is no part of another character."""
    kept, size = [], 0
    for piece in data.split(b">"):
        if not piece.isascii():
            kept.append(piece)
            size += len(piece)
            if size > _DETECTED_BYTES:
                break
    return b"\n".join(kept)
