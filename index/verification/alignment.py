"""The cheapest way to read a quotation in speech: semi-global alignment with affine gaps.

The quotation is used up, speech may begin before it and go on after it (Needleman and Wunsch 1970 with free ends in
one sequence; affine gaps after Gotoh 1982). A row of the table is computed at once over all words of speech: a run
of words left out in speech is a minimum over earlier columns, which a running minimum over sums gives.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.language.phonetics import sound_of
from index.language.spelling import may_join
from index.verification.costs import OPEN, SAME_SOUND, exchange_costs, left_out_costs, skipped_costs
from index.verification.quoted_words import Gap, QuotedWords
from index.verification.word_forms import Form, Forms

OMITTED_WORD, INSERTED_WORD, MARKED_OPEN = 0.002, 0.1, 0.02
"""A word of speech that a mark stands for: under dots any number is as good as none, in brackets few are meant."""

JOINED_EDGE = 0.5
"""Less than leaving the word out."""

LONGEST_JOIN = 4  # forms that one word may hold when it is written together

Table = NDArray[np.float64]
Join = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Prices:
    """All that an alignment costs. Q forms are quoted, S are spoken.

    ``exchange`` (Q, S): one form for another. ``left_out`` (Q,) and ``skipped`` (S,): a form alone. ``open`` (Q,):
    added to a run of quoted forms that begins there. ``joins``: runs that are one word when written together, as
    (first quoted, quoted forms, first spoken, spoken forms), with their cost. ``jump``: going on anywhere in speech.
    """

    exchange: Table
    left_out: Table
    skipped: Table
    open: Table
    gaps: tuple[Gap, ...]
    joins: dict[Join, float]
    jump: float = math.inf


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """Quoted forms ``first`` up to ``stop`` read in spoken forms ``begin`` up to ``end``; one of both may be empty.

    Both are for a jump, which goes on at ``end``.
    """

    first: int
    stop: int
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Alignment:
    """The steps in order, from the first spoken form that is used to the last, and what they cost together."""

    cost: float
    steps: tuple[Step, ...]

    @property
    def begin(self) -> int:
        """The first spoken form that a quoted one is read in; 0 if there is none."""
        return next((step.begin for step in self.steps if step.end > step.begin), 0)

    @property
    def end(self) -> int:
        """Behind the last spoken form that a quoted one is read in; 0 if there is none."""
        return next((step.end for step in reversed(self.steps) if step.end > step.begin), 0)

    def moved(self, places: int) -> Alignment:
        """The same with every place in speech moved by so many forms."""
        steps = (Step(step.first, step.stop, step.begin + places, step.end + places) for step in self.steps)
        return Alignment(self.cost, tuple(steps))

    def pieces(self) -> list[Alignment]:
        """What lies between jumps, each without the words that speech has beyond it; costs are not told apart."""
        pieces: list[list[Step]] = [[]]
        for step in self.steps:
            if step.first == step.stop and step.begin == step.end:
                pieces.append([])
            else:
                pieces[-1].append(step)
        return [Alignment(math.nan, tuple(piece)) for piece in pieces if piece]


def price(quoted: QuotedWords, speech: Forms, unsure: Table | None = None, jump: float = math.inf) -> Prices:
    """The prices of reading a quotation in speech; ``unsure`` as in word_costs.exchange_costs."""
    optional = np.array(quoted.optional, bool)
    exchange = exchange_costs(quoted.forms.forms, speech.forms, unsure)
    _allow_joined_edges(exchange, quoted.forms.forms, speech.forms)
    left_out = np.where(optional, 0.0, left_out_costs(quoted.forms))
    return Prices(
        np.where(optional[:, None], np.minimum(exchange, INSERTED_WORD), exchange),
        left_out,
        skipped_costs(speech),
        np.where(optional, 0.0, OPEN),
        quoted.gaps,
        _find_joins(quoted.forms, speech),
        jump,
    )


def _find_joins(quoted: Forms, spoken: Forms) -> dict[Join, float]:
    """Where several forms on one side are one form on the other: "pod cast" and "podcast" cost nothing.

    The parts of one word, such as "you're", are also one form that sounds like them, at the price of a sound-alike.
    """
    joins: dict[Join, float] = {}
    for ours, theirs, swapped in ((quoted, spoken, False), (spoken, quoted, True)):
        singles: dict[str, list[int]] = {}
        for number, form in enumerate(ours.forms):
            if len(form.surface) > 1:
                singles.setdefault(form.surface, []).append(number)
        sounds: dict[str, list[int]] = {}
        for surface, numbers in singles.items():
            if sound := sound_of(surface):
                sounds.setdefault(sound, []).extend(numbers)
        beginnings = {surface[:length] for surface in singles for length in range(len(surface) + 1)}
        for start in range(len(theirs) - 1):
            joined = theirs.forms[start].surface
            for length in range(2, min(LONGEST_JOIN, len(theirs) - start) + 1):
                joined += theirs.forms[start + length - 1].surface
                parts = theirs.firsts[start] == theirs.firsts[start + length - 1]
                if not parts and joined not in beginnings:
                    break
                found = [(one, 0.0) for one in singles.get(joined, ()) if may_join(joined)]
                if parts:
                    found = [(one, SAME_SOUND) for one in sounds.get(sound_of(joined), ())] + found
                for one, cost in found:
                    joins[(start, length, one, 1) if swapped else (one, 1, start, length)] = cost
    return joins


def _allow_joined_edges(exchange: Table, quoted: Sequence[Form], spoken: Sequence[Form]) -> None:
    """Let the first and last word of a quotation be the end and beginning of a word that a recogniser joined."""
    if not quoted:
        return
    first, last = quoted[0].surface, quoted[-1].surface
    for column, form in enumerate(spoken):
        if 1 < len(first) <= len(form.surface) - 2 and form.surface.endswith(first):
            exchange[0, column] = min(exchange[0, column], JOINED_EDGE)
        if 1 < len(last) <= len(form.surface) - 2 and form.surface.startswith(last):
            exchange[-1, column] = min(exchange[-1, column], JOINED_EDGE)


@dataclass(frozen=True, slots=True)
class Tables:
    """The filled tables, (Q + 1, S + 1) each: the cheapest way to every cell, and what its last step was."""

    prices: Prices
    best: Table
    matched: Table
    dropped: Table
    sums: dict[Gap, Table]

    @property
    def ends(self) -> Table:
        """What it costs to read the whole quotation so that it ends at each place of speech, (S + 1,)."""
        costs: Table = np.minimum(self.matched[-1], self.dropped[-1])
        return costs


def fill_tables(prices: Prices) -> Tables:
    """Every cell of the alignment's tables."""
    rows, columns = prices.exchange.shape
    running = np.concatenate(([0.0], np.cumsum(prices.skipped)))
    places = np.arange(columns + 1)
    sums: dict[Gap, Table] = {"none": running, "omission": OMITTED_WORD * places, "insertion": INSERTED_WORD * places}
    opens: dict[Gap, float] = {"none": OPEN, "omission": MARKED_OPEN, "insertion": MARKED_OPEN}
    best = np.full((rows + 1, columns + 1), np.inf)
    matched, dropped = best.copy(), best.copy()
    best[0] = matched[0] = 0.0
    by_row: dict[int, list[tuple[Join, float]]] = {}
    for join, cost in prices.joins.items():
        by_row.setdefault(join[0] + join[1], []).append((join, cost))
    for row in range(1, rows + 1):
        match, drop = matched[row], dropped[row]
        match[1:] = best[row - 1, :-1] + prices.exchange[row - 1]
        for (first, _, begin, length), cost in by_row.get(row, ()):
            match[begin + length] = min(match[begin + length], best[first, begin] + cost)
        drop[:] = np.minimum(dropped[row - 1], best[row - 1] + prices.open[row - 1]) + prices.left_out[row - 1]
        best[row] = np.minimum(match, drop)
        if row < rows:
            gap = prices.gaps[row]
            total = sums[gap]
            skipped = np.minimum.accumulate(best[row] - total)[:-1] + total[1:] + opens[gap]
            reached = float(best[row].min())
            best[row, 1:] = np.minimum(best[row, 1:], skipped)
            np.minimum(best[row], reached + prices.jump, out=best[row])
    return Tables(prices, best, matched, dropped, sums)


