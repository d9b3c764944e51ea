"""The options and arguments that commands share, and the settings that follow from them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.errors import name_library
from pipeline.cli.printing import printable, traceback_lines
from pipeline.settings import Settings, load_settings

if TYPE_CHECKING:
    from pipeline.episodes.chosen_episodes import EpisodeSelection

_LOG_FORMAT = "%(relativeCreated)6d ms %(name)s: %(message)s"


class LogFormatter(logging.Formatter):
    """Formats a record on a line that is cleaned like all that is printed, and a traceback on lines below it."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name is that of logging
        """Format the record without its traceback."""
        return printable(super().formatMessage(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802
        """Format a traceback."""
        return "\n".join(traceback_lines(ei[1]))


def _log_if_wanted(wanted: bool) -> None:
    """Print the records of the logger ``airquote``, once even if -v stands before and after the command's name."""
    logger = logging.getLogger("airquote")
    if wanted and logger.getEffectiveLevel() > logging.DEBUG:
        handler = logging.StreamHandler()
        handler.setFormatter(LogFormatter(_LOG_FORMAT))
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)


STANDARD_INPUT = STANDARD_OUTPUT = "-"


def parse_path(text: str) -> Path:
    """Return the path that was given; an empty one, such as of a variable that is not set, would be this folder."""
    if not text.strip():
        raise typer.BadParameter("It is an empty name.")
    return Path(text)


def parse_target(text: str) -> Path:
    """Return the path of what is to be written; ``-`` would be a file of that name, and not standard output."""
    if text == STANDARD_OUTPUT:
        raise typer.BadParameter("This is written to a file: name one (./- is one of that name).")
    return parse_path(text)


LibraryOption = Annotated[
    str | None,  # a Path would make the current folder of an empty one, such as of a variable that is not set
    typer.Option(
        "--library",
        metavar="PATH",
        help="The library's folder; else AIRQUOTE_LIBRARY, else your user data folder.",
        show_default=False,
    ),
]
VerboseOption = Annotated[
    bool,
    typer.Option("-v", "--verbose", callback=_log_if_wanted, is_eager=True, help="Print a log to stderr."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object per line.")]
AllowPrivateOption = Annotated[
    bool, typer.Option("--allow-private", help="Follow redirects into private networks too.")
]
DateOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="DATE",
        help="The date of publication, such as 2024-05-31; given several times, one for each file in order.",
        show_default="from tags, else from file names",
    ),
]
EpisodeArgument = Annotated[
    str,
    typer.Argument(metavar="EPISODE", help="An id, a unique prefix of one, or a title.", show_default=False),
]
EpisodesArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="EPISODE...",
        help="Ids, unique prefixes of them, titles, or patterns like 'fail*'.",
        show_default=False,
    ),
]
ShowOption = Annotated[
    str | None,
    typer.Option("--show", help="Only this show, or shows with these words in their name.", show_default=False),
]
SinceOption = Annotated[
    str | None,
    typer.Option("--since", metavar="DATE", help="Only episodes from 2023, 2023-05 or 2023-05-31 on."),
]
UntilOption = Annotated[str | None, typer.Option("--until", metavar="DATE", help="Only episodes up to such a date.")]
PlaceArgument = Annotated[
    str,
    typer.Argument(
        metavar="EPISODE|N", help="An episode, or the number of a hit of the last search.", show_default=False
    ),
]
StartArgument = Annotated[
    str | None, typer.Argument(metavar="START", help="A time: 75, 1:15, 1:02:33.4 or 1h2m33s.", show_default=False)
]
EndArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="END", help="A later time, in the same formats, or +5: 5 seconds after START.", show_default=False
    ),
]


class CitationFormat(StrEnum):
    """The styles in which places are cited."""

    plain = "plain"
    markdown = "markdown"
    html = "html"
    apa = "apa"
    chicago = "chicago"
    bibtex = "bibtex"
    ris = "ris"
    csl = "csl-json"


class RowFormat(StrEnum):
    """How places are printed: as text, or as citations in a style."""

    text = "text"
    citation = "citation"
    markdown = "markdown"
    html = "html"
    apa = "apa"
    chicago = "chicago"
    bibtex = "bibtex"
    ris = "ris"
    csl = "csl-json"

    @property
    def style(self) -> str | None:
        """The style of the citations, None for text."""
        return None if self is RowFormat.text else "plain" if self is RowFormat.citation else self.value


RowFormatOption = Annotated[
    RowFormat,
    typer.Option("--format", help="Print places as citations: plain ones (citation), or in one of these styles."),
]


def hit_number(text: str) -> int | None:
    """Return the number of a hit; None if ``text`` is not a number, but the name of an episode."""
    return int(text) if text.isdecimal() and len(text) < 10 else None


def selection_from(
    names: Sequence[str] | None, show: str | None, since: str | None, until: str | None
) -> EpisodeSelection:
    """Return which episodes a command is about; without any argument, all of the library."""
    from pipeline.episodes.chosen_episodes import EpisodeSelection

    return EpisodeSelection(tuple(names or ()), show, since, until)


def settings_from(**flags: Any) -> Settings:
    """Return the settings in effect with these flags, whose library advice will name."""
    settings = load_settings(flags)
    name_library(settings.library)
    return settings
