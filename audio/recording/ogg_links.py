"""Find the links of a chained Ogg file: whole streams one after the other, as recorders append them (RFC 3533).

FFmpeg reads a chain to its end only if all links have the codec, the rate and the channels of the first. The links of
others are opened one by one, as ranges of the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, NamedTuple

from audio.headers import LARGEST_OGG_PAGE, OGG_HEADER, OGG_PAGE
from audio.regular_file import open_regular_file

FIRST_PAGE = 2
"""The bit of a page's flags that marks the first page of a stream."""

# Where the headers of codecs state the channels and the rate: first bytes, and the range of bytes to compare. The rate
# in an Opus header is that of what was recorded, not of what is decoded.
FORMATS = {
    b"\x01vorbis": slice(11, 16),
    b"OpusHead": slice(9, 10),
    b"Speex   ": slice(36, 52),
    b"\x7fFLAC": slice(27, 30),
}


class ByteRange(NamedTuple):
    """A range of a file's bytes: a link of a chain."""

    start: int
    end: int


class _OggPage(NamedTuple):
    start: int
    flags: int
    body: bytes


def find_links(path: Path) -> list[ByteRange | None]:
    """Return the links that must be opened one by one, in order; one None for a file that is opened as a whole."""
    with suppress(OSError, ValueError), open_regular_file(path) as file:
        starts: list[int] = []
        formats: set[bytes] = set()
        heading = False
        for page in _read_pages(file):
            first = bool(page.flags & FIRST_PAGE)
            if first and not heading:
                starts.append(page.start)
                formats.add(_format_of(page.body))
            heading = first
        if len(formats) > 1:
            return [ByteRange(*edges) for edges in zip(starts, [*starts[1:], file.seek(0, 2)], strict=True)]
    return [None]


def _read_pages(file: BinaryIO) -> Iterator[_OggPage]:
    """Yield the pages of an Ogg file, of first pages with what they hold; nothing for another file."""
    if file.read(len(OGG_PAGE)) != OGG_PAGE:
        return
    at: int | None = 0
    while at is not None:
        file.seek(at)
        head = file.read(OGG_HEADER + 255)
        if len(head) < OGG_HEADER:
            return
        if not head.startswith(OGG_PAGE):
            at = _next_page(file, at + 1)
            continue
        lacing = head[OGG_HEADER : OGG_HEADER + head[OGG_HEADER - 1]]
        body = at + OGG_HEADER + len(lacing)
        flags = head[len(OGG_PAGE)]
        file.seek(body)
        yield _OggPage(at, flags, file.read(sum(lacing)) if flags & FIRST_PAGE else b"")
        at = body + sum(lacing)


def _next_page(file: BinaryIO, at: int) -> int | None:
    """Return where the next page begins at or after ``at``, as in a file with a hole; None if there is none."""
    while True:
        file.seek(at)
        block = file.read(LARGEST_OGG_PAGE)
        found = block.find(OGG_PAGE)
        if found >= 0:
            return at + found
        if len(block) < LARGEST_OGG_PAGE:
            return None
        at += len(block) - len(OGG_PAGE) + 1


def _format_of(header: bytes) -> bytes:
    """Return what tells the format of a stream from another: its codec, channels and rate."""
    for magic, place in FORMATS.items():
        if header.startswith(magic):
            return magic + header[place]
    return header[:8]
