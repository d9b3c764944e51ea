"""The ``airquote`` command: the Typer app, and the only place where errors become messages and exit codes."""

from __future__ import annotations

import gc
import io
import logging
import sys
from typing import Annotated, Any

import typer

from audio.errors import AirquoteError, InputError, UsageError
from pipeline.cli import edit, episodes, import_export, maintenance
from pipeline.cli.at import at
from pipeline.cli.cite import cite
from pipeline.cli.errors import name_library
from pipeline.cli.list_quotations import quotations
from pipeline.cli.locate import locate
from pipeline.cli.options import LogFormatter, VerboseOption
from pipeline.cli.printing import print_line, printable, say, say_error, traceback_lines
from pipeline.cli.search import search
from pipeline.cli.sound import clip, play
from pipeline.cli.transcribe import transcribe
from pipeline.cli.trend import trend
from pipeline.cli.verify import verify
from pipeline.cli.words import words

# Click's ClickException, for arguments that do not parse. Newer versions of Typer have a copy of Click of their own.
LineError: Any = typer.BadParameter.__mro__[2]

USAGE_ERROR, INPUT_ERROR, OTHER_ERROR = 2, 3, 4

app = typer.Typer(
    name="airquote",
    help="Where on air was this said? Transcribe podcasts, find statements, listen to them.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command()(transcribe)
app.command()(search)
app.command()(trend)
app.command()(locate)
app.command()(verify)
app.command()(quotations)
app.command()(at)
app.command()(words)
app.command()(play)
app.command()(clip)
app.command()(cite)
episodes.register(app)
edit.register(app)
import_export.register(app)
maintenance.register(app)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print_line(f"airquote {version('airquote')}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
    _verbose: VerboseOption = False,
) -> None:
    pass


def main() -> None:
    """Run the command line of this process."""
    # Imports create no garbage, and collecting it took 50 of the 510 ms of a search.
    gc.set_threshold(50_000)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal, or a file name, may not be UTF-8
    if logging.lastResort is not None:
        logging.lastResort.setFormatter(LogFormatter("%(message)s"))  # warnings of libraries
    try:
        sys.exit(app(standalone_mode=False))
    except LineError as error:
        _print_line_error(error)
        sys.exit(error.exit_code)
    except AirquoteError as error:
        say_error(error)
        sys.exit(exit_code(error))
    except OSError as error:
        say(f"{error.filename or 'The system'}: {error.strerror or error}.")
        sys.exit(OTHER_ERROR)
    except Exception as error:  # noqa: BLE001 - Python's exit code for it is 1, which here means that nothing was found
        for line in traceback_lines(error):
            say(line)
        sys.exit(OTHER_ERROR)
    finally:
        name_library(None)


def _print_line_error(error: Any) -> None:
    """Print a usage error as Typer does, but cleaned: its message quotes the arguments as they were given."""
    from typer.rich_utils import rich_format_error

    error.message = printable(error.message or "")
    rich_format_error(error)


def exit_code(error: AirquoteError) -> int:
    """Return the exit code for an error."""
    if isinstance(error, UsageError):
        return USAGE_ERROR
    return INPUT_ERROR if isinstance(error, InputError) else OTHER_ERROR


if __name__ == "__main__":
    main()
