"""Transcripts: words with times, sentences as ranges of words, and the episode they belong to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from audio.timecode import Span

Timing = Literal["aligned", "interpolated"]
"""Whether word times were measured on the sound, or interpolated over imported cues."""

WordsFrom = Literal["model", "publisher", "file"]
"""Whose words a transcript holds: those that a model heard, that the publisher of the episode wrote, or of a file that
was imported."""

State = Literal["registered", "transcribing", "transcribed", "imported"]
"""registered: no words yet; transcribing: some windows are saved; transcribed and imported: searchable."""

OVERLAP = "overlap"
"""The flag of a sentence in which two speak at once, so that who says its words is less sure."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word with its start and end in seconds.

    ``text`` is verbatim, with its leading space where the script writes one. ``probability`` is the model's, 0 to 1,
    None where unknown. ``heard`` is the recognised text that a glossary or a person replaced, None if neither did.
    A word that is not ``spoken`` is a sound or a note of an imported file, such as [APPLAUSE]: it is shown, and not
    searched.
    """

    text: str
    start: float
    end: float
    probability: float | None = None
    heard: str | None = None
    spoken: bool = True

    @property
    def span(self) -> Span:
        """Time range of the word."""
        return Span(self.start, self.end)


def span_of(words: Sequence[Word]) -> Span:
    """Return the time range of a run of words, up to their latest end, which need not be the last word's."""
    return Span(words[0].start, max(word.end for word in words))


@dataclass(frozen=True, slots=True)
class Segment:
    """A sentence: words ``first`` to ``last``, both inclusive."""

    first: int
    last: int
    speaker: str | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cue:
    """One entry of a transcript file: text between two times in seconds, as the file has it.

    ``text`` is plain, with its line breaks and its leading space; without that it goes on with the word before it.
    ``words`` are those whose times the file states; joined they equal the text on one line. ``turn`` is whether the
    file says that somebody else begins to speak, with or without a ``speaker``. ``payload`` is the text with its tags,
    for export in the same layout, None where it says no more than ``text`` does; ``identifier`` and ``settings`` are
    those of a WebVTT cue. A cue of the file in which speakers change becomes one for each; those after the first are
    ``continued`` and have no payload.
    """

    start: float
    end: float
    text: str
    speaker: str | None = None
    words: tuple[Word, ...] = ()
    turn: bool = False
    payload: str | None = None
    identifier: str | None = None
    settings: str | None = None
    continued: bool = False


@dataclass(frozen=True, slots=True)
class Flaw:
    """A flaw of a transcript file: its ``place`` (a line, or a path in JSON), the ``problem``, and some ``text`` there.

    What it is about was left out of the transcript or, if not ``left_out``, read with a repair.
    """

    place: str
    problem: str
    text: str
    left_out: bool = True


@dataclass(frozen=True, slots=True)
class Transcript:
    """The words of one episode. Segments cover all words in order: joined segments = joined words = the text.

    ``settings`` is a canonical JSON object of everything that shaped the words besides engine and model.
    ``gaps`` are spans where speech was detected but no words were recognised. ``cues`` and ``flaws`` are those of the
    file that was imported, in the order of the file; its layout is the ``model``. ``renamed`` are labels of speakers in
    these cues, each with the name that a person gave this speaker.
    """

    language: str | None
    engine: str
    model: str
    settings: str
    timing: Timing
    words: tuple[Word, ...]
    segments: tuple[Segment, ...]
    gaps: tuple[Span, ...] = ()
    cues: tuple[Cue, ...] = ()
    flaws: tuple[Flaw, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        check_segments(self.segments, len(self.words))

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(word.text for word in self.words)

    def segment_text(self, segment: Segment) -> str:
        """Return the text of one sentence, verbatim, with its leading space if it has one."""
        return "".join(word.text for word in self.words[segment.first : segment.last + 1])

    def segment_span(self, segment: Segment) -> Span:
        """Return the time range of one sentence."""
        return span_of(self.words[segment.first : segment.last + 1])


def check_segments(segments: Iterable[Segment], words: int) -> None:
    """Raise ValueError unless the segments cover so many words in order."""
    expected = 0
    for segment in segments:
        if segment.first != expected or segment.last < segment.first:
            raise ValueError(f"segments must cover the words in order, but one spans {segment.first} to {segment.last}")
        expected = segment.last + 1
    if expected != words:
        raise ValueError(f"segments cover {expected} of {words} words")


@dataclass(frozen=True, slots=True)
class Episode:
    """One recording in the library.

    ``id`` is short, readable, stable and never only digits; ``published`` is YYYY-MM-DD, or YYYY-MM or YYYY where no
    more is known. ``source`` is the path or URL that the user gave; ``media`` is the absolute path of the recording,
    ``sha256`` its hash and ``duration`` its length in seconds, None where there is no recording. ``address`` is the
    http(s) address at which others can hear it, None if none is known.
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
    address: str | None = None
