"""Decode an article's bytes, detecting the encoding; binary data is refused."""

from __future__ import annotations

import codecs
import re
from contextlib import suppress

_MARKS = [
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]
# Encodings of texts that are not Unicode today: Windows code pages, and those of East Asia and Russia.
_CODE_PAGES = ["cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258"]
_CODE_PAGES += ["cp932", "euc_jp", "gb18030", "big5", "cp949", "koi8_r"]
_WEST = "cp1252"
# The encodings of the web (https://encoding.spec.whatwg.org/#names-and-labels), by the names of Python's codecs. Any
# other codec that a page or a server names is ignored: some raise on all bytes (undefined), some are not text
# encodings at all (base64, punycode, unicode_escape).
_OF_THE_WEB = frozenset({
    "ascii", "utf-8", "cp866", *(f"iso8859-{part}" for part in range(1, 17) if part != 12), "koi8-r", "koi8-u",
    "mac-roman", "mac-cyrillic", "cp874", "tis-620", *(f"cp{page}" for page in range(1250, 1259)), "gb2312", "gbk",
    "gb18030", "big5", "big5hkscs", "cp950", "euc_jp", "iso2022_jp", "shift_jis", "cp932", "euc_kr", "cp949",
})  # fmt: skip
_WIDE = frozenset({"utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"})
# What the standard decodes these as: a superset with the characters that such pages really use (the quotation marks
# of Windows-1252 in a page that declares ISO 8859-1).
_READ_AS = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "shift_jis": "cp932", "euc_kr": "cp949",
}  # fmt: skip
_LABELS = {"windows-874": "cp874", "windows-949": "cp949", "iso-8859-8-i": "iso8859-8"}
"""Labels of the standard that Python lacks; those that add ``x-`` to one that it has need no entry."""
_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE
)
_HEAD_BYTES = 4096
_JAPANESE_SHIFTS = (b"\x1b$B", b"\x1b$@")
"""Escape sequences that begin Japanese text in ISO-2022-JP; its bytes are valid UTF-8, but gibberish."""
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffe\uffff]")
MOST_CONTROL = 0.001
"""Share of a text's characters; typed text has none, one scanned page a few."""

LEAST_ZEROS = 0.1
"""Share of the characters; spaces, digits and line ends alone reach it in text of any script."""

_DETECTED_BYTES = 100_000


def decode_text(data: bytes, declared: str | None = None) -> str | None:
    """Decode ``data``; return None if it is not text (a picture, sound, an archive).

    In this order: a byte order mark, UTF-16 without one, ISO-2022-JP by its escape sequences, UTF-8 if the bytes are
    valid, ``declared`` (by the server) and the HTML page's own declaration, if they are encodings of the web, and the
    guess of charset-normalizer.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _checked(data.decode(encoding, "replace"))
    if wide := _wide_encoding(data):
        return _checked(data.decode(wide, "replace"))
    page = _DECLARED.search(data, 0, _HEAD_BYTES)
    # A declaration that is read as ASCII bytes is not in UTF-16 or UTF-32, whatever it says.
    of_page = page and [name for name in _declared_codecs(page[1].decode("ascii", "ignore")) if name not in _WIDE]
    shifted = ["iso2022_jp"] if any(shift in data for shift in _JAPANESE_SHIFTS) else []
    for name in (*shifted, "utf-8", *_declared_codecs(declared or ""), *(of_page or ())):
        with suppress(UnicodeDecodeError):
            return _checked(data.decode(name))
    return _detected(data)


def _declared_codecs(label: str) -> list[str]:
    """Return Python's codecs for a declared encoding, best first; none if it is not an encoding of the web."""
    label = label.strip().lower()
    try:
        name = codecs.lookup(_LABELS.get(label, label.removeprefix("x-"))).name
    except (LookupError, ValueError):  # ValueError: a label with a NUL or a lone surrogate
        return []
    if name not in _OF_THE_WEB | _WIDE:
        return []
    return [_READ_AS[name], name] if name in _READ_AS else [name]


def _wide_encoding(data: bytes) -> str | None:
    """Detect UTF-16 without a byte order mark: zero bytes at only even or only odd offsets."""
    first, second = data[::2].count(0), data[1::2].count(0)
    if len(data) % 2 or min(first, second) or max(first, second) * 2 < LEAST_ZEROS * len(data):
        return None
    return "utf-16-be" if first else "utf-16-le" if second else None


def _detected(data: bytes) -> str | None:
    from charset_normalizer import from_bytes

    guess = from_bytes(data[:_DETECTED_BYTES], cp_isolation=_CODE_PAGES).best()
    if guess is None:
        return None
    encoding = _WEST if _WEST in guess.could_be_from_charset else guess.encoding
    return _checked(data.decode(encoding, "replace"))


def _checked(text: str) -> str | None:
    """Return ``text``, or None if it has more control characters than real text."""
    return text if len(_CONTROL.findall(text)) <= MOST_CONTROL * len(text) else None
