"""``airquote mcp``: the library for assistants."""

from __future__ import annotations

import logging
import secrets
from dataclasses import replace
from typing import Annotated

import typer

from audio.errors import MachineError, WayOut
from pipeline.cli.interrupts import STOPPED
from pipeline.cli.options import LibraryOption, LogFormatter, VerboseOption, settings_from
from pipeline.cli.printing import print_line, say
from pipeline.web.web_settings import LOOPBACK, PORT

INSTALL = WayOut("install_mcp", "Install it: pip install 'airquote[mcp]'")
"""The way out where the optional package is missing."""


def mcp(
    http: Annotated[bool, typer.Option("--http", help="Serve over HTTP instead of standard input and output.")] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port for HTTP; 0 is any that is free.")] = PORT + 1,
    host: Annotated[
        str, typer.Option(help="The IP address for HTTP; others than this machine's own ask for a token.")
    ] = LOOPBACK,
    token: Annotated[
        str | None,
        typer.Option(
            help="The token to ask for over HTTP.",
            show_default="none on this machine without --allow-writes, else a new one",
        ),
    ] = None,
    name: Annotated[
        list[str] | None, typer.Option(help="A host name by which others reach it; may be repeated.")
    ] = None,
    allow_writes: Annotated[
        bool, typer.Option("--allow-writes", help="Let assistants name voices and correct titles and dates.")
    ] = False,
    library: LibraryOption = None,
    _verbose: VerboseOption = False,
) -> None:
    """Serve the library to assistants, by the Model Context Protocol: search, read, check and cite."""
    from pipeline.library import Library

    try:
        import mcp.server.mcpserver  # noqa: F401 - whether it is there, and new enough
    except ImportError as error:
        raise MachineError("The Python package mcp (2.3 or newer) is not installed.", INSTALL) from error
    handler = logging.StreamHandler()
    handler.setFormatter(LogFormatter("%(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    settings = settings_from(library=library)
    Library.open(settings.library).close()  # to raise now
    try:
        if not http:
            from pipeline.web.assistants.standard_streams import serve_stdio

            serve_stdio(settings.library, allow_writes=allow_writes)
            return
        from pipeline.web import serving
        from pipeline.web.assistants.over_http import serve_http

        served = serving.settings_for(settings.library, host, port, token, tuple(name or ()))
        if allow_writes and served.access_token is None:
            served = replace(served, access_token=secrets.token_urlsafe(24))
        serve_http(served, lambda address: _tell(address, served.access_token), allow_writes=allow_writes)
    except KeyboardInterrupt:
        raise typer.Exit(STOPPED) from None


def _tell(address: str, token: str | None) -> None:
    print_line(f"Assistants reach the library at {address}")
    if token is not None:
        print_line(f"with the header Authorization: Bearer {token}")
    say("Ctrl-C ends it.")
