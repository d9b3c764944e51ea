"""Costs of substitution, insertion and deletion for the alignment.

The insertion of a content word costs 1, and all other costs are relative to that. Costs only rank the places where a
quotation may come from; index/verification/edits.py classifies a difference, independently of its cost.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from index.fulltext.lexicon import compile_pattern
from index.language.phonetics import sound_of
from index.verification.word_classes import opposites_of
from index.verification.word_forms import Form, Forms, repeated_starts

INSERTION = {"filler": 0.6, "hedge": 1.0, "small": 0.6, "content": 1.0, "name": 1.0, "negation": 1.0, "number": 1.0}
"""A quoted word that was not said."""
DELETION = {"filler": 0.08, "hedge": 0.08, "small": 0.5, "content": 0.9, "name": 0.9, "negation": 0.5, "number": 0.9}
"""A spoken word that is not quoted: less, so that an equal word after it is preferred to a substitution here.

A negation costs no more than a small word: at 0.9 the words before a dropped one were left unaligned instead, and 12 %
of such quotations began after it.
"""
PART_DELETION, DIGIT_DELETION = 0.3, 0.05
"""The unit of a number, or what joins two, and a digit of many: together less than the insertion of a small word after
them, so that a quotation of "five dollars again" without the dollars is not aligned with "five" alone."""
REPEATED_DELETION = 0.08
GAP_OPEN = 0.2
"""Gap opening, added once for every run of insertions or deletions."""
SUBSTITUTION = 1.15
"""More than one deletion, less than one insertion: at the edges of a quotation this decides its span."""
SMALL_SUBSTITUTION = 0.85
"""More than an insertion: recognisers drop small words more often than they substitute them."""
OPPOSITE_SUBSTITUTION = 0.55
"""Less than the insertion of a small word: "it goes up" is aligned with all of "it goes down", not with "it goes"."""
SAME_SOUND = 0.2
EDGE = 1.3
"""Added where the first or last quoted word is a content word that was not said there.

So an omission of two words inside ("programmers I think are") is preferred to leaving the edge unaligned.
"""
NUMBER_SUBSTITUTION = 0.6
_LONGEST_COMPARED = 100  # characters of a word: two words of a million letters would be compared for minutes
_LEAST_SIMILARITY = 0.5  # of the longer word; below that it costs a full substitution

Costs = NDArray[np.float64]


_LETTERS = re.compile(r"\w*")
_fits_mask = lru_cache(maxsize=1000)(compile_pattern)


def insertion_costs(forms: Forms) -> Costs:
    """Return the insertion cost of each quoted form, float64, (forms,)."""
    return np.array([INSERTION[form.kind] for form in forms.forms])


def deletion_costs(speech: Forms) -> Costs:
    """Return the deletion cost of each spoken form, float64, (forms,); a repeated start costs as little as a filler."""
    costs = np.array([_deletion_cost(form) for form in speech.forms])
    costs[np.array(repeated_starts(speech), bool)] = REPEATED_DELETION
    return costs


def _deletion_cost(form: Form) -> float:
    if form.kind != "number" or form.is_amount:
        return DIGIT_DELETION if form.is_digit else DELETION[form.kind]
    return PART_DELETION


def are_equal(one: Form, other: Form) -> bool:
    """Whether two forms are the same word, or one is a mask that matches the other."""
    if one.key == other.key or one.key in other.also or other.key in one.also:
        return True
    if one.mask is not None or other.mask is not None:
        masked, plain = (one, other) if one.mask is not None else (other, one)
        return _fits_mask(masked.mask or "")(plain.surface) and _LETTERS.fullmatch(plain.surface) is not None
    return False


def substitution_costs(quoted: Sequence[Form], spoken: Sequence[Form], uncertainty: Costs | None = None) -> Costs:
    """Return the substitution costs, float64, (quoted, spoken); 0 where two forms are equal.

    ``uncertainty``, (spoken,), 0 to 1, is the recogniser's uncertainty, which lowers the cost: at 1, to half.
    """
    known = _known_columns(tuple(quoted))
    if missing := [form for form in dict.fromkeys(spoken) if form not in known]:
        known.update(zip(missing, _compute_columns(quoted, missing).T, strict=True))
    costs = np.array([known[form] for form in spoken]).reshape(len(spoken), len(quoted)).T
    return costs if uncertainty is None else costs * (1 - uncertainty / 2)


@lru_cache(maxsize=2)
def _known_columns(quoted: tuple[Form, ...]) -> dict[Form, Costs]:  # noqa: ARG001 - the key
    """Return the costs, (quoted,), of each spoken form so far: the same words stand in most places of a quotation."""
    return {}


def _compute_columns(quoted: Sequence[Form], spoken: Sequence[Form]) -> Costs:
    ours, theirs = ([form.key[:_LONGEST_COMPARED] for form in forms] for forms in (quoted, spoken))
    letters = cdist(ours, theirs, scorer=Levenshtein.normalized_similarity, dtype=np.float32)
    our_sounds, their_sounds = list(map(sound_of, ours)), list(map(sound_of, theirs))
    sounds = cdist(our_sounds, their_sounds, scorer=Levenshtein.normalized_similarity, dtype=np.float32)
    both_sound = np.outer(np.array(our_sounds) != "", np.array(their_sounds) != "")
    alike = np.maximum(letters, np.where(both_sound, sounds, 0)).astype(np.float64)
    costs = SAME_SOUND + (SUBSTITUTION - SAME_SOUND) * np.clip((1 - alike) / (1 - _LEAST_SIMILARITY), 0, 1)
    small = np.outer([form.kind in ("small", "filler") for form in quoted], [form.kind == "small" for form in spoken])
    costs = np.where(small, np.minimum(costs, SMALL_SUBSTITUTION), costs)
    numbers = np.outer([form.kind == "number" for form in quoted], [form.kind == "number" for form in spoken])
    costs = np.where(numbers, NUMBER_SUBSTITUTION, costs)
    for row, form in enumerate(quoted):
        if opposites := opposites_of(form.key):
            costs[row, [place for place, other in enumerate(spoken) if other.key in opposites]] = OPPOSITE_SUBSTITUTION
    return _zero_equal_forms(costs, quoted, spoken)


def _zero_equal_forms(costs: Costs, quoted: Sequence[Form], spoken: Sequence[Form]) -> Costs:
    by_key: dict[str, list[int]] = {}
    wide = [number for number, form in enumerate(spoken) if form.also or form.mask]
    for number, form in enumerate(spoken):
        by_key.setdefault(form.key, []).append(number)
    for row, form in enumerate(quoted):
        for key in (form.key, *form.also):
            costs[row, by_key.get(key, [])] = 0.0
        columns = range(len(spoken)) if form.mask else wide
        for column in columns:
            if are_equal(form, spoken[column]):
                costs[row, column] = 0.0
    return costs
