"""Completion in shells: Typer's own, with ids of episodes and names of shows from the library."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from audio.errors import AirquoteError
from pipeline.cli.help_pages import PROGRAM

COMPLETION = f"_{PROGRAM.upper()}_COMPLETE"
"""The variable with which a shell asks for completions."""

SHELLS = ("bash", "zsh", "fish", "powershell")

_NOT_PLAIN = re.compile(r"[^\w@%+=:,./-]")


def completion_script(shell: str) -> str:
    """Return the script that a shell reads to complete command lines."""
    from typer._completion_shared import get_completion_script

    return str(get_completion_script(prog_name=PROGRAM, complete_var=COMPLETION, shell=shell))


def prepare_completion() -> None:
    """Let this process answer a shell: with what Typer completes, and with names from the library."""
    from typer._click.shell_completion import add_completion_class, get_completion_class
    from typer._completion_classes import completion_init

    completion_init()
    for shell in SHELLS:
        base: Any = get_completion_class(shell)
        add_completion_class(type(base.__name__, (_BashNames if shell == "bash" else _LibraryNames, base), {}), shell)


class _LibraryNames:
    """Completes episodes and shows; to be mixed into a completion class of Typer."""

    cli: Any
    ctx_args: Any
    prog_name: str

    def get_completions(self, args: list[str], incomplete: str) -> list[Any]:
        """Return what the incomplete word may become."""
        from typer._click.shell_completion import CompletionItem, _resolve_context, _resolve_incomplete

        context = _resolve_context(self.cli, self.ctx_args, self.prog_name, args)
        place, beginning = _resolve_incomplete(context, args, incomplete)
        names = _names_for(place, context)
        if names is None:
            return list(place.shell_complete(context, beginning))
        found = (name for name in names if name.casefold().startswith(beginning.casefold()))
        return [CompletionItem(name) for name in dict.fromkeys(found)]


class _BashNames(_LibraryNames):
    """The same for bash, which takes the words as they are typed."""

    def format_completion(self, item: Any) -> str:
        """Return a word with what the shell would read otherwise behind backslashes."""
        return _NOT_PLAIN.sub(r"\\\g<0>", item.value)


def _names_for(place: Any, context: Any) -> Iterable[str] | None:
    """Return the names that may stand in a place of the command line; None where Typer knows better."""
    options = getattr(place, "opts", ())
    if "--model" in options:
        from pipeline.library import list_models

        return [one.name for one in list_models()]
    if "--show" in options or "--of-show" in options:
        return _names_in_library(context)[1]
    if "SHOW" in (getattr(place, "metavar", None) or ""):
        return _names_in_library(context)[2]
    if "--episode" in options or "EPISODE" in (getattr(place, "metavar", None) or ""):
        return _names_in_library(context)[0]
    return None


def _names_in_library(context: Any) -> tuple[list[str], list[str], list[str]]:
    """Return the ids of the episodes, the names of their shows, and those of the shows that are subscribed to.

    There are none where there is no library that can be read.
    """
    from pipeline.library import Library
    from pipeline.settings import load_settings

    library = context.params.get("library") or context.find_root().params.get("library")
    try:
        with Library.open(load_settings({"library": library}).library) as opened:
            episodes, shows = opened.episodes(), opened.shows()
    except AirquoteError:
        return [], [], []
    named = sorted(one.show for one in episodes if one.show)
    return sorted(one.episode for one in episodes), named, [one.show for one in shows]
