"""``airquote search``: full-text search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from audio.errors import UsageError, correct_input
from audio.timecode import format_time
from pipeline.answers import FacetValue, FoundStatement, HitCount, SearchOptions
from pipeline.cli.cite import print_citations
from pipeline.cli.errors import explain_way_out
from pipeline.cli.options import (
    LibraryOption,
    RowFormat,
    RowFormatOption,
    ShowOption,
    SinceOption,
    UntilOption,
    VerboseOption,
    settings_from,
)
from pipeline.cli.printing import (
    SPEAK_AT_ONCE,
    and_in_more,
    faint,
    isolate,
    link,
    mark,
    plural,
    print_line,
    print_page,
    print_table,
    printable,
    say,
    say_what_hits_offer,
    style,
)
from pipeline.cli.rows import RowPrinter, prints_rows

if TYPE_CHECKING:
    from audio.errors import WayOut
    from pipeline.answers import SearchAnswer

SHOWN_QUERY = 200
"""The most characters that are printed of a query that found nothing."""


class SortOption(StrEnum):
    """The order of hits."""

    score = "score"
    date = "date"
    time = "time"


class RepeatsOption(StrEnum):
    """What is found in passages that recur: all of it, one hit for each passage, or nothing."""

    all = "all"
    fold = "fold"
    omit = "omit"


class GroupOption(StrEnum):
    """What hits are grouped by, to show only the first of each group."""

    episode = "episode"


@dataclass(frozen=True, slots=True)
class SyntaxExample:
    """An example of query syntax, under a ``heading``: a ``query``, and what it ``finds``."""

    heading: str
    query: str
    finds: str


@prints_rows(FoundStatement, HitCount, FacetValue, SyntaxExample)
def search(
    query: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="QUERY",
            help='Words (all are required), "exact phrases", AND, OR, NOT, brackets and more: see --syntax. '
            "Put it in single quotes.",
            show_default=False,
        ),
    ] = None,
    show: ShowOption = None,
    episode: Annotated[str | None, typer.Option(help="Only this episode.")] = None,
    speaker: Annotated[str | None, typer.Option(help="Only what is said by a speaker with this name.")] = None,
    since: SinceOption = None,
    until: UntilOption = None,
    lang: Annotated[str | None, typer.Option(help="Only transcripts in this language, such as en.")] = None,
    fuzzy: Annotated[bool, typer.Option("--fuzzy", help="Also match misspelt and misrecognised words.")] = False,
    sort: Annotated[SortOption, typer.Option(help="Best first, newest first, or oldest first.")] = SortOption.score,
    limit: Annotated[int, typer.Option(min=0, help="Maximum number of hits; 0 shows all.")] = 10,
    offset: Annotated[int, typer.Option(min=0, help="Hits to skip.")] = 0,
    context: Annotated[int, typer.Option(min=0, help="Sentences to show around each hit.")] = 0,
    count: Annotated[bool, typer.Option("--count", help="Only count the hits.")] = False,
    group: Annotated[GroupOption | None, typer.Option(help="Only the first hit of each episode.")] = None,
    facets: Annotated[
        str | None,
        typer.Option(
            metavar="NAMES", help="Count the hits by show, episode, year, month, speaker, language (comma-separated)."
        ),
    ] = None,
    no_repeats: Annotated[
        bool, typer.Option("--no-repeats", help="Only one hit in each passage that recurs, such as advertisements.")
    ] = False,
    repeats: Annotated[
        RepeatsOption | None,
        typer.Option(
            help="In passages that recur: all hits, one for each passage (fold), or none (omit).",
            show_default="the setting repeats, else all",
        ),
    ] = None,
    syntax: Annotated[bool, typer.Option("--syntax", help="Print the query syntax.")] = False,
    format: RowFormatOption = RowFormat.text,
    library: LibraryOption = None,
    print_rows: RowPrinter | None = None,
    _verbose: VerboseOption = False,
) -> None:
    """Find what was said: episode, time and sentence, best first."""
    from pipeline.cli.progress import show_progress
    from pipeline.library import Library

    if syntax:
        _print_syntax(print_rows)
        return
    if not query:
        raise UsageError("Search for what?", correct_input("Write: airquote search QUERY"))
    chosen = repeats or (RepeatsOption.fold if no_repeats else None)
    settings = settings_from(library=library, repeats=chosen.value if chosen else None)
    options = SearchOptions(
        limit=limit or None,
        offset=offset,
        context=context,
        sort=sort.value,
        by_episode=group is not None,
        fuzzy=fuzzy,
        show=show,
        episode=episode,
        speaker=speaker,
        since=since,
        until=until,
        lang=lang,
        repeats=settings.repeats,
    )
    names = tuple(name.strip() for name in (facets or "").split(",") if name.strip())
    text = " ".join(query)
    with Library.open(settings.library) as opened:
        if count:
            with show_progress(opened):
                counted = opened.count(text, options)
            _say_notes(counted.notes)
            if not counted.hits:
                _fail(text, counted.suggestions)
            _print_count(counted, print_rows)
        elif names:
            with show_progress(opened):
                facet_counts = opened.facets(text, names, options)
            _say_notes(facet_counts.notes)
            if not facet_counts.hits:
                _fail(text, facet_counts.suggestions)
            if not facet_counts.values:
                raise typer.Exit(1)
            _print_facets(facet_counts.values, print_rows)
        else:
            with show_progress(opened):
                answer = opened.search(text, options)
            _say_notes(answer.notes)
            if not answer.total:
                _fail(text, answer.suggestions)
            if not answer.statements:
                say(f"There {'is' if answer.total == 1 else 'are'} only {answer.total} {plural('hit', answer.total)}.")
                raise typer.Exit(1)
            _print_answer(answer, options, print_rows, format.style)


def _print_syntax(print_rows: RowPrinter | None) -> None:
    from pipeline.library import SYNTAX, syntax_page

    if print_rows:
        print_rows(SyntaxExample(heading, *example) for heading, examples in SYNTAX for example in examples)
        return
    print_page(syntax_page())


def _say_notes(notes: Sequence[str]) -> None:
    for note in notes:
        say(note)


def _fail(text: str, suggestions: Sequence[WayOut]) -> None:
    say_nothing_found(text, suggestions)
    raise typer.Exit(1)


def say_nothing_found(text: str, suggestions: Sequence[WayOut]) -> None:
    """Say that a query has no hits, and what to change about it."""
    say("Nothing found for ", isolate(text if len(text) <= SHOWN_QUERY else f"{text[:SHOWN_QUERY]} ..."))
    for way_out in suggestions:
        say(f"  {explain_way_out(way_out)}")


def _print_count(counted: HitCount, print_rows: RowPrinter | None) -> None:
    if print_rows:
        print_rows([counted])
        return
    hits, episodes = plural("hit", counted.hits), plural("episode", counted.episodes)
    print_line(f"{counted.hits} {hits} in {counted.episodes} {episodes}")


def _print_facets(values: Sequence[FacetValue], print_rows: RowPrinter | None) -> None:
    if print_rows:
        print_rows(values)
    else:
        print_table(("by", "value", "hits"), [(one.facet, one.value, str(one.hits)) for one in values])


def _print_answer(
    answer: SearchAnswer, options: SearchOptions, print_rows: RowPrinter | None, style: str | None
) -> None:
    if print_rows:
        print_rows(answer.statements)
        return
    if style is not None:
        print_citations(answer.statements, style)
    for statement in () if style else answer.statements:
        _print_statement(statement)
    last = options.offset + len(answer.statements)
    if not options.by_episode and (answer.total > last or options.offset):
        say(f"Hits {options.offset + 1} to {last} of {_total(answer)}.")
    for way_out in answer.suggestions:
        say(explain_way_out(way_out))
    if answer.kept:
        say_what_hits_offer(statement.link for statement in answer.statements)
    else:
        say("The library is not writable, so play N and clip N cannot refer to these hits: name episode and time.")


def _total(answer: SearchAnswer) -> str:
    """Write the number of all hits, an estimate in as many digits as its error lets count: about 1,400 (±8 %)."""
    if answer.exact:
        return str(answer.total)
    digits = len(str(int(answer.total * answer.error))) - 1
    return f"about {round(answer.total, -digits):,} (±{100 * answer.error:.0f} %)"


def _print_statement(statement: FoundStatement) -> None:
    show = (" · ", isolate(statement.show)) if statement.show else ()
    place = link(printable(isolate(statement.episode), f"  {format_time(statement.start)}"), statement.link)
    speakers = ("  ", isolate(", ".join(statement.speakers))) if statement.speakers else ()
    print_line(f"{statement.n:>3}  ", style(place, bold=True), *speakers, "  ", faint(isolate(statement.title), *show))
    place_of = (faint(f"{statement.found_in}: "),) if statement.found_in != "speech" else ()
    print_line("     ", *place_of, isolate(mark(statement.context, statement.marks)))
    if statement.overlap:
        print_line("     ", faint(SPEAK_AT_ONCE))
    if statement.repeat is not None:
        print_line("     ", faint(and_in_more(statement.repeat)))
