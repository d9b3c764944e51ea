"""What it costs to take one word for another, or to leave one out: the prices that the alignment adds up.

A word of content that is left out costs 1 and everything else is set against that. The prices order the places in
which a quotation could be meant; what a difference means is decided by index/verification/edits.py, never by its price.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from index.language.phonetics import sound_of
from index.verification.word_forms import Form, Forms, repeated_starts

LEFT_OUT = {"filler": 0.6, "small": 0.6, "content": 1.0, "name": 1.0, "negation": 1.0, "number": 1.0}
"""A quoted word that was not said."""
SKIPPED = {"filler": 0.08, "small": 0.5, "content": 0.9, "name": 0.9, "negation": 0.5, "number": 0.9}
"""A spoken word that is not quoted: less, so that an equal word behind it is worth more than another word here.

A negation no more than a small word: at 0.9 the words before a dropped one were given up instead, and 12 % of such
quotations began behind it.
"""
REPEATED = 0.08
OPEN = 0.2
"""Added once for every run of words that are left out or skipped."""
ANOTHER_WORD = 1.15
"""More than skipping one word, less than leaving one out: at the edges of a quotation both decide its span."""
SMALL_FOR_SMALL = 0.85
"""More than leaving one out: recognisers lose small words more often than they exchange them."""
SAME_SOUND = 0.2
_NUMBERS_APART = 0.6
_LETTERS_ALIKE = 0.5  # of the longer word; below that it is another word

Costs = NDArray[np.float64]


def left_out_costs(forms: Forms) -> Costs:
    """What it costs to leave out each form, float64, (forms,)."""
    return np.array([LEFT_OUT[form.kind] for form in forms.forms])


def skipped_costs(speech: Forms) -> Costs:
    """The same for speech, where a start that is said again costs as little as a filler."""
    costs = np.array([SKIPPED[form.kind] for form in speech.forms])
    costs[np.array(repeated_starts(speech), bool)] = REPEATED
    return costs


def are_equal(one: Form, other: Form) -> bool:
    """Whether two forms are the same word, or one a mask that fits the other."""
    if one.key == other.key or one.key in other.also or other.key in one.also:
        return True
    if one.mask is not None or other.mask is not None:
        masked, plain = (one, other) if one.mask is not None else (other, one)
        return re.fullmatch(masked.mask or "", plain.surface) is not None
    return False


def exchange_costs(quoted: Sequence[Form], spoken: Sequence[Form], unsure: Costs | None = None) -> Costs:
    """What it costs to take each quoted form for each spoken one, float64, (quoted, spoken); 0 where they are equal.

    ``unsure``, (spoken,), 0 to 1, makes what the recogniser was not sure of cheaper: at 1, half the price.
    """
    one, one_numbers = _distinct(quoted)
    other, other_numbers = _distinct(spoken)
    costs = _price(one, other)[np.ix_(one_numbers, other_numbers)]
    return costs if unsure is None else costs * (1 - unsure / 2)


def _distinct(forms: Sequence[Form]) -> tuple[list[Form], list[int]]:
    numbers: dict[tuple[str, str], int] = {}
    distinct: list[Form] = []
    places = []
    for form in forms:
        key = (form.key, form.kind)
        if key not in numbers:
            numbers[key] = len(distinct)
            distinct.append(form)
        places.append(numbers[key])
    return distinct, places


def _price(quoted: list[Form], spoken: list[Form]) -> Costs:
    ours, theirs = [form.key for form in quoted], [form.key for form in spoken]
    letters = cdist(ours, theirs, scorer=Levenshtein.normalized_similarity, dtype=np.float32)
    our_sounds, their_sounds = list(map(sound_of, ours)), list(map(sound_of, theirs))
    sounds = cdist(our_sounds, their_sounds, scorer=Levenshtein.normalized_similarity, dtype=np.float32)
    heard = np.outer(np.array(our_sounds) != "", np.array(their_sounds) != "")
    alike = np.maximum(letters, np.where(heard, sounds, 0)).astype(np.float64)
    costs = SAME_SOUND + (ANOTHER_WORD - SAME_SOUND) * np.clip((1 - alike) / (1 - _LETTERS_ALIKE), 0, 1)
    small = np.outer([form.kind in ("small", "filler") for form in quoted], [form.kind == "small" for form in spoken])
    costs = np.where(small, np.minimum(costs, SMALL_FOR_SMALL), costs)
    numbers = np.outer([form.kind == "number" for form in quoted], [form.kind == "number" for form in spoken])
    costs = np.where(numbers, _NUMBERS_APART, costs)
    return _with_equals(costs, quoted, spoken)


def _with_equals(costs: Costs, quoted: list[Form], spoken: list[Form]) -> Costs:
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
