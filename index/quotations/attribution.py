"""Who said it: what the narration around a quotation tells of its speaker.

Narration is the text with every quotation blanked out. Behind a quotation a text says `..., said Anna Keller`, before
it `Keller told the host: "...`, `according to Keller, "...` or, in an interview, `Keller: "...`. Only names count:
"a spokeswoman said" names nobody. A pronoun means the last person named in the paragraph, or, where it names nobody,
in the one before; it is resolved only where a single person comes into question, and that person speaks elsewhere
in the text under that name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from index.quotations.attribution_patterns import (
    A_NAME,
    BEFORE,
    BEFORE_UNNAMED,
    BEHIND,
    BEHIND_UNNAMED,
    ENDS,
    LABEL,
    NO_PERSON_FOLLOWS,
    NO_PERSONS,
    REMARK,
    SENTENCE_END,
    SIGNATURE,
)

BLANK = "\ufffc"
"""Stands for each character of a quotation in the narration, which keeps the places of the text."""

REACH = 300
"""Characters before and behind a quotation that are looked at; an attribution stands within a line or three."""


_NO_PERSONS = frozenset(NO_PERSONS.split())
_NO_PERSON_FOLLOWS = frozenset(NO_PERSON_FOLLOWS.split())
_SIGNATURE_REACH = 100
_LONGEST_LEAD = 20


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who a text says is speaking: a name as it stands there, a pronoun, or somebody it does not name.

    ``name`` is None for both of the latter.
    """

    name: str | None
    pronoun: bool = False


class Narration:
    """A text with its quotations blanked out, which is asked what stands around a place."""

    def __init__(self, text: str, quoted: Sequence[tuple[int, int]], paragraphs: Sequence[tuple[int, int]]) -> None:
        """``quoted`` are the spans of the quotations, ``paragraphs`` those of the paragraphs, both in order."""
        pieces: list[str] = []
        done = 0
        for start, end in quoted:
            last = "." if ENDS.search(text, max(start, end - 6), end) else BLANK
            pieces += [text[done:start], BLANK * (end - start - 1), last]
            done = end
        self.text = "".join([*pieces, text[done:]])
        self.paragraphs = paragraphs

    def before(self, place: int, paragraph: int) -> str:
        """What stands before ``place`` in its sentence; for a paragraph's first word, what leads over to it."""
        start = self.paragraphs[paragraph][0]
        if not self.text[max(start, place - REACH) : place].strip():
            previous = self.paragraphs[paragraph - 1] if paragraph else (0, 0)
            if not self.text.endswith(":", *previous):
                return ""
            start, place = previous
        start = max(start, place - REACH)
        for match in SENTENCE_END.finditer(self.text, start, place):
            start = match.end()
        return self.text[start:place]

    def behind(self, place: int, paragraph: int) -> str:
        """What stands behind ``place`` in its sentence, up to the next quotation."""
        stop = min(self.paragraphs[paragraph][1], place + REACH)
        blank = self.text.find(BLANK, place, stop)
        stop = stop if blank < 0 else blank
        match = SENTENCE_END.search(self.text, place, stop)
        return self.text[place : match.end() if match else stop]

    def signature(self, place: int, paragraph: int) -> Attribution | None:
        """The name behind a dash that stands alone behind ``place``, or alone in the next paragraph."""
        start, stop = place, self.paragraphs[paragraph][1]
        if start >= stop and paragraph + 1 < len(self.paragraphs):
            start, stop = self.paragraphs[paragraph + 1]
        return read_signature(self.text[start:stop]) if stop - start <= _SIGNATURE_REACH else None


def read_signature(line: str) -> Attribution | None:
    """Who signs with `— Anna Keller, farmer`."""
    return _read(SIGNATURE.fullmatch(line))


def read_behind(behind: str) -> Attribution | None:
    """Who speaks by the words behind a quotation: `, said Anna Keller.`"""
    if behind.rstrip().endswith(":"):
        return None
    return _read(BEHIND.match(behind)) or (Attribution(None) if BEHIND_UNNAMED.match(behind) else None)


def read_before(before: str) -> Attribution | None:
    """Who speaks by the words before a quotation: `Keller told the host: `; of several, the nearest."""
    if match := LABEL.match(before):
        return _read(match)
    last = None
    for match in BEFORE.finditer(before):
        last = _read(match)
    return last or (Attribution(None) if BEFORE_UNNAMED.search(before) else None)


def is_broken_by(between: str, goes_on_small: bool) -> bool:
    """Whether the words between two stretches only tell who speaks, in the middle of what is said.

    They do if they end in a comma, or if what follows goes on in small letters behind a dash, or behind nothing but
    the speaker.
    """
    match = BEHIND.match(between)
    if match is None or SENTENCE_END.search(between.rstrip()) or between.rstrip().endswith(":"):
        return False
    rest = between[match.end() :].rstrip()
    return rest.endswith(",") or (goes_on_small and (rest.endswith(("—", "–")) or not any(map(str.isalpha, rest))))


def split_at_remarks(quoted: str) -> tuple[list[tuple[int, int]], Attribution | None]:
    """The spans of what is left of a quoted text without remarks inside the marks, and who speaks by them.

    French and Spanish print them so: « Je pense, dit-il, que ... », «No lo sé —dijo Juan—, pero ...».
    """
    remarks = list(REMARK.finditer(quoted))
    starts = [0, *(remark.end() for remark in remarks)]
    ends = [*(remark.start() for remark in remarks), len(quoted)]
    return list(zip(starts, ends, strict=True)), _read(remarks[0]) if remarks else None


def opens_speech(before: str) -> bool:
    """Whether the words before a quotation announce speech: nothing, a colon, or a verb of"""
    return not before.strip() or before.rstrip().endswith((":", "：")) or BEFORE_UNNAMED.search(before) is not None


def is_sentence_end(text: str) -> bool:
    """Whether ``text`` ends as a sentence does."""
    return ENDS.search(text, max(0, len(text) - 6)) is not None


def find_names(narration: str) -> list[str]:
    """Every name in a piece of narration that may be a person's, in order.

    A single capitalised word may be anything; it is up to the reader to know whether it is somebody's.
    """
    names = []
    for match in A_NAME.finditer(narration):
        words = match.group().split()
        lead = narration[max(0, match.start() - _LONGEST_LEAD) : match.start()].split()
        if words[-1].lower() in _NO_PERSONS or (len(words) > 1 and lead and lead[-1].lower() in _NO_PERSON_FOLLOWS):
            continue
        names.append(match.group())
    return names


def _read(match: regex.Match[str] | None) -> Attribution | None:
    if match is None:
        return None
    name = match.groupdict().get("name")
    return Attribution(name, pronoun=name is None)
