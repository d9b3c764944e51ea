"""Find the paragraphs of a text, whether its lines are wrapped or not."""

from __future__ import annotations

import re
from collections.abc import Iterator

WRAPPED_AT_MOST = 120
"""Characters. Texts wrapped by hand or by a mail program stay under 100; a longer line is a whole paragraph."""

# Starts only where white space does, so that a long run of it is read once.
_BLANK = re.compile(
    r"(?<![^\S\u2029])[^\S\n\r\x0b\x0c\x85\u2028\u2029]*+[\n\r\x0b\x0c\x85\u2028](?:[^\S\n\u2029]*\n)+|\u2029"
)
_LEAD = " \t\n\r\x0b\x0c\x85\xa0\u2003\u2028\u3000>"
_LINE = re.compile(r"[\n\r\x0b\x0c\x85\u2028]+")


def find_paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each non-empty paragraph, without surrounding white space and a leading >.

    Blank lines separate paragraphs, and so does the end of a line if that line or the next is too long to be wrapped.
    """
    for start, end in _pieces(text, _BLANK, 0, len(text)):
        lines = list(_pieces(text, _LINE, start, end))
        first = 0
        for row, line in enumerate(lines):
            following = lines[row + 1] if row + 1 < len(lines) else None
            if following is None or _is_too_long(line) or _is_too_long(following):
                yield lines[first][0], line[1]
                first = row + 1


def _is_too_long(line: tuple[int, int]) -> bool:
    return line[1] - line[0] > WRAPPED_AT_MOST


def _pieces(text: str, border: re.Pattern[str], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Split ``text[start:end]`` at the borders; yield the trimmed pieces that are not empty."""
    for match in border.finditer(text, start, end):
        yield from _trimmed(text, start, match.start())
        start = match.end()
    yield from _trimmed(text, start, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end].rstrip()
    if bare := piece.lstrip(_LEAD):
        yield start + len(piece) - len(bare), start + len(piece)
