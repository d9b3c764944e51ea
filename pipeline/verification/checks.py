"""Locate and verify quotations in the library."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import count

from audio.errors import UsageError, correct_input
from index.fulltext.maintenance import OpenIndex
from index.quotations.extraction import Quotation
from index.storage.store import Store
from index.verification.judging import judge_places, rate_verdict
from index.verification.locate import Locator, Match, excess_length
from index.verification.quoted_words import split_quotation
from index.verification.significance import PlacePrior
from index.verification.speaking import find_speaking
from index.verification.verdicts import Verdict, verify_together
from pipeline.articles.selection import Selection
from pipeline.episodes.chosen_episodes import list_ids
from pipeline.errors import check_number
from pipeline.imported.word_origin import find_origin
from pipeline.progress import ProgressCallback, QuotationsAdvanced, ignore_progress
from pipeline.verification.publishers_reading import PublishersReadings
from pipeline.verification.results import (
    CheckedArticle,
    CheckedQuotation,
    FoundPlace,
    QuotationJudged,
    RecognisedWord,
    SpokenEdit,
)
from pipeline.verification.scope import Scope

JudgedCallback = Callable[[QuotationJudged], None]


def locate_statement(
    text: str, index: OpenIndex, scope: Scope, limit: int = 10, least: float | None = None
) -> list[CheckedQuotation]:
    """Return the places of ``text``, the likeliest first, each with a verdict on that place alone.

    Without ``least`` these are the places that it quotes or, if there is none, the closest ones ("not found", each with
    its ``closest``); with it, all places of at least this similarity, 0 to 1.
    Raises UsageError for another number, a ``limit`` below 1, or a text that is too long.
    """
    check_number("limit", limit, 1)
    if least is not None:
        check_number("least similarity", least, 0, 1)
    if too_long := excess_length(text):
        raise UsageError(f"The quotation is too long. {too_long}", correct_input("Give a part of it."))
    quotation = Quotation(text, (text,), 0, len(text))
    with index.store.snapshot():
        within = scope.within(index)
        locator = Locator(text, index, within, scope.spoken_by)
        prior = PlacePrior(index, within)
        matches = locator.locate(limit)
        judged = [
            rate_verdict(judge_places(quotation, [match], locator, prior, index.store), [match], prior, index.store)
            for match in matches
        ]
        if least is not None:
            judged = [
                verdict if verdict.parts else replace(verdict, closest=match)
                for match, verdict in zip(matches, judged, strict=True)
                if match.similarity >= least
            ]
        elif any(verdict.parts for verdict in judged):
            judged = [verdict for verdict in judged if verdict.parts]
        shown = [verdict for verdict in judged if verdict.parts or verdict.closest]
        readings = PublishersReadings(index.store)
        return [_to_checked(one, index.store, readings, number, lead=number) for number, one in enumerate(shown, 1)]


def verify_articles(
    selected: Sequence[Selection],
    index: OpenIndex,
    scope: Scope,
    context: int = 1,
    listen: Callable[[Verdict], Verdict] | None = None,
    progress: ProgressCallback = ignore_progress,
    told: JudgedCallback | None = None,
) -> list[CheckedArticle]:
    """Judge the selected quotations of each article; their places are numbered across all articles.

    ``context`` is the number of sentences given before and after each place; ``listen`` asks the sound about a verdict.
    ``told`` is called with each verdict as soon as it is known, and again once the sound was asked.
    Raises UsageError if ``context`` is below zero.
    """
    check_number("number of sentences around a place", context)
    total = sum(len(one.quotations) for one in selected)
    checked, first, heard = [], 1, 0
    with index.store.snapshot():
        within, done, readings = scope.within(index), count(), PublishersReadings(index.store)
        judged = [
            verify_together(
                one.quotations,
                index,
                within,
                scope.spoken_by,
                lambda: progress(QuotationsAdvanced("checked", next(done), total)),
            )
            for one in selected
        ]
        tell = told or (lambda _: None)
        if told and listen:
            for one, number, verdict in _number(selected, judged):
                unheard = _to_checked(_name_unsearched(verdict, scope), index.store, readings, 1, context)
                tell(QuotationJudged(one.article.source, number, unheard, settled=False))
        for one, verdicts in zip(selected, judged, strict=True):
            quotations: list[CheckedQuotation] = []
            for verdict in verdicts:
                if listen is not None:
                    progress(QuotationsAdvanced("listened to", heard, total))
                    verdict, heard = listen(verdict), heard + 1
                known = _to_checked(_name_unsearched(verdict, scope), index.store, readings, first, context)
                tell(QuotationJudged(one.article.source, len(quotations), known, settled=True))
                quotations.append(known)
                first += len(verdict.parts)
            checked.append(CheckedArticle(one.article, tuple(quotations), one.passed_over))
    return checked


def _number(
    selected: Sequence[Selection], judged: Sequence[Sequence[Verdict]]
) -> Iterator[tuple[Selection, int, Verdict]]:
    for one, verdicts in zip(selected, judged, strict=True):
        for number, verdict in enumerate(verdicts):
            yield one, number, verdict


def _name_unsearched(verdict: Verdict, scope: Scope) -> Verdict:
    """Name the episodes that could not be searched in the reason of a verdict that found nothing."""
    if verdict.kind not in ("not found", "paraphrase") or not scope.untranscribed:
        return verdict
    unsearched = f"Not searched, because there is no transcript yet: {list_ids(scope.untranscribed)}."
    return replace(verdict, reason=f"{verdict.reason} {unsearched}")


def _to_checked(
    verdict: Verdict, store: Store, readings: PublishersReadings, first: int, context: int = 1, lead: int = 0
) -> CheckedQuotation:
    """Add the speech at its places to a verdict; places are numbered from ``first`` on, the closest is ``lead``."""
    places = tuple(
        _to_place(match, verdict, store, number, context) for number, match in enumerate(verdict.parts, first)
    )
    closest = _to_place(verdict.closest, verdict, store, lead, context) if verdict.closest else None
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
        readings.remark_on(verdict),
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
    quoted = "".join(split_quotation(verdict.quotation.text)[match.quoted[0] : match.quoted[1] + 1]).strip()
    before, after = _read_around(match, store, context)
    speaking = find_speaking([match], None, store)
    facts = store.facts(match.episode.id)
    return FoundPlace(
        number, match.episode, match.span, quoted, match.similarity, edits, before, after, speaking.speaker,
        store.sound(match.episode.id).offset, store.repeated_in(match.transcript, match.first, match.last),
        find_origin(facts) if facts else None, speaking.overlap,
    )  # fmt: skip


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
