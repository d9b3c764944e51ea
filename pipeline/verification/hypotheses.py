"""What is asked of the sound: the differing words of a match, as two texts of the same few seconds.

One text is what was recognised; in the other the quoted words stand in its place. Around both are the same words.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from audio.timecode import Span
from index.formats.word_split import join_texts
from index.transcript import Word, span_of
from index.verification.edits import Difference, Edit

CONTEXT_WORDS, NARROW_WORDS = 8, 4
"""Words around the differing ones on each side, in the two windows in which they are asked about."""

CONTEXT_SECONDS = 6.0
"""The furthest that context reaches on each side: what lies behind a long pause says little."""

NEAR_WORDS = 2
"""Equal words between two differences that are asked about as one: with one of them wrong, the other fits badly too."""

PADDING = 0.2
"""Seconds of sound before the first word and after the last, whose times are some 0.1 s off."""

_MARKS = "\"'“”‘’()[]«»,.;:!?…-–—"


@dataclass(frozen=True, slots=True)
class DifferingWords:
    """A run of differences: the words from ``first`` up to ``stop`` of a transcript, for which ``quoted`` is quoted.

    ``first`` equals ``stop`` where nothing was recognised. ``edits`` are their numbers among those of the match.
    """

    first: int
    stop: int
    recognised: str
    quoted: str
    edits: range
    grave: bool
    """Whether a negation or a number differs."""

    @property
    def longest(self) -> int:
        """The number of words, quoted or recognised, whichever are more."""
        return max(len(self.quoted.split()), len(self.recognised.split()))

    @property
    def as_quoted(self) -> tuple[Edit, ...]:
        """The edits of the run if the quoted words had been recognised in their place."""
        if not self.quoted:
            return ()
        numbers = (self.first, self.stop - 1) if self.stop > self.first else (None, None)
        return (Edit("equal", self.quoted, self.quoted, *numbers),)


@dataclass(frozen=True, slots=True)
class Hypotheses:
    """A span of sound with the text that was recognised there, and the other in one or more writings."""

    span: Span
    recognised: str
    quoted: tuple[str, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """All texts, the recognised one first."""
        return (self.recognised, *self.quoted)


def find_differing_words(
    edits: Sequence[Edit], first: int, ignored: Collection[Difference | None]
) -> list[DifferingWords]:
    """Return the runs of differences that are not ``ignored``, of a match that begins with word ``first``.

    Small words that differ next to one belong to it: "in the" for "into" is one mishearing.
    """
    placed = list(_place_edits(edits, first))
    runs: list[range] = []
    for number, edit in enumerate(edits):
        if edit.op == "equal" or edit.difference in ignored:
            continue
        begin, stop = number, number + 1
        while begin > 0 and edits[begin - 1].difference == "small word":
            begin -= 1
        while stop < len(edits) and edits[stop].difference == "small word":
            stop += 1
        between = edits[runs[-1].stop : begin] if runs else ()
        if runs and sum(len(other.said.split()) for other in between) <= NEAR_WORDS:
            runs[-1] = range(runs[-1].start, max(stop, runs[-1].stop))
        else:
            runs.append(range(begin, stop))
    return [_join_edits(placed, run) for run in runs]


def _place_edits(edits: Sequence[Edit], first: int) -> Iterator[tuple[Edit, int, int]]:
    """Yield each edit with the range of words that it replaces, the end exclusive."""
    place = first
    for edit in edits:
        begin, stop = (place, place) if edit.first is None or edit.last is None else (edit.first, edit.last + 1)
        yield edit, begin, stop
        place = stop


def _join_edits(placed: Sequence[tuple[Edit, int, int]], run: range) -> DifferingWords:
    edits = [placed[number][0] for number in run]
    return DifferingWords(
        placed[run.start][1],
        placed[run.stop - 1][2],
        join_texts(edit.said for edit in edits if edit.said),
        join_texts(edit.quoted for edit in edits if edit.quoted),
        run,
        any(edit.difference in ("negation", "number") for edit in edits),
    )


def make_hypotheses(
    differing: DifferingWords, words: Sequence[Word], offset: int, context: int = CONTEXT_WORDS
) -> Hypotheses:
    """Return the texts to compare, with ``context`` words on each side of the differing ones.

    ``words`` are those around the differing ones, from number ``offset`` on.
    """
    first, stop = differing.first - offset, differing.stop - offset
    here = span_of(words[first:stop] or words[max(0, first - 1) : first + 1])
    begin, end = max(0, first - context), min(len(words), stop + context)
    while begin < first and here.start - words[begin].start > CONTEXT_SECONDS:
        begin += 1
    while end > stop and words[end - 1].end - here.end > CONTEXT_SECONDS:
        end -= 1
    before = "".join(word.text for word in words[begin:first])
    after = "".join(word.text for word in words[stop:end])
    recognised = "".join(word.text for word in words[first:stop])
    return Hypotheses(
        span_of(words[begin:end]).padded(PADDING, PADDING),
        before + recognised + after,
        tuple(dict.fromkeys(before + text + after for text in _writings(differing.quoted, recognised))),
    )


def _writings(quoted: str, recognised: str) -> Iterator[str]:
    """Yield the quoted words as Whisper may write them in this place, with a leading space.

    Marks around them are those of the recognised words, so that only the words differ; a capital may be the article's.
    """
    bare = quoted.strip(_MARKS + " ")
    if not bare:
        yield ""
        return
    heard = recognised.strip()
    opening = heard[: len(heard) - len(heard.lstrip(_MARKS))]
    closing = heard[len(heard.rstrip(_MARKS)) :] if heard.strip(_MARKS) else ""
    yield f" {opening}{bare}{closing}"
    if bare[0].isupper():
        yield f" {opening}{bare[0].lower()}{bare[1:]}{closing}"
    elif heard.strip(_MARKS)[:1].isupper():
        yield f" {opening}{bare[0].upper()}{bare[1:]}{closing}"
