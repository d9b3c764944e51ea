"""Read from the style sheets of a page what they hide: text that no reader sees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

MOST_RULES = 20_000
"""A page's own sheets have 10 to 2,000."""

_HIDES = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SHOWS = re.compile(r"display\s*:|visibility\s*:\s*visible", re.IGNORECASE)
_NAME = re.compile(r"[.#][\w-]+")
_SCREEN = ("", "all", "screen")


def read_hidden_names(tree: Any) -> frozenset[str]:
    """Return the classes (.name) and ids (#name) that a page's own style sheets hide.

    Only selectors that are one class or id count, outside of @media and the like; the last rule decides.
    """
    hidden: set[str] = set()
    for sheet in tree.iter("style"):
        if (sheet.get("media") or "").strip().lower() not in _SCREEN:
            continue
        for selectors, declarations in _rules(sheet.text or ""):
            names = {one.strip() for one in selectors.split(",")}
            if _HIDES.search(declarations):
                hidden |= {one for one in names if _NAME.fullmatch(one)}
            elif _SHOWS.search(declarations):
                hidden -= names
    return frozenset(hidden)


def hides(style: str) -> bool:
    """Whether the declarations of a style keep text from being shown."""
    return _HIDES.search(style) is not None


def _rules(sheet: str) -> Iterator[tuple[str, str]]:
    """Yield selectors and declarations of the rules that stand in no @media or other block."""
    in_block = False
    for piece in sheet.split("}", MOST_RULES)[:MOST_RULES]:
        head, brace, declarations = piece.rpartition("{")
        if not brace:
            in_block = False
        elif "{" in head:
            in_block = True
        elif not in_block:
            yield head.rpartition(";")[2], declarations
