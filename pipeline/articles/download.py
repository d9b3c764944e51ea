"""Download a web page, within limits of time and size."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from audio.errors import choose_other_file, correct_input, try_again
from pipeline.errors import AddressError, ArticleError
from pipeline.network.addresses import AddressRule

if TYPE_CHECKING:
    from pipeline.network.fetching import Reply

_log = logging.getLogger("airquote.articles")

MOST_BYTES = 32 * 2**20
"""Six times the largest article that must work; anything larger is not an article."""

CONNECT_SECONDS = 10.0
READ_SECONDS = 20.0
WHOLE_SECONDS = 60.0

_HEADERS = {
    "User-Agent": "airquote (checks quotations against audio)",
    "Accept": "text/html, text/*;q=0.9, */*;q=0.1",
}
_SAVE_IT = "Save the page from a browser, and give the file instead."
_TYPES = ("text/", "application/xhtml+xml", "application/xml", "application/octet-stream")
"""Some servers send Markdown as an octet stream; its bytes are checked later."""

_REFUSED_BY_THEIR_BYTES = ("application/pdf", "application/msword", "application/rtf", "application/vnd.")
"""Document formats of articles that pipeline/articles/article.py refuses, with advice for each."""


@dataclass(frozen=True, slots=True)
class Page:
    """A server's response: ``url`` after redirects, the content type without parameters, the declared encoding."""

    url: str
    data: bytes
    content_type: str
    encoding: str | None


def download_page(url: str, rule: AddressRule) -> Page:
    """Download the page at ``url``. Raises ArticleError if that fails or its type is not text or a document."""
    from pipeline.network.connections import TimeLimits, for_log
    from pipeline.network.fetching import open_address

    limits = TimeLimits(CONNECT_SECONDS, READ_SECONDS, WHOLE_SECONDS)
    try:
        with open_address(url, rule, limits, _HEADERS) as reply:
            _check_reply(reply)
            data = reply.read(MOST_BYTES)
    except AddressError as error:
        way_out = error.way_out
        if way_out and way_out.kind in ("try_again", "correct_input"):
            way_out = replace(way_out, advice=f"{way_out.advice} Or: {_SAVE_IT}")
        raise ArticleError(error.message, way_out, where=error.where) from error
    _log.info("%s: %d bytes of %s", for_log(reply.address), len(data), reply.content_type or "no stated type")
    return Page(reply.address, data, reply.content_type, reply.encoding)


def _check_reply(reply: Reply) -> None:
    """Raise ArticleError for a status other than success, and for a content type that cannot be an article."""
    url, status = reply.address, reply.status
    if status in (404, 410):
        raise ArticleError(f"There is no page at {url} ({status}).", correct_input("Check the address."), where=url)
    if status in (401, 402, 403, 407, 429, 451):
        raise ArticleError(f"{url} refuses access by programs ({status}).", choose_other_file(_SAVE_IT), where=url)
    if not 200 <= status < 300:
        advice = try_again(f"Try again later. {_SAVE_IT}")
        raise ArticleError(f"{url} answered with an error ({status}).", advice, where=url)
    if reply.content_type and not reply.content_type.startswith(_TYPES + _REFUSED_BY_THEIR_BYTES):
        raise ArticleError(
            f"{url} is not an article: its content type is {reply.content_type}.",
            choose_other_file("Give the address of a page of text."),
            where=url,
        )
