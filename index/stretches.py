"""A stretch of text between quotation marks, and what the characters beside a mark tell of it."""

from __future__ import annotations

from dataclasses import dataclass

_INVISIBLE = frozenset(
    "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
_MOST_INVISIBLE = 8
"""Text direction and joiners beside a mark come in ones and twos; the bound keeps hostile text linear."""

_BEFORE_OPENING = frozenset("([{¿¡/=>*_–—―-'‘’‚“\"«„»‹")
_BEHIND_CLOSING = frozenset(".,;:!?)]}/<*_–—―-'’”\"»«›。，、！？；：؟،؛")
_CUT_OFF = ("…", "..", "¿", "¡")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Characters of a text between an opening and a closing mark, in one paragraph.

    ``start`` and ``end`` include the marks; ``inner_start`` and ``inner_end`` leave them out, and the white space
    at them. ``style`` names the class of mark. ``goes_on``: it continues the stretch of the paragraph before.
    """

    start: int
    end: int
    inner_start: int
    inner_end: int
    style: str
    paragraph: int
    closed: bool = True
    goes_on: bool = False


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """``start`` and ``end`` moved inwards over white space and invisible characters."""
    while start < end and (text[start].isspace() or text[start] in _INVISIBLE):
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] in _INVISIBLE):
        end -= 1
    return start, end


def character_before(text: str, place: int) -> str:
    """The visible character before ``place``, or nothing at the beginning of the text."""
    for step in range(1, min(place, _MOST_INVISIBLE) + 1):
        if text[place - step] not in _INVISIBLE:
            return text[place - step]
    return ""


def place_behind(text: str, place: int) -> int:
    """Where the first visible character from ``place`` on stands, or the length of the text."""
    for step in range(place, min(len(text), place + _MOST_INVISIBLE)):
        if text[step] not in _INVISIBLE:
            return step
    return len(text)


def may_open(text: str, start: int) -> bool:
    """Whether what stands before a mark leaves room for it to open: nothing, space, a bracket, a dash, a mark."""
    before = character_before(text, start)
    return not before or before.isspace() or before in _BEFORE_OPENING


def may_close(text: str, end: int) -> bool:
    """Whether what stands behind a mark lets it close: nothing, space, punctuation, a mark; but no cut-off start."""
    place = place_behind(text, end)
    behind = text[place : place + 1]
    if not behind or behind.isspace():
        return True
    return behind in _BEHIND_CLOSING and not text.startswith(_CUT_OFF, place)
