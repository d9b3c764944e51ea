"""Narration: a text with its quotations blanked out, by paragraph and sentence."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.quotations.attribution_patterns import ENDS, SENTENCE_END, SIGNATURE
from index.quotations.names import BLANK, Token, read_tokens, without_titles

REACH = 300
"""Characters before and after a quotation that are searched; an attribution lies within one to three lines."""

_SIGNATURE_REACH = 100


WRAPPED_AT_MOST = 120
"""Characters. Texts wrapped by hand or by a mail program stay under 100; a longer line is a whole paragraph."""

# Starts only where white space does, so that a long run of it is read once.
_BLANK_LINES = re.compile(
    r"(?<![^\S\u2029])[^\S\n\r\x0b\x0c\x85\u2028\u2029]*+[\n\r\x0b\x0c\x85\u2028](?:[^\S\n\u2029]*\n)+|\u2029"
)
_LEAD = " \t\n\r\x0b\x0c\x85\xa0\u2003\u2028\u3000>"
_LINE = re.compile(r"[\n\r\x0b\x0c\x85\u2028]+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the narration; ``tokens`` are its words and marks, without the blanks of quotations."""

    start: int
    end: int
    paragraph: int
    tokens: Sequence[Token]


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
        self._tokens = read_tokens(self.text)
        self._token_starts = [token.start for token in self._tokens]
        self.sentences = [
            sentence for number, bounds in enumerate(paragraphs) for sentence in self._sentences(number, bounds)
        ]
        self._starts = [sentence.start for sentence in self.sentences]

    def _sentences(self, paragraph: int, bounds: tuple[int, int]) -> list[Sentence]:
        start, end = bounds
        ends = [match.end() for match in SENTENCE_END.finditer(self.text, start, end)]
        sentences = []
        for stop in [*ends, end]:
            if stop > start:
                sentences.append(Sentence(start, stop, paragraph, self.tokens(slice(start, stop))))
            start = stop
        return sentences

    def tokens(self, place: slice) -> Sequence[Token]:
        """Return the words and marks of a piece of the text, without the blanks of quotations."""
        return self._tokens[bisect_left(self._token_starts, place.start) : bisect_left(self._token_starts, place.stop)]

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

    def before(self, place: int, paragraph: int) -> slice:
        """Return where the sentence up to ``place`` is, or at the start of a paragraph the lead-in before it."""
        start = self.paragraphs[paragraph][0]
        if not self.text[max(start, place - REACH) : place].strip("*_ >\t\n"):
            previous = self.paragraphs[paragraph - 1] if paragraph else (0, 0)
            if not self.text[slice(*previous)].rstrip("*_").endswith((":", "：")):
                return slice(start, start)
            start, place = previous
        start = max(start, place - REACH)
        for match in SENTENCE_END.finditer(self.text, start, place):
            start = match.end()
        return slice(start, place)

    def after(self, rest: slice) -> slice:
        """Return where the rest of a sentence is up to the next quotation."""
        blank = self.text.find(BLANK, rest.start, rest.stop)
        return rest if blank < 0 else slice(rest.start, blank)

    def rest(self, place: int, paragraph: int) -> slice:
        """Return where the rest of the sentence after ``place`` is, with later quotations."""
        stop = max(place, min(self.paragraphs[paragraph][1], place + REACH))
        match = SENTENCE_END.search(self.text, place, stop)
        return slice(place, match.end() if match else stop)

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


def find_paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each non-empty paragraph, without surrounding white space and a leading >.

    Blank lines separate paragraphs, and so does the end of a line if that line or the next is too long to be wrapped.
    """
    for start, end in _pieces(text, _BLANK_LINES, 0, len(text)):
        lines = list(_pieces(text, _LINE, start, end))
        first = 0
        for row, line in enumerate(lines):
            following = lines[row + 1] if row + 1 < len(lines) else None
            if following is None or _is_too_long(line) or _is_too_long(following):
                yield lines[first][0], line[1]
                first = row + 1


def _is_too_long(line: tuple[int, int]) -> bool:
    return line[1] - line[0] > WRAPPED_AT_MOST


def _pieces(text: str, border: re.Pattern[str], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Split ``text[start:end]`` at the borders; yield the trimmed pieces that are not empty."""
    for match in border.finditer(text, start, end):
        yield from _trimmed(text, start, match.start())
        start = match.end()
    yield from _trimmed(text, start, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end].rstrip()
    if bare := piece.lstrip(_LEAD):
        yield start + len(piece) - len(bare), start + len(piece)
