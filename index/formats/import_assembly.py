"""Assemble the cues of an imported file into a transcript: words with times, cut into sentences."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from index.formats.cues import TranscriptFile, spread_words
from index.formats.spoken.spoken_cues import read_spoken_cues
from index.formats.word_split import flat_text, is_spaced, split_words
from index.language.language_codes import language_code
from index.language.sentences import split_sentences
from index.transcript import Cue, Transcript, Word

ENGINE = "import"
_ENOUGH_MEASURED = 0.9
"""The share of words with stated times from which the times of a transcript count as measured."""


def assemble_import(file: TranscriptFile, language: str | None = None) -> Transcript:
    """Return the transcript of an imported file, with its cues beside it.

    Its language is ``language``, else the one that the file states. Word times that the file does not state are
    interpolated over its cues. Where cues overlap, word starts are limited to the next cue's start, so that they never
    decrease; ends stay.
    """
    spoken = read_spoken_cues(file.cues)
    joined = _join_cues(spoken)
    words = _order_starts(joined.words)
    language = language or language_code(file.language)
    sentences = split_sentences(words, language, turns=joined.turns, line_ends=joined.line_ends)
    measured = words and joined.measured >= _ENOUGH_MEASURED * len(words)
    return Transcript(
        language, ENGINE, file.layout, "{}", "aligned" if measured else "interpolated", words,
        tuple(replace(sentence, speaker=joined.speakers[sentence.first]) for sentence in sentences),
        cues=file.cues, flaws=file.flaws,
    )  # fmt: skip


@dataclass(slots=True)
class _JoinedCues:
    """The words of all cues, with their speakers; the last words before each change of speaker, and of each line."""

    words: list[Word] = field(default_factory=list)
    speakers: list[str | None] = field(default_factory=list)
    turns: set[int] = field(default_factory=set)
    line_ends: set[int] = field(default_factory=set)
    measured: int = 0

    def add(self, cue: Cue, limit: float) -> None:
        last = len(self.words) - 1
        timed = list(cue.words) or _spread(cue, limit)
        goes_on = not cue.words and not timed[0].text[0].isspace() and is_spaced(timed[0].text)
        changed = last >= 0 and (cue.turn or self.speakers[last] != cue.speaker)
        if changed:
            self.turns.add(last)
        elif goes_on and last >= 0:
            piece = timed.pop(0)
            whole = self.words[last]
            self.words[last] = replace(whole, text=whole.text + piece.text, end=max(whole.end, piece.end))
        self.words += timed
        self.speakers += [cue.speaker] * len(timed)
        self.measured += len(timed) if cue.words else 0
        self.line_ends.add(len(self.words) - 1)


def _join_cues(cues: Sequence[Cue]) -> _JoinedCues:
    joined = _JoinedCues()
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
