"""What was said: words with times, sentences as ranges of words, and the episode they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from audio.timecode import Span

Timing = Literal["aligned", "interpolated"]
"""Whether word times were measured on the sound, or spread evenly over imported cues."""

State = Literal["registered", "transcribing", "transcribed", "imported"]
"""registered: no words yet; transcribing: some windows are saved; the other two are searchable."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word as it stands in the text, with the seconds at which it is spoken.

    ``text`` is verbatim, with its leading space where the script writes one. ``probability`` is the model's
    own, 0 to 1, None where unknown. ``heard`` is what a glossary replaced, None where nothing was.
    """

    text: str
    start: float
    end: float
    probability: float | None = None
    heard: str | None = None

    @property
    def span(self) -> Span:
        """When it is spoken."""
        return Span(self.start, self.end)


def span_of(words: Sequence[Word]) -> Span:
    """When a run of words is spoken: to the latest of their ends, which need not be the last one's."""
    return Span(words[0].start, max(word.end for word in words))


@dataclass(frozen=True, slots=True)
class Segment:
    """A sentence: words ``first`` to ``last``, both included."""

    first: int
    last: int
    speaker: str | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Transcript:
    """The words of one episode. Segments cover all words in order: joined segments = joined words = the text.

    ``settings`` is a canonical JSON object of everything that shaped the words beside engine and model.
    ``gaps`` are spans where speech was heard but no words came of it.
    """

    language: str | None
    engine: str
    model: str
    settings: str
    timing: Timing
    words: tuple[Word, ...]
    segments: tuple[Segment, ...]
    gaps: tuple[Span, ...] = ()

    def __post_init__(self) -> None:
        expected = 0
        for segment in self.segments:
            if segment.first != expected or segment.last < segment.first:
                raise ValueError(
                    f"segments must cover the words in order, but one spans {segment.first} to {segment.last}"
                )
            expected = segment.last + 1
        if expected != len(self.words):
            raise ValueError(f"segments cover {expected} of {len(self.words)} words")

    @property
    def text(self) -> str:
        """Everything that was said."""
        return "".join(word.text for word in self.words)

    def segment_text(self, segment: Segment) -> str:
        """One sentence, verbatim, with its leading space if it has one."""
        return "".join(word.text for word in self.words[segment.first : segment.last + 1])

    def segment_span(self, segment: Segment) -> Span:
        """When one sentence is spoken."""
        return span_of(self.words[segment.first : segment.last + 1])


@dataclass(frozen=True, slots=True)
class Episode:
    """One recording in the library.

    ``id`` is short, readable, stable and never only digits. ``source`` is what the user named (a path or
    URL); ``media`` is the absolute path of the sound, ``sha256`` its hash and ``duration`` its length in
    seconds, None where no sound is known.
    """

    id: str
    show: str | None
    title: str
    published: str | None
    source: str
    state: State
    media: str | None = None
    sha256: str | None = None
    duration: float | None = None
