"""The check of the Host header: a name that an attacker makes point here (DNS rebinding) is not the server's own."""

from __future__ import annotations

import ipaddress

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from pipeline.web.json_answers import error_answer
from pipeline.web.web_settings import WebSettings, is_loopback

MISDIRECTED = 421


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
    name, _, port = host.rpartition(":") if not host.endswith("]") else (host, "", "")
    if not name:
        name, port = host, ""
    if port and port != str(settings.port):
        return False
    name = name.lower()
    if is_loopback(bare := name.removeprefix("[").removesuffix("]")):
        return True
    if name in settings.names:
        return True
    return not settings.is_local and _is_address(bare)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
