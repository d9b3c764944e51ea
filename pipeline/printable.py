"""Keep data from controlling a terminal: clean text for printing, and JSON with every such character escaped.

Titles, shows, speakers, words, file names and article texts come from files that anybody may have made. Raw, their
control characters move the cursor, set the clipboard or the window's title (ECMA-48, OSC 52), their line breaks forge
lines of output, and their directional overrides reorder what stands next to them (UAX #9; CVE-2021-42574).
"""

from __future__ import annotations

import re

BIDI_CONTROLS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""The characters with the property Bidi_Control."""

_INVISIBLE = "\u206a-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
"""Format characters that no script needs: deprecated ones, byte order marks, annotations, tags. Joiners (U+200C and
U+200D) and variation selectors stay: Persian, the scripts of India and emoji are written with them."""

_BREAKS = "\t-\r\x1c-\x1f\x85\u2028\u2029"
_CONTROLS = "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff"
"""C0, DEL and C1 apart from line breaks, and halves of surrogate pairs, which cannot be encoded."""

# The tags of a flag are part of the emoji: England, Scotland, Wales (UTS #51, ED-14a).
_FLAG = "\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f"

_UNPRINTABLE = re.compile(
    f"(?P<flag>{_FLAG})|(?P<break>[{_BREAKS}]+)|(?P<control>[{_CONTROLS}])|[{BIDI_CONTROLS}{_INVISIBLE}]"
)
_ESCAPED = re.compile(f"[\x7f-\x9f\u2028\u2029\ud800-\udfff{BIDI_CONTROLS}{_INVISIBLE}]")

_CONTROL = re.compile(f"[{_BREAKS}{_CONTROLS}\u202a-\u202e\u2066-\u2069]")
"""Line breaks, controls, and what turns the direction of the text after it: no part of any name."""


def find_control(text: str) -> str | None:
    """Return the first character of a text that controls more than the text itself, None if there is none."""
    found = _CONTROL.search(text)
    return found[0] if found else None


def clean_text(text: str) -> str:
    """Return ``text`` on one line, with nothing in it that controls a terminal or the direction of other text.

    Line breaks and tabs become a space, other controls U+FFFD; directional controls and invisible characters are
    removed. Letters, marks and emoji of every script stay.
    """
    return text if text.isascii() and text.isprintable() else _UNPRINTABLE.sub(_replacement, text)


def _replacement(found: re.Match[str]) -> str:
    if found["flag"]:
        return found["flag"]
    return " " if found["break"] else "\N{REPLACEMENT CHARACTER}" if found["control"] else ""


def escape_json(json: str) -> str:
    r"""Return a JSON text that means the same, with ``\uXXXX`` for C1, DEL, directional controls and the like."""
    return json if json.isascii() and "\x7f" not in json else _ESCAPED.sub(_escape, json)


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x10000:
        return f"\\u{code:04x}"
    high, low = divmod(code - 0x10000, 0x400)
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"


def spreadsheet_cell(text: str) -> str:
    """Return a text as a cell of a spreadsheet, which does not calculate it: as in exported tables."""
    from index.formats.text.spreadsheet import text_cell

    return text_cell(text)
