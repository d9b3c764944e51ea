"""Count how often queries were said in each period: exactly, and relative to the words spoken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from audio.errors import UsageError, correct_input
from index.fulltext.maintenance import OpenIndex
from index.query.periods import PERIODS, Period, choose_period, period_of, periods_between
from index.search.searcher import search
from index.search.word_totals import words_in_reach
from pipeline.searching import SearchRequest, explain_nothing, write_for
from pipeline.trends.trend import WORDS_OF_RATE, Trend, TrendPoint


@dataclass(frozen=True, slots=True)
class _Searched:
    """An episode that a query was looked for in, with its hits and its words."""

    transcript: int
    show: str | None
    published: str | None
    hits: int
    words: int


def check_period(by: str | None) -> None:
    """Raise UsageError for a period other than a month or a year; None is either."""
    if by is not None and by not in PERIODS:
        raise UsageError(f"{by!r} is not a period.", correct_input(f"Choose {' or '.join(PERIODS)}."), where=by)


def count_trend(requests: Sequence[SearchRequest], by: Period | None, per_show: bool, index: OpenIndex) -> Trend:
    """Return how often each query was said in each period; ``by`` None chooses months or years by the dates.

    All series have the same periods: from the first to the last in which any of them was looked for.
    """
    with index.store.snapshot():
        counted = [(request, _count(request, index)) for request in requests]
    dates = {one.transcript: one.published for _, episodes in counted for one in episodes}
    chosen = by or choose_period(dates.values())
    known = [period for date in dates.values() if (period := period_of(date, chosen)) is not None]
    periods = periods_between(min(known), max(known)) if known else []
    points: list[TrendPoint] = []
    for request, episodes in counted:
        for show, of_show in _by_show(episodes) if per_show else [(None, episodes)]:
            points += _series(request.text, show, of_show, periods, chosen)
    missing = [request for request, episodes in counted if not any(one.hits for one in episodes)]
    notes = dict.fromkeys(
        note for request in requests for note in (*write_for(index, request)[1], *_note_words(request.text))
    )
    told = tuple((request.text, explain_nothing(request, index)) for request in missing)
    return Trend(chosen, tuple(points), len(dates) - len(known), told, tuple(notes))


def _count(request: SearchRequest, index: OpenIndex) -> list[_Searched]:
    query, _ = write_for(index, request)
    hits = search(query, index, limit=0, count=True, repeats=request.options.repeats).counts
    words = words_in_reach(request.query, index)
    return [
        _Searched(number, show, published, hits[number], words[number])
        for number, _, show, published, _ in index.store.conditions()
        if number in words
    ]


def _by_show(episodes: Iterable[_Searched]) -> list[tuple[str | None, list[_Searched]]]:
    """Return the episodes of each show, by name; those without a show are the last."""
    shows: defaultdict[str | None, list[_Searched]] = defaultdict(list)
    for one in episodes:
        shows[one.show].append(one)
    return sorted(shows.items(), key=lambda item: (item[0] is None, item[0] or ""))


def _series(
    query: str, show: str | None, episodes: Iterable[_Searched], periods: Sequence[str], by: Period
) -> Iterator[TrendPoint]:
    sorted_out: defaultdict[str | None, list[_Searched]] = defaultdict(list)
    for one in episodes:
        sorted_out[period_of(one.published, by)].append(one)
    for period in [*periods, *([None] if None in sorted_out else [])]:
        within = sorted_out[period]
        hits, words = sum(one.hits for one in within), sum(one.words for one in within)
        rate = round(hits / words * WORDS_OF_RATE, 3) if words else None
        yield TrendPoint(query, show, period, hits, sum(one.hits > 0 for one in within), len(within), words, rate)


def _note_words(text: str) -> tuple[str, ...]:
    """Return a note on a query of several plain words: a person may mean the phrase."""
    words = text.split()
    if len(words) < 2 or not all(map(str.isalnum, words)):
        return ()
    return (f'{text}: counted where these words are near each other; "{text}" in quotation marks is the phrase.',)
