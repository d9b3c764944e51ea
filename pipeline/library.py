"""The facade: every verb of the product, for the command line, the page and Python programs alike."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from audio.errors import MediaError, WayOut
from index.storage.store import Store
from pipeline.answers import (
    ClipFile,
    EpisodeSentences,
    Exported,
    FacetValue,
    Finding,
    HitCount,
    ListedEpisode,
    ModelListing,
    Moment,
    Outcome,
    Place,
    Placed,
    Played,
    Removed,
    SearchAnswer,
    SearchOptions,
    SpokenWord,
)
from pipeline.last_search import forget_places, load_place, save_places
from pipeline.progress import IndexAdvanced, ProgressCallback, ignore_progress
from pipeline.settings import load_settings

if TYPE_CHECKING:
    from audio.clip import Clip
    from index.fulltext.maintenance import IndexSession, OpenIndex
    from pipeline.transcription.options import TranscriptionOptions
    from pipeline.verification.results import CheckedArticle, LocatedStatement, VerifiedArticles

# What a verb needs is imported when it is called: a timestamp lookup loads neither Whoosh nor an engine.

T = TypeVar("T")
_log = logging.getLogger("airquote.library")

AS_USUAL = SearchOptions()


def _never() -> bool:
    """Go on to the end."""
    return False


def _ignore(_: object) -> None:
    """Report nothing."""


class Library:
    """A library directory, opened: transcripts, their index, and the recordings they refer to.

    Use it as a context manager, or call ``close``; from one thread at a time. ``progress`` is called with what long
    calls report (see pipeline/progress.py); it may be set anew at any time.
    """

    def __init__(self, directory: Path, *, create: bool, progress: ProgressCallback) -> None:
        self.directory = directory
        self.progress = progress
        self._create = create
        if not create:
            self._store  # noqa: B018 - opened now, to raise now

    @classmethod
    def open(
        cls, directory: str | Path | None = None, *, create: bool = False, progress: ProgressCallback = ignore_progress
    ) -> Self:
        """The library in ``directory``; without one, in the directory that settings and environment name.

        With ``create`` it is made by the first call that needs it, so that a call with wrong arguments makes nothing.
        Raises UsageError if there is none and ``create`` is false, LibraryError if it cannot be used.
        """
        where = load_settings({}).library if directory is None else Path(directory)
        return cls(where, create=create, progress=progress)

    def close(self) -> None:
        """Close its files; the library cannot be used after it."""
        for opened in ("_index", "_store"):
            if opened in self.__dict__:
                self.__dict__.pop(opened).close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: object, trace: TracebackType | None) -> None:
        self.close()

    # Filling it

    def transcribe(
        self,
        sources: Sequence[str | Path],
        options: TranscriptionOptions | None = None,
        *,
        show: str | None = None,
        title: str | None = None,
        jobs: int = 1,
        stopped: Callable[[], bool] = _never,
    ) -> list[Outcome]:
        """Transcribe media files and folders of them; what is done is skipped, what was interrupted goes on.

        ``show`` and ``title`` (for one file only) are else taken from a file's tags, or its name. ``jobs`` files are
        transcribed in parallel, each in a process of its own. ``stopped`` is asked between groups of windows whether to
        end early: what is finished is saved. Each file has an outcome; one that fails does not stop the others.
        Raises UsageError for what fits no file, ModelError or another MachineError where nothing can be done.
        """
        from pipeline.batch.batch import plan_batch
        from pipeline.transcription.options import TranscriptionOptions

        plan = plan_batch(sources, options or TranscriptionOptions(), show, title, jobs)
        return plan.run(self._store, self.progress, stopped)

    def import_transcripts(
        self,
        files: Sequence[str | Path],
        *,
        audio: str | Path | None = None,
        language: str | None = None,
        show: str | None = None,
        title: str | None = None,
        date: str | None = None,
    ) -> list[Outcome]:
        """Put transcript files that exist already into the library; the same file again is skipped.

        ``audio`` and ``title`` are for one file only; ``date`` is the day of publication, YYYY-MM-DD.
        Raises UsageError for what does not fit so.
        """
        from index.fulltext.maintenance import update_index
        from pipeline.errors import check_only_file
        from pipeline.import_export import EpisodeDetails, import_transcripts, parse_date, parse_language

        for option, value in (("audio", audio), ("title", title)):
            if value is not None:
                check_only_file(option, len(files))
        spoken = parse_language(language) if language is not None else None
        details = EpisodeDetails(show, title, parse_date(date) if date is not None else None)
        outcomes = import_transcripts(
            self._store,
            [Path(file) for file in files],
            audio=Path(audio) if audio is not None else None,
            details=details,
            language=spoken,
        )
        update_index(self._store, self._report_index)
        return outcomes

    def remove(self, name: str) -> Removed:
        """Take an episode out of store, index, drafts and the last search; the user's file stays.

        Raises EpisodeError for one that is unknown, or that another process transcribes at this moment.
        """
        from pipeline.batch.removal import remove_episode

        episode = remove_episode(self._store, name, self._report_index)
        forget_places(self.directory)
        return Removed(episode.id, episode.title, episode.media)

    # Finding

    def search(self, query: str, options: SearchOptions = AS_USUAL) -> SearchAnswer:
        """The best hits of a query; their numbers lead to them until the next search (see ``hit``).

        Raises QueryError for a query that does not parse, EpisodeError and UsageError for an option that does not fit.
        """
        from pipeline.searching import find_statements, read_query

        tree = read_query(query, options, self._store)
        answer = self._ask(lambda index: find_statements(tree, options, index))
        places = [Place(one.episode, one.start, one.end) for one in answer.statements]
        return replace(answer, kept=save_places(self.directory, places, options.offset + 1))

    def count(self, query: str, options: SearchOptions = AS_USUAL) -> HitCount:
        """How many hits a query has, counted, not estimated. Raises as ``search`` does."""
        from pipeline.searching import count_hits, read_query

        tree = read_query(query, options, self._store)
        return self._ask(lambda index: count_hits(tree, index))

    def facets(self, query: str, facets: Collection[str], options: SearchOptions = AS_USUAL) -> list[FacetValue]:
        """How many hits a query has of each show, year or speaker, at most ``options.limit`` of each.

        Raises as ``search`` does, and UsageError for another facet.
        """
        from pipeline.searching import check_facets, count_facets, read_query

        check_facets(facets)
        tree = read_query(query, options, self._store)
        return self._ask(lambda index: count_facets(tree, facets, options.limit, index))

    def explain_nothing(self, query: str, options: SearchOptions = AS_USUAL) -> list[WayOut]:
        """Why a query found nothing, and what would be found."""
        from pipeline.searching import explain_nothing, read_query

        tree = read_query(query, options, self._store)
        return self._ask(lambda index: explain_nothing(query, tree, options, index))

    def hit(self, number: int) -> Place:
        """The place with this number in the last answer of ``search``, ``locate`` or ``verify``.

        Raises UsageError if there is none.
        """
        return load_place(self.directory, number)

    def at(self, name: str, times: Sequence[float], before: int = 1, after: int = 1) -> list[Moment]:
        """What is said in an episode at each of ``times`` (seconds), with so many sentences around it.

        Raises EpisodeError for an episode that is unknown or has no transcript, TimeError for a time past the end.
        """
        from pipeline.lookup import check_time, load_transcript, moment_at

        episode = self._store.resolve_episode(name)
        transcript = load_transcript(self._store, episode)
        for time in times:
            check_time(self._store, episode, time)
        return [moment_at(episode.id, transcript, time, before, after) for time in times]

    def words(self, place: Placed) -> list[SpokenWord]:
        """Every word of a place, with its times, its probability and who speaks.

        Raises as ``at`` does, and TimeError for an end before the start.
        """
        from pipeline.lookup import check_order, check_time, load_transcript, words_between

        episode = self._store.resolve_episode(place.episode)
        transcript = load_transcript(self._store, episode)
        check_time(self._store, episode, place.start)
        check_order(place)
        return words_between(episode.id, transcript, place.start, place.end)

    def place(self, name: str, start: float, end: float | None = None) -> Place:
        """A span of the episode of this name, or the moment ``start``, once it is sure that it lies in it.

        Raises EpisodeError, and TimeError for a time past the end and for an end before the start.
        """
        from pipeline.lookup import check_order, check_time

        episode = self._store.resolve_episode(name)
        place = Place(episode.id, start, start if end is None else end)
        check_order(place)
        check_time(self._store, episode, place.end)
        return place

    # Hearing

    def cut(self, place: Placed, *, before: float = 0.0, after: float = 0.0) -> Clip:
        """The sound of a place and so many seconds around it, in the recording's own rate and channels, faded.

        It ends where the recording ends. Raises EpisodeError; TimeError for a place that begins past the end;
        MediaError for an episode without a recording, and MediaMovedError if its file is gone or has changed.
        """
        from pipeline.recordings import cut_sound

        return cut_sound(self._store, place, before, after)

    def clip(
        self, place: Placed, target: str | Path, *, before: float = 0.0, after: float = 0.0, overwrite: bool = False
    ) -> ClipFile:
        """Write the sound of a place and so many seconds around it to a file, of the kind that its name ends in.

        Raises as ``cut`` does; UsageError for a target that may not be written, OutputError for one that cannot.
        """
        from audio.encode import write_clip

        target = Path(target)
        self.check_target(target)
        sound = self.cut(place, before=before, after=after)
        write_clip(sound, target, overwrite=overwrite)
        start = round(max(0.0, place.start - before), 3)
        episode = self._store.resolve_episode(place.episode)
        return ClipFile(episode.id, start, round(start + sound.duration, 3), str(target), sound.rate, sound.channels)

    def play(
        self,
        place: Placed,
        *,
        before: float = 0.0,
        after: float = 0.0,
        starting: Callable[[Played], None] = _ignore,
    ) -> Played:
        """Play a place and so many seconds around it with a program of this system; ``starting`` is called before.

        Raises as ``cut`` does, and PlayerError where no program plays sound.
        """
        from pipeline.recordings import play_sound

        return play_sound(self._store, place, before, after, starting)

    def check_target(self, target: Path) -> None:
        """Raise UsageError if writing ``target`` would replace a recording or a file of the library itself."""
        from pipeline.recordings import check_target

        check_target(self._store, target)

    # Checking quotations

    def locate(
        self,
        quotation: str,
        *,
        limit: int = 10,
        episode: str | None = None,
        show: str | None = None,
        min_similarity: float | None = None,
    ) -> LocatedStatement:
        """Where a quotation was said, what was really said there, and each difference, the likeliest place first.

        Without ``min_similarity`` these are the places that may be meant; with it all that agree so far, 0 to 1.
        Raises EpisodeError and UsageError for an episode or show that cannot be searched.
        """
        from pipeline.verification.checks import find_scope, locate_statement
        from pipeline.verification.results import LocatedStatement

        scope = find_scope(self._store, episode, show)
        found = self._ask(lambda index: locate_statement(quotation, index, scope, limit, min_similarity))
        kept = save_places(self.directory, [place.place for one in found for place in one.places])
        return LocatedStatement(tuple(found), tuple(one.id for one in scope.untranscribed), kept)

    def verify(
        self,
        articles: Sequence[str],
        *,
        episode: str | None = None,
        show: str | None = None,
        fragments: bool = False,
        context: int = 1,
    ) -> VerifiedArticles:
        """Every quotation of the articles (files, http(s) addresses, or - for standard input) with its verdict.

        ``fragments``: scare quotes and titles are looked for too. ``context`` is how many sentences are given around
        each place. An article that cannot be read is among the failures. Without any quotation no index is opened.
        Raises EpisodeError and UsageError for an episode or show that cannot be searched.
        """
        from pipeline.verification.checks import find_scope, read_quotations, verify_articles
        from pipeline.verification.results import VerifiedArticles

        scope = find_scope(self._store, episode, show)
        selected, failures = read_quotations(articles, fragments)
        if not any(one.quotations for one in selected):
            return VerifiedArticles(tuple(one.checked() for one in selected), tuple(failures), kept=False)
        checked = self._ask(lambda index: verify_articles(selected, index, scope, context))
        kept = save_places(self.directory, [place.place for article in checked for place in article.places])
        return VerifiedArticles(tuple(checked), tuple(failures), kept)

    def write_report(self, articles: Sequence[CheckedArticle], target: Path, *, overwrite: bool = False) -> None:
        """Write the evidence page for verified articles: one HTML file with the sound in it.

        Raises UsageError for a target that may not be written, OutputError for one that cannot.
        """
        from pipeline.verification.report import write_report

        write_report(self._store, articles, target, overwrite=overwrite)

    def write_clips(
        self, articles: Sequence[CheckedArticle], folder: Path, *, overwrite: bool = False
    ) -> tuple[list[Path], list[MediaError]]:
        """Write the sound of every place of verified articles into a folder; the files, and what kept others back.

        Raises UsageError for files that may not be written, OutputError where the disk is full.
        """
        from pipeline.verification.sound import write_clips

        return write_clips(self._store, articles, folder, overwrite=overwrite)

    # What it holds

    def episodes(self) -> list[ListedEpisode]:
        """Every episode, transcribed or not."""
        from pipeline.lookup import list_episodes

        return list_episodes(self._store)

    def sentences(self, name: str) -> EpisodeSentences:
        """An episode's transcript, sentence by sentence. Raises EpisodeError."""
        from pipeline.lookup import list_sentences, load_transcript

        episode = self._store.resolve_episode(name)
        return EpisodeSentences(episode.id, list_sentences(load_transcript(self._store, episode)))

    def gaps(self, name: str) -> EpisodeSentences:
        """Where an episode has speech, or sound that could not be decoded, without words. Raises EpisodeError."""
        from pipeline.lookup import list_gaps, load_transcript

        episode = self._store.resolve_episode(name)
        return EpisodeSentences(episode.id, list_gaps(load_transcript(self._store, episode)))

    def export(
        self, name: str, layout: str = "txt", target: str | Path | None = None, *, overwrite: bool = False
    ) -> Exported:
        """An episode's transcript as json, srt, vtt, txt or tsv, as Whisper writes them; to a file or folder if named.

        Raises EpisodeError; UsageError for a layout that is unknown and a target that may not be written; OutputError.
        """
        from pipeline.import_export import export_transcript
        from pipeline.lookup import load_transcript

        episode = self._store.resolve_episode(name)
        if target is not None:
            target = Path(target)
            self.check_target(target)
        return export_transcript(episode, load_transcript(self._store, episode), layout, target, overwrite=overwrite)

    # Keeping it in order

    def reindex(self) -> int:
        """Build the index anew from the transcripts; how many it holds."""
        from index.fulltext.maintenance import rebuild_index

        rebuild_index(self._store, self._report_index)
        return len(self._store.transcripts())

    def doctor(self) -> Iterator[Finding]:
        """Check weights, decoder, encoder, player, library, index and the recordings, one after the other."""
        return examine_library(self.directory)

    @cached_property
    def _store(self) -> Store:
        _log.debug("opening %s", self.directory)
        return Store.open(self.directory, create=self._create)

    @cached_property
    def _index(self) -> IndexSession:
        from index.fulltext.maintenance import IndexSession

        return IndexSession(self._store)

    def _ask(self, question: Callable[[OpenIndex], T]) -> T:
        return self._index.ask(question, self._report_index)

    def _report_index(self, done: int, total: int) -> None:
        self.progress(IndexAdvanced(done, total))


def examine_library(directory: Path) -> Iterator[Finding]:
    """The same checks as ``Library.doctor``, for a directory whose library may not be there or cannot be opened."""
    from pipeline.doctor import examine

    return examine(directory)


def list_models() -> list[ModelListing]:
    """The Whisper models: which are on this machine, which can be had, and how."""
    from pipeline.models.weights import list_models

    return list_models()
