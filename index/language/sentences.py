"""Words -> sentences, by punctuation and pauses, never by the windows in which they were recognised."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.language.abbreviations import COUNTED, DOTTED_INSIDE, OFTEN_LAST, OPENERS, ORDINAL_STOP, TITLES, table
from index.transcript import Segment, Word

LONG_PAUSE = 3.0
"""Seconds of silence that end a sentence whatever stands around them."""

PAUSE = 1.5
"""Seconds that end a sentence before a capital, where no comma says that it goes on."""

BREATH = 0.7
"""Seconds that end a sentence where the recogniser writes no punctuation; speakers breathe in 0.3 to 0.6 s."""

BARE_WORDS = 25
"""So many words without any punctuation were written by a recogniser that leaves it out."""

MAX_WORDS = 60
MAX_SECONDS = 30.0
"""Longer sentences are cut at their longest pause: a listener, and a page, can hold no more."""

_ENDS = ".!?…‼⁇⁈⁉。！？｡．؟۔।॥։።"
_CLAUSES = ",;:—–、，；：،؛-"
_CLOSING = "\"'”’»›)]}」』】）》〉〕"
_OPENING = "\"'“‘„‚«‹([{¿¡「『【（《〈〔-–—*"
_DOTTED = re.compile(r"[^\W\d_]{1,2}(?:\.[^\W\d_])+")  # U.S, a.m, Ph.D; but not fly.io
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def split_sentences(words: Sequence[Word], language: str | None = None) -> tuple[Segment, ...]:
    """Sentences that cover all words in order.

    A sentence ends at its punctuation (not at the full stop of an abbreviation, an initial, a number, or before
    a lower-case word that follows at once), and at a pause of LONG_PAUSE seconds or, before a capital and not
    after a comma, of PAUSE. Where a recogniser writes no punctuation it ends at each BREATH. One longer than
    MAX_WORDS words or MAX_SECONDS seconds is cut at its longest pauses. ``language`` is Whisper's code.
    """
    if not words:
        return ()
    splitter = _SentenceSplitter.of(words, language)
    firsts = [0] + [row + 1 for row in range(len(words) - 1) if splitter.ends_at(row)]
    pieces: list[tuple[int, int]] = []
    for first, following in zip(firsts, [*firsts[1:], len(words)], strict=True):
        for start, stop in splitter.split_bare(first, following - 1):
            pieces.extend(splitter.split_long(start, stop))
    return tuple(Segment(first, last) for first, last in pieces)


@dataclass(frozen=True, slots=True)
class _SentenceSplitter:
    """The words of one transcript with what is asked of each: its stripped text, the pause after it."""

    words: Sequence[Word]
    texts: tuple[str, ...]
    pauses: tuple[float, ...]
    punctuated: bool
    language: str | None
    titles: frozenset[str]
    counted: frozenset[str]
    often_last: frozenset[str]
    openers: frozenset[str]

    @classmethod
    def of(cls, words: Sequence[Word], language: str | None) -> _SentenceSplitter:
        latest = 0.0
        pauses = []
        for word, following in pairwise(words):
            latest = max(latest, word.end)
            pauses.append(max(0.0, following.start - latest))
        texts = tuple(word.text.strip() for word in words)
        punctuated = any(text[-1:] in tuple(_ENDS) for text in texts)
        tables = (table(entries, language) for entries in (TITLES, COUNTED, OFTEN_LAST, OPENERS))
        return cls(words, texts, (*pauses, 0.0), punctuated, language, *tables)

    def ends_at(self, row: int) -> bool:
        """Whether the sentence ends with this word, which is not the last one."""
        pause = self.pauses[row]
        following = self.texts[row + 1]
        if pause >= LONG_PAUSE:
            return True
        if following and not following.strip(_CLOSING + _ENDS + _CLAUSES):
            return False  # only closes what was said
        text = self._closed(row)
        opening = following.lstrip(_OPENING)[:1]
        if not text or text[-1] not in _ENDS:
            return pause >= PAUSE and not opening.islower() and text[-1:] not in tuple(_CLAUSES)
        if opening.islower() and pause < PAUSE:
            return False
        return not (text.endswith(".") and not text.endswith("..") and self._goes_on(row, text[:-1], pause))

    def _closed(self, row: int) -> str:
        """The word's text without closing quotes; of a lone closing mark, the text that it closes."""
        text = self.texts[row].rstrip(_CLOSING)
        return text if text or row == 0 else self.texts[row - 1].rstrip(_CLOSING)

    def _goes_on(self, row: int, text: str, pause: float) -> bool:
        """Whether the full stop behind ``text`` is part of the word and not the end of the sentence."""
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
        if pause >= BREATH or self._opens(following):
            return False
        if number:
            return len(bare) <= 2 and self.language in ORDINAL_STOP
        initial = len(bare) == 1 and bare.isupper() and bare != "I"
        return initial or lower in self.often_last or _DOTTED.fullmatch(bare) is not None

    def _opens(self, following: str) -> bool:
        bare = following.strip().strip(_OPENING + _CLOSING + _ENDS + _CLAUSES)
        return bare.lower().replace("’", "'") in self.openers

    def split_bare(self, first: int, last: int) -> list[tuple[int, int]]:
        """Words ``first`` to ``last`` split at each breath, wherever many stand without punctuation."""
        marked = [row for row in range(first, last + 1) if self.texts[row][-1:] in tuple(_ENDS + _CLAUSES)]
        bare_words = BARE_WORDS if self.punctuated else 1
        cuts: list[int] = []
        for before, after in zip([first - 1, *marked], [*marked, last], strict=True):
            if after - before >= bare_words:
                cuts += [row for row in range(before + 1, min(after, last)) if self.pauses[row] >= BREATH]
        starts = [first, *(row + 1 for row in cuts)]
        return list(zip(starts, [*cuts, last], strict=True))

    def split_long(self, first: int, last: int) -> list[tuple[int, int]]:
        """Words ``first`` to ``last`` cut at their longest pauses, rather after commas, until each part fits."""
        done: list[tuple[int, int]] = []
        waiting = [(first, last)]
        while waiting:
            start, stop = waiting.pop()
            seconds = self.words[stop].end - self.words[start].start
            if stop == start or (stop - start < MAX_WORDS and seconds <= MAX_SECONDS):
                done.append((start, stop))
                continue
            margin = (stop - start) // 5
            middle = (start + stop) / 2
            cut = max(range(start + margin, stop - margin), key=lambda row: self._cut_value(row, middle, stop - start))
            waiting += [(cut + 1, stop), (start, cut)]
        return done

    def _cut_value(self, row: int, middle: float, length: int) -> float:
        """Seconds of pause; a comma is worth half a second, the middle (for what has no pauses) a tenth."""
        comma = 0.5 if self.texts[row][-1:] in tuple(_CLAUSES) else 0.0
        return self.pauses[row] + comma - 0.2 * abs(row - middle) / length
