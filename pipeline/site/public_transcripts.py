"""What visitors of a site read of a transcript: paragraphs, gaps and headings of chapters, in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from audio.recording.chapters import Chapter
from audio.timecode import Span
from index.formats.text.markdown import split_paragraphs
from index.transcript import Segment, Transcript, Word
from pipeline.printable import clean_text

DOUBTFUL = 0.5
"""Words of a lower probability are marked, as from the second shade of the evidence page on."""


@dataclass(frozen=True, slots=True)
class PublicSentence:
    """A sentence: the whole second in which it begins, and its text in runs, each of which is doubtful or not.

    ``anchor`` is what a link to this second leads to, None if an earlier sentence of the page begins in the same.
    """

    second: int
    runs: tuple[tuple[str, bool], ...]
    anchor: str | None

    @property
    def text(self) -> str:
        """The text, on one line, with single spaces."""
        return " ".join("".join(text for text, _ in self.runs).split())


@dataclass(frozen=True, slots=True)
class PublicParagraph:
    """Some sentences of one speaker, None if unknown; ``is_turn`` is whether somebody else spoke before."""

    start: float
    speaker: str | None
    is_turn: bool
    sentences: tuple[PublicSentence, ...]


@dataclass(frozen=True, slots=True)
class PublicGap:
    """A span of speech of which no words were recognised."""

    start: float
    end: float


Block = PublicParagraph | PublicGap | Chapter


def list_blocks(transcript: Transcript, chapters: Sequence[Chapter]) -> tuple[Block, ...]:
    """Return the transcript in the order of time; a chapter stands before the paragraph that it begins with."""
    return tuple(_list_blocks(transcript, chapters))


def _list_blocks(transcript: Transcript, chapters: Sequence[Chapter]) -> Iterator[Block]:
    headings, gaps = deque(chapters), deque(transcript.gaps)
    seconds: set[int] = set()
    before = None
    for segments in split_paragraphs(transcript, [one.start for one in chapters]):
        first = transcript.segment_span(segments[0])
        while gaps and gaps[0].start <= first.start:
            yield _gap(gaps.popleft())
        while headings and headings[0].start <= first.middle:
            yield headings.popleft()
        speaker = clean_text(segments[0].speaker or "").strip() or None
        sentences = tuple(_read_sentence(transcript, one, seconds) for one in segments)
        yield PublicParagraph(first.start, speaker, speaker != before, sentences)
        before = speaker
    yield from map(_gap, gaps)
    yield from headings


def _gap(span: Span) -> PublicGap:
    return PublicGap(span.start, span.end)


def _read_sentence(transcript: Transcript, segment: Segment, seconds: set[int]) -> PublicSentence:
    second = int(transcript.segment_span(segment).start)
    anchor = None if second in seconds else f"t{second}"
    seconds.add(second)
    words = transcript.words[segment.first : segment.last + 1]
    runs = (
        (clean_text("".join(word.text for word in run)), doubtful) for doubtful, run in groupby(words, _is_doubtful)
    )
    return PublicSentence(second, tuple(runs), anchor)


def _is_doubtful(word: Word) -> bool:
    return word.probability is not None and word.probability < DOUBTFUL
