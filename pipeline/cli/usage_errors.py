"""Usage errors of Typer in plain words: which option or argument is wrong, and what it takes."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

import typer

from pipeline.cli.help_pages import name_of, usage_of, what_it_takes

# Newer versions of Typer have a copy of Click of their own.
_click: Any = sys.modules[typer.BadParameter.__module__]
LineError: Any = _click.ClickException
"""The base class of errors in a command line."""
UsageLineError: Any = _click.UsageError
"""One that tells of the command in which it was made."""

_EXTRA_ARGUMENTS = re.compile(r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)", re.DOTALL)


def explain_line_error(error: Any) -> list[str]:
    """Return the lines that tell what is wrong with a command line, and what would be right."""
    if isinstance(error, _click.NoArgsIsHelpError):
        return str(error.message).split("\n")
    context = getattr(error, "ctx", None)
    if context is None:
        return [error.format_message()]
    path = context.command_path
    return [_explain(error, context), f"Usage: {usage_of(context.command, path)}", f"Help: {path} --help"]


def _explain(error: Any, context: Any) -> str:
    parameter = getattr(error, "param", None)
    if isinstance(error, _click.MissingParameter) and parameter is not None:
        return f"{context.command_path} needs {name_of(parameter)}: {parameter.help}"
    if isinstance(error, _click.BadParameter) and parameter is not None:
        return _explain_value(parameter, error)
    if isinstance(error, _click.NoSuchOption):
        return _explain_unknown_option(error, context)
    if isinstance(error, _click.BadOptionUsage):
        return _explain_option_usage(error.option_name, context)
    if extra := _EXTRA_ARGUMENTS.fullmatch(error.message):
        return f"{context.command_path} has no use for {extra[1]!r}."
    return "Which command?" if error.message == "Missing command." else str(error.format_message())


def _explain_value(parameter: Any, error: Any) -> str:
    takes = what_it_takes(parameter)
    if takes is None:
        return f"{name_of(parameter)}: {error.message}"
    given = getattr(error, "given", None)
    return f"{name_of(parameter)} takes {takes}{'' if given is None else f', not {given!r}'}."


def _explain_unknown_option(error: Any, context: Any) -> str:
    name = error.option_name
    told = f"{context.command_path} has no option {name}."
    if any(name in one.opts for command in _commands(context) for one in command.params):
        return f"{told} Write it behind the name of its command."
    return f"{told} Do you mean {' or '.join(error.possibilities)}?" if error.possibilities else told


def _commands(context: Any) -> Iterable[Any]:
    return getattr(context.command, "commands", {}).values()


def _explain_option_usage(name: str, context: Any) -> str:
    option = next((one for one in context.command.get_params(context) if name in one.opts), None)
    if option is None or option.is_flag:
        return f"{name} takes no value."
    takes = what_it_takes(option)
    return f"{name} needs a value: {f'{takes}.' if takes else option.help}"


def explain_unknown_command(name: str, known: Iterable[str]) -> str:
    """Return what is told of a command that does not exist."""
    close = get_close_matches(name, list(known))
    return f"There is no command {name!r}." + (f" Do you mean {' or '.join(close)}?" if close else "")
