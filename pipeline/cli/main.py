"""The ``airquote`` command: the Typer app, and the only place where errors become messages and exit codes."""

from __future__ import annotations

import gc
import io
import logging
import os
import sys
from functools import cache
from typing import Annotated

import typer
from typer.core import TyperGroup

from audio.errors import AirquoteError, InputError, UsageError
from pipeline.cli import compare, correct, edit, episodes, import_export, maintenance, manual, shows, update, voices
from pipeline.cli.at import at
from pipeline.cli.cite import cite
from pipeline.cli.command_line import App, Program
from pipeline.cli.completion import COMPLETION, prepare_completion
from pipeline.cli.errors import name_library
from pipeline.cli.help_pages import PROGRAM
from pipeline.cli.list_quotations import quotations
from pipeline.cli.locate import locate
from pipeline.cli.mcp import mcp
from pipeline.cli.options import JsonOption, LibraryOption, LogFormatter, VerboseOption
from pipeline.cli.printing import be_quiet, print_line, say_always, say_error, traceback_lines
from pipeline.cli.rows import CsvOption, TsvOption
from pipeline.cli.search import search
from pipeline.cli.serve import serve
from pipeline.cli.site import site
from pipeline.cli.sound import clip, play
from pipeline.cli.terminal import shows_colours
from pipeline.cli.transcribe import transcribe
from pipeline.cli.trend import trend
from pipeline.cli.usage_errors import LineError, explain_line_error
from pipeline.cli.verify import verify
from pipeline.cli.words import words

USAGE_ERROR, INPUT_ERROR, OTHER_ERROR = 2, 3, 4

app = App(
    name=PROGRAM,
    cls=Program,
    help="Where on air was this said? Transcribe podcasts, find statements, listen to them.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
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
app.command()(serve)
app.command()(mcp)
app.command()(site)
episodes.register(app)
edit.register(app)
correct.register(app)
shows.register(app)
import_export.register(app)
update.register(app)
compare.register(app)
voices.register(app)
maintenance.register(app)
manual.register(app)


def _print_version(context: typer.Context, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        from importlib.metadata import version

        print_line(f"{PROGRAM} {version('airquote')}")
        raise typer.Exit


def _be_quiet_if_wanted(wanted: bool) -> None:
    if wanted:  # the option stands before or after the command's name, and is asked for at both places
        be_quiet(True)


@app.callback()
def _options(
    context: typer.Context,
    library: LibraryOption = None,
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
    as_tsv: TsvOption = False,
    _quiet: Annotated[
        bool,
        typer.Option(
            "-q",
            "--quiet",
            callback=_be_quiet_if_wanted,
            is_eager=True,
            expose_value=False,
            help="Print answers and errors only.",
        ),
    ] = False,
    _verbose: VerboseOption = False,
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, expose_value=False, help="Print the version."
        ),
    ] = False,
) -> None:
    options = {"library": library, "as_json": as_json, "as_csv": as_csv, "as_tsv": as_tsv}
    given = {name: value for name, value in options.items() if value}
    # The defaults of each command: what stands behind its name counts more than what stands before it.
    context.default_map = dict.fromkeys(context.command.commands, given)  # type: ignore[attr-defined]


@cache
def build_program() -> TyperGroup:
    """Build all commands from their functions: 40 ms, so once for a process that runs several."""
    return typer.main.get_group(app)


def main() -> None:
    """Run the command line of this process."""
    # Imports create no garbage, and collecting it took 50 of the 510 ms of a search.
    gc.set_threshold(50_000)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal, or a file name, may not be UTF-8
    if logging.lastResort is not None:
        logging.lastResort.setFormatter(LogFormatter("%(message)s"))  # warnings of libraries
    if COMPLETION in os.environ:
        prepare_completion()
    try:
        sys.exit(build_program()(standalone_mode=False, prog_name=PROGRAM, color=shows_colours(sys.stdout)))
    except LineError as error:
        for line in explain_line_error(error):
            say_always(line)
        sys.exit(error.exit_code)
    except AirquoteError as error:
        say_error(error)
        sys.exit(exit_code(error))
    except OSError as error:
        say_always(f"{error.filename or 'The system'}: {error.strerror or error}.")
        sys.exit(OTHER_ERROR)
    except Exception as error:  # noqa: BLE001 - Python's exit code for it is 1, which here means that nothing was found
        for line in traceback_lines(error):
            say_always(line)
        sys.exit(OTHER_ERROR)
    finally:
        name_library(None)
        be_quiet(False)


def exit_code(error: AirquoteError) -> int:
    """Return the exit code for an error."""
    if isinstance(error, UsageError):
        return USAGE_ERROR
    return INPUT_ERROR if isinstance(error, InputError) else OTHER_ERROR


if __name__ == "__main__":
    main()
