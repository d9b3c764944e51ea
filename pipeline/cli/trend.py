"""``airquote trend``: how often something was said, by month or year."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer

from audio.errors import UsageError, correct_input
from pipeline.answers import SearchOptions
from pipeline.cli.drawing import draw_bar, draw_sparkline, shows_blocks
from pipeline.cli.options import LibraryOption, ShowOption, SinceOption, UntilOption, VerboseOption, settings_from
from pipeline.cli.printing import isolate, plural, print_line, print_table, printable, say, style
from pipeline.cli.rows import RowPrinter, prints_rows
from pipeline.cli.search import say_nothing_found
from pipeline.cli.terminal import width_of
from pipeline.trends.trend import WORDS_OF_RATE, TrendPoint

if TYPE_CHECKING:
    from pipeline.trends.trend import Trend

NOTHING_FOUND = 1
_LEAST_BAR, _MOST_BAR = 10, 60
"""Columns of the longest bar, in narrow and in wide terminals."""
_RATE = f"per {WORDS_OF_RATE:,} words"
_BESIDE_DRAWING = 55
"""Columns of a row beside its bar, or beside its sparkline and its names."""
_IN_A_PIPE = 80
"""Columns where stdout is no terminal."""
_OPERATORS = frozenset({"AND", "OR", "NOT", "|", "||", "&&"})
_NO_SHOW = "(no show)"


class PeriodOption(StrEnum):
    """What hits are counted by."""

    month = "month"
    year = "year"


class SeriesOption(StrEnum):
    """What is compared, beside the queries."""

    show = "show"


@prints_rows(TrendPoint)
def trend(
    queries: Annotated[
        list[str],
        typer.Argument(
            metavar="QUERY...",
            help="Words, or queries as for search, each counted by itself; a phrase is '\"more to come\"'.",
            show_default=False,
        ),
    ],
    by: Annotated[
        PeriodOption | None,
        typer.Option(help="Count by month or by year.", show_default="month, year for more than three years"),
    ] = None,
    per: Annotated[SeriesOption | None, typer.Option(help="Count each show by itself.")] = None,
    show: ShowOption = None,
    episode: Annotated[str | None, typer.Option(help="Only this episode.")] = None,
    speaker: Annotated[str | None, typer.Option(help="Only what is said by a speaker with this name.")] = None,
    since: SinceOption = None,
    until: UntilOption = None,
    lang: Annotated[str | None, typer.Option(help="Only transcripts in this language, such as en.")] = None,
    fuzzy: Annotated[bool, typer.Option("--fuzzy", help="Also count misspelt and misrecognised words.")] = False,
    library: LibraryOption = None,
    print_rows: RowPrinter | None = None,
    _verbose: VerboseOption = False,
) -> None:
    """Count how often something was said in each month or year, exactly and relative to the words spoken."""
    from pipeline.cli.progress import show_progress
    from pipeline.library import Library

    if not _OPERATORS.isdisjoint(queries):
        way_out = correct_input(f"Put one with operators into quotes: {shlex.quote(' '.join(queries))}")
        raise UsageError("Each argument is a query of its own.", way_out)
    options = SearchOptions(
        fuzzy=fuzzy, show=show, episode=episode, speaker=speaker, since=since, until=until, lang=lang
    )
    with Library.open(settings_from(library=library).library) as opened, show_progress(opened):
        counted = opened.trend(queries, options, by=by.value if by else None, per_show=per is not None)
    for note in counted.notes:
        say(note)
    found = any(point.hits for point in counted.points)
    if print_rows and found:
        print_rows(counted.points)
    elif found:
        _print_trend(counted)
    for query, suggestions in counted.missing:
        say_nothing_found(query, suggestions)
    if not found:
        raise typer.Exit(NOTHING_FOUND)


def _print_trend(counted: Trend) -> None:
    """Print a sparkline for each of several series, or a table with bars for one, or where sparklines are too wide."""
    series = [list(points) for _, points in groupby(counted.points, key=lambda point: (point.query, point.show))]
    by_show = any(point.show is not None for point in counted.points)
    highest = max((point.per_10000_words or 0 for point in counted.points if point.period), default=0)
    columns = (width_of(sys.stdout) or _IN_A_PIPE) - _BESIDE_DRAWING
    names = max(len(point.query + (point.show or "")) for point in counted.points)
    if len(series) > 1 and (names + len(series[0]) <= columns or not sys.stdout.isatty()):
        _print_series(series, counted.by, highest)
    else:
        for points in series:
            if len(series) > 1 or by_show:
                show = (" · ", isolate(points[0].show or _NO_SHOW)) if by_show else ()
                print_line(style(printable(isolate(points[0].query), *show), bold=True))
            _print_periods(points, counted.by, highest, max(_LEAST_BAR, min(_MOST_BAR, columns)))
    if counted.undated_episodes:
        say(f"Without a known {counted.by}: {counted.undated_episodes} {plural('episode', counted.undated_episodes)}.")


def _print_periods(points: Sequence[TrendPoint], by: str, highest: float, width: int) -> None:
    blocks = shows_blocks()
    rows = [
        (
            point.period or f"no {by}",
            str(point.hits).rjust(len("hits")),
            str(point.searched_episodes).rjust(len("episodes")),
            _rate(point.per_10000_words).rjust(len(_RATE)),
            draw_bar((point.per_10000_words or 0) / highest, width, blocks) if highest and point.period else "",
        )
        for point in points
    ]
    print_table((by, "hits", "episodes", _RATE, ""), rows)
    hits, words = _sums(points)
    found, searched = sum(point.episodes for point in points), sum(point.searched_episodes for point in points)
    say(
        f"{hits:,} {plural('hit', hits)} in {found} of {searched} {plural('episode', searched)}:"
        f" {_rate_of(hits, words)} {_RATE}, of {words:,} spoken."
    )


def _print_series(series: Sequence[Sequence[TrendPoint]], by: str, highest: float) -> None:
    blocks = shows_blocks()
    by_show = any(point.show is not None for points in series for point in points)
    rows = []
    for points in series:
        known = [point for point in points if point.period]
        peak = max(known, key=lambda point: point.per_10000_words or 0, default=None)
        hits, words = _sums(points)
        rows.append(
            (
                points[0].query,
                *([points[0].show or _NO_SHOW] if by_show else []),
                draw_sparkline([point.per_10000_words for point in known], highest or 1, blocks),
                str(hits).rjust(len("hits")),
                _rate_of(hits, words).rjust(len(_RATE)),
                f"{peak.period} ({_rate(peak.per_10000_words)})" if peak and peak.hits else "-",
            )
        )
    print_table(("query", *(["show"] if by_show else []), f"by {by}", "hits", _RATE, "peak"), rows)
    periods = [point.period for point in series[0] if point.period]
    if periods:
        zero, gap = ("a low line", "a gap") if blocks else ("0", ".")
        say(
            f"{periods[0]} to {periods[-1]}; the highest is {_rate(highest)} {_RATE},"
            f" {zero} is no hits, {gap} no episodes."
        )


def _sums(points: Sequence[TrendPoint]) -> tuple[int, int]:
    """Return the hits and the words of all points."""
    return sum(point.hits for point in points), sum(point.searched_words for point in points)


def _rate_of(hits: int, words: int) -> str:
    return _rate(hits / words * WORDS_OF_RATE if words else None)


def _rate(rate: float | None) -> str:
    return "-" if rate is None else f"{rate:.1f}" if rate >= 10 or rate == 0 else f"{rate:.2f}"
