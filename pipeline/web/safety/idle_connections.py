"""A bound on connections that ask for nothing: whoever opens many and sends letter after letter keeps nobody out."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

LONGEST_WAIT = 15
"""Seconds in which the head of a request has to come; browsers that wait for a next one open another connection."""
MOST_CONNECTIONS = 400
"""Connections at which further requests are refused: fewer than the files that a process may open (1,024)."""


class PatientProtocol(H11Protocol):
    """HTTP/1.1 on a connection, which is closed if no request is being answered for LONGEST_WAIT seconds.

    uvicorn itself waits for as long as something comes, be it a letter a second.
    """

    _deadline: asyncio.TimerHandle | None = None

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.access_log = False  # addresses may hold what is searched for, and the token

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for a first request."""
        super().connection_made(transport)
        self._wait_for_request()

    def on_response_complete(self) -> None:
        """Wait for another request."""
        super().on_response_complete()
        self._wait_for_request()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _wait_for_request(self) -> None:
        self._stop_waiting()
        self._deadline = self.loop.call_later(LONGEST_WAIT, self._close_unless_answering)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()

    def _close_unless_answering(self) -> None:
        if self.cycle is None or self.cycle.response_complete:
            self.transport.close()
