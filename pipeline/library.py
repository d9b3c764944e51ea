"""The facade that the command line, and later the web page, share: questions in, answers out."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from audio.atomic_write import write_atomically
from audio.errors import EpisodeError, MediaError, MediaMovedError, TimeError, UsageError
from audio.timecode import format_time
from index.storage.store import Store, TranscriptFacts
from index.transcript import Episode, Segment, Transcript
from pipeline.answers import (
    Answer,
    FacetValue,
    HitCount,
    ListedEpisode,
    Moment,
    Place,
    ShownSentence,
    SpokenWord,
    Wanted,
)
from pipeline.batch.locks import Taken, lock_path, lock_sound
from pipeline.lookup import moment_at, words_between
from pipeline.settings import load_settings

if TYPE_CHECKING:
    from audio.clip import Clip
    from index.fulltext.maintenance import Progress
    from pipeline.searching import Searching

LAST_SEARCH = "last-search.json"
AS_USUAL = Wanted()


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
        if "_searching" in self.__dict__:
            self._searching.close()
        self.store.close()

    # Finding

    def search(self, text: str, wanted: Wanted = AS_USUAL, progress: Progress | None = None) -> Answer:
        """The best hits of a query, remembered for ``play N``.

        Raises QueryError for a query that does not parse, and UsageError for an option that does not fit.
        """
        answer = self._searching.find(text, wanted, progress)
        places = [Place(one.episode, one.start, one.end) for one in answer.statements]
        self.remembered = self._remember(wanted.offset + 1, places)
        return answer

    def remember(self, places: list[Place]) -> None:
        """Keep these places for ``play N`` and ``clip N``; ``remembered`` tells whether that was possible."""
        self.remembered = self._remember(1, places)

    def count(self, text: str, wanted: Wanted = AS_USUAL, progress: Progress | None = None) -> HitCount:
        """How many hits a query has. Raises as ``search`` does."""
        return self._searching.count(text, wanted, progress)

    def facets(
        self, text: str, facets: Sequence[str], wanted: Wanted = AS_USUAL, progress: Progress | None = None
    ) -> list[FacetValue]:
        """How many hits a query has of each show, year or speaker. Raises as ``search`` does."""
        return self._searching.facets(text, facets, wanted, progress)

    def explain_nothing(self, text: str, wanted: Wanted = AS_USUAL) -> list[str]:
        """Why a query found nothing, and what would be found: sentences for a person."""
        return self._searching.explain_nothing(text, wanted)

    @cached_property
    def _searching(self) -> Searching:
        # Only a search loads what searches.
        from pipeline.searching import Searching

        return Searching(self.store)

    def hit(self, number: int) -> Place:
        """The N-th hit of the last search. Raises UsageError if there is none."""
        try:
            saved = json.loads((self.store.directory / LAST_SEARCH).read_text(encoding="utf-8"))
            first, places = int(saved["first"]), [Place(**place) for place in saved["places"]]
        except (OSError, ValueError, TypeError, LookupError):
            raise UsageError("There is no last search to take a hit from.", "First: airquote search QUERY") from None
        if not places:
            raise UsageError("The last search found nothing.", "Search for something else: airquote search QUERY")
        last = first + len(places) - 1
        if not first <= number <= last:
            raise UsageError(f"There is no hit {number}.", f"The last search showed {first} to {last}.")
        return places[number - first]

    def at(self, name: str, times: Sequence[float], before: int = 1, after: int = 1) -> list[Moment]:
        """What is said in an episode at each of ``times`` (seconds), with so many sentences around it.

        Raises EpisodeError for an episode that is unknown or has no transcript, TimeError for a time past the end.
        """
        episode = self.store.resolve_episode(name)
        transcript = self._transcript(episode)
        for time in times:
            self.check_time(episode, time)
        return [moment_at(episode.id, transcript, time, before, after) for time in times]

    def words(self, place: Place) -> list[SpokenWord]:
        """Every word that is spoken in a place, with its times.

        Raises as ``at`` does, and TimeError for an end before the start.
        """
        episode = self.store.resolve_episode(place.episode)
        transcript = self._transcript(episode)
        self.check_time(episode, place.start)
        if place.end < place.start:
            raise TimeError(f"{format_time(place.end)} lies before {format_time(place.start)}.", "Turn them round.")
        return words_between(episode.id, transcript, place.start, place.end)

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
        from index.fulltext.maintenance import update_index
        from index.fulltext.merging import purge_index

        update_index(self.store)
        purge_index(self.store)
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

    def _remember(self, first: int, places: list[Place]) -> bool:
        told = [{"episode": place.episode, "start": place.start, "end": place.end} for place in places]
        try:
            with write_atomically(self.store.directory / LAST_SEARCH) as unfinished:
                unfinished.write_text(json.dumps({"first": first, "places": told}), encoding="utf-8")
        except OSError:
            return False
        return True


def _timed_values(transcript: Transcript, segment: Segment) -> tuple[float, float, str]:
    span = transcript.segment_span(segment)
    return span.start, span.end, transcript.segment_text(segment).strip()


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
