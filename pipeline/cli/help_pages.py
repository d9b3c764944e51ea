"""The pages of help: of each command and of the whole, made from what the commands declare, as plain text."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

PROGRAM = "airquote"
DEFAULT = "list"
"""The command of a family that is meant where none of them is named."""

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Find", ("search", "locate", "at", "trend")),
    ("Check", ("verify", "quotations", "cite", "compare")),
    ("Hear", ("play", "clip")),
    ("Page", ("serve", "mcp")),
    ("Shows", ("subscribe", "update", "download", "shows", "unsubscribe")),
    ("Library", ("transcribe", "import", "list", "edit", "relink", "remove")),
    ("Transcripts", ("show", "words", "correct", "export", "site")),
    ("Voices", ("voices",)),
    ("Upkeep", ("doctor", "models", "reindex", "backup", "restore", "completion", "help")),
)
"""The commands by what they are for, in the order of the help; each stands in one group."""

_OF_EVERY_COMMAND = ("--library", "--json", "--csv", "--tsv", "--quiet", "--verbose", "--version", "--help")
_LONGEST_CHOICES = 20
"""Characters of choices that stand beside the name of an option; others stand in its text."""
EVERY_COMMAND = "Options of every command, before or after its name"


@dataclass(frozen=True, slots=True)
class CommandPage:
    """What is told of a command: how it is called, what it does, and its lists of terms under their headings."""

    usage: str
    summary: str
    lists: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


def describe_command(command: Any, context: Any) -> CommandPage:
    """Return the page of a command; ``context`` is the one in which it is called."""
    shown = [one for one in command.get_params(context) if not one.hidden]
    arguments = [one for one in shown if one.param_type_name == "argument"]
    options = [one for one in shown if one.param_type_name == "option"]
    shared = sorted(filter(_is_shared, options), key=lambda one: _OF_EVERY_COMMAND.index(_longest(one)))
    lists = (
        ("Arguments", [(_value_name(one), _text(one)) for one in arguments]),
        ("Options", [(_term(one), _text(one)) for one in options if one not in shared]),
        (EVERY_COMMAND, [(_term(one), _text(one)) for one in shared]),
    )
    return CommandPage(
        usage_of(command, context.command_path),
        inspect.cleandoc(command.help or ""),
        tuple((heading, tuple(terms)) for heading, terms in lists if terms),
    )


def describe_family(family: Any, context: Any) -> CommandPage:
    """Return the page of a family of commands: that of the one that is meant if none is named, and a list of all."""
    page = describe_command(family.default, context)
    named = [one for name, one in family.commands.items() if name != DEFAULT]
    terms = tuple((usage_of(one, one.name).removesuffix(" [options]"), one.help) for one in named)
    return CommandPage(usage_of(family, context.command_path), page.summary, (("Commands", terms), *page.lists))


def all_commands(program: Any) -> dict[str, Any]:
    """Return the commands of the program by name, those of a family as ``voices merge``; its default one as itself."""
    found: dict[str, Any] = {}
    for name, command in program.commands.items():
        for below, one in getattr(command, "commands", {DEFAULT: command}).items():
            found[name if below == DEFAULT else f"{name} {below}"] = one
    return found


def usage_of(command: Any, path: str) -> str:
    """Return how a command is called, on one line."""
    if hasattr(command, "commands"):
        below = f"{path} COMMAND [arguments and options]"
        return f"{usage_of(command.default, path)}, or {below}" if hasattr(command, "default") else below
    names = [(_value_name(one), one.required) for one in command.params if one.param_type_name == "argument"]
    return " ".join([path, *(name if required else f"[{name}]" for name, required in names), "[options]"])


def write_page(page: CommandPage) -> str:
    """Return the page of a command as text, with lists of ``  term  text``."""
    return "\n".join([f"Usage: {page.usage}", "", page.summary, *_write_lists(page.lists)])


def write_overview(group: Any, context: Any) -> str:
    """Return the page of the whole program: its commands in groups, and the options that all have."""
    page = describe_command(group, context)
    groups = [
        (heading, tuple((name, group.commands[name].help) for name in names if name in group.commands))
        for heading, names in GROUPS
    ]
    more = "More on one: airquote help COMMAND. On queries: airquote help syntax."
    return "\n".join([f"Usage: {page.usage}", "", page.summary, *_write_lists((*groups, *page.lists)), "", more])


def _write_lists(lists: Sequence[tuple[str, Sequence[tuple[str, str]]]]) -> Iterator[str]:
    for heading, terms in lists:
        widest = max(len(term) for term, _ in terms)
        yield from ("", heading, *(f"  {term.ljust(widest)}  {text}" for term, text in terms))


def what_it_takes(parameter: Any) -> str | None:
    """Return in plain words what an option or argument takes: ``seconds, at least 0.1``; None is any text."""
    kind = parameter.type_descriptor
    if kind.choices:
        *most, last = [one.value if isinstance(one, Enum) else str(one) for one in kind.choices]
        return f"{', '.join(most)} or {last}" if most else last
    if kind.annotation not in (int, float):
        return None
    unit = "seconds" if parameter.metavar == "SECONDS" else "a whole number" if kind.annotation is int else "a number"
    return f"{unit}{_range(parameter.min, parameter.max, kind.annotation is int)}"


def _range(least: float | None, most: float | None, whole: bool) -> str:
    if least is not None and most is not None:
        return f", {least} to {most}"
    if least is not None:
        return f", {least} or more" if whole or least == 0 else f", at least {least}"
    return f", at most {most}" if most is not None else ""


def name_of(parameter: Any) -> str:
    """Return how a parameter is called in an error: an option by its longest name, an argument as in the usage."""
    return _longest(parameter) if parameter.param_type_name == "option" else _value_name(parameter)


def _is_shared(option: Any) -> bool:
    return _longest(option) in _OF_EVERY_COMMAND


def _longest(option: Any) -> str:
    return str(max(option.opts, key=len))


def _term(option: Any) -> str:
    names = ", ".join([*sorted(option.opts, key=len), *option.secondary_opts])
    return names if option.is_flag else f"{names} {_value_name(option)}"


def _value_name(parameter: Any) -> str:
    kind = parameter.type_descriptor
    if parameter.metavar:
        name = parameter.metavar
    elif choices := _short_choices(kind):
        name = choices
    elif kind.annotation in (int, float):
        name = "NUMBER"
    else:
        name = (_longest(parameter).lstrip("-") if parameter.param_type_name == "option" else parameter.name).upper()
    several = parameter.param_type_name == "argument" and parameter.nargs == -1
    return f"{name}..." if several and not name.endswith("...") else name


def _short_choices(kind: Any) -> str:
    """Return the choices of an option as its value, empty where there are none or they are too long for a term."""
    joined = "|".join(one.value if isinstance(one, Enum) else str(one) for one in kind.choices or ())
    return joined if len(joined) <= _LONGEST_CHOICES else ""


def _text(parameter: Any) -> str:
    takes = None if _short_choices(parameter.type_descriptor) else what_it_takes(parameter)
    notes = [takes, _default(parameter)]
    told = "; ".join(filter(None, notes))
    return f"{parameter.help} [{told}]" if told else parameter.help


def _default(parameter: Any) -> str | None:
    if isinstance(parameter.show_default, str):
        return f"default: {parameter.show_default}"
    value = parameter.default.value if isinstance(parameter.default, Enum) else parameter.default
    if not parameter.show_default or value is None or value is False:
        return None
    shown = parameter.opts[0] if value is True else f"{value:g}" if isinstance(value, float) else value
    return f"default: {shown}"
