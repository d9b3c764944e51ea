"""Tell by the first bytes of a file, and if need be by opening it, whether it holds sound."""

from __future__ import annotations

from codecs import getincrementaldecoder
from pathlib import Path

from audio.errors import MediaError
from audio.media import PICTURES, probe_media
from audio.regular_file import open_regular_file

HEAD = 4096
"""Bytes that are looked at first: every container has binary data in them, and no text has."""

OTHERS = (
    *PICTURES, b"%PDF", b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf",
    b"\x28\xb5\x2f\xfd", b"Rar!", b"\xd0\xcf\x11\xe0", b"SQLite format 3\0", b"\x7fELF", b"MZ", b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe", b"\x93NUMPY", b"\x80\x04", b"wOFF", b"wOF2", b"OTTO", b"\0\1\0\0\0", b"bplist",
    b"\0\0\0\1Bud1",
)  # fmt: skip
"""How files begin that are no media: documents, archives, programs, databases, fonts."""

_TEXT = bytes({*range(7, 14), 27, *range(32, 127)})
"""The bytes of ASCII text, which are most of every European text in any encoding but UTF-16."""


def holds_sound(path: Path) -> bool:
    """Whether a file, whatever its name, can be opened and sound can be decoded from it."""
    try:
        with open_regular_file(path) as file:
            head = file.read(HEAD)
    except (OSError, ValueError):
        return False
    if not may_be_sound(head):
        return False
    try:
        probe_media(path)
    except MediaError:
        return False
    return True


def may_be_sound(head: bytes) -> bool:
    """Whether a file that begins with ``head``, its first HEAD bytes, may hold sound: no text, nor another format."""
    return bool(head) and not head.startswith(OTHERS) and not _is_text(head)


def _is_text(head: bytes) -> bool:
    if b"\0" in head:
        return False
    try:
        getincrementaldecoder("utf-8")().decode(head)  # its last letter may be cut
    except UnicodeDecodeError:
        return len(head.translate(None, _TEXT)) < len(head) / 3
    return True