def trace(tables: Tables, end: int) -> Alignment:
    """The alignment that ends before spoken form ``end``; of equally cheap ones that which exchanges words."""
    prices = tables.prices
    joins: dict[tuple[int, int], list[tuple[tuple[int, int], float]]] = {}
    for (first, length, begin, spoken), price_of_join in prices.joins.items():
        joins.setdefault((first + length, begin + spoken), []).append(((first, begin), price_of_join))
    row, column = tables.best.shape[0] - 1, end
    cost = float(min(tables.matched[row, column], tables.dropped[row, column]))
    steps: list[Step] = []
    inside = cost  # what must still be explained at this cell
    dropping = False
    while row > 0:
        if not dropping and _same(tables.matched[row, column], inside):
            origin = next(
                (cell for cell, extra in joins.get((row, column), ()) if _same(tables.best[cell] + extra, inside)),
                (row - 1, column - 1),
            )
        elif _same(tables.dropped[row, column], inside):
            before = tables.dropped[row, column] - prices.left_out[row - 1]
            steps.append(Step(row - 1, row, column, column))
            row -= 1
            dropping = not _same(tables.best[row, column] + prices.open[row], before)
            inside = float(tables.dropped[row, column] if dropping else tables.best[row, column])
            continue
        else:
            column, inside = _trace_skip(tables, row, column, inside, steps)
            continue
        steps.append(Step(origin[0], row, origin[1], column))
        row, column = origin
        inside = float(tables.best[row, column])
    return Alignment(cost, tuple(reversed(steps)))


