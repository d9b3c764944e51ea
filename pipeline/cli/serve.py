"""``airquote serve``: the page."""

from __future__ import annotations

import webbrowser
from typing import Annotated

import typer

from pipeline.cli.options import LibraryOption, VerboseOption
from pipeline.cli.printing import print_line, say
from pipeline.web.web_settings import LOOPBACK, PORT


def serve(
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 is any that is free.")] = PORT,
    host: Annotated[
        str, typer.Option(help="The IP address to serve on; others than this machine's own ask for a token.")
    ] = LOOPBACK,
    token: Annotated[
        str | None,
        typer.Option(help="The token to ask for.", show_default="none on this machine, else a new one", envvar=None),
    ] = None,
    name: Annotated[
        list[str] | None, typer.Option(help="A host name by which others reach it; may be repeated.")
    ] = None,
    open_page: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    library: LibraryOption = None,
    verbose: VerboseOption = False,  # noqa: ARG001 - its callback does it
) -> None:
    """Open a page on which to search, read, listen and check, until Ctrl-C."""
    from pipeline.web import serving

    def tell(address: str) -> None:
        print_line(f"The library is open at {address}")
        say("Ctrl-C ends it.")
        if open_page:
            webbrowser.open(address)

    serving.serve(serving.settings_for(library, host, port, token, tuple(name or ())), tell)
