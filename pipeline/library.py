"""The facade that the command line, and later the web page, share: questions in, answers out."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from itertools import accumulate
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from audio.errors import EpisodeError, MediaError, MediaMovedError, TimeError, UsageError
from audio.timecode import format_time
from index.fulltext import IndexDamagedError
from index.query import AllOf, AnyOf, Query, Term, parse_query
from index.search import find
from index.store import Store, TranscriptFacts
from index.transcript import Episode, Hit, Segment, Transcript, Word
from index.upkeep import LibraryIndex, Progress, open_index, rebuild_index, update_index
from pipeline.answers import (
    FoundStatement,
    ListedEpisode,
    Moment,
    Place,
    ShownSentence,
    TimedText,
    TimedWord,
)
from pipeline.locks import Taken, lock_path, lock_sound
from pipeline.settings import load_settings

if TYPE_CHECKING:
    from audio.clip import Clip

LAST_SEARCH = "last-search.json"


class Library:
    """An open library directory. Use as a context manager."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.remembered = True
        """Whether the last search could be kept for ``play N``: a library that cannot be written is still searched."""

    @classmethod
    def open(cls, directory: Path, *, create: bool = False) -> Self:
        """The library in ``directory``; see Store.open."""
        return cls(Store.open(directory, create=create))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: object, trace: TracebackType | None) -> None:
        self.store.close()

    # Finding

    def search(
        self, text: str, limit: int | None = 10, context: int = 0, progress: Progress | None = None
    ) -> list[FoundStatement]:
        """The best hits of a query, remembered for ``play N``; each with ``context`` sentences on both sides.

        Raises QueryError for a query that does not parse.
        """
        query = parse_query(text)
        try:
            with open_index(self.store, progress) as index:
                hits = find(query, self.store, index.fulltext, index.lexicon, limit)
        except IndexDamagedError:
            rebuild_index(self.store, progress)
            with open_index(self.store) as index:
                hits = find(query, self.store, index.fulltext, index.lexicon, limit)
        found = [self._describe(number, hit, context) for number, hit in enumerate(hits, start=1)]
        self.remembered = self._remember([Place(one.episode, one.start, one.end) for one in found])
        return found

    def remember(self, places: list[Place]) -> None:
        """Keep these places for ``play N`` and ``clip N``; ``remembered`` tells whether that was possible."""
        self.remembered = self._remember(places)

    def suggest(self, text: str) -> dict[str, list[str]]:
        """For each word of a query that is nowhere in the library: words that are, and may have been meant."""
        with open_index(self.store) as index:
            unknown = [token for token in _tokens(parse_query(text)) if not _is_known(index, token)]
            return {token: index.lexicon.suggest(token) for token in dict.fromkeys(unknown)}

    def hit(self, number: int) -> Place:
        """The N-th hit of the last search. Raises UsageError if there is none."""
        try:
            saved = json.loads((self.store.directory / LAST_SEARCH).read_text(encoding="utf-8"))
            places = [Place(**place) for place in saved]
        except (OSError, ValueError, TypeError):
            raise UsageError("There is no last search to take a hit from.", "First: airquote search QUERY") from None
        if not places:
            raise UsageError("The last search found nothing.", "Search for something else: airquote search QUERY")
        if not 1 <= number <= len(places):
            raise UsageError(f"There is no hit {number}.", f"The last search showed 1 to {len(places)}.")
        return places[number - 1]

    def at(self, name: str, time: float, before: int = 1, after: int = 1) -> Moment:
        """What is said in an episode at ``time`` (seconds), with so many sentences around it.

        Raises EpisodeError for an episode that is unknown or has no transcript, TimeError for a time past the end.
        """
        episode = self.store.resolve_episode(name)
        transcript = self._transcript(episode)
        self.check_time(episode, time)
        spans = [transcript.segment_span(segment) for segment in transcript.segments]
        gap = any(gap.start <= time < gap.end for gap in transcript.gaps)
        current = None if gap else next((n for n, span in enumerate(spans) if span.start <= time < span.end), None)
        # Where nobody speaks, the neighbours are the sentences on both sides of the pause.
        first = current if current is not None else sum(span.start <= time for span in spans)
        behind = first + 1 if current is not None else first
        texts = [_timed(transcript, segment) for segment in transcript.segments]
        words: Sequence[Word] = ()
        if current is not None:
            segment = transcript.segments[current]
            words = transcript.words[segment.first : segment.last + 1]
        word = next((word for word in words if word.start <= time < word.end), None)
        return Moment(
            episode=episode.id,
            time=time,
            start=texts[current].start if current is not None else None,
            end=texts[current].end if current is not None else None,
            text=texts[current].text if current is not None else None,
            word=word.text.strip() if word else None,
            words=tuple(
                TimedWord(word.text.strip(), word.start, word.end, word.probability, word.heard) for word in words
            ),
            before=tuple(texts[max(0, first - before) : first]),
            after=tuple(texts[behind : behind + after]),
            gap=gap,
        )

    # Hearing

    def cut(self, place: Place) -> Clip:
        """The sound of a place, in the file's own rate and channels.

        Raises MediaError for an episode without sound, MediaMovedError if its file is gone or has changed,
        TimeError for a place outside it.
        """
        from audio.clip import read_span
        from audio.timecode import Span

        episode = self.store.resolve_episode(place.episode)
        if place.end < place.start:
            raise TimeError(f"{format_time(place.end)} lies before {format_time(place.start)}.", "Turn them round.")
        return read_span(self.media(episode), Span(place.start, place.end))

    def media(self, episode: Episode) -> Path:
        """The file of an episode, once it is sure that it is still the one that was transcribed."""
        from audio.media import hash_file

        if episode.media is None or episode.sha256 is None:
            raise MediaError(
                f"The episode {episode.id} was imported without its sound.",
                f"Tie it to its sound with: {self.command('import', episode.source)} --audio FILE",
            )
        path = Path(episode.media)
        if not path.exists():
            raise MediaMovedError(
                f"The sound of {episode.id} is no longer at {path}.",
                f"If it was moved, link it again with: {self.command('transcribe')} NEW_PLACE",
            )
        if hash_file(path) != episode.sha256:
            raise MediaMovedError(
                f"{path} is no longer the file that {episode.id} was made from, so its times do not fit.",
                f"Put the old file back, or transcribe the new one: {self.command('transcribe', str(path))}",
            )
        return path

    def command(self, *words: str) -> str:
        """A command line for a person to type, with this library named where it is not the usual one."""
        usual = load_settings({}).library
        library = () if self.store.directory == usual else ("--library", str(self.store.directory))
        return shlex.join(("airquote", *words, *library))

    def check_target(self, target: Path) -> None:
        """Raise UsageError if writing ``target`` would replace an episode's sound or a file of the library itself."""
        place = target.resolve()
        if place.is_relative_to(self.store.directory.resolve()):
            raise UsageError(f"{target} lies in the library itself.", "Name a file elsewhere.")
        for episode in self.store.episodes():
            if episode.media is not None and Path(episode.media).resolve() == place:
                raise UsageError(f"{target} is the recording of {episode.id} itself.", "Name another file.")

    def duration(self, episode: Episode) -> float | None:
        """Seconds of an episode's sound, or to the end of its last word where no sound is known."""
        if episode.duration is not None:
            return episode.duration
        facts = self.store.facts(episode.id)
        words = self.store.words(facts.number, facts.words - 1, facts.words - 1) if facts and facts.words else []
        return words[-1].end if words else None

    # The list

    def episodes(self) -> list[ListedEpisode]:
        """Everything in the library."""
        facts = self.store.all_facts()
        return [_listed(episode, facts.get(episode.id)) for episode in self.store.episodes()]

    def sentences(self, name: str) -> tuple[Episode, list[ShownSentence]]:
        """An episode's transcript, sentence by sentence."""
        episode = self.store.resolve_episode(name)
        transcript = self._transcript(episode)
        return episode, [
            ShownSentence(
                *_timed_values(transcript, segment), segment.speaker, segment.flags, _corrected(transcript, segment)
            )
            for segment in transcript.segments
        ]

    def gaps(self, name: str) -> tuple[Episode, list[ShownSentence]]:
        """Where somebody speaks in an episode, or nothing could be decoded, and its transcript has no words."""
        episode = self.store.resolve_episode(name)
        gaps = self._transcript(episode).gaps
        return episode, [ShownSentence(gap.start, gap.end, None, None, (), ()) for gap in gaps]

    def transcript(self, name: str) -> tuple[Episode, Transcript]:
        """An episode with its whole transcript."""
        episode = self.store.resolve_episode(name)
        return episode, self._transcript(episode)

    def remove(self, name: str) -> Episode:
        """Take an episode out of store, index, checkpoints and the last search; the user's file stays.

        Raises EpisodeError for one that another process transcribes at this moment.
        """
        episode = self.store.resolve_episode(name)
        # An import without sound has no hash, and is transcribed by nobody.
        sound = episode.sha256 or episode.id
        try:
            with lock_sound(self.store.directory, sound):
                self.store.remove_episode(episode.id)
        except Taken:
            raise EpisodeError(
                f"The episode {episode.id} is being transcribed now.", "Remove it when that is done, or stop it first."
            ) from None
        lock_path(self.store.directory, sound).unlink(missing_ok=True)
        update_index(self.store)
        with suppress(OSError):
            (self.store.directory / LAST_SEARCH).unlink()
        return episode

    def _transcript(self, episode: Episode) -> Transcript:
        transcript = self.store.transcript(episode.id)
        if transcript is None:
            raise EpisodeError(
                f"The episode {episode.id} is not transcribed yet.",
                f"Go on with: {self.command('transcribe', episode.media or episode.source)}",
            )
        return transcript

    def check_time(self, episode: Episode, time: float) -> None:
        """Raise TimeError for a time past the end of an episode."""
        end = self.duration(episode)
        # Ends are printed to a tenth of a second, and may be rounded up.
        if end is not None and time > end + 0.05:
            raise TimeError(f"{format_time(time)} is past the end: {episode.id} is {format_time(end)} long.")

    def _describe(self, number: int, hit: Hit, context: int) -> FoundStatement:
        facts = self.store.facts(hit.episode.id)
        assert facts is not None
        segments = self.store.segments(facts.number, hit.first, hit.last)
        for _ in range(context):
            segments = self._widen(facts, segments)
        first, last = segments[0].first, segments[-1].last
        texts = self.store.texts(facts.number, first, last)
        return FoundStatement(
            n=number,
            episode=hit.episode.id,
            title=hit.episode.title,
            show=hit.episode.show,
            start=round(hit.span.start, 3),
            end=round(hit.span.end, 3),
            text="".join(texts[hit.first - first : hit.last + 1 - first]).strip(),
            context="".join(texts).strip(),
            score=round(hit.score, 4),
            marks=_marks(texts, [word - first for word in hit.asked]),
        )

    def _widen(self, facts: TranscriptFacts, segments: list[Segment]) -> list[Segment]:
        first, last = max(0, segments[0].first - 1), min(facts.words - 1, segments[-1].last + 1)
        return self.store.segments(facts.number, first, last)

    def _remember(self, places: list[Place]) -> bool:
        target = self.store.directory / LAST_SEARCH
        partial = target.with_name(f"{LAST_SEARCH}.{os.getpid()}")
        try:
            partial.write_text(json.dumps([asdict(place) for place in places]), encoding="utf-8")
            partial.replace(target)
        except OSError:
            return False
        return True


