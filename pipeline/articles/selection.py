"""Select the quotations of articles that are checked, and list them with what is passed over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from audio.errors import AirquoteError, UsageError, correct_input
from index.quotations.extraction import PassedOver, Quotation, extract_quotations
from pipeline.answers import ArticleSource, ListedArticles, ListedQuotation, as_list
from pipeline.articles.article import Article, name_source, read_article
from pipeline.errors import as_failure

FRAGMENT = "one to three words that are no statement: a scare quote or a title"


@dataclass(frozen=True, slots=True)
class Selection:
    """The quotations of an article to check, and what is passed over, each in order."""

    article: Article
    quotations: tuple[Quotation, ...]
    passed_over: tuple[PassedOver, ...]


def select_quotations(article: Article, fragments: bool) -> Selection:
    """Find the quotations of an article; scare quotes and titles are selected only with ``fragments``."""
    found = extract_quotations(article.text)
    short = [one for one in found.quotations if one.fragment and not fragments]
    passed_over = [PassedOver(one.text, one.start, one.end, FRAGMENT, one.speaker) for one in short]
    return Selection(
        article,
        tuple(one for one in found.quotations if fragments or not one.fragment),
        tuple(sorted([*found.passed_over, *passed_over], key=lambda one: one.start)),
    )


def read_quotations(
    sources: Sequence[ArticleSource], fragments: bool, allow_private: bool
) -> tuple[list[Selection], list[AirquoteError]]:
    """Return the quotations of each readable article, and the errors of the others.

    Raises UsageError for an empty name.
    """
    sources = as_list(sources)
    if any(isinstance(source, str) and not source.strip() for source in sources):
        raise UsageError("One of the articles is an empty name.", correct_input("Name a file or an address."))
    selected: list[Selection] = []
    failures: list[AirquoteError] = []
    for source in sources:
        try:
            selected.append(select_quotations(read_article(source, allow_private), fragments))
        except Exception as error:  # noqa: BLE001 - one article never stops the others
            failures.append(as_failure(error, name_source(source)))
    return selected, failures


def list_quotations(sources: Sequence[ArticleSource], fragments: bool, allow_private: bool) -> ListedArticles:
    """List the quotations of each readable article, and return the errors of the others."""
    selected, failures = read_quotations(sources, fragments, allow_private)
    return ListedArticles(tuple(chain.from_iterable(map(_list_selection, selected))), tuple(failures))


def _list_selection(selection: Selection) -> Iterator[ListedQuotation]:
    article = selection.article
    listed: list[Quotation | PassedOver] = [*selection.quotations, *selection.passed_over]
    for one in sorted(listed, key=lambda one: one.start):
        reason = one.reason if isinstance(one, PassedOver) else None
        fragment = one.fragment if isinstance(one, Quotation) else reason == FRAGMENT
        text = " ".join(one.text.split())
        yield ListedQuotation(
            article.source, text, one.speaker, fragment, one.start, article.line_of(one.start), reason
        )
