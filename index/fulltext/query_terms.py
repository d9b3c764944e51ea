"""The index terms of a query's words, numbers and phrases: what a passage that may match has one of."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, groupby, pairwise, product
from typing import Literal

from index.fulltext.passages import OVERLAP_TOKENS, asked_keys, longest_run
from index.language.common_words import common_grams, phrase_terms
from index.language.tokens import stem_token
from index.query.tree import Numeral, Part, Phrase, Query, Term, Within

IndexField = Literal["stems", "grams", "numbers"]
"""The indexed fields of a passage: its stemmed words, its bigrams with a very common word or a number, the keys of its
numbers."""
IndexTerm = tuple[IndexField, str]


def terms_of_leaf(leaf: Query, language: str | None) -> list[list[IndexTerm]] | None:
    """Return terms of which a passage that may match a leaf of a query has one each.

    None for a leaf whose words are to be looked up in the lexicon.
    """
    match leaf:
        case Phrase(parts):
            return terms_of_phrase(parts, language)
        case Within(parts):
            return [terms_of_part(part, language) for part in dict.fromkeys(parts)]
        case Term(token):
            return [terms_of_part(token, language)]
        case Numeral():
            return [terms_of_part(leaf, language)]
        case _:
            return None


def terms_of_phrase(parts: Sequence[Part], language: str | None) -> list[list[IndexTerm]]:
    """Return terms of which a passage that holds the first OVERLAP_TOKENS of a phrase has one each."""
    ends = accumulate(longest_run([part]) for part in parts)
    first = [part for part, end in zip(parts, ends, strict=True) if end <= OVERLAP_TOKENS]
    terms: list[list[IndexTerm]] = []
    for is_number, several in groupby(first, lambda part: isinstance(part, Numeral)):
        if is_number:
            terms += [terms_of_part(part, language) for part in several]
        else:
            grams, stems = phrase_terms([part for part in several if isinstance(part, str)], language)
            terms += [[("grams", gram)] for gram in grams]
            terms += [[("stems", stem)] for stem in stems]
    return terms + [pair for one, other in pairwise(first) if (pair := _pair_terms(one, other, language))]


def _pair_terms(one: Part, other: Part, language: str | None) -> list[IndexTerm]:
    """Return the grams of a number and a token next to it; none if a passage with both may have no such gram."""
    if isinstance(one, Numeral) == isinstance(other, Numeral):
        return []
    grams: list[str] = []
    for first, second in product(_gram_words(one), _gram_words(other)):
        if ":" not in first + second and not common_grams([first, second], language):
            return []  # the number as a word, beside a word: neither is common
        grams.append(f"{first} {second}")
    return [("grams", gram) for gram in grams]


def _gram_words(part: Part) -> list[str]:
    """Return what stands for a part in grams: a token, or the keys of a number and the word that it is written as."""
    if isinstance(part, str):
        return [part]
    return [*sorted(asked_keys(part.number)), *([part.word] if part.word else [])]


def terms_of_part(part: Part, language: str | None) -> list[IndexTerm]:
    """Return the terms of a token or a number; a number written as one word is also this word."""
    if isinstance(part, str):
        return [("stems", stem_token(part, language))]
    numbers: list[IndexTerm] = [("numbers", key) for key in sorted(asked_keys(part.number))]
    return [("stems", stem_token(part.word, language)), *numbers] if part.word else numbers
