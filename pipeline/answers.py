"""What the library answers, as the command line prints it and ``--json`` gives it away.

Every answer is a dataclass whose fields are its JSON keys, in order; times are seconds, rounded to milliseconds.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from pathlib import Path

    from audio.errors import AirquoteError, WayOut
    from index.search.searcher import Sort

_HIDDEN = ("marks", "gap", "error")
"""Fields that only serve printing."""


@dataclass(frozen=True, slots=True)
class FoundStatement:
    """A hit of a search. ``text`` is exactly the words that match, ``context`` the sentences they stand in.

    ``link`` opens its sound there, None where none is known. ``total`` is how many hits there are in all, estimated
    unless ``total_exact``. ``marks`` are where the words that were asked for lie in ``context``, each as the place of
    its first character and that behind its last; they are not part of the JSON.
    """

    n: int
    episode: str
    title: str
    show: str | None
    published: str | None
    speaker: str | None
    start: float
    end: float
    text: str
    context: str
    score: float
    link: str | None
    total: int
    total_exact: bool
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """Statements, how many there are in all, whether that was counted or estimated, and what to know of them.

    ``kept``: their numbers lead to them until the next search; not so where the library cannot be written.
    """

    statements: list[FoundStatement]
    total: int
    exact: bool
    notes: tuple[str, ...]
    kept: bool = False


@dataclass(frozen=True, slots=True)
class HitCount:
    """How many hits a query has, and in how many episodes."""

    hits: int
    episodes: int
    exact: bool


@dataclass(frozen=True, slots=True)
class FacetValue:
    """How many hits have one value of a facet."""

    facet: str
    value: str
    hits: int


@dataclass(frozen=True, slots=True)
class TimedText:
    """A stretch of text with its times."""

    start: float
    end: float
    text: str


@dataclass(frozen=True, slots=True)
class TimedWord:
    """A word with its times, the model's probability where it is known, and what was ``heard`` where that was
    corrected from a glossary."""

    text: str
    start: float
    end: float
    probability: float | None
    heard: str | None = None


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """A word of an episode with its times, and what is known of it: the model's probability, what was ``heard`` where
    that was corrected from a glossary, and who speaks."""

    episode: str
    text: str
    start: float
    end: float
    probability: float | None
    heard: str | None
    speaker: str | None


@dataclass(frozen=True, slots=True)
class Moment:
    """What is being said at one time: the sentence and the word, None where nobody speaks; and the neighbours.

    ``gap``: somebody speaks there, and the transcript has no words for it.
    """

    episode: str
    time: float
    start: float | None
    end: float | None
    text: str | None
    word: str | None
    words: tuple[TimedWord, ...]
    before: tuple[TimedText, ...]
    after: tuple[TimedText, ...]
    gap: bool = False


@dataclass(frozen=True, slots=True)
class ShownSentence:
    """A sentence of a transcript; ``heard`` is what a glossary corrected in it. ``text`` None: speech without words."""

    start: float
    end: float
    text: str | None
    speaker: str | None
    flags: tuple[str, ...]
    heard: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListedEpisode:
    """A row of the library's list."""

    episode: str
    title: str
    show: str | None
    published: str | None
    media: str | None
    duration: float | None
    language: str | None
    engine: str | None
    model: str | None
    state: str


@dataclass(frozen=True, slots=True)
class EpisodeSentences:
    """Sentences of one episode."""

    episode: str
    sentences: list[ShownSentence]


@dataclass(frozen=True, slots=True)
class Place:
    """A span of an episode, in seconds: a hit of the last search, or one that was named."""

    episode: str
    start: float
    end: float


class Placed(Protocol):
    """Whatever knows its episode and its seconds: a Place, a FoundStatement, a SpokenWord."""

    @property
    def episode(self) -> str:
        """The episode's id, a unique beginning of it, or its title."""

    @property
    def start(self) -> float:
        """Seconds from the recording's start."""

    @property
    def end(self) -> float:
        """Seconds from the recording's start."""


@dataclass(frozen=True, slots=True)
class ClipFile:
    """A sound file that was written, in the recording's own rate (Hz) and channels."""

    episode: str
    start: float
    end: float
    file: str
    rate: int
    channels: int


@dataclass(frozen=True, slots=True)
class Played:
    """What is played, and with what program."""

    episode: str
    start: float
    end: float
    player: str


@dataclass(frozen=True, slots=True)
class Exported:
    """A transcript that was written to ``file``, or its ``text`` where no file was named."""

    episode: str
    format: str
    file: str | None
    text: str | None


@dataclass(frozen=True, slots=True)
class Removed:
    """The episode that was removed; ``media`` is the user's file, which stays."""

    episode: str
    title: str
    media: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one source.

    ``reason`` is a sentence; ``error`` is what it was taken from where the source failed. It is not part of the JSON:
    who prints an outcome puts the error into words that fit.
    """

    source: str
    episode: str | None
    status: Literal["done", "skipped", "failed"]
    reason: str | None
    error: AirquoteError | None = None


FACETS = ("show", "year", "speaker")
"""What hits can be counted by."""


@dataclass(frozen=True, slots=True)
class SearchOptions:
    """What is wanted of a search beside its query. ``limit`` None is all; ``context`` is in sentences.

    ``show``, ``episode``, ``speaker`` and ``lang`` narrow it as the query's fields do, ``since`` and ``until`` as
    both ends of ``date:``. ``fuzzy`` looks for misspelt and misheard words too.
    """

    limit: int | None = 10
    offset: int = 0
    context: int = 0
    sort: Sort = "score"
    by_episode: bool = False
    fuzzy: bool = False
    show: str | None = None
    episode: str | None = None
    speaker: str | None = None
    since: str | None = None
    until: str | None = None
    lang: str | None = None


@dataclass(frozen=True, slots=True)
class ModelListing:
    """A model, and what there is of it on this machine.

    ``place`` is where the weights are on this machine, None if they are not; ``engines`` can use them now and
    ``source`` says what holds them. ``install`` is the command that installs a package with them, None where there is
    no such package: then they are downloaded when they are first used.
    """

    name: str
    megabytes: int
    multilingual: bool
    place: Path | None
    engines: tuple[str, ...]
    source: str | None
    install: str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check. ``way_out`` is what to do; None where nothing needs doing."""

    check: str
    ok: bool
    detail: str
    way_out: WayOut | None


def to_json(answer: Any) -> str:
    """One answer on one line. Fields that only serve printing are left out."""
    # Not asdict of the whole, which copies every value: half the time of printing a hundred thousand hits.
    shown = {field.name: getattr(answer, field.name) for field in fields(answer) if field.name not in _HIDDEN}
    return json.dumps(shown, ensure_ascii=False, default=asdict)
