"""Download a web page, within limits of time and size."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audio.errors import choose_other_file, correct_input, try_again
from pipeline.errors import ArticleError

if TYPE_CHECKING:
    import httpx

_log = logging.getLogger("airquote.articles")

MOST_BYTES = 32 * 2**20
"""Six times the largest article that must work; anything larger is not an article."""

CONNECT_SECONDS = 10.0
READ_SECONDS = 20.0
WHOLE_SECONDS = 60.0
MOST_REDIRECTS = 10

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


def download_page(url: str) -> Page:
    """Download the page at ``url``. Raises ArticleError if that fails or its type is not text or a document."""
    import httpx

    headers = {
        "User-Agent": "airquote (checks quotations against audio)",
        "Accept": "text/html, text/*;q=0.9, */*;q=0.1",
    }
    timeout = httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS)
    try:
        with (
            httpx.Client(
                follow_redirects=True, max_redirects=MOST_REDIRECTS, timeout=timeout, headers=headers
            ) as client,
            client.stream("GET", url) as response,
        ):
            return _read(url, response)
    except httpx.TimeoutException as error:
        raise ArticleError(
            f"{url} did not answer in time.", try_again(f"Try again later. {_SAVE_IT}"), where=url
        ) from error
    except httpx.TooManyRedirects as error:
        raise ArticleError(f"{url} redirects without end.", choose_other_file(_SAVE_IT), where=url) from error
    except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise ArticleError(
            f"{url} is not an address of a web page: {error}.", correct_input("Check how it is written."), where=url
        ) from error
    except httpx.ConnectError as error:
        raise ArticleError(
            f"{url} cannot be reached: {error}.",
            correct_input("Check the address and the network, or give a file."),
            where=url,
        ) from error
    except httpx.HTTPError as error:
        raise ArticleError(
            f"{url} could not be read to its end: {error}.", try_again(f"Try again. {_SAVE_IT}"), where=url
        ) from error


def _read(url: str, response: httpx.Response) -> Page:
    if response.status_code in (404, 410):
        raise ArticleError(
            f"There is no page at {url} ({response.status_code}).", correct_input("Check the address."), where=url
        )
    if response.status_code in (401, 402, 403, 407, 429, 451):
        raise ArticleError(
            f"{url} refuses access by programs ({response.status_code}).", choose_other_file(_SAVE_IT), where=url
        )
    if not response.is_success:
        raise ArticleError(
            f"{url} answered with an error ({response.status_code}).",
            try_again(f"Try again later. {_SAVE_IT}"),
            where=url,
        )
    content_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type and not content_type.startswith(_TYPES + _REFUSED_BY_THEIR_BYTES):
        raise ArticleError(
            f"{url} is not an article: its content type is {content_type}.",
            choose_other_file("Give the address of a page of text."),
            where=url,
        )
    started = time.monotonic()
    data = bytearray()
    for block in response.iter_bytes():
        data += block
        if len(data) > MOST_BYTES:
            raise ArticleError(
                f"{url} is larger than {MOST_BYTES // 2**20} MB.",
                choose_other_file("Give the address of one article."),
                where=url,
            )
        if time.monotonic() - started > WHOLE_SECONDS:
            raise ArticleError(
                f"{url} took longer than {WHOLE_SECONDS:.0f} seconds.",
                try_again(f"Try again later. {_SAVE_IT}"),
                where=url,
            )
    _log.info("%s: %d bytes of %s", response.url, len(data), content_type or "no stated type")
    return Page(str(response.url), bytes(data), content_type, _declared_encoding(response))


def _declared_encoding(response: httpx.Response) -> str | None:
    """Return the charset of the content type, as declared by the server."""
    try:
        return response.charset_encoding
    except ValueError:  # RFC 2231 lets a charset name have a charset of its own, which may hold a NUL
        return None
