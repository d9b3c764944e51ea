"""Semi-global alignment of a quotation with speech, with affine gap penalties.

The whole quotation is aligned; speech may begin before it and continue after it (Needleman and Wunsch 1970 with free
ends in one sequence; affine gaps after Gotoh 1982). Insertion and deletion are meant as from speech to quotation. A row
of the table is computed at once over all words of speech: a run of deletions is a minimum over earlier columns, which a
running minimum over cumulative costs gives.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.language.numbers.number_digits import MOST_DIGITS
from index.language.phonetics import sound_of
from index.language.spelling import may_join, written_out
from index.verification.costs import (
    EDGE,
    GAP_OPEN,
    NUMBER_SUBSTITUTION,
    SAME_SOUND,
    SUBSTITUTION,
    deletion_costs,
    insertion_costs,
    substitution_costs,
)
from index.verification.quoted_words import Gap, QuotedWords
from index.verification.word_forms import Form, Forms, ends_sentence

OMITTED_WORD, BRACKETED_WORD, MARKED_GAP_OPEN = 0.002, 0.1, 0.02
"""Cost of a spoken word that a mark replaces, and of its gap: dots replace any number, brackets a few."""

JOINED_EDGE = 0.5
"""Cost of an edge word that is part of a longer spoken one; less than an insertion."""

LONGEST_JOIN = 4  # forms that may be written together as one word, unless they are digits said one by one
LONGEST_JOINED_WORD = 100  # characters; all beginnings of such a word are collected, which is quadratic

Table = NDArray[np.float64]
Join = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class AlignmentCosts:
    """The costs of an alignment of Q quoted with S spoken forms.

    ``substitution`` (Q, S). ``insertion`` (Q,): a quoted form that was not spoken. ``deletion`` (S,): a spoken form
    that is not quoted. ``insertion_open`` (Q,): gap opening, added to a run of insertions that begins there.
    ``joins``: runs that are one word when written together, as (first quoted, quoted forms, first spoken, spoken
    forms), with their cost. ``jump``: continuing anywhere else in speech.
    """

    substitution: Table
    insertion: Table
    deletion: Table
    insertion_open: Table
    gaps: tuple[Gap, ...]
    joins: dict[Join, float]
    jump: float = math.inf


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """Quoted forms ``first`` to ``stop`` aligned with spoken ``begin`` to ``end``, exclusive; either may be empty.

    Both are empty for a jump, after which speech continues at another place.
    """

    first: int
    stop: int
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Alignment:
    """The steps in order, from the first spoken form that is used to the last, and their total cost."""

    cost: float
    steps: tuple[Step, ...]

    @property
    def begin(self) -> int:
        """The first aligned spoken form; 0 if there is none."""
        return next((step.begin for step in self.steps if step.end > step.begin), 0)

    @property
    def end(self) -> int:
        """The end, exclusive, of the aligned spoken forms; 0 if there are none."""
        return next((step.end for step in reversed(self.steps) if step.end > step.begin), 0)

    def shifted(self, offset: int) -> Alignment:
        """Return the alignment with ``offset`` added to every spoken form's number."""
        steps = (Step(step.first, step.stop, step.begin + offset, step.end + offset) for step in self.steps)
        return Alignment(self.cost, tuple(steps))

    def pieces(self) -> list[Alignment]:
        """Split the alignment at its jumps; the pieces have no cost of their own (NaN)."""
        pieces: list[list[Step]] = [[]]
        for step in self.steps:
            if step.first == step.stop and step.begin == step.end:
                pieces.append([])
            else:
                pieces[-1].append(step)
        return [Alignment(math.nan, tuple(piece)) for piece in pieces if piece]


