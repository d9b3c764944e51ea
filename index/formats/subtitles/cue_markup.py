"""The markup of cue texts in subtitle files that have no rules for it: tags, override codes, character references."""

from __future__ import annotations

import html
import re

from index.formats.word_split import writable

TAG = re.compile(
    r"<(/?(?:[ibuscpq]|em|strong|rt|ruby|span|font|div)(?:\.[^<>\s]*)?(?:\s[^<>=]{0,40}=[^<>]*)?\s?/?)>", re.IGNORECASE
)
OVERRIDE = re.compile(r"\{(\\[^{}]*|/?[ibus]|[yY]:[^{}]*)\}")
"""Codes of other subtitle layouts that stay in converted files: {\\an8} of SubStation Alpha, {b}, {y:i} of MicroDVD."""

BREAK = re.compile(r"<([bB][rR]\s?/?)>|(?<!:)(?<!:\\)\\(N|n(?![a-z]))")
SPACE = re.compile(r"(?<!:)\\(h)")
ENTITY = re.compile(r"&#?[0-9A-Za-z]{1,32};")
ESCAPED_TWICE = re.compile(r"&amp;(?:#0?39|#x27|quot|apos|nbsp|rsquo|#8217|#34);", re.IGNORECASE)
"""Nobody says these, so a file that has one was escaped once too often."""


def plain_text(payload: str) -> str:
    """Return the text of a cue without markup, with its line breaks."""
    return unescape(OVERRIDE.sub("", TAG.sub("", break_lines(payload))))


def break_lines(payload: str) -> str:
    """Return the text of a cue with what stands for a line break or a space decoded: <br>, \\N and \\h."""
    return SPACE.sub(" ", BREAK.sub("\n", payload)) if "\\" in payload or "<" in payload else payload


def quote_plain_text(text: str) -> str:
    """Return text that ``plain_text`` does not change, for a layout that cannot escape: brackets become look-alikes."""
    text = TAG.sub(r"‹\1>", BREAK.sub(lambda found: f"‹{found[1]}>" if found[1] else f"∖{found[2]}", text))
    return ENTITY.sub(lambda entity: f"&#38;{entity[0][1:]}", OVERRIDE.sub(r"❴\1}", SPACE.sub(r"∖\1", text)))


def unescape(text: str) -> str:
    """Return text with character references decoded; a bare ``&``, as in Whisper's own files, stays."""
    if "&" in text:
        text = _decode_references(_decode_references(text) if ESCAPED_TWICE.search(text) else text)
    return writable(text)


def _decode_references(text: str) -> str:
    return ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
