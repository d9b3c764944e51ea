"""Say what a file is that cannot be read as a transcript."""

from __future__ import annotations

import re
from typing import Any

_SIGNATURES = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a zip archive, as .docx and .odt are"),
    (b"\xd0\xcf\x11\xe0", "an old Word or Excel document"),
    (b"{\\rtf", "an RTF document"),
    (b"ID3", "an MP3 recording"),
    (b"OggS", "an Ogg recording"),
    (b"fLaC", "a FLAC recording"),
    (b"RIFF", "a WAV or AVI recording"),
    (b"\x1aE\xdf\xa3", "a Matroska or WebM recording"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-zip archive"),
    (b"SQLite format 3", "an SQLite database"),
)
_HTML = re.compile(r"\s*<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_ROOT = re.compile(r"<([A-Za-z_][\w:.-]{0,40})")
_SHOWN_KEYS = 6
_SHOWN_LENGTH = 40


def describe_bytes(data: bytes) -> str | None:
    """Return what kind of file its first bytes say it is, such as "a PDF", None if that is unknown."""
    if data[4:8] == b"ftyp":
        return "an MP4 recording"
    return next((kind for signature, kind in _SIGNATURES if data.startswith(signature)), None)


def describe_text(text: str) -> str:
    """Return what a text is that no layout fits: a page, a document, or its first line."""
    if _HTML.match(text):
        return "an HTML page without times"
    root = _ROOT.search(text, 0, 2000)
    if text.lstrip().startswith("<?xml") and root:
        return f"an XML document <{root[1]}>"
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return repr(line[:_SHOWN_LENGTH])


def describe_document(document: Any) -> str:
    """Return what a JSON document holds that no layout fits: its kind and its first keys."""
    if isinstance(document, dict):
        keys = ", ".join(repr(key)[:_SHOWN_LENGTH] for key in list(document)[:_SHOWN_KEYS])
        more = ", ..." if len(document) > _SHOWN_KEYS else ""
        return f"an object with the keys {keys}{more}" if document else "an empty object"
    if isinstance(document, list):
        return f"a list that begins with {describe_document(document[0])}" if document else "an empty list"
    return repr(document)[:_SHOWN_LENGTH]
