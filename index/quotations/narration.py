"""Narration: a text with its quotations blanked out, by sentence."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from index.quotations.attribution_patterns import ENDS, SENTENCE_END, SIGNATURE
from index.quotations.names import Token, read_tokens, without_titles

BLANK = "\ufffc"
"""Replaces each character of a quotation, so that offsets in the narration are those of the text."""

REACH = 300
"""Characters before and after a quotation that are searched; an attribution lies within one to three lines."""

_SIGNATURE_REACH = 100


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the narration; ``tokens`` are its words and marks, without the blanks of quotations."""

    start: int
    end: int
    paragraph: int
    tokens: tuple[Token, ...]


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
        self.sentences = [
            sentence for number, bounds in enumerate(paragraphs) for sentence in self._sentences(number, bounds)
        ]
        self._starts = [sentence.start for sentence in self.sentences]

    def _sentences(self, paragraph: int, bounds: tuple[int, int]) -> list[Sentence]:
        start, end = bounds
        ends = [match.end() for match in SENTENCE_END.finditer(self.text, start, end)]
        sentences = []
        for stop in [*ends, end]:
            tokens = tuple(token for token in read_tokens(self.text, start, stop) if token.text != BLANK)
            if stop > start:
                sentences.append(Sentence(start, stop, paragraph, tokens))
            start = stop
        return sentences

    def is_heading(self, paragraph: int) -> bool:
        """Whether a paragraph is a heading: it is marked as one, or it comes first and is no whole sentence."""
        start, end = self.paragraphs[paragraph]
        first = paragraph == 0 and len(self.paragraphs) > 1 and self.text[start].isalnum()
        return self.text.startswith("#", start) or (first and not ENDS.search(self.text, max(start, end - 6), end))

    def paragraph_at(self, place: int) -> int:
        """Return the number of the paragraph that holds ``place``."""
        return max(0, bisect_right(self.paragraphs, (place, len(self.text) + 1)) - 1)

    def sentence_at(self, place: int) -> int:
        """Return the row of the sentence that holds ``place``."""
        return max(0, bisect_right(self._starts, place) - 1)

    def before(self, place: int, paragraph: int) -> str:
        """Return the sentence up to ``place``; at the start of a paragraph, a lead-in that ends the previous one."""
        start = self.paragraphs[paragraph][0]
        if not self.text[max(start, place - REACH) : place].strip("*_ >\t\n"):
            previous = self.paragraphs[paragraph - 1] if paragraph else (0, 0)
            if not self.text[slice(*previous)].rstrip("*_").endswith((":", "：")):
                return ""
            start, place = previous
        start = max(start, place - REACH)
        for match in SENTENCE_END.finditer(self.text, start, place):
            start = match.end()
        return self.text[start:place]

    def after(self, place: int, paragraph: int) -> str:
        """Return the rest of the sentence after ``place``, up to the next quotation."""
        rest = self.rest(place, paragraph)
        return rest.partition(BLANK)[0]

    def rest(self, place: int, paragraph: int) -> str:
        """Return the rest of the sentence after ``place``, with the blanks of later quotations."""
        stop = min(self.paragraphs[paragraph][1], place + REACH)
        match = SENTENCE_END.search(self.text, place, stop)
        return self.text[place : match.end() if match else stop]

    def signature(self, place: int, paragraph: int) -> str | None:
        """Return the name after a dash, as all that follows ``place`` in its paragraph, or as the next paragraph."""
        start, stop = place, self.paragraphs[paragraph][1]
        if start >= stop and paragraph + 1 < len(self.paragraphs):
            start, stop = self.paragraphs[paragraph + 1]
        return read_signature(self.text[start:stop]) if stop - start <= _SIGNATURE_REACH else None


def read_signature(line: str) -> str | None:
    """Read the name from a signature: `— Anna Keller, farmer`."""
    match = SIGNATURE.fullmatch(line)
    return without_titles(match["name"]) if match else None
