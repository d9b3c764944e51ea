"""Speaker attribution: read the speaker of a quotation from the narration around it.

Narration is the text with every quotation blanked out. An attribution follows a quotation (`..., said Anna Keller`) or
precedes it (`Keller told the host: "...`, `according to Keller, "...` or, in an interview, `Keller: "...`). Only names
count: "a spokeswoman said" gives no name. A pronoun refers to the last person named in the paragraph, or, where it
names none, in the previous one; it is resolved only if there is a single candidate, who is also attributed a quotation
by name elsewhere in the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from index.quotations.attribution_patterns import (
    A_NAME,
    AFTER,
    AFTER_UNNAMED,
    BEFORE,
    BEFORE_UNNAMED,
    ENDS,
    LABEL,
    NON_PERSON_ENDINGS,
    NON_PERSON_LEADS,
    REMARK,
    SENTENCE_END,
    SIGNATURE,
)

BLANK = "\ufffc"
"""Replaces each character of a quotation, so that offsets in the narration are those of the text."""

REACH = 300
"""Characters before and after a quotation that are searched; an attribution lies within one to three lines."""


_NON_PERSON_ENDINGS = frozenset(NON_PERSON_ENDINGS.split())
_NON_PERSON_LEADS = frozenset(NON_PERSON_LEADS.split())
_SIGNATURE_REACH = 100
_LONGEST_LEAD = 20


@dataclass(frozen=True, slots=True)
class Attribution:
    """The speaker according to the text: a name as written, a pronoun, or a person who is not named.

    ``name`` is None for the last two.
    """

    name: str | None
    pronoun: bool = False


class Narration:
    """A text with its quotations blanked out, and the context of any place in it."""

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
        """Return the sentence up to ``place``; at the start of a paragraph, a lead-in that ends the previous one."""
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

    def after(self, place: int, paragraph: int) -> str:
        """Return the rest of the sentence after ``place``, up to the next quotation."""
        stop = min(self.paragraphs[paragraph][1], place + REACH)
        blank = self.text.find(BLANK, place, stop)
        stop = stop if blank < 0 else blank
        match = SENTENCE_END.search(self.text, place, stop)
        return self.text[place : match.end() if match else stop]

    def signature(self, place: int, paragraph: int) -> Attribution | None:
        """Return the name after a dash, as all that follows ``place`` in its paragraph, or as the next paragraph."""
        start, stop = place, self.paragraphs[paragraph][1]
        if start >= stop and paragraph + 1 < len(self.paragraphs):
            start, stop = self.paragraphs[paragraph + 1]
        return read_signature(self.text[start:stop]) if stop - start <= _SIGNATURE_REACH else None


def read_signature(line: str) -> Attribution | None:
    """Read the name from a signature: `— Anna Keller, farmer`."""
    return _read(SIGNATURE.fullmatch(line))


def read_after(after: str) -> Attribution | None:
    """Read the speaker from the words after a quotation: `, said Anna Keller.`"""
    if after.rstrip().endswith(":"):
        return None
    return _read(AFTER.match(after)) or (Attribution(None) if AFTER_UNNAMED.match(after) else None)


def read_before(before: str) -> Attribution | None:
    """Read the speaker from the words before a quotation: `Keller told the host: `; of several, the nearest."""
    if match := LABEL.match(before):
        return _read(match)
    last = None
    for match in BEFORE.finditer(before):
        last = _read(match)
    return last or (Attribution(None) if BEFORE_UNNAMED.search(before) else None)


def is_broken_by(between: str, continues_lowercase: bool) -> bool:
    """Whether the words between two marked spans are only an attribution inside one quoted sentence.

    They are if they end in a comma, or if the second span starts in lower case and they end in a dash or with the
    speaker.
    """
    match = AFTER.match(between)
    if match is None or SENTENCE_END.search(between.rstrip()) or between.rstrip().endswith(":"):
        return False
    rest = between[match.end() :].rstrip()
    return rest.endswith(",") or (
        continues_lowercase and (rest.endswith(("—", "–")) or not any(map(str.isalpha, rest)))
    )


def split_at_remarks(quoted: str) -> tuple[list[tuple[int, int]], Attribution | None]:
    """Split a quoted text at attributions inside the marks: the spans between them, and the speaker they give.

    French and Spanish print them like this: « Je pense, dit-il, que ... », «No lo sé —dijo Juan—, pero ...».
    """
    remarks = list(REMARK.finditer(quoted))
    starts = [0, *(remark.end() for remark in remarks)]
    ends = [*(remark.start() for remark in remarks), len(quoted)]
    return list(zip(starts, ends, strict=True)), _read(remarks[0]) if remarks else None


def opens_speech(before: str) -> bool:
    """Whether the words before a quotation introduce speech: none, or a final colon or reporting verb."""
    return not before.strip() or before.rstrip().endswith((":", "：")) or BEFORE_UNNAMED.search(before) is not None


def is_sentence_end(text: str) -> bool:
    """Whether ``text`` ends with a sentence-final mark."""
    return ENDS.search(text, max(0, len(text) - 6)) is not None


def find_names(narration: str) -> list[str]:
    """Return the names in a piece of narration that may be a person's, in order.

    A single capitalised word may be anything; the caller decides whether it is a person's name.
    """
    names = []
    for match in A_NAME.finditer(narration):
        words = match.group().split()
        lead = narration[max(0, match.start() - _LONGEST_LEAD) : match.start()].split()
        if words[-1].lower() in _NON_PERSON_ENDINGS or (
            len(words) > 1 and lead and lead[-1].lower() in _NON_PERSON_LEADS
        ):
            continue
        names.append(match.group())
    return names


def _read(match: regex.Match[str] | None) -> Attribution | None:
    if match is None:
        return None
    name = match.groupdict().get("name")
    return Attribution(name, pronoun=name is None)
