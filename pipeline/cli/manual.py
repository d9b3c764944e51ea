"""``airquote help`` and ``completion``: the pages of help, the manual page made from them, and scripts for shells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Annotated, Any

import typer

from audio.errors import UsageError, correct_input
from pipeline.cli.completion import completion_script
from pipeline.cli.help_pages import (
    EVERY_COMMAND,
    GROUPS,
    PROGRAM,
    all_commands,
    describe_command,
    describe_family,
    write_overview,
    write_page,
)
from pipeline.cli.options import VerboseOption
from pipeline.cli.printing import print_page
from pipeline.cli.usage_errors import explain_unknown_command

SYNTAX = "syntax"
"""The topic of help that is not a command: how queries are written."""


class Shell(StrEnum):
    """A shell that can be told how to complete."""

    bash = "bash"
    zsh = "zsh"
    fish = "fish"
    powershell = "powershell"


ENVIRONMENT = (
    ("AIRQUOTE_LIBRARY", "The library's folder."),
    ("AIRQUOTE_PLAYER", "The command that plays a file, for play."),
    ("NO_COLOR", "If it is set, no colours."),
    ("FORCE_COLOR, CLICOLOR_FORCE", "If one is set, colours in files and pipes too; NO_COLOR counts more."),
    ("COLUMNS", "The width at which a terminal's lines are wrapped, instead of its own."),
    ("TERM", "If it is dumb: no colours, links and bars."),
)
EXIT_CODES = (
    ("0", "Found, or done."),
    ("1", "Nothing found."),
    ("2", "Wrong usage."),
    ("3", "An input failed; the others are done."),
    ("4", "Anything else: no weights, a damaged library, a full disk."),
    ("130", "Stopped by Ctrl-C."),
)


def show_help(
    context: typer.Context,
    topic: Annotated[
        list[str] | None,
        typer.Argument(metavar="COMMAND...", help="The name of a command, or syntax: how queries are written."),
    ] = None,
    man: Annotated[bool, typer.Option("--man", help="Print all pages as one manual page, for man.")] = False,
    _verbose: VerboseOption = False,
) -> None:
    """Show the help of airquote, of a command, or of queries."""
    program = context.parent
    assert program is not None
    commands = all_commands(program.command)
    named = " ".join(topic or ())
    if man:
        typer.echo(write_manual(program), nl=False)
    elif not named:
        print_page(write_overview(program.command, program))
    elif named == SYNTAX:
        from pipeline.library import syntax_page

        print_page(syntax_page())
    elif named in commands:
        asked = _context_of(named, program)
        describe = describe_family if hasattr(asked.command, "commands") else describe_command
        print_page(write_page(describe(asked.command, asked)))
    else:
        raise UsageError(explain_unknown_command(named, (*commands, SYNTAX)), correct_input("See: airquote help"))


def completion(
    shell: Annotated[Shell, typer.Argument(metavar="SHELL", help="bash, zsh, fish or powershell.")],
    _verbose: VerboseOption = False,
) -> None:
    """Print a script with which a shell completes commands, options, episodes and shows."""
    typer.echo(completion_script(shell.value))


def _context_of(name: str, program: Any) -> Any:
    context = program
    for part in name.split():
        context = type(program)(context.command.commands[part], info_name=part, parent=context)
    return context


def write_manual(program: Any) -> str:
    """Return the manual page of all commands, in the language of man (troff with the macros of man(7))."""
    from importlib.metadata import version

    return "\n".join([f'.TH {PROGRAM.upper()} 1 "" "{PROGRAM} {version(PROGRAM)}"', *_sections(program)]) + "\n"


def _sections(program: Any) -> Iterator[str]:
    from pipeline.library import syntax_page

    overview = describe_command(program.command, program)
    yield from (".SH NAME", f"{PROGRAM} \\- find where on air something was said, and hear it")
    yield from (".SH SYNOPSIS", f".B {PROGRAM}", "COMMAND [arguments and options]")
    yield from (".SH DESCRIPTION", *_text(overview.summary))
    for heading, names in GROUPS:
        yield f".SH {heading.upper()}"
        for name, command in all_commands(program.command).items():
            if name.split()[0] in names:
                yield from _command(name, command, program)
    for heading, terms in overview.lists:
        yield from (f".SH {heading.upper()}", *_terms(terms))
    yield from (".SH QUERIES", ".nf", *_text(syntax_page()), ".fi")
    yield from (".SH ENVIRONMENT", *_terms(ENVIRONMENT))
    yield from (".SH EXIT STATUS", *_terms(EXIT_CODES))


def _command(name: str, command: Any, program: Any) -> Iterator[str]:
    page = describe_command(command, _context_of(name, program))
    yield from (f".SS {_escape(page.usage)}", *_text(page.summary))
    for heading, terms in page.lists:
        if heading != EVERY_COMMAND:
            yield from _terms(terms)


def _terms(terms: Sequence[tuple[str, str]]) -> Iterator[str]:
    for term, text in terms:
        yield from (".TP", f".B {_escape(term)}", *_text(text))


def _text(text: str) -> Iterator[str]:
    """Yield the lines of a text; one that begins with a dot or an apostrophe would be a request."""
    for line in text.split("\n"):
        escaped = _escape(line)
        yield f"\\&{escaped}" if escaped[:1] in (".", "'") else escaped


def _escape(text: str) -> str:
    return re.sub(r"[\\-]", lambda found: {"\\": "\\e", "-": "\\-"}[found[0]], text)


def register(app: typer.Typer) -> None:
    """Add the commands of this family."""
    app.command("completion")(completion)
    app.command("help")(show_help)