def compute_costs(
    quoted: QuotedWords, speech: Forms, uncertainty: Table | None = None, jump: float = math.inf
) -> AlignmentCosts:
    """Compute the costs of aligning a quotation with speech; ``uncertainty`` as in costs.substitution_costs."""
    optional = np.array(quoted.optional, bool)
    substitution = substitution_costs(quoted.forms.forms, speech.forms, uncertainty)
    _allow_joined_edges(substitution, quoted.forms.forms, speech.forms)
    insertion = np.where(optional, 0.0, insertion_costs(quoted.forms))
    _raise_edges(substitution, insertion, quoted)
    return AlignmentCosts(
        np.where(optional[:, None], np.minimum(substitution, BRACKETED_WORD), substitution),
        insertion,
        deletion_costs(speech),
        np.where(optional, 0.0, GAP_OPEN),
        quoted.gaps,
        _find_joins(quoted.forms, speech),
        jump,
    )


def _find_joins(quoted: Forms, spoken: Forms) -> dict[Join, float]:
    """Find several forms on one side that are one form on the other: "pod cast" and "podcast" cost nothing.

    The parts of one word, such as "you're", also match one form that sounds like them, at the cost of a sound-alike. A
    range or ratio is another number than a single one, 4-5 and 45, not three words for one.
    """
    joins: dict[Join, float] = {}
    for ours, theirs, swapped in ((quoted, spoken, False), (spoken, quoted, True)):
        singles: dict[str, tuple[int, ...]] = {}
        for number, form in enumerate(ours.forms):
            if 1 < len(form.surface) <= LONGEST_JOINED_WORD:
                singles[form.surface] = (*singles.get(form.surface, ()), number)
        sounds: dict[str, list[int]] = {}
        for surface, numbers in singles.items():
            if sound := sound_of(surface):
                sounds.setdefault(sound, []).extend(numbers)
        beginnings = {surface[:length] for surface in singles for length in range(len(surface) + 1)}
        for start, length, joined, parts in _list_runs(theirs, beginnings):
            word = written_out(joined)
            found = [(one, 0.0) for one in singles.get(word, ()) + singles.get(joined, ()) if may_join(word)]
            if parts:
                found = [(one, SAME_SOUND) for one in sounds.get(sound_of(joined), ())] + found
            initials = len(joined) == length
            for one, cost in found:
                if initials and ours.forms[one].is_no_abbreviation:
                    continue
                joins[(start, length, one, 1) if swapped else (one, 1, start, length)] = cost
        amounts = [number for number, form in enumerate(ours.forms) if form.is_amount]
        for start in [number - 1 for number, form in enumerate(theirs.forms) if form.joins_amounts]:
            for one in amounts:
                joins[(start, 3, one, 1) if swapped else (one, 1, start, 3)] = NUMBER_SUBSTITUTION
    return joins


def _list_runs(forms: Forms, beginnings: Collection[str]) -> Iterator[tuple[int, int, str, bool]]:
    """Yield runs that are parts of one word or begin as one of these does: start, forms, written together, parts."""
    for start in range(len(forms) - 1):
        joined = forms.forms[start].surface
        for length in range(2, min(MOST_DIGITS, len(forms) - start) + 1):
            before, after = forms.forms[start + length - 2 : start + length]
            joined += after.surface
            parts = forms.firsts[start] == forms.firsts[start + length - 1]
            if not parts and joined not in beginnings:
                break
            digits = before.is_digit and after.is_digit
            if _are_two_numbers(before, after) or (length > LONGEST_JOIN and not digits):
                break
            yield start, length, joined, parts


def _raise_edges(substitution: Table, insertion: Table, quoted: QuotedWords) -> None:
    """Let the first and the last quoted word, unless small, cost more where nothing like it was said."""
    for row in {0, len(quoted) - 1} if len(quoted) > 2 else ():
        if quoted.forms.forms[row].kind in ("content", "name", "number", "negation") and not quoted.optional[row]:
            substitution[row] += np.where(substitution[row] >= SUBSTITUTION, EDGE, 0.0)
            insertion[row] += EDGE


def _are_two_numbers(before: Form, after: Form) -> bool:
    """Whether digits would be run together, 4 and 5 to 45: only those that were said one by one are one number."""
    digits = before.surface[-1:].isdigit() and after.surface[:1].isdigit()
    return digits and not (before.is_digit and after.is_digit)


