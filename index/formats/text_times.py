"""Give the words of a text the times that a file states for its pieces: words, tokens, what stands between tags."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from index.formats.cues import spread_words
from index.formats.word_split import split_words
from index.transcript import Cue, Word

_ENOUGH_FOUND = 0.5
"""The share of words that must be found among the pieces; with fewer, these belong to another text."""

_MOST_CELLS = 10**9
"""Words times pieces that are compared where they differ: ten hours of speech, in a second."""


Times = tuple[float, float, float | None]
"""Start and end in seconds, and a probability if it is known."""


@dataclass(frozen=True, slots=True)
class TimedPiece:
    """A piece of a text with its times in seconds, spelt with or without the punctuation and spaces of the text."""

    text: str
    start: float
    end: float
    probability: float | None = None


def time_text(text: str, pieces: Sequence[TimedPiece], start: float, end: float) -> tuple[Word, ...]:
    """Return the words of ``text``, which lies between two times in seconds, with the times of the pieces.

    A word of several pieces (tokens) has the times of all of them and their mean probability; a piece of several words
    is divided in proportion to their lengths. Words without a piece, such as a lone dash, are interpolated between
    their neighbours. Returns no words if the pieces do not belong to the text.
    """
    words = split_words(text)
    letters = [letters_of(word) for word in words]
    timed = _time_letters(letters, pieces)
    found = sum(one is not None for one in timed)
    if not found or found < _ENOUGH_FOUND * sum(map(bool, letters)):
        return ()
    return tuple(fill_in(words, timed, start, end))


def time_cues(cues: Sequence[Cue], pieces: Sequence[TimedPiece]) -> list[Cue]:
    """Return the cues with the words of a file that states the times of words beside its cues."""
    counts = [len(split_words(cue.text)) for cue in cues]
    if not cues or not pieces:
        return list(cues)
    words = time_text("".join(cue.text for cue in cues), pieces, cues[0].start, cues[-1].end)
    if len(words) != sum(counts):
        return list(cues)
    ends = list(accumulate(counts, initial=0))
    return [replace(cue, words=words[first:last]) for cue, (first, last) in zip(cues, pairwise(ends), strict=True)]


def letters_of(text: str) -> str:
    """Return the letters and digits of a text in lower case, by which spellings of it are compared."""
    return "".join(filter(str.isalnum, text.casefold()))


def _time_letters(words: Sequence[str], pieces: Sequence[TimedPiece]) -> list[Times | None]:
    """Return the times of each word, all given by their letters, and None where it has no piece."""
    spelt = [(letters, piece) for piece in pieces if (letters := letters_of(piece.text))]
    if "".join(words) == "".join(letters for letters, _ in spelt):
        return list(_time_same_letters(words, spelt))
    single = [one for piece in pieces for one in _divide(piece)]
    timed: list[Times | None] = [None] * len(words)
    if len(words) * len(single) <= _MOST_CELLS:
        from rapidfuzz.distance import Indel  # here, since an export needs neither this function nor the library

        for block in Indel.opcodes(words, [letters_of(one.text) for one in single]):
            if block.tag == "equal":
                for row, other in zip(
                    range(block.src_start, block.src_end), range(block.dest_start, block.dest_end), strict=True
                ):
                    timed[row] = (single[other].start, single[other].end, single[other].probability)
    return timed


def _time_same_letters(words: Sequence[str], spelt: Sequence[tuple[str, TimedPiece]]) -> Iterator[Times | None]:
    """Yield the times of words that have the same letters as the pieces, differently divided."""
    row = used = 0
    for word in words:
        parts: list[TimedPiece] = []
        left = len(word)
        start = end = 0.0
        while left:
            letters, piece = spelt[row]
            taken = min(left, len(letters) - used)
            length = (piece.end - piece.start) / len(letters)
            start = start if parts else piece.start + used * length
            used, left = used + taken, left - taken
            end = piece.end if used == len(letters) else piece.start + used * length
            parts.append(piece)
            if used == len(letters):
                row, used = row + 1, 0
        known = [piece.probability for piece in parts if piece.probability is not None]
        yield (start, max(start, end), sum(known) / len(known) if known else None) if parts else None


def _divide(piece: TimedPiece) -> list[TimedPiece]:
    words = spread_words(split_words(piece.text), piece.start, piece.end)
    return [TimedPiece(word.text, word.start, word.end, piece.probability) for word in words]


def fill_in(texts: Sequence[str], timed: Sequence[Times | None], start: float, end: float) -> Iterator[Word]:
    """Yield words with these texts; those without times are interpolated between neighbours, or from start to end."""
    row, reached = 0, start
    while row < len(texts):
        known = timed[row]
        if known is not None:
            yield Word(texts[row], *known)
            row, reached = row + 1, known[1]
            continue
        following = next((n for n in range(row, len(texts)) if timed[n] is not None), len(texts))
        upcoming = timed[following] if following < len(texts) else None
        until = upcoming[0] if upcoming else max(reached, end)
        yield from spread_words(texts[row:following], min(reached, until), until)
        row = following
