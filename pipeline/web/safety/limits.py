"""Bounds on requests: the bytes of a body, and of an address."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline.web.json_answers import error_answer

LARGEST_BODY = 4 << 20
"""Bytes of a request's body; an article has some 20,000. Uploads have a bound of their own."""
LONGEST_ADDRESS = 8 << 10
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
        elif scope["path"].startswith(self._unbounded) and self._unbounded:
            await self._app(scope, receive, send)
        else:
            await self._bounded(scope, receive, send)

    async def _bounded(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = error_answer(TOO_LARGE, f"The request has more than {LARGEST_BODY >> 20} MB.", "Send less at once.")
        length = Headers(scope=scope).get("content-length", "0")
        if not length.isascii() or not length.isdigit() or int(length) > LARGEST_BODY:
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

        async def send_and_note(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive_bounded, send_and_note)
        except BodyTooLargeError:
            if not started:
                await refusal(scope, receive, send)
