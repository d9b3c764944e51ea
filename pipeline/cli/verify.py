"""``airquote verify``: check the quotations of an article."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audio.errors import UsageError, correct_input
from pipeline.answers import ArticleSource, ArticleStream
from pipeline.cli.cite import print_citations
from pipeline.cli.errors import advise
from pipeline.cli.locate import BySpeaker, WithinEpisode
from pipeline.cli.options import (
    STANDARD_INPUT,
    AllowPrivateOption,
    LibraryOption,
    RowFormat,
    RowFormatOption,
    ShowOption,
    SinceOption,
    UntilOption,
    VerboseOption,
    parse_target,
    settings_from,
)
from pipeline.cli.printing import isolate, print_line, say, say_error, say_what_hits_offer, style, whole
from pipeline.cli.rows import RowPrinter, prints_rows
from pipeline.verification.results import FINDINGS, QuotationAnswer

if TYPE_CHECKING:
    from pipeline.library import Library
    from pipeline.verification.results import CheckedArticle, Listening, VerifiedArticles

NOTHING_FOUND, INPUT_FAILED = 1, 3


GRAVE = frozenset({"misattributed", "altered", "spliced", "not found", "passed over"})
"""What --strict does not let pass."""

NAMED_FINDINGS = ", ".join(finding.replace(" ", "-") for finding in FINDINGS)

ArticleArguments = Annotated[
    list[str],
    typer.Argument(
        metavar="ARTICLE...",
        help="Text, Markdown, HTML, Word or PDF files, addresses, or - for stdin.",
        show_default=False,
    ),
]
FragmentsOption = Annotated[bool, typer.Option("--fragments", help="Check scare quotes and titles too.")]


@prints_rows(QuotationAnswer)
def verify(
    article: ArticleArguments,
    episode: WithinEpisode = None,
    show: ShowOption = None,
    speaker: BySpeaker = None,
    since: SinceOption = None,
    until: UntilOption = None,
    html: Annotated[
        Path | None,
        typer.Option(
            "--html",
            metavar="REPORT",
            help="Write the evidence page to this file.",
            show_default=False,
            parser=parse_target,
        ),
    ] = None,
    clips: Annotated[
        Path | None,
        typer.Option(
            "--clips",
            metavar="DIR",
            help="Write a clip of each place into this folder.",
            show_default=False,
            parser=parse_target,
        ),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a report and clips that exist.")] = False,
    only: Annotated[
        str | None,
        typer.Option(metavar="KINDS", help=f"Print only these, comma-separated: {NAMED_FINDINGS}."),
    ] = None,
    strict: Annotated[
        bool,
        typer.Option(
            "--strict", help="Exit code 1 if anything is altered, spliced, not found, misattributed or passed over."
        ),
    ] = False,
    fragments: FragmentsOption = False,
    context: Annotated[int, typer.Option(min=0, help="Sentences to show around each place.")] = 0,
    listen: Annotated[
        bool, typer.Option("--listen/--no-listen", help="Ask the sound where words differ, if it and weights are here.")
    ] = True,
    listen_model: Annotated[
        str | None,
        typer.Option(
            "--listen-model", metavar="MODEL", help="Ask this model.", show_default="the best on this machine"
        ),
    ] = None,
    allow_private: AllowPrivateOption = False,
    format: RowFormatOption = RowFormat.text,
    library: LibraryOption = None,
    print_rows: RowPrinter | None = None,
    _verbose: VerboseOption = False,
) -> None:
    """Find every quotation of an article in the audio, and check it word by word."""
    from pipeline.cli.progress import show_progress
    from pipeline.library import Library

    wanted = _read_findings(only)
    articles = open_articles(article)
    with Library.open(settings_from(library=library).library) as opened:
        opened.check_targets(articles, report=html, clips=clips, overwrite=overwrite)
        with show_progress(opened):
            verified = opened.verify(
                articles,
                episode=episode,
                show=show,
                speaker=speaker,
                since=since,
                until=until,
                fragments=fragments,
                context=max(context, 1),
                allow_private=allow_private,
                listen=listen,
                listen_model=listen_model,
            )
        for failure in verified.failures:
            say_error(failure)
        for note in verified.notes:
            say(note)
        if print_rows:
            print_rows(one for each in verified.articles for one in each.answers if wanted & set(one.findings))
        elif format.style is not None:
            shown = [one for each in verified.articles for one in each.quotations if wanted & set(one.findings)]
            print_citations((place.cited for one in shown for place in one.places), format.style)
        else:
            _print_articles(verified, wanted, context > 0)
        if verified.listening:
            _say_listening(verified.listening)
        found = _say_counts(verified)
        judged = any(each.quotations for each in verified.articles)
        failed = bool(verified.failures)
        if judged and html is not None:
            with show_progress(opened):
                opened.write_report(verified.articles, html, overwrite=overwrite)
            say("Evidence page: ", whole(str(html)))
        if judged and clips is not None:
            failed |= not _write_clips(opened, verified.articles, clips, overwrite)
    if failed:
        raise typer.Exit(INPUT_FAILED)
    if not judged or (strict and GRAVE & set(found)):
        raise typer.Exit(NOTHING_FOUND)


def open_articles(names: Sequence[str]) -> list[ArticleSource]:
    """Return the articles that these arguments name: ``-`` is standard input."""
    return [ArticleStream(sys.stdin.buffer, "standard input") if name == STANDARD_INPUT else name for name in names]


def _read_findings(only: str | None) -> set[str]:
    if only is None:
        return {*FINDINGS}
    names = {" ".join(name.lower().replace("-", " ").split()) for name in only.split(",")}
    unknown = sorted(names - {*FINDINGS})
    if unknown:
        raise UsageError(
            f"There is no kind of finding {unknown[0]!r}.",
            correct_input(f"Choose some of {NAMED_FINDINGS}."),
            where=only,
        )
    return names


def _print_articles(verified: VerifiedArticles, wanted: set[str], context: bool) -> None:
    from pipeline.cli.quotations import LEGEND, find_recording, has_marks, print_passed_over, print_quotation

    shown = []
    for place, article in enumerate(verified.articles):
        quotations = [one for one in article.quotations if wanted & set(one.findings)]
        passed_over = article.passed_over if "passed over" in wanted else ()
        if len(verified.articles) > 1 and (quotations or passed_over):
            if place:
                print_line()
            print_line(style(isolate(article.title or article.source), bold=True))
        for number, one in enumerate(quotations):
            if number:
                print_line()
            print_quotation(one, context)
        for passage in passed_over:
            print_passed_over(passage)
        shown += quotations
    if any(map(has_marks, shown)):
        say(LEGEND)
    if any(one.needs_name for one in shown):
        say(*advise("name_voices", {"told": ""}))
    if verified.kept and any(one.places for one in shown):
        say_what_hits_offer(map(find_recording, shown))


def _say_listening(listening: Listening) -> None:
    """Say of how many quotations the sound was asked and by which model, and why it was not of others."""
    if listening.asked:
        models = ", ".join(listening.models)
        say(
            f"Quotations whose sound was asked: {listening.asked} (by ",
            isolate(models),
            f", {listening.seconds:.0f} s)",
        )
    for reason, count in listening.not_asked:
        say(f"Quotations whose sound was not asked: {count} (", isolate(reason), ")")


def _say_counts(verified: VerifiedArticles) -> Counter[str]:
    """Print how many quotations were checked, and how many of each kind were found; return these counts."""
    for article in verified.articles:
        if not article.quotations:
            say("There is no quotation to check in ", isolate(article.source), ".")
    answers = [answer for article in verified.articles for answer in article.answers]
    found = Counter(finding for answer in answers for finding in answer.findings)
    checked = sum(len(article.quotations) for article in verified.articles)
    if checked or found:
        listed = ", ".join(f"{found[finding]} {finding}" for finding in FINDINGS if found[finding])
        say(f"{checked} {'quotation' if checked == 1 else 'quotations'} checked: {listed}.")
    return found


def _write_clips(library: Library, articles: Sequence[CheckedArticle], folder: Path, overwrite: bool) -> bool:
    """Write the clips and print the errors of those that could not be cut. Return whether there were none."""
    from pipeline.cli.progress import show_progress

    with show_progress(library):
        written, failed = library.write_clips(articles, folder, overwrite=overwrite)
    for error in failed:
        say_error(error)
    say("Clips in ", whole(str(folder)), f": {len(written)}")
    return not failed
