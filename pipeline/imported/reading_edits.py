"""How two readings of the same speech differ, word by word: the edits from one to the other, as those of quotations."""

from __future__ import annotations

from collections.abc import Sequence

from index.verification.alignment import Alignment, Step, align, complete_edges, compute_costs
from index.verification.edits import Difference, Edit, make_edits
from index.verification.quoted_words import Gap, QuotedWords, read_quotation
from index.verification.word_forms import read_forms

SAME: frozenset[Difference | None] = frozenset({None, "spelling", "masked", "filler", "repeat"})
"""Differences between two transcripts that are none: writers leave out fillers and stutters, and spell as they like."""


def compare_readings(heard: Sequence[str], other: Sequence[str], first: int, language: str | None) -> tuple[Edit, ...]:
    """Return the edits from words that were ``heard``, of which the first has the number ``first``, to the ``other``
    reading of them. They hold all words of both that are no mere punctuation."""
    speech, read = read_forms(heard, language), read_forms(other, language)
    nothing: Gap = "none"
    reading = QuotedWords(read, (nothing,) * (len(read) + 1), (False,) * len(read))
    if not len(speech) or not len(read):
        steps = [Step(number, number + 1, 0, 0) for number in range(len(read))]
        return make_edits(Alignment(0.0, (*steps, Step(len(read), len(read), 0, len(speech)))), reading, speech, first)
    found = align(compute_costs(reading, speech))
    before, after = Step(0, 0, 0, found.begin), Step(len(read), len(read), found.end, len(speech))
    return make_edits(Alignment(found.cost, (before, *found.steps, after)), reading, speech, first, language)


def find_quotation(quotation: str, words: Sequence[str], language: str | None) -> tuple[Edit, ...]:
    """Return the edits from the place in some words that is most like a quotation, to this; none without words."""
    quoted, speech = read_quotation(quotation, language), read_forms(words, language)
    if not len(quoted) or not len(speech):
        return ()
    found = align(compute_costs(quoted, speech))
    if found.end <= found.begin:
        return ()
    return make_edits(complete_edges(found, speech), quoted, speech, 0, language)
