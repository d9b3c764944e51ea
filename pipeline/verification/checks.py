"""Locate and verify quotations in the library."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from audio.errors import AirquoteError, UsageError, correct_input
from index.errors import EpisodeError
from index.fulltext.maintenance import OpenIndex
from index.quotations.extraction import PassedOver, Quotation
from index.storage.store import Store
from index.transcript import Episode
from index.verification.locate import Locator, Match, excess_length
from index.verification.verdicts import Verdict, judge_quotation, verify_quotation
from pipeline.answers import ArticleSource, as_list
from pipeline.articles.article import Article, name_source, read_article
from pipeline.articles.selection import select
from pipeline.errors import TRANSCRIBE_FIRST, as_failure, check_number, resume_transcription
from pipeline.verification.results import CheckedArticle, CheckedQuotation, FoundPlace, RecognisedWord, SpokenEdit

NAMED_EPISODES = 5  # episodes without a transcript that a reason lists


@dataclass(frozen=True, slots=True)
class Scope:
    """The numbers of the transcripts to search, None for all, and the episodes that have no transcript yet."""

    transcripts: Collection[int] | None
    untranscribed: tuple[Episode, ...]


@dataclass(frozen=True, slots=True)
class SelectedQuotations:
    """The quotations of an article to check, and what is passed over: among it the scare quotes and titles."""

    article: Article
    quotations: tuple[Quotation, ...]
    fragments: tuple[str, ...]
    passed_over: tuple[PassedOver, ...] = ()

    def checked(self, quotations: Sequence[CheckedQuotation] = ()) -> CheckedArticle:
        """Return the article with its judged quotations."""
        article = self.article
        return CheckedArticle(article.source, article.title, tuple(quotations), self.fragments, self.passed_over)


def select_quotations(article: Article, fragments: bool) -> SelectedQuotations:
    """Find the quotations of an article; scare quotes and titles are selected only with ``fragments``."""
    found = select(article, fragments)
    return SelectedQuotations(article, found.quotations, tuple(one.text for one in found.fragments), found.passed_over)


def read_quotations(
    sources: Sequence[ArticleSource], fragments: bool, allow_private: bool
) -> tuple[list[SelectedQuotations], list[AirquoteError]]:
    """Return the quotations of each readable article, and the errors of the others."""
    selected, failures = [], []
    for source in as_list(sources):
        try:
            selected.append(select_quotations(read_article(source, allow_private), fragments))
        except Exception as error:  # noqa: BLE001 - one article never stops the others
            failures.append(as_failure(error, name_source(source)))
    return selected, failures


def locate_statement(
    text: str, index: OpenIndex, scope: Scope, limit: int = 10, least: float | None = None
) -> list[CheckedQuotation]:
    """Return the places of ``text``, the likeliest first, each with a verdict on that place alone.

    Without ``least`` these are the places that it may quote; with it, all places of at least this similarity, 0 to 1.
    Raises UsageError for another number, a ``limit`` below 1, or a text that is too long.
    """
    check_number("limit", limit, 1)
    if least is not None:
        check_number("least similarity", least, 0, 1)
    if too_long := excess_length(text):
        raise UsageError(f"The quotation is too long. {too_long}", correct_input("Give a part of it."))
    quotation = Quotation(text, (text,), 0, len(text))
    found: list[CheckedQuotation] = []
    with index.store.snapshot():
        locator = Locator(text, index, scope.transcripts)
        for match in locator.locate(limit):
            verdict = judge_quotation(quotation, [match], index.store, locator.rarity.library_words)
            if verdict.kind == "not found":
                reason = "Only some of its words were said there."
                verdict = Verdict(quotation, "paraphrase", (match,), reason, 1 - verdict.confidence)
                if least is None:
                    continue
            if least is None or match.similarity >= least:
                found.append(_to_checked(verdict, index.store, len(found) + 1))
    return found


def verify_articles(
    selected: Sequence[SelectedQuotations], index: OpenIndex, scope: Scope, context: int = 1
) -> list[CheckedArticle]:
    """Judge the selected quotations of each article; their places are numbered across all articles.

    ``context`` is the number of sentences given before and after each place. Raises UsageError if it is below zero.
    """
    check_number("number of sentences around a place", context)
    checked, first = [], 1
    with index.store.snapshot():
        for one in selected:
            judged = []
            for quotation in one.quotations:
                verdict = verify_quotation(quotation, index, scope.transcripts)
                judged.append(_to_checked(_name_unsearched(verdict, scope), index.store, first, context))
                first += len(verdict.parts)
            checked.append(one.checked(judged))
    return checked


def find_scope(store: Store, episode: str | None = None, show: str | None = None) -> Scope:
    """Return the part of the library to search for quotations.

    Raises EpisodeError for an episode that is unknown, not transcribed yet or not of this show, and if there is no
    transcript at all; UsageError for an unknown show.
    """
    owners = {owner: number for number, owner in store.transcripts().items()}
    asked = [store.resolve_episode(episode)] if episode is not None else store.episodes()
    if show is not None:
        asked = [one for one in asked if (one.show or "").casefold() == show.strip().casefold()]
        if not asked and episode is not None:
            raise EpisodeError(
                f"The episode {episode} is not part of the show {show!r}.",
                correct_input("Leave one of the two out."),
                where=episode,
            )
        if not asked:
            known = sorted({one.show for one in store.episodes() if one.show})
            raise UsageError(
                f"No episode belongs to the show {show!r}.",
                correct_input(f"The library has: {', '.join(known)}." if known else "No episode here has a show."),
                where=show,
            )
    untranscribed = tuple(one for one in asked if one.id not in owners)
    if len(untranscribed) == len(asked):
        if not asked:
            raise EpisodeError("There is no episode in the library.", TRANSCRIBE_FIRST)
        raise EpisodeError(
            f"{_list_names(untranscribed)} {'is' if len(untranscribed) == 1 else 'are'} not transcribed yet.",
            resume_transcription(untranscribed[0].media or untranscribed[0].source, store.directory),
        )
    narrowed = episode is not None or show is not None
    transcripts = frozenset(owners[one.id] for one in asked if one.id in owners) if narrowed else None
    return Scope(transcripts, untranscribed)


def _name_unsearched(verdict: Verdict, scope: Scope) -> Verdict:
    """Name the episodes that could not be searched in the reason of a verdict that found nothing."""
    if verdict.kind not in ("not found", "paraphrase") or not scope.untranscribed:
        return verdict
    unsearched = f"Not searched, because there is no transcript yet: {_list_names(scope.untranscribed)}."
    return replace(verdict, reason=f"{verdict.reason} {unsearched}")


def _list_names(episodes: Sequence[Episode]) -> str:
    named = ", ".join(episode.id for episode in episodes[:NAMED_EPISODES])
    return f"{named} and {len(episodes) - NAMED_EPISODES} more" if len(episodes) > NAMED_EPISODES else named


def _to_checked(verdict: Verdict, store: Store, first: int, context: int = 1) -> CheckedQuotation:
    """Add the speech at its places to a verdict; places are numbered from ``first`` on."""
    places = tuple(
        _to_place(match, verdict, store, number, context) for number, match in enumerate(verdict.parts, first)
    )
    closest = _to_place(verdict.closest, verdict, store, 0, context) if verdict.closest else None
    return CheckedQuotation(
        verdict.quotation,
        verdict.kind,
        places,
        verdict.reason,
        verdict.confidence,
        closest,
        verdict.speaker,
        verdict.misattributed,
        verdict.sound,
    )


def _to_place(match: Match, verdict: Verdict, store: Store, number: int, context: int) -> FoundPlace:
    words = [
        RecognisedWord(word.text, word.probability) for word in store.words(match.transcript, match.first, match.last)
    ]
    edits = tuple(
        SpokenEdit(
            edit,
            tuple(words[edit.first - match.first : edit.last + 1 - match.first])
            if edit.first is not None and edit.last is not None
            else (),
        )
        for edit in match.edits
    )
    quoted = verdict.quotation.text.split()[match.quoted[0] : match.quoted[1] + 1]
    before, after = _read_around(match, store, context)
    return FoundPlace(number, match.episode, match.span, " ".join(quoted), match.similarity, edits, before, after)


def _read_around(match: Match, store: Store, context: int) -> tuple[str, str]:
    """Return the text before and after a match: the rest of its sentences, and ``context`` more on each side."""
    facts = store.facts(match.episode.id)
    total = facts.words if facts else match.last + 1
    first, last = match.first, match.last
    for step in range(context + 1):
        reach = 1 if step else 0
        segments = store.segments(match.transcript, max(0, first - reach), min(total - 1, last + reach))
        if not segments:
            break
        reached = min(first, segments[0].first), max(last, segments[-1].last)
        if step and reached == (first, last):
            break
        first, last = reached
    texts = store.texts(match.transcript, first, last)
    before, after = texts[: match.first - first], texts[match.last + 1 - first :]
    return "".join(before).strip(), "".join(after).strip()