def _allow_joined_edges(substitution: Table, quoted: Sequence[Form], spoken: Sequence[Form]) -> None:
    """Let the first and last quoted word match the end and beginning of a word that the recogniser joined."""
    if not quoted:
        return
    first, last = quoted[0].surface, quoted[-1].surface
    for column, form in enumerate(spoken):
        if 1 < len(first) <= len(form.surface) - 2 and form.surface.endswith(first):
            substitution[0, column] = min(substitution[0, column], JOINED_EDGE)
        if 1 < len(last) <= len(form.surface) - 2 and form.surface.startswith(last):
            substitution[-1, column] = min(substitution[-1, column], JOINED_EDGE)


@dataclass(frozen=True)
class Tables:
    """The filled tables, (Q + 1, S + 1) each: the least cost of every cell, in all and by kind of its last step."""

    costs: AlignmentCosts
    best: Table
    matched: Table
    inserted: Table
    sums: dict[Gap, Table]

    @property
    def ends(self) -> Table:
        """The least cost of the whole quotation ending before each spoken form, (S + 1,)."""
        costs: Table = np.minimum(self.matched[-1], self.inserted[-1])
        return costs

    @cached_property
    def joins(self) -> dict[tuple[int, int], list[tuple[tuple[int, int], float]]]:
        """The cells from which a join leads to a cell, each with its cost."""
        joins: dict[tuple[int, int], list[tuple[tuple[int, int], float]]] = {}
        for (first, length, begin, spoken), cost in self.costs.joins.items():
            joins.setdefault((first + length, begin + spoken), []).append(((first, begin), cost))
        return joins


def fill_tables(costs: AlignmentCosts) -> Tables:
    """Fill the dynamic programming tables of the alignment."""
    rows, columns = costs.substitution.shape
    running = np.concatenate(([0.0], np.cumsum(costs.deletion)))
    places = np.arange(columns + 1)
    sums: dict[Gap, Table] = {"none": running, "omission": OMITTED_WORD * places, "insertion": BRACKETED_WORD * places}
    opens: dict[Gap, float] = {"none": GAP_OPEN, "omission": MARKED_GAP_OPEN, "insertion": MARKED_GAP_OPEN}
    best = np.full((rows + 1, columns + 1), np.inf)
    matched, inserted = best.copy(), best.copy()
    best[0] = matched[0] = 0.0
    joins_by_row: dict[int, list[tuple[Join, float]]] = {}
    for join, cost in costs.joins.items():
        joins_by_row.setdefault(join[0] + join[1], []).append((join, cost))
    for row in range(1, rows + 1):
        match, insert = matched[row], inserted[row]
        match[1:] = best[row - 1, :-1] + costs.substitution[row - 1]
        for (first, _, begin, length), cost in joins_by_row.get(row, ()):
            match[begin + length] = min(match[begin + length], best[first, begin] + cost)
        opened = best[row - 1] + costs.insertion_open[row - 1]
        insert[:] = np.minimum(inserted[row - 1], opened) + costs.insertion[row - 1]
        best[row] = np.minimum(match, insert)
        if row < rows:
            gap = costs.gaps[row]
            total = sums[gap]
            deleted = np.minimum.accumulate(best[row] - total)[:-1] + total[1:] + opens[gap]
            reached = float(best[row].min())
            best[row, 1:] = np.minimum(best[row, 1:], deleted)
            np.minimum(best[row], reached + costs.jump, out=best[row])
    return Tables(costs, best, matched, inserted, sums)


