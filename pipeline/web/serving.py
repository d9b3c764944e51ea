"""Serving a library: binding an address, and running the server until it is stopped."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import uvicorn
from starlette.types import ASGIApp

from audio.errors import UsageError, correct_input
from pipeline.settings import full_path, load_settings
from pipeline.web.app import create_app
from pipeline.web.web_settings import ServedLibrary, WebSettings

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
        config = uvicorn.Config(
            application(settings),
            log_config=None,
            access_log=False,  # addresses may hold what is searched for, and the token
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=LONGEST_GOODBYE,
        )
        served = ServedLibrary(_address_of(settings), str(settings.library))
        _Server(config, lambda: listening(served)).run(sockets=[bound])


def settings_for(
    library: str | Path | None, address: str, port: int, token: str | None, names: tuple[str, ...]
) -> WebSettings:
    """Return settings; on an address that others reach, with a new access token where none is given."""
    directory = load_settings({}).library if library is None else full_path(library)
    settings = WebSettings(directory, address, port, token, tuple(name.lower() for name in names))
    if token is None and not settings.is_local:
        return replace(settings, access_token=secrets.token_urlsafe(24))
    return settings


def _address_of(settings: WebSettings) -> str:
    """Return the address to open, with the access token if there is one."""
    host = f"[{settings.address}]" if ":" in settings.address else settings.address
    query = "?" + urlencode({"token": settings.access_token}) if settings.access_token else ""
    return f"http://{host}:{settings.port}/{query}"


def bind(address: str, port: int) -> socket.socket:
    """Return a socket that listens. Raises UsageError if that is not possible."""
    try:
        return socket.create_server(
            (address, port), family=socket.AF_INET6 if ":" in address else socket.AF_INET, backlog=256
        )
    except (OSError, TypeError, ValueError) as error:  # not OSError for what cannot be the name of a host
        raise UsageError(
            f"{address} with port {port} cannot be served: {getattr(error, 'strerror', None) or error}.",
            correct_input("Choose another port or address."),
        ) from None
