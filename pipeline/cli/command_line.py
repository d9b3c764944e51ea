"""The classes of the Typer app: help from ``help_pages``, and options that stand before or after a command's name."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from pipeline.cli.help_pages import DEFAULT, describe_command, describe_family, write_overview, write_page
from pipeline.cli.printing import page_width
from pipeline.cli.usage_errors import UsageLineError, explain_unknown_command
from pipeline.cli.wrapping import lay_out_page


class Command(TyperCommand):
    """A command of airquote, which takes the options of the whole program too."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return its own options and arguments, and those of the program that it does not have."""
        own = super().get_params(ctx)
        known = {name for one in own for name in one.opts}
        program = ctx.find_root().command
        return [*own, *(one for one in program.params if not known & set(one.opts) and not one.expose_value)]

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the arguments; an error about a value gets this value, to tell of it."""
        given = list(args)
        try:
            return super().parse_args(ctx, args)
        except UsageLineError as error:
            error.ctx = error.ctx or ctx
            if parameter := getattr(error, "param", None):
                values, _, _ = self.make_parser(ctx).parse_args(given)
                error.given = values.get(parameter.name)
            raise

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the page of this command."""
        formatter.write(lay_out_text(write_page(describe_command(self, ctx))))


class Program(TyperGroup):
    """The whole program: its commands, in groups."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command that the first argument names."""
        if args[0] not in self.commands and not ctx.resilient_parsing:
            ctx.fail(explain_unknown_command(args[0], self.commands))
        return super().resolve_command(ctx, args)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the overview."""
        formatter.write(lay_out_text(write_overview(self, ctx)))


class Family(TyperGroup):
    """A command with others below it: ``airquote voices`` is that of an episode, unless a command's name follows.

    ``DEFAULT`` names the command that is meant then, so ``voices list name`` is of an episode called name. Options of
    the whole program may stand before the name too.
    """

    @property
    def default(self) -> Any:
        """The command that is meant where none is named."""
        return self.commands[DEFAULT]

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the arguments, with the name of the command that is meant as the first of them."""
        options = {name: one.is_flag for one in ctx.find_root().command.params for name in one.opts}
        lead = 0
        while lead < len(args) and args[lead].partition("=")[0] in options:
            lead += 1 if "=" in args[lead] or options[args[lead]] else 2
        if args and args[0] in ctx.help_option_names:
            return super().parse_args(ctx, args)
        named = args[lead : lead + 1] if args[lead : lead + 1] and args[lead] in self.commands else []
        return super().parse_args(ctx, [*(named or [DEFAULT]), *args[:lead], *args[lead + len(named) :]])

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command that the first argument names, with the defaults that stand before all names."""
        ctx.default_map = dict.fromkeys(self.commands, ctx.default_map or {})
        return super().resolve_command(ctx, args)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the page of this family."""
        formatter.write(lay_out_text(write_page(describe_family(self, ctx))))


class App(typer.Typer):
    """A Typer app whose commands are of the class Command."""

    def command(self, name: str | None = None, **settings: Any) -> Any:
        """Return the decorator that adds a command."""
        return super().command(name, **{"cls": Command, **settings})


def lay_out_text(page: str) -> str:
    """Return a page of help in lines of the terminal's width."""
    return "\n".join(lay_out_page(page, page_width()))
