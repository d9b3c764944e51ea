"""The check of the Host header: a name that an attacker makes point here (DNS rebinding) is not the server's own."""

from __future__ import annotations

import re

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from pipeline.web.json_answers import error_answer
from pipeline.web.web_settings import WebSettings, is_address, is_loopback

MISDIRECTED = 421
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[0-9a-z._-]+)(?::([0-9]+))?", re.IGNORECASE)


class HostCheck:
    """Refuses requests whose Host header is not one of the server's."""

    def __init__(self, app: ASGIApp, settings: WebSettings) -> None:
        self._app, self._settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        hosts = Headers(scope=scope).getlist("host") if scope["type"] == "http" else []
        if scope["type"] == "http" and not (len(hosts) == 1 and is_own_host(hosts[0], self._settings)):
            answer = error_answer(MISDIRECTED, "This is not the server's address.", "Open the one that it printed.")
            await answer(scope, receive, send)
            return
        await self._app(scope, receive, send)


def is_own_host(host: str, settings: WebSettings) -> bool:
    """Whether a Host header, with or without a port, names the server.

    On a loopback address only that of this machine does. On another, any IP address does, and names that were told:
    a name alone can be made to point anywhere.
    """
    found = _HOST.fullmatch(host)
    if found is None or found[2] not in (None, str(settings.port)):
        return False
    name = found[1].lower()
    address = name.strip("[]")
    return is_loopback(address) or name in settings.names or (not settings.is_local and is_address(address))


def is_host_name(name: str) -> bool:
    """Whether a Host header can be this name, without a port."""
    found = _HOST.fullmatch(name)
    return found is not None and found[2] is None
