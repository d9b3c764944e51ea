"""``airquote mcp``: the library for assistants."""

from __future__ import annotations

import logging
from typing import Annotated

import typer

from audio.errors import MachineError, UsageError, correct_input
from pipeline.cli.interrupts import STOPPED
from pipeline.cli.options import LibraryOption, LogFormatter, VerboseOption, settings_from
from pipeline.cli.printing import print_line, say
from pipeline.cli.rows import RowPrinter, prints_rows
from pipeline.web.web_settings import LOOPBACK, PORT, ServedAssistants


@prints_rows(ServedAssistants)
def mcp(
    http: Annotated[bool, typer.Option("--http", help="Serve over HTTP instead of standard input and output.")] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port for HTTP; 0 is any that is free.")] = PORT + 1,
    host: Annotated[
        str,
        typer.Option(metavar="ADDRESS", help="The IP address for HTTP; one that others reach asks for a token."),
    ] = LOOPBACK,
    token: Annotated[
        str | None,
        typer.Option(
            help="The token to ask for over HTTP.",
            show_default="none on this machine without --allow-writes, else a new one",
        ),
    ] = None,
    name: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="A host name by which it is reached, too.")
    ] = None,
    allow_writes: Annotated[
        bool, typer.Option("--allow-writes", help="Let assistants name voices and correct titles and dates.")
    ] = False,
    library: LibraryOption = None,
    print_rows: RowPrinter | None = None,
    _verbose: VerboseOption = False,
) -> None:
    """Serve the library to assistants, by the Model Context Protocol: search, read, check and cite."""
    from pipeline.library import Library

    try:
        import mcp.server.mcpserver  # noqa: F401 - whether it is there, and new enough
    except ImportError as error:
        way_out = correct_input("Install what it needs: pip install 'airquote[mcp]'")
        raise MachineError("The Python package mcp (2.3 or newer) is not installed.", way_out) from error
    handler = logging.StreamHandler()
    handler.setFormatter(LogFormatter("%(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    if print_rows and not http:
        raise UsageError(f"--{print_rows.format.value} tells where assistants ask.", correct_input("Add --http."))
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
        serve_http(served, lambda ready: _tell(ready, print_rows), allow_writes=allow_writes)
    except KeyboardInterrupt:
        raise typer.Exit(STOPPED) from None


def _tell(served: ServedAssistants, print_rows: RowPrinter | None) -> None:
    if print_rows:
        print_rows([served])
    else:
        print_line(f"Assistants reach the library at {served.address}")
        if served.token is not None:
            print_line(f"with the header Authorization: Bearer {served.token}")
    say("Ctrl-C ends it.")
