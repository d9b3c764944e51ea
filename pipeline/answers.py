"""The results of the library's operations.

Every result is a dataclass whose fields are its JSON keys (docs/json.md); times are seconds, rounded to milliseconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Literal, Protocol, TypeVar

from audio.errors import AirquoteError, WayOut
from audio.recording.chapters import Chapter
from index.notes import Person
from pipeline.errors import check_choice, check_number

if TYPE_CHECKING:
    from index.search.searcher import Repeats, Sort
    from index.transcript import Flaw, State, WordsFrom
    from pipeline.network.addresses import Origin

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FoundStatement:
    """A hit of a search. ``text`` is exactly the words that match, ``context`` the sentences they are in.

    ``n`` is its number for ``Library.hit``, from 1. ``published`` is YYYY-MM-DD, YYYY-MM or YYYY. ``citation`` is a
    plain one. ``link`` opens the recording at this time: at the episode's address, else in its file; None if it has
    neither. ``total`` is the number of all hits, an estimate unless ``total_exact``; ``total_error`` is ``error`` of
    SearchAnswer. ``marks`` are the ranges of characters (first, after last) of the query's words in ``context``; they
    are not part of the JSON. ``found_in`` is speech, or what the publisher wrote, of which ``text`` and ``context`` are
    then; ``chapter`` the title of the chapter at ``start``. ``repeat`` is the number of other episodes in which the
    passage recurs that the hit is in, ``origin`` whose words the transcript holds; None for what is not, or no speech.
    ``speaker`` says most of the words that match, ``speakers`` are all who say any; ``overlap``: others speak at once.
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
    citation: str
    link: str | None
    total: int
    total_exact: bool
    total_error: float
    marks: tuple[tuple[int, int], ...]
    found_in: Literal["speech", "title", "chapter", "notes"] = "speech"
    chapter: str | None = None
    repeat: int | None = None
    origin: WordsFrom | None = None
    speakers: tuple[str, ...] = ()
    overlap: bool = False


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """The hits of a search, and the number of all hits, an estimate unless ``exact``.

    ``error`` is the half-width of the 95 % confidence interval of an estimate, as a share of it: 0.08 for ±8 %; 0 if
    exact. ``notes`` say what was not taken literally, such as an abbreviation, or was cut. ``kept`` is whether the
    numbers of the hits were saved for ``Library.hit``: false if the library cannot be written. ``suggestions`` say what
    to change about a query that has few hits or none.
    """

    statements: list[FoundStatement]
    total: int
    exact: bool
    error: float
    notes: tuple[str, ...]
    kept: bool = False
    suggestions: tuple[WayOut, ...] = ()


