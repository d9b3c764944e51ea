"""Quotations and articles, held against the library."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from audio.errors import MediaError, UsageError, correct_input
from pipeline.answers import (
    ArticleSource,
)
from pipeline.facade.open_library import OpenLibrary

if TYPE_CHECKING:
    from pipeline.verification.results import (
        ArticleRead,
        CheckedArticle,
        LocatedStatement,
        QuotationJudged,
        VerifiedArticles,
    )

# Each method imports what it needs when it is called: a timestamp lookup loads neither Whoosh nor an engine.


class CheckingQuotations(OpenLibrary):
    """Checking quotations."""

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
        similarity. ``episode`` to ``until`` narrow the search as those of ``search`` do.
        Raises EpisodeError or UsageError as ``search``, and UsageError for a quotation without letters and digits.
        """
        from index.language.tokens import tokenize
        from pipeline.verification.checks import locate_statement
        from pipeline.verification.results import LocatedStatement
        from pipeline.verification.scope import Narrowing, find_scope

        scope = find_scope(self._store, Narrowing(episode, show, speaker, since, until))
        if not tokenize(quotation):
            raise UsageError("The quotation has no letter or digit.", correct_input("Name some of its words."))
        found = self._ask(lambda index: locate_statement(quotation, index, scope, limit, min_similarity))
        shown = [place.place for one in found for place in (one.places or filter(None, [one.closest]))]
        kept = self._save_places(shown)
        unsearched = tuple(one.id for one in scope.untranscribed)
        return LocatedStatement(tuple(found), unsearched, kept, self._ask(scope.notes))

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
        told: Callable[[ArticleRead | QuotationJudged], None] | None = None,
    ) -> VerifiedArticles:
        """Find every quotation of some articles in the library, and give each a verdict.

        ``articles`` are paths of files, http(s) addresses, or open streams; those that cannot be read are in
        ``failures`` of the result. ``fragments`` includes scare quotes and titles. ``context`` is the number of
        sentences to return around each place. ``episode`` to ``until`` are as for ``locate``, with its errors.
        ``allow_private`` permits addresses and redirects that lead into private networks (docs/addresses.md).
        ``listen`` asks the sound where words differ, if recording and weights are here, within a bounded time
        (docs/listening.md): by ``listen_model``, None for the best that is on this machine. ``told`` is called with
        each article once it is read, and with each verdict as soon as it is known. Raises UsageError or
        ModelError for a model that does not exist, or cannot be had.
        """
        from pipeline.articles.selection import read_quotations
        from pipeline.verification.checks import verify_articles
        from pipeline.verification.results import ArticleRead, CheckedArticle, VerifiedArticles
        from pipeline.verification.scope import Narrowing, find_scope

        scope = find_scope(self._store, Narrowing(episode, show, speaker, since, until))
        selected, failures = read_quotations(articles, fragments, allow_private)
        if told:
            for one in selected:
                told(ArticleRead(one.article, one.quotations, one.passed_over))
        if not any(one.quotations for one in selected):
            unchecked = tuple(CheckedArticle(one.article, (), one.passed_over) for one in selected)
            return VerifiedArticles(unchecked, tuple(failures), kept=False)
        if listen:
            from pipeline.verification.listening import verify_by_sound
            from pipeline.verification.listening_models import ListeningModels

            models = ListeningModels(listen_model, self.progress)
            checked, heard = self._ask(
                lambda index: verify_by_sound(selected, index, scope, context, models.load, self.progress, told)
            )
        else:
            checked = self._ask(
                lambda index: verify_articles(selected, index, scope, context, None, self.progress, told)
            )
            heard = None
        kept = self._save_places([place.place for article in checked for place in article.places])
        return VerifiedArticles(tuple(checked), tuple(failures), kept, heard, self._ask(scope.notes))

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