def _marks(texts: Sequence[str], asked: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """Where the words with these numbers lie in the joined and stripped text; neighbours are marked together."""
    leading = len(texts[0]) - len(texts[0].lstrip()) if texts else 0
    ends = [end - leading for end in accumulate(map(len, texts))]
    marks: list[tuple[int, int]] = []
    for number in asked:
        text = texts[number]
        begin, end = ends[number] - len(text.lstrip()), ends[number] - len(text) + len(text.rstrip())
        joins = marks and number - 1 in asked
        marks[-1:] = [(marks[-1][0], end)] if joins else [*marks[-1:], (begin, end)]
    return tuple(marks)


def _tokens(query: Query) -> list[str]:
    match query:
        case Term(token):
            return [token]
        case AllOf(children) | AnyOf(children):
            return [token for child in children for token in _tokens(child)]
        case _:
            return list(query.tokens)


def _is_known(index: LibraryIndex, token: str) -> bool:
    return any(index.lexicon.forms(token, language) for language in index.lexicon.languages())


def _timed_values(transcript: Transcript, segment: Segment) -> tuple[float, float, str]:
    span = transcript.segment_span(segment)
    return span.start, span.end, transcript.segment_text(segment).strip()


def _timed(transcript: Transcript, segment: Segment) -> TimedText:
    return TimedText(*_timed_values(transcript, segment))


def _corrected(transcript: Transcript, segment: Segment) -> tuple[str, ...]:
    words = transcript.words[segment.first : segment.last + 1]
    return tuple(word.heard for word in words if word.heard is not None)


def _listed(episode: Episode, facts: TranscriptFacts | None) -> ListedEpisode:
    return ListedEpisode(
        episode=episode.id,
        title=episode.title,
        show=episode.show,
        published=episode.published,
        media=episode.media,
        duration=episode.duration,
        language=facts.language if facts else None,
        engine=facts.engine if facts else None,
        model=facts.model if facts else None,
        state=episode.state,
    )