@dataclass(frozen=True, slots=True)
class HitCount:
    """The number of hits of a query, and of episodes that have any.

    ``suggestions`` and ``notes`` are as in SearchAnswer; they are not part of the JSON.
    """

    hits: int
    episodes: int
    exact: bool
    suggestions: tuple[WayOut, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FacetValue:
    """The number of hits with one value of a facet."""

    facet: str
    value: str
    hits: int


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """The values of the facets of a query, the most frequent first, and the number of all its ``hits``.

    ``suggestions`` and ``notes`` are as in SearchAnswer; notes also tell how many hits have no known value of a facet,
    such as a date.
    """

    values: tuple[FacetValue, ...]
    hits: int
    suggestions: tuple[WayOut, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TimedText:
    """A sentence with its times, and its speaker if known."""

    start: float
    end: float
    text: str
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class TimedWord:
    """A word with its times, the model's probability if known, and the recognised text (``heard``) if a glossary
    or a person corrected it."""

    text: str
    start: float
    end: float
    probability: float | None
    heard: str | None = None


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """A word of an episode with its times; the model's probability and the speaker if known; and the recognised text
    (``heard``) if a glossary or a person corrected it."""

    episode: str
    text: str
    start: float
    end: float
    probability: float | None
    heard: str | None
    speaker: str | None


@dataclass(frozen=True, slots=True)
class Moment:
    """What is said at one ``time``: the sentence with its ``words``, the word, and the sentences before and after.

    ``speaker`` is None if unknown; ``chapter`` is the title of the recording's chapter, None if it has none. In a pause
    ``start``, ``end``, ``text``, ``word`` and ``speaker`` are None. ``gap``: there is speech, but the transcript has no
    words for it. ``origin`` is whose words the transcript holds; ``overlap``: several speak at once in the sentence.
    """

    episode: str
    time: float
    start: float | None
    end: float | None
    text: str | None
    word: str | None
    speaker: str | None
    words: tuple[TimedWord, ...]
    before: tuple[TimedText, ...]
    after: tuple[TimedText, ...]
    chapter: str | None = None
    gap: bool = False
    origin: WordsFrom | None = None
    overlap: bool = False


@dataclass(frozen=True, slots=True)
class ShownSentence:
    """A sentence of the transcript of an ``episode``, or a gap (``text`` None).

    ``flags`` are doubts of the quality checks; ``misheard`` are the recognised forms of words that a glossary
    or a person corrected. ``repeat`` is as in FoundStatement; ``origin`` is whose words the transcript holds.
    ``chapter`` is the title of the chapter that it is in, for the most part; None if there is none.
    """

    episode: str
    start: float
    end: float
    text: str | None
    speaker: str | None
    flags: tuple[str, ...]
    misheard: tuple[str, ...] = ()
    repeat: int | None = None
    origin: WordsFrom | None = None
    chapter: str | None = None


@dataclass(frozen=True, slots=True)
class ListedEpisode:
    """An episode in the list of all; ``media`` is its recording, ``duration`` in seconds, ``published`` YYYY-MM-DD.

    ``language``, ``engine`` and ``model`` are those of its transcript, None without one. ``number`` is that in the
    show; ``chapters`` are those of the recording, ``people`` those whom its publisher names. ``origin`` is whose words
    the transcript holds, None without one; ``publisher_kept`` whether the publisher's own transcript is kept.
    ``named_speakers`` are the names that a person gave speakers.
    """

    episode: str
    title: str
    show: str | None
    published: str | None
    media: str | None
    duration: float | None
    language: str | None
    engine: str | None
    model: str | None
    state: State
    number: str | None = None
    chapters: tuple[Chapter, ...] = ()
    origin: WordsFrom | None = None
    publisher_kept: bool = False
    people: tuple[Person, ...] = ()
    named_speakers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EpisodeSentences:
    """Sentences or gaps of one episode, the chapters of its recording, and the people whom its publisher names.

    ``reason`` is why it has none: a pattern, a show or a time may include episodes that are not transcribed yet.
    """

    episode: str
    sentences: list[ShownSentence]
    chapters: tuple[Chapter, ...] = ()
    people: tuple[Person, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A span of an episode, in seconds."""

    episode: str
    start: float
    end: float


class Placed(Protocol):
    """Protocol of what has an ``episode``, a ``start`` and an ``end``: a Place, a FoundStatement, a SpokenWord."""

    @property
    def episode(self) -> str:
        """The episode's id, a unique prefix of it, or its title."""

    @property
    def start(self) -> float:
        """Seconds from the recording's start."""

    @property
    def end(self) -> float:
        """Seconds from the recording's start."""


@dataclass(frozen=True, slots=True)
class ListedQuotation:
    """A quotation of an ``article``, or text that is passed over for a ``reason``; ``reason`` None: it is checked.

    ``attributed`` is to whom the article gives it, None if unknown. ``fragment``: a scare quote or a title of one to
    three words. ``offset`` is its place in the article's text, ``line`` that in the article's source, if known.
    """

    article: str
    quotation: str
    attributed: str | None
    fragment: bool
    offset: int
    line: int | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class ListedArticles:
    """The quotations of some articles, in order, and the errors of the articles that cannot be read."""

    quotations: tuple[ListedQuotation, ...]
    failures: tuple[AirquoteError, ...]


@dataclass(frozen=True, slots=True)
class ClipFile:
    """An audio file that was written, with the recording's own sample rate (Hz) and channels."""

    episode: str
    start: float
    end: float
    file: str
    rate: int
    channels: int


@dataclass(frozen=True, slots=True)
class Played:
    """What was played, and by which player."""

    episode: str
    start: float
    end: float
    player: str


@dataclass(frozen=True, slots=True)
class Removed:
    """An episode that was removed; ``media`` is the recording, None where none is kept.

    The recording stays, unless it is ``sound_removed``: a file that airquote itself downloaded.
    """

    episode: str
    title: str
    media: str | None
    sound_removed: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one file of a batch or an import.

    ``reason`` says why it was skipped or failed, or what is remarkable about it. ``error`` is the exception of a file
    that failed, for callers that word it themselves; ``flaws`` are what an import left out or repaired; ``advice`` is
    what to do about a file that was skipped; ``guess`` is the language that an import guessed, "" where it could not,
    None where it is stated. None of them is part of the JSON.
    """

    source: str
    episode: str | None
    status: Literal["done", "skipped", "failed"]
    reason: str | None
    error: AirquoteError | None = None
    flaws: tuple[Flaw, ...] = ()
    advice: WayOut | None = None
    guess: str | None = None


FACETS = ("show", "episode", "year", "month", "speaker", "language")
"""The facets by which hits can be counted."""

SORTS: tuple[Sort, ...] = ("score", "date", "time")
"""The orders of hits."""

REPEATS: tuple[Repeats, ...] = ("all", "fold", "omit")
"""What is found in passages that recur."""


@dataclass(frozen=True, slots=True)
class ArticleStream:
    """An article in an open stream of bytes, and what it is called: its ``source`` in results and errors."""

    stream: BinaryIO
    source: str


@dataclass(frozen=True, slots=True)
class ArticleAddress:
    """The http(s) address of an article that the user of this machine did not type; it never names a file.

    Unlike an address that was typed, it may not lead into a private network: docs/addresses.md.
    """

    address: str
    origin: Origin = "server"


ArticleSource = str | Path | ArticleAddress | ArticleStream
"""An article to verify: the path of a file or an http(s) address as the user typed it, another address, or a stream."""


@dataclass(frozen=True, slots=True)
class SearchOptions:
    """The options of a search. ``limit`` None returns all hits; ``context`` is sentences around each hit.

    ``sort`` is by score, newest first (``date``) or oldest first (``time``); ``by_episode`` keeps the first hit of each
    episode. ``fuzzy`` also matches misspelt and misrecognised words. ``show``, ``episode``, ``speaker`` and ``lang``
    filter as the query's fields do; ``since`` and ``until`` (YYYY, YYYY-MM or YYYY-MM-DD) as both ends of ``date:``.
    ``repeats`` are the hits in passages that recur, such as advertisements: ``all``, one for each passage (``fold``),
    or none (``omit``). Raises UsageError for a number below zero, and for an unknown ``sort`` or ``repeats``.
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
    repeats: Repeats = "all"

    def __post_init__(self) -> None:
        if self.limit is not None:
            check_number("limit", self.limit)
        check_number("offset", self.offset)
        check_number("number of sentences of context", self.context)
        check_choice(self.sort, SORTS, "an order of hits")
        check_choice(self.repeats, REPEATS, "a choice for repeats")


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
    """The result of one check, with its name and what was found.

    ``way_out`` is what to do; None where nothing needs doing.
    """

    check: str
    ok: bool
    detail: str
    way_out: WayOut | None


def as_list(given: Sequence[T]) -> list[T]:
    """Return arguments as a list; a single text or path, which a text's type allows, as a list of one."""
    return [given] if isinstance(given, (str, Path, ArticleAddress, ArticleStream)) else list(given)  # type: ignore[list-item]
