"""``airquote verify``: check the quotations of an article."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.answers import ArticleStream
from pipeline.cli.locate import WithinEpisode, WithinShow
from pipeline.cli.options import AllowPrivateOption, JsonOption, LibraryOption, VerboseOption, settings_from
from pipeline.cli.printing import HEAR_HITS, isolate, print_json, print_line, say, say_error, style

if TYPE_CHECKING:
    from pipeline.library import Library
    from pipeline.verification.results import CheckedArticle, VerifiedArticles

NOTHING_FOUND, INPUT_FAILED = 1, 3

STANDARD_INPUT = "-"

ArticleArguments = Annotated[
    list[str],
    typer.Argument(
        metavar="ARTICLE...",
        help="Text, Markdown, HTML, Word or PDF files, addresses, or - for stdin.",
        show_default=False,
    ),
]
FragmentsOption = Annotated[bool, typer.Option("--fragments", help="Check scare quotes and titles too.")]

NAMED_FRAGMENTS = 10
"""The most fragments that are listed; of the rest only the number is printed."""


def verify(
    article: ArticleArguments,
    episode: WithinEpisode = None,
    show: WithinShow = None,
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="REPORT", help="Write the evidence page to this file.", show_default=False),
    ] = None,
    clips: Annotated[
        Path | None,
        typer.Option("--clips", metavar="DIR", help="Write a clip of each place into this folder.", show_default=False),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a report and clips that exist.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit code 1 unless every quotation is verbatim.")] = False,
    fragments: FragmentsOption = False,
    context: Annotated[int, typer.Option(min=0, help="Sentences to show around each place.")] = 0,
    allow_private: AllowPrivateOption = False,
    library: LibraryOption = None,
    as_json: JsonOption = False,
    _verbose: VerboseOption = False,
) -> None:
    """Find every quotation of an article in the audio, and check it word by word."""
    from pipeline.cli.progress import show_progress
    from pipeline.library import Library

    articles = [ArticleStream(sys.stdin.buffer, "standard input") if one == STANDARD_INPUT else one for one in article]
    with Library.open(settings_from(library=library).library) as opened:
        opened.check_targets(articles, report=html, clips=clips, overwrite=overwrite)
        with show_progress(opened):
            verified = opened.verify(
                articles,
                episode=episode,
                show=show,
                fragments=fragments,
                context=max(context, 1),
                allow_private=allow_private,
            )
        for failure in verified.failures:
            say_error(failure)
        _print(verified, as_json, context > 0)
        judged = [one for each in verified.articles for one in each.quotations]
        failed = bool(verified.failures)
        if judged and html is not None:
            opened.write_report(verified.articles, html, overwrite=overwrite)
            say(f"Evidence page: {html}")
        if judged and clips is not None:
            failed |= not _write_clips(opened, verified.articles, clips, overwrite)
    if failed:
        raise typer.Exit(INPUT_FAILED)
    if not judged or (strict and any(one.kind != "verbatim" for one in judged)):
        raise typer.Exit(NOTHING_FOUND)


def _print(verified: VerifiedArticles, as_json: bool, context: bool) -> None:
    from pipeline.cli.quotations import LEGEND, has_marks, print_quotation

    for place, article in enumerate(verified.articles):
        if as_json:
            print_json([one.answer for one in article.quotations])
        elif article.quotations and len(verified.articles) > 1:
            if place:
                print_line()
            print_line(style(isolate(article.title or article.source), bold=True))
        for number, one in enumerate(() if as_json else article.quotations):
            if number:
                print_line()
            print_quotation(one, context)
        if article.fragments:
            say(isolate(article.source), f": {_list_fragments(article.fragments)}")
        if not article.quotations:
            say("There is no quotation to check in ", isolate(article.source), ".")
    judged = [one for article in verified.articles for one in article.quotations]
    if passed_over := sum(len(article.passed_over) for article in verified.articles):
        say(f"Passed over: {passed_over}. To see which, and why: airquote quotations ARTICLE")
    if as_json or not judged:
        return
    if any(map(has_marks, judged)):
        say(LEGEND)
    if verified.kept and any(one.places for one in judged):
        say(HEAR_HITS)


def _list_fragments(fragments: tuple[str, ...]) -> str:
    named = ", ".join(f"“{text}”" for text in fragments[:NAMED_FRAGMENTS])
    more = f" and {len(fragments) - NAMED_FRAGMENTS} more" if len(fragments) > NAMED_FRAGMENTS else ""
    return f"too short to check without --fragments: {named}{more}"


def _write_clips(library: Library, articles: Sequence[CheckedArticle], folder: Path, overwrite: bool) -> bool:
    """Write the clips and print the errors of those that could not be cut. Return whether there were none."""
    written, failed = library.write_clips(articles, folder, overwrite=overwrite)
    for error in failed:
        say_error(error)
    say(f"Clips in {folder}: {len(written)}")
    return not failed
