"""The root of the error tree, the branches that every layer uses, and the errors of sound.

AirquoteError             what happened, where, and the way out
├── UsageError            the request is invalid
│   ├── TimeError         a time that does not parse, or lies past the end
│   └── TooLargeError     a file that is handed in, with more bytes than are taken
├── InputError            one input failed; the others continue
│   └── MediaError        a media file that cannot be read, decoded or trusted
│       ├── MediaMovedError       the file that an episode refers to is gone or has changed
│       └── TruncatedMediaError   a file that is shorter than it states
└── MachineError          this machine cannot do it at present
    ├── PlayerError       no program for playing sound is installed, or it failed
    └── OutputError       a file cannot be written: the disk is full, or the folder is not writable

index/errors.py and pipeline/errors.py add their branches. An error holds facts: what happened, where, and the way out,
as a named kind with advice that fits every interface. It contains no wording of the command line or of a page: where an
interface can say more than the advice, it words the kind itself (the command line in pipeline/cli/errors.py). It maps
the branch to an exit code or a status.
"""

from __future__ import annotations

import copyreg
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class WayOut:
    """What a person can do about an error.

    ``kind`` identifies it for programs, ``advice`` is a sentence that fits every interface, and ``facts`` are the names
    and paths that an interface needs for its own wording.
    """

    kind: str
    advice: str
    facts: Mapping[str, str] = field(default_factory=dict, hash=False)


class AirquoteError(Exception):
    """Base class of the errors that airquote reports as a message instead of a traceback.

    ``message`` is a full sentence. ``where`` is the path, address, episode id, query or name that it is about, or None;
    ``way_out`` is None where there is no advice. ``in_lines`` is whether line breaks in the message are its own; others
    are of a file's name or a title.
    """

    in_lines: ClassVar[bool] = False

    def __init__(self, message: str, way_out: WayOut | None = None, *, where: Path | str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.way_out = way_out
        self.where = where

    def __str__(self) -> str:
        return self.with_advice(self.way_out.advice if self.way_out else "")

    def __reduce__(self) -> tuple[Any, ...]:
        # Errors are pickled between processes. By default, unpickling calls __init__ with ``args``, which fails for a
        # subclass with other parameters.
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]

    def with_advice(self, advice: str) -> str:
        """Return message and ``advice`` as one text: on one line, unless the message itself has several."""
        separator = "\n" if self.in_lines else " "
        return f"{self.message}{separator}{advice}".strip()


class UsageError(AirquoteError):
    """The request is invalid."""


class TimeError(UsageError):
    """A time that does not parse, or lies outside its file."""


class TooLargeError(UsageError):
    """A file that is handed in has more bytes than are taken."""


class InputError(AirquoteError):
    """One input failed; a batch continues with the others."""


class MediaError(InputError):
    """A media file that cannot be read, decoded or trusted."""


class MediaMovedError(MediaError):
    """The file that an episode refers to is gone or has changed."""


class TruncatedMediaError(MediaError):
    """A media file that is shorter than it states, most often an interrupted download."""


class MachineError(AirquoteError):
    """This machine cannot do it at present."""


class PlayerError(MachineError):
    """No program for playing sound is installed, or it failed."""


class OutputError(MachineError):
    """A requested file cannot be written: the disk is full, or the folder is not writable."""


# Ways out whose advice is given where the error is raised.


def correct_input(advice: str) -> WayOut:
    """Correct what was entered."""
    return WayOut("correct_input", advice)


def choose_other_file(advice: str) -> WayOut:
    """Name another file or folder."""
    return WayOut("choose_other_file", advice)


def repair_file(advice: str) -> WayOut:
    """Get the file again, or repair it."""
    return WayOut("repair_file", advice)


def check_permissions(advice: str) -> WayOut:
    """Check whether the file is readable, or the folder writable."""
    return WayOut("check_permissions", advice)


def make_room(advice: str) -> WayOut:
    """Free space on the disk."""
    return WayOut("make_room", advice)


def try_again(advice: str) -> WayOut:
    """Repeat the request, perhaps later."""
    return WayOut("try_again", advice)


def choose_player(advice: str) -> WayOut:
    """Install or name another program that plays sound."""
    return WayOut("choose_player", advice)


# Ways out whose advice is always the same, or follows from their facts.

MAKE_FOLDER = WayOut("make_folder", "Create it first.")
TAKE_PARTIAL = WayOut("take_partial", "Download it again, or allow the part that exists to be used.")


def allow_overwrite(what: str = "file") -> WayOut:
    """Allow a file to be replaced, or name another ``what``."""
    return WayOut("overwrite", f"Name another {what}, or allow it to be overwritten.", {"what": what})


def reinstall(requirement: str) -> WayOut:
    """Install a Python package again."""
    return WayOut("reinstall", f"Install the Python package {requirement} again.", {"requirement": requirement})
