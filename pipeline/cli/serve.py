"""``airquote serve``: the page."""

from __future__ import annotations

import webbrowser
from typing import Annotated

import typer

from pipeline.cli.options import LibraryOption, VerboseOption
from pipeline.cli.printing import print_line, say
from pipeline.cli.rows import RowPrinter, prints_rows
from pipeline.web.web_settings import LOOPBACK, PORT, ServedLibrary


@prints_rows(ServedLibrary)
def serve(
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 is any that is free.")] = PORT,
    host: Annotated[
        str,
        typer.Option(metavar="ADDRESS", help="The IP address to serve on; one that others reach asks for a token."),
    ] = LOOPBACK,
    token: Annotated[
        str | None,
        typer.Option(
            help="The token to ask for; others see it on a command line, but not in AIRQUOTE_TOKEN.",
            show_default="none on this machine, else a new one",
        ),
    ] = None,
    name: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="A host name by which it is reached, too.")
    ] = None,
    allow_private: Annotated[
        bool,
        typer.Option("--allow-private", help="Let addresses given on the page lead into private networks."),
    ] = False,
    open_page: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    library: LibraryOption = None,
    print_rows: RowPrinter | None = None,
    _verbose: VerboseOption = False,
) -> None:
    """Open a page on which to search, read, listen and check, until Ctrl-C."""
    from pipeline.web import serving

    def tell(served: ServedLibrary) -> None:
        if print_rows:
            print_rows([served])
        else:
            print_line(f"The library is open at {served.address}")
        if not settings.is_local:
            say("Others on the way can read what is sent: it is plain http, for a network and people that you trust.")
        say("Ctrl-C ends it.")
        if open_page:
            webbrowser.open(served.address)

    names = tuple(name or ())
    settings = serving.settings_for(library, host, port, token, names, allow_private=allow_private)
    serving.serve(settings, tell)
