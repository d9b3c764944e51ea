"""Bytes -> text, in whatever encoding an article was saved; what is no text is refused."""

from __future__ import annotations

import codecs
import re

_MARKS = [
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]
# What texts that are not Unicode are saved in today: Windows' code pages, and those of East Asia and Russia.
_CODE_PAGES = ["cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258"]
_CODE_PAGES += ["cp932", "euc_jp", "gb18030", "big5", "cp949", "koi8_r"]
_WEST = "cp1252"
_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE
)
_HEAD_BYTES = 4096
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffe\uffff]")
MOST_CONTROL = 0.001
"""Of a text's characters; one typed by a person has none, a scan of one page a few."""

LEAST_ZEROS = 0.1
"""Of the characters; spaces, digits and line ends alone come to that in a text of any script."""

_DETECTED_BYTES = 100_000


def decode_text(data: bytes, declared: str | None = None) -> str | None:
    """``data`` as text, or None where it is none (a picture, sound, an archive).

    A byte order mark decides, then UTF-8 if the bytes are that, then ``declared`` (by a server) and what an HTML
    page declares itself, then what charset-normalizer makes of them.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _checked(data.decode(encoding, "replace"))
    if wide := _wide_encoding(data):
        return _checked(data.decode(wide, "replace"))
    page = _DECLARED.search(data, 0, _HEAD_BYTES)
    for name in ("utf-8", declared, page and page[1].decode("ascii", "ignore")):
        try:
            if name:
                return _checked(data.decode(name))
        except (UnicodeDecodeError, LookupError):
            continue
    return _detected(data)


def _wide_encoding(data: bytes) -> str | None:
    """UTF-16 without a byte order mark, known by the zero in one half of its characters' bytes, and only there."""
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
    """``text``, unless it holds more control characters than any text does."""
    return text if len(_CONTROL.findall(text)) <= MOST_CONTROL * len(text) else None
