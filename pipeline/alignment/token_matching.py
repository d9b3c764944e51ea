"""Match the tokens of a text with those that were recognised: runs of equal tokens in order, without chance matches."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz.distance import Levenshtein

SHORT_RUN = 3
"""Tokens: a shorter run between two long gaps is a chance match ("of the"), which may lie in another stretch."""
LONG_GAP = 5
"""Tokens of a gap, on either side, beside which a short run is not believed."""


@dataclass(frozen=True, slots=True)
class TokenRun:
    """``length`` equal tokens, from token ``text`` of the text and token ``heard`` of what was recognised."""

    text: int
    heard: int
    length: int

    @property
    def text_end(self) -> int:
        """The number of the token of the text after the run."""
        return self.text + self.length

    @property
    def heard_end(self) -> int:
        """The number of the recognised token after the run."""
        return self.heard + self.length


def match_tokens(
    text: Sequence[str], heard: Sequence[str], pause_before: Callable[[int], float] = lambda _: 0.0
) -> list[TokenRun]:
    """Return runs of tokens that are equal in both, in order, by the shortest edit script between all of both.

    Exact in bit-parallel arithmetic (Hyyrö 2003, in RapidFuzz): an hour against an hour takes 0.1 s, so no anchors are
    needed. Short runs between long gaps are left out. Where a stretch was inserted, equal tokens at both of its borders
    leave open to which side they belong: the borders are put where ``pause_before`` (seconds before a recognised token)
    is longest.
    """
    script = Levenshtein.opcodes(text, heard)
    runs = [
        TokenRun(step.src_start, step.dest_start, step.src_end - step.src_start)
        for step in script
        if step.tag == "equal"
    ]
    runs = _extend(_drop_chance_matches(runs, len(text), len(heard)), text, heard)
    return _slide_borders(runs, text, heard, pause_before)


def _drop_chance_matches(runs: Sequence[TokenRun], text_length: int, heard_length: int) -> list[TokenRun]:
    """Return the runs without short ones between two long gaps; a gap grows with every run that is left out of it."""
    kept = list(runs)
    while True:
        borders = [TokenRun(0, 0, 0), *kept, TokenRun(text_length, heard_length, 0)]
        left = [
            run
            for before, run, after in zip(borders, kept, borders[2:], strict=False)
            if run.length >= SHORT_RUN or min(_gap(before, run), _gap(run, after)) < LONG_GAP
        ]
        if len(left) == len(kept):
            return kept
        kept = left


def _gap(before: TokenRun, after: TokenRun) -> int:
    """The tokens between two runs, on the side that has more."""
    return max(after.text - before.text_end, after.heard - before.heard_end)


def _extend(runs: Sequence[TokenRun], text: Sequence[str], heard: Sequence[str]) -> list[TokenRun]:
    """Return the runs with equal tokens next to them, on both sides, and runs that then touch joined."""
    extended: list[TokenRun] = []
    ends = [*((run.text, run.heard) for run in runs[1:]), (len(text), len(heard))][: len(runs)]
    text_from, heard_from = 0, 0
    for run, (text_to, heard_to) in zip(runs, ends, strict=True):
        first, at, length = run.text, run.heard, run.length
        while first > text_from and at > heard_from and text[first - 1] == heard[at - 1]:
            first, at, length = first - 1, at - 1, length + 1
        while first + length < text_to and at + length < heard_to and text[first + length] == heard[at + length]:
            length += 1
        if extended and (extended[-1].text_end, extended[-1].heard_end) == (first, at):
            before = extended.pop()
            first, at, length = before.text, before.heard, before.length + length
        extended.append(TokenRun(first, at, length))
        text_from, heard_from = first + length, at + length
    return extended


def _slide_borders(
    runs: Sequence[TokenRun], text: Sequence[str], heard: Sequence[str], pause_before: Callable[[int], float]
) -> list[TokenRun]:
    """Return the runs with the borders of inserted stretches at the longest pauses that equal tokens allow."""
    slid = list(runs)
    for number, (before, after) in enumerate(pairwise(runs)):
        before = slid[number]
        if after.text != before.text_end or after.heard - before.heard_end < LONG_GAP:
            continue
        back = on = 0  # tokens by which the border may move towards the first run, and towards the second
        while back < before.length - 1 and text[before.text_end - 1 - back] == heard[after.heard - 1 - back]:
            back += 1
        while on < after.length - 1 and text[after.text + on] == heard[before.heard_end + on]:
            on += 1
        moved = max(
            range(-back, on + 1),
            key=lambda by: (pause_before(before.heard_end + by) + pause_before(after.heard + by), -abs(by)),
        )
        slid[number] = TokenRun(before.text, before.heard, before.length + moved)
        slid[number + 1] = TokenRun(after.text + moved, after.heard + moved, after.length - moved)
    return slid
