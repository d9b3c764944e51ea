"""Split words into sentences by punctuation and pauses, independent of the windows they were decoded in."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.language.abbreviations import COUNTED, DOTTED_INSIDE, OFTEN_LAST, OPENERS, ORDINAL_STOP, TITLES, table
from index.transcript import Segment, Word

LONG_PAUSE = 3.0
"""Seconds of silence that always end a sentence."""

PAUSE = 1.5
"""Seconds of silence that end a sentence before a capital and not after a comma."""

BREATH = 0.7
"""Seconds of silence that end a sentence where the recogniser writes no punctuation; breaths take 0.3 to 0.6 s."""

UNPUNCTUATED_WORDS = 25
"""A run of this many words without punctuation means that the recogniser left it out."""

MAX_WORDS = 60
MAX_SENTENCE_SECONDS = 30.0
"""Longer sentences are cut at their longest pauses, to stay readable."""

_ENDS = ".!?…‼⁇⁈⁉。！？｡．؟۔।॥։።"
_CLAUSES = ",;:—–、，；：،؛-"
_CLOSING = "\"'”’»›)]}」』】）》〉〕"
_OPENING = "\"'“‘„‚«‹([{¿¡「『【（《〈〔-–—*"
_DOTTED = re.compile(r"[^\W\d_]{1,2}(?:\.[^\W\d_])+")  # U.S, a.m, Ph.D; but not fly.io
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def split_sentences(
    words: Sequence[Word],
    language: str | None = None,
    *,
    turns: Collection[int] = (),
    line_ends: Collection[int] = (),
) -> tuple[Segment, ...]:
    """Split words into sentences that cover all of them in order.

    A sentence ends at its punctuation (not at the full stop of an abbreviation, an initial, a number, or before a
    lower-case word without a pause), and at a pause of LONG_PAUSE seconds or, before a capital and not after a comma,
    of PAUSE. Where a recogniser writes no punctuation it ends at each BREATH. One longer than MAX_WORDS words or
    MAX_SENTENCE_SECONDS seconds is cut at its longest pauses. ``language`` is Whisper's code.

    ``turns`` are the words with which somebody stops speaking: a sentence ends there too. ``line_ends`` are the last
    words of lines that somebody set: good places to cut a sentence that is too long.
    """
    if not words:
        return ()
    splitter = _SentenceSplitter.of(words, language, line_ends)
    firsts = [0] + [row + 1 for row in range(len(words) - 1) if row in turns or splitter.ends_at(row)]
    pieces: list[tuple[int, int]] = []
    for first, following in zip(firsts, [*firsts[1:], len(words)], strict=True):
        for start, stop in splitter.split_at_breaths(first, following - 1):
            pieces.extend(splitter.split_long(start, stop))
    return tuple(Segment(first, last) for first, last in pieces)


@dataclass(frozen=True, slots=True)
class _SentenceSplitter:
    """The words of one transcript with their stripped texts, the pauses after them, and the language's tables."""

    words: Sequence[Word]
    texts: tuple[str, ...]
    pauses: tuple[float, ...]
    punctuated: bool
    line_ends: Collection[int]
    language: str | None
    titles: frozenset[str]
    counted: frozenset[str]
    often_last: frozenset[str]
    openers: frozenset[str]

    @classmethod
    def of(cls, words: Sequence[Word], language: str | None, line_ends: Collection[int]) -> _SentenceSplitter:
        latest = 0.0
        pauses = []
        for word, following in pairwise(words):
            latest = max(latest, word.end)
            pauses.append(max(0.0, following.start - latest))
        texts = tuple(word.text.strip() for word in words)
        punctuated = any(text[-1:] in tuple(_ENDS) for text in texts)
        tables = (table(entries, language) for entries in (TITLES, COUNTED, OFTEN_LAST, OPENERS))
        return cls(words, texts, (*pauses, 0.0), punctuated, line_ends, language, *tables)

    def ends_at(self, row: int) -> bool:
        """Whether the sentence ends with this word, which is not the last one."""
        pause = self.pauses[row]
        following = self.texts[row + 1]
        if pause >= LONG_PAUSE:
            return True
        if following and not following.strip(_CLOSING + _ENDS + _CLAUSES):
            return False  # only closing marks
        text = self._closed(row)
        opening = following.lstrip(_OPENING)[:1]
        if not text or text[-1] not in _ENDS:
            return pause >= PAUSE and not opening.islower() and text[-1:] not in tuple(_CLAUSES)
        if opening.islower() and pause < PAUSE:
            return False
        return not (text.endswith(".") and not text.endswith("..") and self._stop_is_inside(row, text[:-1], pause))

    def _closed(self, row: int) -> str:
        """Return the word's text without closing quotes; for a lone closing mark, the text before it."""
        text = self.texts[row].rstrip(_CLOSING)
        return text if text or row == 0 else self.texts[row - 1].rstrip(_CLOSING)

    def _stop_is_inside(self, row: int, text: str, pause: float) -> bool:
        """Whether the full stop after ``text`` belongs to the word and does not end the sentence."""
        following = self.words[row + 1].text
        bare = text.lstrip(_OPENING)
        lower = bare.lower()
        number = _NUMBER.fullmatch(bare) is not None
        next_is_number = following.strip().lstrip(_OPENING)[:1].isdigit()
        if number and next_is_number and not following[:1].isspace():
            return True  # 3. and 5 are one number
        if lower in self.titles or lower in DOTTED_INSIDE:
            return True
        if lower in self.counted and next_is_number:
            return True
        if pause >= BREATH or self._is_opener(following):
            return False
        if number:
            return len(bare) <= 2 and self.language in ORDINAL_STOP
        initial = len(bare) == 1 and bare.isupper() and bare != "I"
        return initial or lower in self.often_last or _DOTTED.fullmatch(bare) is not None

    def _is_opener(self, following: str) -> bool:
        bare = following.strip().strip(_OPENING + _CLOSING + _ENDS + _CLAUSES)
        return bare.lower().replace("’", "'") in self.openers

    def split_at_breaths(self, first: int, last: int) -> list[tuple[int, int]]:
        """Split words ``first`` to ``last`` at each breath within long runs without punctuation."""
        marked = [row for row in range(first, last + 1) if self.texts[row][-1:] in tuple(_ENDS + _CLAUSES)]
        longest = UNPUNCTUATED_WORDS if self.punctuated else 1
        cuts: list[int] = []
        for before, after in zip([first - 1, *marked], [*marked, last], strict=True):
            if after - before >= longest:
                cuts += [row for row in range(before + 1, min(after, last)) if self.pauses[row] >= BREATH]
        starts = [first, *(row + 1 for row in cuts)]
        return list(zip(starts, [*cuts, last], strict=True))

    def split_long(self, first: int, last: int) -> list[tuple[int, int]]:
        """Split words ``first`` to ``last`` at their longest pauses, preferably after commas, until each part fits."""
        done: list[tuple[int, int]] = []
        waiting = [(first, last)]
        while waiting:
            start, stop = waiting.pop()
            seconds = self.words[stop].end - self.words[start].start
            if stop == start or (stop - start < MAX_WORDS and seconds <= MAX_SENTENCE_SECONDS):
                done.append((start, stop))
                continue
            margin = (stop - start) // 5
            middle = (start + stop) / 2
            cut = max(range(start + margin, stop - margin), key=lambda row: self._cut_value(row, middle, stop - start))
            waiting += [(cut + 1, stop), (start, cut)]
        return done

    def _cut_value(self, row: int, middle: float, length: int) -> float:
        """Score a cut: seconds of pause, 0.5 after a comma, 0.3 at the end of a line, less up to 0.1 off the middle."""
        comma = 0.5 if self.texts[row][-1:] in tuple(_CLAUSES) else 0.0
        line_end = 0.3 if row in self.line_ends else 0.0
        return self.pauses[row] + comma + line_end - 0.2 * abs(row - middle) / length
