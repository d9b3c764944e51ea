"""``-v``, before or after a command's name: what happens inside, as log records on stderr."""

from __future__ import annotations

import logging
import sys
from typing import Any

from typer.core import TyperCommand, TyperGroup, TyperOption

_FORMAT = "%(relativeCreated)6d ms %(name)s: %(message)s"


def log_to_stderr() -> None:
    """Show the records of the logger ``airquote``; once, however often it is asked for."""
    logger = logging.getLogger("airquote")
    if not any(isinstance(handler, logging.StreamHandler) for handler in logger.handlers):
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter(_FORMAT))
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)


def _show_if_wanted(_context: object, _option: object, wanted: bool) -> None:
    if wanted:
        log_to_stderr()


def _verbose_option() -> TyperOption:
    return TyperOption(
        param_decls=["-v", "--verbose"],
        is_flag=True,
        expose_value=False,
        callback=_show_if_wanted,
        help="Tell on stderr what happens inside.",
    )


class Command(TyperCommand):
    """A command that takes ``-v``."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.params.append(_verbose_option())


class Group(TyperGroup):
    """The program itself, which takes ``-v`` too."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.params.append(_verbose_option())
