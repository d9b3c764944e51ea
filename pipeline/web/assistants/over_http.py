"""Serve assistants over HTTP, behind the same checks of who asks as the page."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace

from mcp.server.transport_security import TransportSecuritySettings
from starlette.applications import Starlette

from pipeline.web import serving
from pipeline.web.assistants.assistant_server import AssistantServer, create_server
from pipeline.web.library_pool import LibraryPool
from pipeline.web.safety.access_tokens import AccessCheck
from pipeline.web.safety.hosts import HostCheck
from pipeline.web.safety.limits import SizeLimits
from pipeline.web.safety.origins import OriginCheck
from pipeline.web.safety.safety_headers import SafetyHeaders
from pipeline.web.web_settings import ServedAssistants, WebSettings

PATH = "mcp"
"""Where an assistant finds the server on its host."""


def serve_http(settings: WebSettings, listening: Callable[[ServedAssistants], None], *, allow_writes: bool) -> None:
    """Answer over HTTP until the process is told to stop. Who may have something changed must send a token.

    ``listening`` is called once assistants can ask. Raises UsageError for an address that cannot be bound.
    """
    if allow_writes and settings.access_token is None:
        settings = replace(settings, access_token=secrets.token_urlsafe(24))

    pool = LibraryPool(settings.library)
    server = create_server(pool, allow_writes=allow_writes)
    try:
        serving.serve(
            settings,
            lambda served: listening(
                ServedAssistants(served.address.partition("?")[0] + PATH, settings.access_token, served.library)
            ),
            lambda bound: create_http_app(server, bound),
        )
    finally:
        pool.close()


def create_http_app(server: AssistantServer, settings: WebSettings) -> Starlette:
    """Return the application that serves assistants, behind the checks of who asks."""
    app = server.streamable_http_app(
        streamable_http_path=f"/{PATH}",
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),  # HostCheck does it
    )
    app.add_middleware(SizeLimits)
    app.add_middleware(AccessCheck, settings=settings)
    app.add_middleware(OriginCheck)
    app.add_middleware(HostCheck, settings=settings)
    app.add_middleware(SafetyHeaders)
    return app
