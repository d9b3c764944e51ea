"""What a part of the torture found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """A row of the table: what was done ``tries`` times, how often it went wrong, and the first case or a remark."""

    part: str
    what: str
    tries: int
    wrong: int
    remark: str = ""