def trace(tables: Tables, end: int) -> Alignment:
    """Trace back the alignment that ends before spoken form ``end``; substitutions win ties."""
    costs, joins = tables.costs, tables.joins
    # Floats of Python: numbers of NumPy are several times as slow one by one.
    best, matched, inserted = tables.best.item, tables.matched.item, tables.inserted.item
    insertion, insertion_open = costs.insertion.item, costs.insertion_open.item
    row, column = tables.best.shape[0] - 1, end
    cost = min(matched(row, column), inserted(row, column))
    steps: list[Step] = []
    remaining = cost  # the cost up to this cell
    inserting = False
    while row > 0:
        if not inserting and _close(matched(row, column), remaining):
            origin = next(
                (cell for cell, extra in joins.get((row, column), ()) if _close(best(*cell) + extra, remaining)),
                (row - 1, column - 1),
            )
        elif _close(inserted(row, column), remaining):
            before = inserted(row, column) - insertion(row - 1)
            steps.append(Step(row - 1, row, column, column))
            row -= 1
            inserting = not _close(best(row, column) + insertion_open(row), before)
            remaining = inserted(row, column) if inserting else best(row, column)
            continue
        else:
            column, remaining = _trace_deletion(tables, row, column, remaining, steps)
            continue
        steps.append(Step(origin[0], row, origin[1], column))
        row, column = origin
        remaining = best(row, column)
    return Alignment(cost, tuple(reversed(steps)))


def _trace_deletion(tables: Tables, row: int, column: int, remaining: float, steps: list[Step]) -> tuple[int, float]:
    """Trace back the deletions after this row, or the jump: return the column before it, and the cost up to there."""
    gap = tables.costs.gaps[row]
    total = tables.sums[gap]
    opened = GAP_OPEN if gap == "none" else MARKED_GAP_OPEN
    reached = np.minimum(tables.matched[row, :column], tables.inserted[row, :column])
    costs = reached - total[:column] + total[column] + opened
    begin = int(len(costs) - 1 - np.argmin(costs[::-1])) if len(costs) else 0
    if len(costs) and _close(costs.item(begin), remaining):
        steps.append(Step(row, row, begin, column))
        return begin, float(reached[begin])
    reached = np.minimum(tables.matched[row], tables.inserted[row])
    steps.append(Step(row, row, column, column))
    return int(np.argmin(reached)), float(reached.min())


def _close(one: float, other: float) -> bool:
    return abs(one - other) < 1e-9


def align(costs: AlignmentCosts) -> Alignment:
    """Return the cheapest alignment; the first one wins ties."""
    tables = fill_tables(costs)
    return trace(tables, int(np.argmin(tables.ends)))


def align_all(tables: Tables, most: float, limit: int) -> list[Alignment]:
    """Return up to ``limit`` alignments without common speech that cost at most ``most``, the cheapest first."""
    ends = tables.ends.copy()
    found: list[Alignment] = []
    while len(found) < limit:
        end = int(np.argmin(ends))
        if not ends[end] <= most or math.isinf(ends[end]):  # infinite: every end is taken
            break
        alignment = trace(tables, end)
        ends[alignment.begin : alignment.end + 1] = np.inf
        ends[end] = np.inf
        if all(alignment.end <= other.begin or other.end <= alignment.begin for other in found):
            found.append(alignment)
    return found


def complete_edges(alignment: Alignment, speech: Forms) -> Alignment:
    """Extend an alignment to whole spoken words and numbers: quoting "can" of "can't", 4 of 4-5, is a deletion."""
    begin, end = alignment.begin, alignment.end
    while begin > 0 and (speech.lasts[begin - 1] >= speech.firsts[alignment.begin] or _joins(speech, begin)):
        begin -= 1
    while end < len(speech) and (speech.firsts[end] <= speech.lasts[alignment.end - 1] or _joins(speech, end)):
        end += 1
    if (begin, end) == (alignment.begin, alignment.end):
        return alignment
    steps = list(alignment.steps)
    if begin < alignment.begin:
        first = steps[0].first
        steps.insert(0, Step(first, first, begin, alignment.begin))
    if end > alignment.end:
        stop = steps[-1].stop
        steps.append(Step(stop, stop, alignment.end, end))
    return Alignment(alignment.cost, tuple(steps))


def _joins(speech: Forms, place: int) -> bool:
    """Whether ``place`` parts the two numbers of a range or ratio, before or after its joiner, or the digits of one."""
    before, after = speech.forms[place - 1 : place + 1]
    ended = ends_sentence(speech.texts[speech.lasts[place - 1]])
    return before.joins_amounts or after.joins_amounts or (before.is_digit and after.is_digit and not ended)
