"""Bounds on requests: the bytes of a body, and of an address."""

from __future__ import annotations

from contextlib import suppress

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline.web.json_answers import error_answer

LARGEST_BODY = 4 << 20
"""Bytes of a request's body; an article has some 20,000. Uploads have a bound of their own."""
LONGEST_ADDRESS = 8 << 10
_MOST_DIGITS = 20
TOO_LARGE, ADDRESS_TOO_LONG = 413, 414


class BodyTooLargeError(Exception):
    """A body is longer than it said, or says nothing and is too long."""


class SizeLimits:
    """Refuses requests that are too large, before they are read."""

    def __init__(self, app: ASGIApp, unbounded: tuple[str, ...] = ()) -> None:
        """Bodies of paths that begin with one of ``unbounded`` are bounded where they are read."""
        self._app, self._unbounded = app, unbounded

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with a bounded body, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif len(scope["raw_path"]) + len(scope["query_string"]) > LONGEST_ADDRESS:
            await error_answer(ADDRESS_TOO_LONG, "The address is too long.")(scope, receive, send)
        elif scope["path"].startswith(self._unbounded):
            await self._app(scope, receive, send)
        else:
            await self._bounded(scope, receive, send)

    async def _bounded(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = error_answer(TOO_LARGE, f"The request has more than {LARGEST_BODY >> 20} MB.", "Send less at once.")
        if not _is_small(Headers(scope=scope).get("content-length", "0")):
            await refusal(scope, receive, send)
            return
        received, started = 0, False

        async def receive_bounded() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > LARGEST_BODY:
                raise BodyTooLargeError
            return message

        async def send_unless_too_large(message: Message) -> None:
            nonlocal started
            if started or received <= LARGEST_BODY:
                started = True
                await send(message)

        with suppress(BodyTooLargeError):
            await self._app(scope, receive_bounded, send_unless_too_large)
        if received > LARGEST_BODY and not started:
            await refusal(scope, receive, send)


def _is_small(length: str) -> bool:
    """Whether a Content-Length is a number, and not too large; numbers of thousands of digits cannot even be read."""
    return length.isascii() and length.isdigit() and len(length) < _MOST_DIGITS and int(length) <= LARGEST_BODY
