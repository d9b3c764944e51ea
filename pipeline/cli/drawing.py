"""Draw numbers in a terminal: bars and sparklines, in block characters or in ASCII."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from pipeline.cli.terminal import moves_cursor

_EIGHTHS = " ▏▎▍▌▋▊▉█"
_HEIGHTS = "▂▃▄▅▆▇█"
_DIGITS = "123456789"
"""Nine heights in ASCII."""


def shows_blocks() -> bool:
    """Whether stdout is a terminal that shows block characters; a file or another program gets ASCII."""
    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    return moves_cursor(sys.stdout) and encoding == "utf8"


def draw_bar(share: float, width: int, blocks: bool) -> str:
    """Draw a bar of a ``share`` (0 to 1) of ``width`` columns; what is more than nothing is never empty."""
    if not blocks:
        return "#" * max(round(share * width), share > 0)
    eighths = max(round(share * width * 8), share > 0)
    whole, rest = divmod(eighths, 8)
    return "█" * whole + _EIGHTHS[rest].strip()


def draw_sparkline(values: Sequence[float | None], highest: float, blocks: bool) -> str:
    """Draw a column for each value, up to ``highest``: zero is a low line of its own, None (unknown) a gap."""
    steps, zero, gap = (_HEIGHTS, "▁", " ") if blocks else (_DIGITS, "0", ".")
    return "".join(gap if value is None else _step(value / highest, steps) if value else zero for value in values)


def _step(share: float, steps: str) -> str:
    return steps[min(int(share * len(steps)), len(steps) - 1)]