def _trace_skip(tables: Tables, row: int, column: int, inside: float, steps: list[Step]) -> tuple[int, float]:
    """The speech that is left out behind this row, or the jump: where from, and what is to be explained there."""
    gap = tables.prices.gaps[row]
    total = tables.sums[gap]
    opened = OPEN if gap == "none" else MARKED_OPEN
    reached = np.minimum(tables.matched[row, :column], tables.dropped[row, :column])
    costs = reached - total[:column] + total[column] + opened
    begin = int(len(costs) - 1 - np.argmin(costs[::-1])) if len(costs) else 0
    if len(costs) and _same(costs[begin], inside):
        steps.append(Step(row, row, begin, column))
        return begin, float(reached[begin])
    reached = np.minimum(tables.matched[row], tables.dropped[row])
    steps.append(Step(row, row, column, column))
    return int(np.argmin(reached)), float(reached.min())


def _same(one: float, other: float) -> bool:
    return bool(abs(one - other) < 1e-9)


def align(prices: Prices) -> Alignment:
    """The cheapest alignment; of equally cheap ones the first."""
    tables = fill_tables(prices)
    return trace(tables, int(np.argmin(tables.ends)))


def align_all(tables: Tables, most: float, limit: int) -> list[Alignment]:
    """Up to ``limit`` alignments that share no speech and cost at most ``most``, the cheapest first."""
    ends = tables.ends.copy()
    found: list[Alignment] = []
    while len(found) < limit:
        end = int(np.argmin(ends))
        if not ends[end] <= most:
            break
        alignment = trace(tables, end)
        ends[alignment.begin : alignment.end + 1] = np.inf
        ends[end] = np.inf
        if all(alignment.end <= other.begin or other.end <= alignment.begin for other in found):
            found.append(alignment)
    return found
