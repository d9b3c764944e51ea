"""The root of the error tree, the branches that every layer uses, and the errors of sound.

AirquoteError             what happened, where, and the way out
├── UsageError            the request cannot be answered as it was put
│   └── TimeError         a time that does not parse, or lies past the end
├── InputError            one input failed; the others go on
│   └── MediaError        a media file that cannot be read, decoded or trusted
│       ├── MediaMovedError       the file that an episode refers to is gone or has changed
│       └── TruncatedMediaError   a file that holds less than it says it holds
└── MachineError          this machine cannot do it now
    ├── PlayerError       no program here plays sound, or it failed
    └── OutputError       a file cannot be written: the disk is full, or the folder refuses it

index/errors.py and pipeline/errors.py add their branches. An error holds facts: what happened, where, and which way
out there is, as a named kind. It holds no words of the command line or of a page: each face puts the kinds into its
own words (the command line in pipeline/cli/errors.py), and turns the branch into an exit code or a status.
"""

from __future__ import annotations

import copyreg
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class WayOut:
    """What a person can do next.

    ``kind`` names it for a program, ``advice`` says it in words that fit every face, and ``facts`` are the names and
    paths that a face needs to word it itself.
    """

    kind: str
    advice: str
    facts: Mapping[str, str] = field(default_factory=dict, hash=False)


class AirquoteError(Exception):
    """Anything that airquote reports to a person instead of a traceback.

    ``message`` is a sentence that names the thing. ``where`` is the path, address, episode id, query or name that
    it is about; None where it is about none. ``way_out`` is None where nothing can be advised.
    """

    def __init__(self, message: str, way_out: WayOut | None = None, *, where: Path | str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.way_out = way_out
        self.where = where

    def __str__(self) -> str:
        return self.with_advice(self.way_out.advice if self.way_out else "")

    def __reduce__(self) -> tuple[Any, ...]:
        # Errors cross from one process to another. Exception's own way calls __init__ with ``args``, which a
        # subclass with other parameters does not survive.
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]

    def with_advice(self, advice: str) -> str:
        """The message and ``advice`` as one text: on one line, unless the message itself takes several."""
        separator = "\n" if "\n" in self.message else " "
        return f"{self.message}{separator}{advice}".strip()


class UsageError(AirquoteError):
    """The request cannot be answered as it was put."""


class TimeError(UsageError):
    """A time that does not parse, or lies outside its file."""


class InputError(AirquoteError):
    """One input failed; a batch goes on with the others."""


class MediaError(InputError):
    """A media file that cannot be read, decoded or trusted."""


class MediaMovedError(MediaError):
    """The file that an episode refers to is gone, or is no longer the same."""


class TruncatedMediaError(MediaError):
    """A media file that holds less than it says it holds: a download that stopped, mostly."""


class MachineError(AirquoteError):
    """This machine cannot do it now."""


class PlayerError(MachineError):
    """No program here plays sound, or the one that does failed."""


class OutputError(MachineError):
    """A file that was asked for cannot be written: the disk is full, or the folder refuses it."""


# Ways out that are one kind of action; what exactly to do is said where the error is raised.


def correct_input(advice: str) -> WayOut:
    """Write what was asked for differently."""
    return WayOut("correct_input", advice)


def choose_other_file(advice: str) -> WayOut:
    """Name another file or folder."""
    return WayOut("choose_other_file", advice)


def repair_file(advice: str) -> WayOut:
    """Get the file again, or change it."""
    return WayOut("repair_file", advice)


def check_permissions(advice: str) -> WayOut:
    """See whether the file may be read, or the folder written."""
    return WayOut("check_permissions", advice)


def make_room(advice: str) -> WayOut:
    """Free space on the disk."""
    return WayOut("make_room", advice)


def try_again(advice: str) -> WayOut:
    """Ask the same once more, perhaps later."""
    return WayOut("try_again", advice)


def choose_player(advice: str) -> WayOut:
    """Install or name another program that plays sound."""
    return WayOut("choose_player", advice)


# Ways out that each face words for itself.

MAKE_FOLDER = WayOut("make_folder", "Make it first.")
TAKE_PARTIAL = WayOut("take_partial", "Download it again, or allow what is there to be taken.")


def allow_overwrite(what: str = "file") -> WayOut:
    """Allow a file to be replaced, or name another ``what``."""
    return WayOut("overwrite", f"Name another {what}, or allow it to be overwritten.", {"what": what})


def reinstall(requirement: str) -> WayOut:
    """Install a Python package again."""
    return WayOut("reinstall", f"Install the Python package {requirement} again.", {"requirement": requirement})
