"""All that a page shows of the transcript of an episode, as one value whose JSON is small.

Its keys are the fields below, by ``pipeline.result_json``. What there is of every word or sentence is in columns of one
length; times of words are whole milliseconds, and each start counts from the one before it: so the JSON of three hours,
30,000 words, takes about 110 KB when it is compressed. What only some words or sentences have is an object by their
numbers, from 0. All other times are seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from audio.timecode import Span
from index.notes import Person
from index.transcript import State, Timing, WordsFrom
from pipeline.episodes.word_corrections import WordCorrection

SoundPlace = Literal["here", "missing", "elsewhere", "none"]
"""Where the sound of an episode is: the file is here; it is no longer where it was; it can be downloaded, as it never
was or was not kept; or there is none, since the transcript was imported without it."""


@dataclass(frozen=True, slots=True)
class WordColumns:
    """The words of a transcript, in columns.

    ``texts`` are verbatim with their leading spaces: joined they are the text. ``starts`` are milliseconds after the
    start of the word before, that of the first from 0; ``lengths`` are milliseconds. ``probabilities`` are whole
    numbers from 0 to 100, None where unknown. By numbers of words: ``heard`` is what a glossary or a person replaced.
    ``unspoken`` are the numbers of the words that are sounds or notes.
    """

    texts: tuple[str, ...]
    starts: tuple[int, ...]
    lengths: tuple[int, ...]
    probabilities: tuple[int | None, ...]
    heard: Mapping[int, str]
    unspoken: tuple[int, ...]

    def spans(self) -> list[tuple[float, float]]:
        """Return start and end of each word in seconds."""
        begins = accumulate(self.starts)
        return [(begin / 1000, (begin + length) / 1000) for begin, length in zip(begins, self.lengths, strict=True)]


@dataclass(frozen=True, slots=True)
class SentenceColumns:
    """The sentences of a transcript, in columns.

    ``lengths`` are their numbers of words: the first begins with word 0, each other where the one before it ends.
    ``speakers`` are places in the list of speakers, None where it is not known who speaks. ``flags`` are doubts of the
    quality checks, and ``overlap`` where several speak at once, by numbers of sentences.
    """

    lengths: tuple[int, ...]
    speakers: tuple[int | None, ...]
    flags: Mapping[int, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class EpisodeSpeaker:
    """A speaker of an episode: ``voice`` is the number by which it is named, ``name`` the one that it has now.

    One who is not ``named`` has the ``label`` as its name. How long it speaks, a sample, and who it may be takes longer
    to find out: ``Library.voices`` tells.
    """

    voice: int
    label: str
    name: str
    named: bool


@dataclass(frozen=True, slots=True)
class TitledSpan:
    """A chapter, or a passage that the publisher recommends; ``title`` is None if it has none."""

    start: float
    end: float
    title: str | None


@dataclass(frozen=True, slots=True)
class RecurringPassage:
    """Words ``first`` to ``last`` recur in so many other ``episodes``, as an advertisement does."""

    first: int
    last: int
    episodes: int


@dataclass(frozen=True, slots=True)
class EpisodeTranscript:
    """The transcript of an episode with all that a page shows beside it.

    ``origin`` is whose words it holds, ``rests_on`` says so in words; ``timing`` tells whether times were measured
    (aligned) or guessed (interpolated). ``publisher_kept`` is whether the publisher's own transcript is kept,
    ``comparable`` whether it can be held against these words (``Library.compare``). ``offset`` is what players show at
    the first sample, from which all times count. ``address`` is where others can hear it, ``page`` its page on the web.
    ``sound`` is where its sound is, ``description`` what its publisher writes of it, in lines; ``soundbites`` are the
    passages that it recommends, ``gaps`` speech without words. ``corrections`` are those by hand, as
    ``Library.corrections`` lists them.
    """

    episode: str
    title: str
    show: str | None
    published: str | None
    number: str | None
    duration: float | None
    state: State
    language: str | None
    origin: WordsFrom
    rests_on: str
    timing: Timing
    publisher_kept: bool
    comparable: bool
    sound: SoundPlace
    offset: float
    address: str | None
    page: str | None
    people: tuple[Person, ...]
    description: str
    words: WordColumns
    sentences: SentenceColumns
    speakers: tuple[EpisodeSpeaker, ...]
    chapters: tuple[TitledSpan, ...]
    soundbites: tuple[TitledSpan, ...]
    gaps: tuple[Span, ...]
    repeats: tuple[RecurringPassage, ...]
    corrections: tuple[WordCorrection, ...]
