"""The facade: every operation of airquote, for the command line and Python programs alike."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from audio.errors import MediaError, UsageError, correct_input
from audio.timecode import LONGEST_SECONDS
from index.query.syntax_help import syntax_page
from index.storage.store import Store
from pipeline.answers import (
    ArticleSource,
    ClipFile,
    EpisodeSentences,
    FacetCounts,
    Finding,
    HitCount,
    ListedArticles,
    ListedEpisode,
    ModelListing,
    Moment,
    Narrowing,
    Outcome,
    Place,
    Placed,
    Played,
    Removed,
    SearchAnswer,
    SearchOptions,
    SpokenWord,
    as_list,
)
from pipeline.errors import check_number, check_only_file, check_timing
from pipeline.exported import Exported, ExportOutcome
from pipeline.last_search import forget_places, load_place, save_places
from pipeline.progress import IndexAdvanced, ProgressCallback, ignore_progress
from pipeline.settings import full_path, load_settings

if TYPE_CHECKING:
    from audio.clip import Clip
    from index.fulltext.maintenance import IndexSession, OpenIndex
    from pipeline.transcription.options import TranscriptionOptions
    from pipeline.verification.results import CheckedArticle, LocatedStatement, VerifiedArticles

# Each method imports what it needs when it is called: a timestamp lookup loads neither Whoosh nor an engine.

__all__ = ["Library", "list_models", "list_quotations", "syntax_page"]
T = TypeVar("T")
_log = logging.getLogger("airquote.library")
DEFAULT_SEARCH = SearchOptions()


class Library:
    """An open library directory: transcripts, their index, and references to the recordings.

    Use it as a context manager, or call ``close``; it is not thread-safe. An episode is named by its id, a unique
    prefix of the id, or its title. Times are seconds from the start of the recording. ``progress`` is called with a
    ``ProgressEvent`` now and then during long calls; it can be replaced at any time.
    """

    def __init__(self, directory: Path, *, create: bool, progress: ProgressCallback) -> None:
        self.directory = directory
        self.progress = progress
        self._create, self._closed = create, False
        if not create:
            self._store  # noqa: B018 - opened now, to raise now

    @classmethod
    def open(
        cls, directory: str | Path | None = None, *, create: bool = False, progress: ProgressCallback = ignore_progress
    ) -> Self:
        """Open the library in ``directory``; None is that of environment, settings file or user data folder.

        With ``create`` a missing library is created by the first call that needs it, not by one with invalid arguments.
        Raises UsageError if it does not exist and ``create`` is false, LibraryError if it is damaged, locked or newer.
        """
        where = load_settings({}).library if directory is None else full_path(directory)
        return cls(where, create=create, progress=progress)

    def close(self) -> None:
        """Close the files of the library, which cannot be used after it."""
        self._closed = True
        for opened in ("_index", "_store"):
            if opened in self.__dict__:
                self.__dict__.pop(opened).close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: object, trace: TracebackType | None) -> None:
        self.close()

    # Adding and removing episodes

    def transcribe(
        self,
        sources: Sequence[str | Path],
        options: TranscriptionOptions | None = None,
        *,
        show: str | None = None,
        title: str | None = None,
        jobs: int = 1,
        stopped: Callable[[], bool] | None = None,
    ) -> list[Outcome]:
        """Transcribe media files, and those in folders; skip what is done, resume what was interrupted.

        Returns an outcome for each file; a file that fails does not stop the others. ``options`` None are the defaults.
        ``show`` and ``title`` (for a single file) default to the file's tags, the title then to its name. ``jobs``
        files are transcribed in parallel processes, which import a script: guard it by ``if __name__ == "__main__":``.
        ``stopped`` is called between groups of windows; once it is true the call ends, and finished groups are saved.
        Raises UsageError for invalid sources or options, MachineError (ModelError) if no file can be transcribed now.
        """
        from pipeline.batch.batch import plan_batch
        from pipeline.transcription.options import TranscriptionOptions

        plan = plan_batch(sources, options or TranscriptionOptions(), show, title, jobs)
        self._finish_removals()
        return plan.run(self._store, self.progress, stopped or (lambda: False))

    def import_transcripts(
        self,
        files: Sequence[str | Path],
        *,
        audio: str | Path | None = None,
        language: str | None = None,
        show: str | None = None,
        title: str | None = None,
        date: str | None = None,
        encoding: str | None = None,
        strict: bool = False,
        partial: bool = False,
        offset: float | None = None,
        align: bool = False,
        model: str | None = None,
    ) -> list[Outcome]:
        """Import transcript files; skip those that were imported before, unless ``offset`` or ``align`` is given.

        Returns an outcome for each file; a file that fails does not stop the others. ``audio`` (the recording) and
        ``title`` are for a single file. ``language`` (a code or English name) defaults to the one that the file states,
        or a guess. ``date`` of publication is YYYY-MM-DD. ``encoding`` (a codec's name) is detected without one; a file
        whose encoding is unsure fails. A bad cue is left out and named, a flaw of the outcome; ``strict`` refuses a
        file with flaws. ``partial`` accepts a recording that is cut off.

        With ``audio`` the outcome says if the times do not fit the sound, and which ``offset`` would, the seconds that
        are added to all times. ``align`` takes the times of all words from what a ``model`` hears, by default the
        smallest one on this machine; words that are missing in the sound are left out.

        Raises UsageError for an invalid argument.
        """
        from index.fulltext.maintenance import update_index
        from index.language.language_codes import parse_language
        from pipeline.import_export import EpisodeDetails, TimingOptions, import_transcripts, parse_date

        paths = list(map(Path, as_list(files)))
        for option, value in (("audio", audio), ("title", title)):
            if value is not None:
                check_only_file(option, len(paths))
        spoken = parse_language(language) if language is not None else None
        details = EpisodeDetails(show, title, parse_date(date) if date is not None else None)
        if offset is not None:
            check_number("offset", offset, -LONGEST_SECONDS, LONGEST_SECONDS)
        check_timing(audio is not None, offset, align, model)
        sound = Path(audio) if audio is not None else None
        self._finish_removals()
        outcomes = import_transcripts(
            self._store, paths, audio=sound, details=details, language=spoken, encoding=encoding, strict=strict,
            partial=partial, timing=TimingOptions(offset, align, model), progress=self.progress,
        )  # fmt: skip
        update_index(self._store, self._report_index)
        return outcomes

    def remove(self, name: str) -> Removed:
        """Remove an episode and forget the numbers of the last search; the recording stays where it is.

        An interrupted removal is finished by the same call, and by any other that writes. Raises EpisodeError for an
        episode that is unknown, or that another process is transcribing.
        """
        from pipeline.batch.removal import remove_episode

        episode = remove_episode(self._store, name, self._report_index)
        forget_places(self.directory)
        return Removed(episode.id, episode.title, episode.media)

    # Search and lookup

    def search(self, query: str, options: SearchOptions = DEFAULT_SEARCH) -> SearchAnswer:
        """Return the best hits of a query, whose numbers are valid for ``hit`` until the next search, or suggestions.

        Raises QueryError for a query that does not parse, EpisodeError or UsageError for an invalid option.
        """
        from pipeline.searching import find_statements, read_query

        request = read_query(query, options, self._store)
        answer = self._ask(lambda index: find_statements(request, index))
        places = [Place(one.episode, one.start, one.end) for one in answer.statements]
        return replace(answer, kept=save_places(self.directory, places, options.offset + 1))

    def count(self, query: str, options: SearchOptions = DEFAULT_SEARCH) -> HitCount:
        """Count the hits of a query exactly. Raises as ``search`` does."""
        from pipeline.searching import count_hits, read_query

        request = read_query(query, options, self._store)
        return self._ask(lambda index: count_hits(request, index))

    def facets(self, query: str, facets: Collection[str], options: SearchOptions = DEFAULT_SEARCH) -> FacetCounts:
        """Count the hits of a query for each value of the ``facets``: ``show``, ``year``, ``speaker``.

        Returns the ``options.limit`` most frequent of each. Raises as ``search``, or UsageError for an unknown facet.
        """
        from pipeline.searching import check_facets, count_facets, read_query

        check_facets(facets)
        request = read_query(query, options, self._store)
        return self._ask(lambda index: count_facets(request, facets, index))

    def hit(self, number: int) -> Place:
        """Return the place with this number in the last search, ``locate`` or ``verify``, or raise UsageError."""
        return load_place(self.directory, number)

    def at(self, name: str, times: Sequence[float], before: int = 1, after: int = 1) -> list[Moment]:
        """Return what is said in an episode at each of ``times``, with ``before`` and ``after`` sentences of context.

        Raises EpisodeError for an episode that is unknown or has no transcript, TimeError for a time past the end.
        """
        from pipeline.lookup import moments_at

        return moments_at(self._store, name, times, before, after)

    def words(self, place: Placed) -> list[SpokenWord]:
        """Return every word of a place with times, probability and speaker. Raises as ``at`` and ``place`` do."""
        from pipeline.lookup import words_of

        return words_of(self._store, place)

    def place(self, name: str, start: float, end: float | None = None) -> Place:
        """Return a span of an episode as a place, after checking it; without ``end`` the moment ``start``.

        Raises EpisodeError for an unknown episode, TimeError for a time past the end or an end before the start.
        """
        from pipeline.lookup import check_span, check_time

        episode = self._store.resolve_episode(name)
        place = Place(episode.id, start, start if end is None else end)
        check_span(place)
        check_time(self._store, episode, place.end)
        return place

    # Audio

    def cut(self, place: Placed, *, before: float = 0.0, after: float = 0.0) -> Clip:
        """Return the sound of a place with ``before`` and ``after`` seconds around it, faded in and out.

        It has the recording's own sample rate and channels, and ends at the latest where the recording ends. Raises
        EpisodeError for an unknown episode, TimeError for a place that begins past the end, MediaError for an episode
        without a recording, MediaMovedError if its file is gone or has changed.
        """
        from pipeline.recordings import cut_sound

        return cut_sound(self._store, place, before, after)

    def clip(
        self, place: Placed, target: str | Path, *, before: float = 0.0, after: float = 0.0, overwrite: bool = False
    ) -> ClipFile:
        """Write the sound of a place to a file, with ``before`` and ``after`` seconds around it.

        Its extension chooses the format: .wav, .mp3, .m4a, .ogg, .opus or .flac. Raises as ``cut`` does; UsageError for
        a target that is a recording, in the library, or exists (without ``overwrite``); OutputError if writing fails.
        """
        from audio.encode import write_clip
        from pipeline.recordings import check_target

        target = Path(target)
        check_target(self._store, target)
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
        starting: Callable[[Played], None] | None = None,
    ) -> Played:
        """Play a place with ``before`` and ``after`` seconds around it, and return when it has been played.

        ``starting`` is called before playback begins. Raises as ``cut`` does, and PlayerError if no player works.
        """
        from pipeline.recordings import play_sound

        return play_sound(self._store, place, before, after, starting)

    # Checking quotations

    def locate(
        self,
        quotation: str,
        *,
        limit: int = 10,
        episode: str | None = None,
        show: str | None = None,
        speaker: str | None = None,
        since: str | None = None,
        until: str | None = None,
        min_similarity: float | None = None,
    ) -> LocatedStatement:
        """Find where a quotation was said: the places, best first, with the words said there and every difference.

        Returns at most ``limit`` places: plausible ones or, with ``min_similarity`` (0 to 1), all of at least this
        similarity. ``episode`` to ``until`` narrow the search as those of ``search`` do, but ``show`` is a whole name.
        Raises EpisodeError or UsageError as ``search``, and UsageError for a quotation without letters and digits.
        """
        from index.language.tokens import tokenize
        from pipeline.verification.checks import locate_statement
        from pipeline.verification.results import LocatedStatement
        from pipeline.verification.scope import find_scope

        scope = find_scope(self._store, Narrowing(episode, show, speaker, since, until))
        if not tokenize(quotation):
            raise UsageError("The quotation has no letter or digit.", correct_input("Name some of its words."))
        found = self._ask(lambda index: locate_statement(quotation, index, scope, limit, min_similarity))
        shown = [place.place for one in found for place in (one.places or filter(None, [one.closest]))]
        kept = save_places(self.directory, shown)
        return LocatedStatement(tuple(found), tuple(one.id for one in scope.untranscribed), kept)

    def verify(
        self,
        articles: Sequence[ArticleSource],
        *,
        episode: str | None = None,
        show: str | None = None,
        speaker: str | None = None,
        since: str | None = None,
        until: str | None = None,
        fragments: bool = False,
        context: int = 1,
        allow_private: bool = False,
        listen: bool = True,
        listen_model: str | None = None,
    ) -> VerifiedArticles:
        """Find every quotation of some articles in the library, and give each a verdict.

        ``articles`` are paths of files, http(s) addresses, or open streams; those that cannot be read are in
        ``failures`` of the result. ``fragments`` includes scare quotes and titles. ``context`` is the number of
        sentences to return around each place. ``episode`` to ``until`` are as for ``locate``, with its errors.
        ``allow_private`` permits addresses and redirects that lead into private networks (docs/addresses.md).
        ``listen`` asks the sound where words differ, if recording and weights are here, within a bounded time
        (docs/listening.md): by ``listen_model``, None for the best that is on this machine. Raises UsageError or
        ModelError for a model that does not exist, or cannot be had.
        """
        from pipeline.articles.selection import read_quotations
        from pipeline.verification.checks import verify_articles
        from pipeline.verification.results import CheckedArticle, VerifiedArticles
        from pipeline.verification.scope import find_scope

        scope = find_scope(self._store, Narrowing(episode, show, speaker, since, until))
        selected, failures = read_quotations(articles, fragments, allow_private)
        if not any(one.quotations for one in selected):
            unchecked = tuple(CheckedArticle(one.article, (), one.passed_over) for one in selected)
            return VerifiedArticles(unchecked, tuple(failures), kept=False)
        if listen:
            from pipeline.verification.listening import verify_by_sound
            from pipeline.verification.listening_models import ListeningModels

            models = ListeningModels(listen_model, self.progress)
            checked, heard = self._ask(
                lambda index: verify_by_sound(selected, index, scope, context, models.load, self.progress)
            )
        else:
            checked = self._ask(lambda index: verify_articles(selected, index, scope, context, progress=self.progress))
            heard = None
        kept = save_places(self.directory, [place.place for article in checked for place in article.places])
        return VerifiedArticles(tuple(checked), tuple(failures), kept, heard)

    def check_targets(
        self,
        articles: Sequence[ArticleSource],
        report: str | Path | None,
        clips: str | Path | None,
        *,
        overwrite: bool = False,
    ) -> None:
        """Raise UsageError if the ``report`` or the folder of ``clips`` could not be written after ``verify``."""
        from pipeline.verification.targets import check_targets

        check_targets(self._store, articles, report, clips, overwrite)

    def write_report(self, articles: Sequence[CheckedArticle], target: str | Path, *, overwrite: bool = False) -> None:
        """Write the evidence page of verified articles: one HTML file with the sound embedded.

        Raises UsageError, also for a target that is one of the articles, and OutputError as ``clip`` does.
        """
        from pipeline.verification.report import write_report

        write_report(self._store, articles, Path(target), overwrite=overwrite)

    def write_clips(
        self, articles: Sequence[CheckedArticle], folder: str | Path, *, overwrite: bool = False
    ) -> tuple[list[Path], list[MediaError]]:
        """Write a clip of every place of verified articles into a folder.

        Returns the files, and the errors of places whose sound could not be cut. Raises UsageError, with nothing
        written, and OutputError for its targets as ``clip`` does.
        """
        from pipeline.verification.sound import write_clips

        return write_clips(self._store, articles, Path(folder), overwrite=overwrite)

    # Contents

    def episodes(self) -> list[ListedEpisode]:
        """Return every episode, transcribed or not."""
        from pipeline.lookup import list_episodes

        return list_episodes(self._store)

    def sentences(self, name: str) -> EpisodeSentences:
        """Return the transcript of an episode, sentence by sentence. Raises EpisodeError as ``at`` does."""
        from pipeline.lookup import list_sentences, load_transcript

        episode, transcript = load_transcript(self._store, name)
        return EpisodeSentences(episode.id, list_sentences(transcript), tuple(self._store.chapters(episode.id)))

    def gaps(self, name: str) -> EpisodeSentences:
        """Return the spans of speech without words and of undecodable sound. Raises EpisodeError as ``at`` does."""
        from pipeline.lookup import find_transcript, list_gaps

        episode, facts = find_transcript(self._store, name)
        return EpisodeSentences(episode.id, list_gaps(facts))

    def export(
        self,
        name: str,
        format: str | None = None,
        target: str | Path | None = None,
        *,
        subtitles: bool = False,
        overwrite: bool = False,
    ) -> Exported:
        """Return a transcript in a format, or write it to ``target``.

        ``format`` is json, srt, vtt, txt or tsv (as Whisper writes them), ttml, podcast-json, csv or md; None is that
        of the target's extension, else txt. In a folder the file is named by the episode's id. ``subtitles`` cuts srt,
        vtt or ttml anew, to be read while it is heard (docs/exports.md). Raises EpisodeError as ``at`` does, UsageError
        for an unknown ``format``, and UsageError and OutputError for its target as ``clip`` does.
        """
        from pipeline.exporting import export_transcript

        return export_transcript(self._store, name, format, target, subtitles=subtitles, overwrite=overwrite)

    def export_all(
        self,
        folder: str | Path,
        names: Sequence[str] | None = None,
        *,
        show: str | None = None,
        format: str | None = None,
        subtitles: bool = False,
        overwrite: bool = False,
    ) -> Iterator[ExportOutcome]:
        """Write the transcripts of several episodes into a folder, and yield how each went, once it is written.

        ``names`` None are all episodes, or those of a ``show`` (its whole name). The folder is created if missing; each
        file is named by its episode's id. An episode that fails does not stop the others, and a file that exists is a
        failure unless ``overwrite``. Raises UsageError for an unknown ``format`` (None is txt) or ``show``, and as
        ``clip`` for the folder; OutputError if the disk is full.
        """
        from pipeline.exporting import export_transcripts

        chosen = as_list(names) if names is not None else None
        return export_transcripts(
            self._store, chosen, Path(folder), format, show=show, subtitles=subtitles, overwrite=overwrite
        )

    # Maintenance

    def reindex(self) -> int:
        """Rebuild the index from the transcripts, and return how many it holds."""
        from index.fulltext.maintenance import rebuild_index

        self._finish_removals()
        rebuild_index(self._store, self._report_index)
        return len(self._store.transcripts())

    def doctor(self, *, repair: bool = True) -> Iterator[Finding]:
        """Check engine, weights, decoder, encoder, player, library, index and recordings, and yield what was found.

        The library may be damaged, or missing if it was opened with ``create``; it is not created. With ``repair``
        interrupted removals are finished, and empty episodes and second copies of earlier versions are removed.
        """
        from pipeline.doctor import examine

        return examine(self.directory, repair=repair)

    @cached_property
    def _store(self) -> Store:
        if self._closed:
            raise ValueError(f"the library {self.directory} is closed")
        _log.debug("opening %s", self.directory)
        return Store.open(self.directory, create=self._create)

    @cached_property
    def _index(self) -> IndexSession:
        from index.fulltext.maintenance import IndexSession

        return IndexSession(self._store)

    def _ask(self, question: Callable[[OpenIndex], T]) -> T:
        return self._index.ask(question, self._report_index)

    def _finish_removals(self) -> None:
        from pipeline.batch.removal import finish_removals

        finish_removals(self._store, self._report_index)

    def _report_index(self, done: int, total: int) -> None:
        self.progress(IndexAdvanced(done, total))


def list_quotations(
    articles: Sequence[ArticleSource], *, fragments: bool = False, allow_private: bool = False
) -> ListedArticles:
    """List the quotations of some articles that ``verify`` would check, and what it would pass over, with the reasons.

    It needs no library. ``articles``, ``fragments`` and ``allow_private`` are as for ``Library.verify``.
    """
    from pipeline.articles.selection import list_quotations

    return list_quotations(articles, fragments, allow_private)


def list_models() -> list[ModelListing]:
    """Return the Whisper models: which are on this machine, and how to get the others."""
    from pipeline.models.weights import list_models

    return list_models()
