"""Normalise a quotation for the alignment: its forms, and where its marks allow speech to differ.

Three dots omit words; brackets insert or replace words; a bracketed letter ([T]here) only changes case.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from index.formats.word_split import split_words
from index.verification.word_forms import Forms, read_forms

Gap = Literal["none", "omission", "insertion"]
"""What lies between two forms: nothing, an omission mark, or the end of words in brackets."""

_OMISSION = re.compile(r"[\[(]\s*(?:\.{2,}|…)\s*[\])]|\.{3,}|…|(?<!\S)\.(?: \.){2,}(?!\S)")
_LETTER_IN_BRACKETS = re.compile(r"(?<![\w\]])\[(\w)\](?=\w)")
_LONGEST_INSERTION = 12  # words: a bracket that is still open then is not an insertion


@dataclass(frozen=True, slots=True)
class QuotedWords:
    """A quotation's forms, of words as split_quotation gives them.

    ``gaps[n]`` is before form n, the last one after all; ``optional``: in brackets.
    """

    forms: Forms
    gaps: tuple[Gap, ...]
    optional: tuple[bool, ...]

    def __len__(self) -> int:
        return len(self.forms)


def split_quotation(text: str) -> tuple[str, ...]:
    """Split a quotation into words with the space before each; in scripts without spaces each character is one."""
    return split_words(" ".join(text.split()))


def read_quotation(text: str, language: str | None) -> QuotedWords:
    """Read the forms and marks of a quotation, which may be any text, even empty or without words."""
    texts = split_quotation(text)
    pieces, owners, before = _cut_at_omissions(texts)
    bracketed = _bracketed([_LETTER_IN_BRACKETS.sub(r"\1", piece) for piece in pieces])
    read = read_forms([_LETTER_IN_BRACKETS.sub(r"\1", piece) for piece in pieces], language, spoken=False)
    gaps: list[Gap] = ["none"] * (len(read) + 1)
    optional = tuple(bracketed[first] for first in read.firsts)
    for number, flag in enumerate(optional, 1):
        if flag:
            gaps[number] = "insertion"
    for piece, omitted in enumerate(before):
        if omitted:
            gaps[bisect_left(read.lasts, piece)] = "omission"
    firsts = [owners[number] for number in read.firsts]
    # A word without letters, such as a dash or the dots themselves, belongs to the form before it.
    lasts = [max(owners[last], first - 1) for last, first in zip(read.lasts, [*firsts[1:], len(texts)], strict=False)]
    firsts[:1] = [0] * len(firsts[:1])
    return QuotedWords(Forms(texts, read.forms, tuple(firsts), tuple(lasts)), tuple(gaps), optional)


def _cut_at_omissions(texts: tuple[str, ...]) -> tuple[list[str], list[int], list[bool]]:
    """Split at omission marks: the words, the text number of each, and whether a mark precedes it."""
    pieces: list[str] = []
    owners: list[int] = []
    before: list[bool] = []
    omitted = False
    joined = "".join(texts)
    ends = list(accumulate(map(len, texts)))
    place = 0
    for mark in [*_OMISSION.finditer(joined), None]:
        between = joined[place : mark.start() if mark else len(joined)]
        for piece in split_words(between):
            if piece.strip():
                pieces.append(piece)
                owners.append(bisect_left(ends, place + len(piece.rstrip())))
                before.append(omitted)
                omitted = False
            place += len(piece)
        omitted = True
        place = mark.end() if mark else place
    return pieces, owners, before


def _bracketed(pieces: list[str]) -> list[bool]:
    """Return for each piece whether it is in brackets, round or square."""
    inside = [False] * len(pieces)
    number = 0
    while number < len(pieces):
        found = re.search(r"[\[(]", pieces[number])
        if found:
            closing = "]" if found[0] == "[" else ")"
            ends = [n for n in range(number, min(len(pieces), number + _LONGEST_INSERTION)) if closing in pieces[n]]
            if ends:
                inside[number : ends[0] + 1] = [True] * (ends[0] + 1 - number)
                number = ends[0]
        number += 1
    return inside
