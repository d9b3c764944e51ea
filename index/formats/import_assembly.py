"""Assemble the cues of an imported file into a transcript: words with times, cut into sentences."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from index.formats.cues import TranscriptFile, spread_words
from index.formats.spoken.sounds import is_sung, mark_sounds
from index.formats.spoken.spoken_cues import read_spoken_cues
from index.formats.word_split import flat_text, goes_on_with_word, split_words
from index.language.language_codes import language_code
from index.language.sentences import split_sentences
from index.language.tokens import tokenize
from index.transcript import Cue, Segment, Transcript, Word

ENGINE = "import"
NOT_SPOKEN = "not spoken"
SUNG = "sung"
"""Flags of sentences of only sounds and notes, and of lyrics between signs of music."""

_ENOUGH_MEASURED = 0.9
"""The share of words with stated times from which the times of a transcript count as measured."""


def assemble_import(file: TranscriptFile, language: str | None = None) -> Transcript:
    """Return the transcript of an imported file, with its cues beside it.

    Its language is ``language``, else the one that the file states. Word times that the file does not state are
    interpolated over its cues. Where cues overlap, word starts are limited to the next cue's start, so that they never
    decrease; ends stay.
    """
    spoken = read_spoken_cues(file.cues)
    language = language or language_code(file.language)
    joined = _join_cues(spoken, language)
    words = _order_starts(joined.words)
    sentences = split_sentences(words, language, turns=joined.turns, line_ends=joined.line_ends)
    measured = words and joined.measured >= _ENOUGH_MEASURED * len(words)
    return Transcript(
        language, ENGINE, file.layout, "{}", "aligned" if measured else "interpolated", words,
        tuple(joined.describe(sentence) for sentence in sentences),
        cues=file.cues, flaws=file.flaws,
    )  # fmt: skip


@dataclass(slots=True)
class _JoinedCues:
    """The words of all cues, with their speakers; the last words before each change of speaker, and of each line."""

    language: str | None
    words: list[Word] = field(default_factory=list)
    speakers: list[str | None] = field(default_factory=list)
    sung: set[int] = field(default_factory=set)
    turns: set[int] = field(default_factory=set)
    line_ends: set[int] = field(default_factory=set)
    measured: int = 0

    def add(self, cue: Cue, limit: float) -> None:
        last = len(self.words) - 1
        timed = mark_sounds(cue.words or _spread(cue, limit), cue, self.language)
        sung = is_sung(cue.text)
        goes_on = not cue.words and goes_on_with_word(timed[0].text)
        changed = last >= 0 and (cue.turn or self.speakers[last] != cue.speaker or sung != (last in self.sung))
        if changed:
            self.turns.add(last)
        elif goes_on and last >= 0:
            piece = timed.pop(0)
            whole = self.words[last]
            self.words[last] = replace(whole, text=whole.text + piece.text, end=max(whole.end, piece.end))
        if sung:
            self.sung.update(range(len(self.words), len(self.words) + len(timed)))
        self.words += timed
        self.speakers += [cue.speaker] * len(timed)
        self.measured += len(timed) if cue.words else 0
        self.line_ends.add(len(self.words) - 1)

    def describe(self, sentence: Segment) -> Segment:
        """Return a sentence with its speaker, and with a flag if nobody speaks in it, or somebody sings."""
        words = self.words[sentence.first : sentence.last + 1]
        flags = [SUNG] if sentence.first in self.sung else []
        flags += [] if any(word.spoken and tokenize(word.text) for word in words) else [NOT_SPOKEN]
        return replace(sentence, speaker=self.speakers[sentence.first], flags=tuple(flags))


def _join_cues(cues: Sequence[Cue], language: str | None) -> _JoinedCues:
    joined = _JoinedCues(language)
    limits = [*(cue.start for cue in cues[1:]), math.inf]
    for cue, limit in zip(cues, limits, strict=False):
        joined.add(cue, limit)
    return joined


def _spread(cue: Cue, limit: float) -> list[Word]:
    spread = spread_words(split_words(flat_text(cue.text)), cue.start, cue.end)
    return [Word(word.text, min(word.start, limit), word.end) for word in spread]


def _order_starts(words: Iterable[Word]) -> tuple[Word, ...]:
    """Return the words with starts that never decrease: raise each to the latest start before it."""
    ordered: list[Word] = []
    latest = 0.0
    for word in words:
        latest = max(latest, word.start)
        late = word.start < latest
        ordered.append(replace(word, start=latest, end=max(latest, word.end)) if late else word)
    return tuple(ordered)
