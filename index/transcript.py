"""What was said: words with times, sentences as ranges of words, and the episode they belong to."""

from __future__ import annotations

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
        words = self.words[segment.first : segment.last + 1]
        return Span(words[0].start, max(word.end for word in words))


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


@dataclass(frozen=True, slots=True)
class Passage:
    """A range of word numbers of one episode, both included: the unit that the index holds."""

    episode_id: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A place that answers a query: exactly the words ``first`` to ``last`` of ``episode``, both included.

    ``asked`` are the numbers of those words that the query asked for: all of them for a phrase, some of them where
    words are scattered.
    """

    episode: Episode
    first: int
    last: int
    span: Span
    score: float
    asked: tuple[int, ...] = ()


Difference = Literal[
    "spelling", "masked", "omission", "insertion", "filler", "repeat", "small word",
    "sound-alike", "content", "name", "number", "negation",
]  # fmt: skip
"""What differs between a quotation and speech.

spelling: the same words, otherwise written (25 and twenty-five, it's and it is). masked, omission and insertion: as
the quotation's own marks say (s***, three dots, brackets). filler, repeat, small word: as speech is cleaned for
print. The rest changes, or may change, what was said.
"""


@dataclass(frozen=True, slots=True)
class Edit:
    """One step from speech to a quotation of it.

    ``op`` is ``equal`` (but for case and punctuation), ``replace``, ``insert`` (quoted, but not said) or ``delete``
    (said, but not quoted). ``quoted`` and ``said`` are verbatim, empty where there is nothing. ``first`` and ``last``
    are the numbers of the words said, None where nothing was. ``difference`` is None where there is none.
    """

    op: Literal["equal", "replace", "insert", "delete"]
    quoted: str
    said: str
    first: int | None
    last: int | None
    difference: Difference | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A place where a quotation may have been said: the words ``first`` to ``last`` of ``episode``, both included.

    ``similarity`` is 1 for the same words and 0 for nothing in common. ``edits``, joined, are the quotation on one side
    and exactly those words on the other. ``evidence`` is how surprising it would be to find so much of the quotation
    by chance, in bits. ``quoted`` are the numbers of the quotation's own words (parted by spaces) that were read
    here, both included: all of them, unless the place has only a part of it.
    """

    episode: Episode
    transcript: int
    first: int
    last: int
    span: Span
    similarity: float
    edits: tuple[Edit, ...]
    evidence: float
    quoted: tuple[int, int]
