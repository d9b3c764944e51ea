"""Match the tokens of a text with those that were recognised: runs of equal tokens in order, without chance matches."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

SHORT_RUN = 3
"""Tokens: a shorter run between two long gaps is a chance match ("of the"), which may lie in another stretch."""
LONG_GAP = 5
"""Tokens of a gap, on either side, beside which a short run is not believed."""
UNEVEN = 2
"""Tokens by which the two sides of a gap differ that is not one of misheard words."""
MOST_BETWEEN = 3
"""Tokens of the text that may be misheard at a border that is put elsewhere."""
MOST_MOVED = 15
"""Tokens by which a border may be put elsewhere: two stretches of speech seldom begin with as many equal words."""
LOST_TOKEN = 1.0
"""Seconds of pause that a border must gain for each equal token that it loses."""


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
    needed. Short runs that may have matched by chance are left out. Where a stretch was inserted, equal tokens at both
    of its borders leave open to which side they belong: the borders are put where ``pause_before`` (seconds before a
    recognised token) is longest.
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
    """Return the runs without doubtful ones; a gap grows with every run that is left out of it."""
    kept = list(runs)
    while True:
        borders = [TokenRun(0, 0, 0), *kept, TokenRun(text_length, heard_length, 0)]
        left = [
            run
            for before, run, after in zip(borders, kept, borders[2:], strict=False)
            if run.length >= SHORT_RUN or not _is_doubtful(before, run, after)
        ]
        if len(left) == len(kept):
            return kept
        kept = left


def _is_doubtful(before: TokenRun, run: TokenRun, after: TokenRun) -> bool:
    """Whether a short run has a long gap on one side, and on the other one that misheard words do not explain."""
    sizes = [(other.text - one.text_end, other.heard - one.heard_end) for one, other in ((before, run), (run, after))]
    long = [max(size) >= LONG_GAP for size in sizes]
    uneven = [abs(text - heard) >= UNEVEN for text, heard in sizes]
    return (long[0] and (long[1] or uneven[1])) or (long[1] and uneven[0])


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
    slid = list(runs[:1])
    for after in runs[1:]:
        before = slid.pop()
        between = after.text - before.text_end
        inserted = after.heard - before.heard_end - between
        if between > MOST_BETWEEN or inserted < LONG_GAP:
            slid += [before, after]
            continue
        # A run that lies in the middle of what was inserted may move as a whole.
        moved = _best_move(before, after, inserted, text, heard, pause_before)
        kept = TokenRun(before.text, before.heard, before.length + min(0, moved))
        if moved < 0:
            slid += [kept, TokenRun(kept.text_end, kept.heard_end + inserted, -moved), after]
        elif moved > 0:
            on = TokenRun(after.text, after.heard - inserted, moved)
            slid += [before, on, TokenRun(on.text_end, after.heard + moved, after.length - moved)]
        else:
            slid += [before, after]
    return [run for run in slid if run.length]


def _best_move(
    before: TokenRun,
    after: TokenRun,
    inserted: int,
    text: Sequence[str],
    heard: Sequence[str],
    pause_before: Callable[[int], float],
) -> int:
    """Return how many tokens of the first run belong behind the ``inserted`` ones (negative), or of the second before.

    What counts are the pauses at both borders, and the tokens that are not equal there.
    """
    start, stop = before.heard_end, after.heard  # the first token that may be inserted, and the one after the last
    options = [(pause_before(start) + pause_before(stop), 0, 0)]
    lost = 0
    for back in range(1, min(MOST_MOVED, before.length) + 1):
        lost += text[before.text_end - back] != heard[start - back + inserted]
        pauses = pause_before(start - back) + pause_before(start - back + inserted)
        options.append((pauses - LOST_TOKEN * lost, -back, -back))
    lost = 0
    for on in range(1, min(MOST_MOVED, after.length) + 1):
        lost += text[after.text + on - 1] != heard[stop + on - 1 - inserted]
        pauses = pause_before(stop + on) + pause_before(stop + on - inserted)
        options.append((pauses - LOST_TOKEN * lost, -on, on))
    return max(options)[-1]
