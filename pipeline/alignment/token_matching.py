"""Match the tokens of a text with those that were recognised: runs of equal tokens in order, without chance matches."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

SHORT_RUN = 3
"""Tokens: a shorter run between two gaps may be a chance match ("of the"), which may lie in another stretch."""
LONG_GAP = 5
"""Tokens, on either side, of a gap beside which a short run is not believed."""
MOST_BETWEEN = 3
"""Tokens of the text that may be misheard at a border that is put elsewhere."""
MOST_MOVED = 15
"""Tokens by which a border may be put elsewhere: two stretches of speech seldom begin with as many equal words."""
JOINED = 0.5
"""Seconds of pause that it is worth when a short run then touches the next one."""


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
    text: Sequence[str],
    heard: Sequence[str],
    text_pause: Callable[[int], float] = lambda _: 0.0,
    heard_pause: Callable[[int], float] = lambda _: 0.0,
) -> list[TokenRun]:
    """Return runs of tokens that are equal in both, in order, by the shortest edit script between all of both.

    Exact in bit-parallel arithmetic (Hyyrö 2003, in RapidFuzz): an hour against an hour takes 0.1 s, so no anchors are
    needed. Short runs that may have matched by chance are left out. Where tokens stand in one of the two only, equal
    tokens at both of their borders leave open which they are: the borders are put where the pauses before tokens, in
    seconds, are longest.
    """
    script = Indel.opcodes(text, heard)
    runs = [
        TokenRun(step.src_start, step.dest_start, step.src_end - step.src_start)
        for step in script
        if step.tag == "equal"
    ]
    runs = _extend(_drop_chance_matches(runs, len(text), len(heard)), text, heard)
    runs = _slide_borders(runs, text, heard, heard_pause)
    return _swap(_slide_borders(_swap(runs), heard, text, text_pause))


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
    """Whether a short run has a long gap on one side, and on the other more than one misheard word."""
    sizes = sorted(
        max(other.text - one.text_end, other.heard - one.heard_end) for one, other in ((before, run), (run, after))
    )
    return sizes[1] >= LONG_GAP and sizes[0] > 1


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
    """Return the runs with the borders of inserted tokens at the longest pauses that equal tokens allow."""
    slid = list(runs[:1])
    for after in runs[1:]:
        if not slid:
            slid.append(after)
            continue
        before = slid.pop()
        between = after.text - before.text_end
        inserted = after.heard - before.heard_end - between
        if between > MOST_BETWEEN or inserted < 1:
            slid += [before, after]
            continue
        alone = bool(slid) and (slid[-1].text_end, slid[-1].heard_end) != (before.text, before.heard)
        moved = _best_move(before, after, inserted, text, heard, pause_before, alone)
        kept = TokenRun(before.text, before.heard, before.length + min(0, moved))
        if moved < 0:
            slid += [kept, TokenRun(kept.text_end, kept.heard_end + inserted, -moved), after]
        elif moved > 0:
            on = TokenRun(after.text, after.heard - inserted, moved)
            slid += [before, on, TokenRun(on.text_end, after.heard + moved, after.length - moved)]
        else:
            slid += [before, after]
        slid = [run for run in slid if run.length]
    return slid


def _best_move(
    before: TokenRun,
    after: TokenRun,
    inserted: int,
    text: Sequence[str],
    heard: Sequence[str],
    pause_before: Callable[[int], float],
    alone: bool,
) -> int:
    """Return how many tokens of the first run belong behind the ``inserted`` ones (negative), or of the second before.

    Equal tokens may move, and what counts are the pauses at both borders. A first run that stands
    ``alone``, in the middle of what was inserted, is worth moving as a whole.
    """
    start, stop = before.heard_end, after.heard  # the first token that may be inserted, and the one after the last
    options = [(pause_before(start) + pause_before(stop), 0, 0)]
    for back in range(1, min(MOST_MOVED, before.length) + 1):
        if text[before.text_end - back] != heard[start - back + inserted]:
            break
        pauses = pause_before(start - back) + pause_before(start - back + inserted)
        options.append((pauses + (JOINED if alone and back == before.length else 0.0), -back, -back))
    for on in range(1, min(MOST_MOVED, after.length) + 1):
        if text[after.text + on - 1] != heard[stop + on - 1 - inserted]:
            break
        options.append((pause_before(stop + on) + pause_before(stop + on - inserted), -on, on))
    return max(options)[-1]


def _swap(runs: Sequence[TokenRun]) -> list[TokenRun]:
    """Return the runs with text and recognised tokens exchanged."""
    return [TokenRun(run.heard, run.text, run.length) for run in runs]
