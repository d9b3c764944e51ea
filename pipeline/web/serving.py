"""Serving a library: binding an address, and running the server until it is stopped."""

from __future__ import annotations

import os
import re
import secrets
import socket
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import uvicorn
from starlette.types import ASGIApp

from audio.errors import UsageError, correct_input
from pipeline.settings import full_path, load_settings
from pipeline.web.app import create_app
from pipeline.web.safety.hosts import is_host_name
from pipeline.web.safety.idle_connections import MOST_CONNECTIONS, PatientProtocol
from pipeline.web.web_settings import LOOPBACK, ServedLibrary, WebSettings, is_address

TOKEN_VARIABLE = "AIRQUOTE_TOKEN"
SHORTEST_TOKEN = 16
_TOKEN = re.compile(r"[A-Za-z0-9._~-]+")
_ALL_ADDRESSES = {"0.0.0.0": "192.0.2.1", "::": "2001:db8::1"}
"""What means every address of this machine, and one of the same family that is nobody's (RFC 5737, RFC 3849)."""
LONGEST_GOODBYE = 3
"""Seconds that open connections, as those of events, get to end."""


class _Server(uvicorn.Server):
    """Tells when it can be asked."""

    def __init__(self, config: uvicorn.Config, listening: Callable[[], None]) -> None:
        super().__init__(config)
        self._listening = listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen."""
        await super().startup(sockets)
        if self.started:
            self._listening()


def serve(
    settings: WebSettings,
    listening: Callable[[ServedLibrary], None],
    application: Callable[[WebSettings], ASGIApp] = create_app,
) -> None:
    """Serve a library until the process is told to stop.

    ``listening`` is called once the page can be opened; ``application`` makes what is served. Raises UsageError for an
    address that cannot be bound.
    """
    with bind(settings.address, settings.port) as bound:
        port = bound.getsockname()[1]
        settings = replace(settings, port=port)
        config = configure_server(application(settings))
        served = ServedLibrary(_address_of(settings), str(settings.library))
        _Server(config, lambda: listening(served)).run(sockets=[bound])


def configure_server(app: ASGIApp) -> uvicorn.Config:
    """Return how the application is served."""
    return uvicorn.Config(
        app,
        http=PatientProtocol,
        ws="none",
        limit_concurrency=MOST_CONNECTIONS,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=LONGEST_GOODBYE,
    )


def settings_for(
    library: str | Path | None,
    address: str,
    port: int,
    token: str | None,
    names: tuple[str, ...],
    environment: Mapping[str, str] = os.environ,
    *,
    allow_private: bool = False,
) -> WebSettings:
    """Return settings; on an address that others reach, with a new access token where none is given.

    Without ``token`` that of the environment is taken: others see a command line. Raises UsageError for one that can be
    guessed, and for a name that no request can have.
    """
    directory = load_settings({}).library if library is None else full_path(library)
    given = token if token is not None else environment.get(TOKEN_VARIABLE)
    if given is not None:
        _check_token(given)
    settings = WebSettings(directory, address, port, given, _check_names(address, names), allow_private=allow_private)
    if given is None and not settings.is_local:
        return replace(settings, access_token=secrets.token_urlsafe(24))
    return settings


def _check_token(token: str) -> None:
    if len(token) < SHORTEST_TOKEN or not _TOKEN.fullmatch(token):
        raise UsageError(
            f"The access token must have at least {SHORTEST_TOKEN} characters, of letters, digits and . _ ~ - only.",
            correct_input("Leave it out, and a new one is made."),
        )


def _check_names(address: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names by which a server is reached, that of its address among them."""
    given = names if is_address(address) else (*names, address)
    for name in given:
        if not is_host_name(name):
            raise UsageError(
                f"{name!r} is not the name of a host.",
                correct_input("Give a name alone, such as archive.example, without http:// or a port."),
            )
    return tuple(name.lower() for name in given)


def _address_of(settings: WebSettings) -> str:
    """Return the address to open, with the access token if there is one."""
    host = _reached_at(settings)
    shown = f"[{host}]" if ":" in host else host
    query = "?" + urlencode({"token": settings.access_token}) if settings.access_token else ""
    return f"http://{shown}:{settings.port}/{query}"


def _reached_at(settings: WebSettings) -> str:
    """Return a host by which a server is reached: a name that was told, its address, or one of all addresses."""
    if settings.address not in _ALL_ADDRESSES:
        return settings.address
    return settings.names[0] if settings.names else _address_in_network(settings.address)


def _address_in_network(address: str) -> str:
    """Return the address from which this machine reaches others; that of itself if it reaches none."""
    try:
        with socket.socket(_family_of(address), socket.SOCK_DGRAM) as unused:
            unused.connect((_ALL_ADDRESSES[address], 9))  # sends nothing: it only looks up the route
            return str(unused.getsockname()[0])
    except OSError:
        return LOOPBACK if _family_of(address) == socket.AF_INET else "::1"


def _family_of(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def bind(address: str, port: int) -> socket.socket:
    """Return a socket that listens. Raises UsageError if that is not possible."""
    try:
        return socket.create_server((address, port), family=_family_of(address), backlog=256)
    except (OSError, TypeError, ValueError) as error:  # not OSError for what cannot be the name of a host
        raise UsageError(
            f"{address} with port {port} cannot be served: {getattr(error, 'strerror', None) or error}.",
            correct_input("Choose another port or address."),
        ) from None
