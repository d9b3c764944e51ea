"""``airquote quotations``: the quotations of an article that would be checked."""

from __future__ import annotations

from itertools import groupby

import typer

from pipeline.answers import ListedQuotation
from pipeline.cli.options import AllowPrivateOption, VerboseOption
from pipeline.cli.printing import faint, isolate, print_line, say, say_error, style
from pipeline.cli.rows import RowPrinter, prints_rows
from pipeline.cli.verify import INPUT_FAILED, NOTHING_FOUND, ArticleArguments, FragmentsOption, open_articles


@prints_rows(ListedQuotation)
def quotations(
    article: ArticleArguments,
    fragments: FragmentsOption = False,
    allow_private: AllowPrivateOption = False,
    print_rows: RowPrinter | None = None,
    _verbose: VerboseOption = False,
) -> None:
    """List the quotations of an article that would be checked, who is quoted, and what is passed over."""
    from pipeline.library import list_quotations

    articles = open_articles(article)
    listed = list_quotations(articles, fragments=fragments, allow_private=allow_private)
    for failure in listed.failures:
        say_error(failure)
    if print_rows:
        print_rows(listed.quotations)
    else:
        for source, found in groupby(listed.quotations, key=lambda one: one.article):
            if len(articles) > 1:
                print_line(style(isolate(source), bold=True))
            for one in found:
                _print_quotation(one)
    passed_over = sum(one.reason is not None for one in listed.quotations)
    say(f"To check: {len(listed.quotations) - passed_over}. Passed over: {passed_over}.")
    if listed.failures:
        raise typer.Exit(INPUT_FAILED)
    if passed_over == len(listed.quotations):
        raise typer.Exit(NOTHING_FOUND)


def _print_quotation(one: ListedQuotation) -> None:
    """Print a line: where in the article, the words, and the speaker or the reason."""
    place = f"line {one.line}" if one.line is not None else f"at {one.offset}"
    told = f"({one.reason})" if one.reason else one.attributed or "(nobody is named)"
    mark = "-" if one.reason else " "
    print_line(f"{place:>9} {mark} “", isolate(one.quotation.removesuffix(",")), "”  ", faint(isolate(told)), hang=12)
