"""Atomic writes: a file appears complete or not at all; and the errors of files that cannot be written."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from audio.errors import MAKE_FOLDER, OutputError, UsageError, allow_overwrite, choose_other_file, make_room


@contextmanager
def write_atomically(target: Path) -> Iterator[Path]:
    """Context manager: yield a temporary path next to ``target``, renamed over it at the end.

    If anything fails, ``target`` is unchanged, the temporary file is removed and the error propagates.
    """
    # In the target's folder, since a rename cannot cross file systems; short, since the target's name may be as long as
    # the file system allows.
    unfinished = target.with_name(f".airquote-{secrets.token_hex(6)}.part")
    try:
        yield unfinished
        unfinished.replace(target)
    finally:
        with suppress(OSError):  # renamed already, or never created
            unfinished.unlink()


@contextmanager
def write_output(target: Path) -> Iterator[Path]:
    """Context manager: ``write_atomically`` for a file that a user named. Raises OutputError for an OSError."""
    with raise_output_error(target), write_atomically(target) as unfinished:
        yield unfinished


@contextmanager
def raise_output_error(target: Path) -> Iterator[None]:
    """Context manager: raise OutputError, about ``target``, for an OSError."""
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"{target} cannot be written: {error.strerror or error}.",
            make_room("Is the disk full, or the folder read-only?"),
            where=target,
        ) from error


def check_new_file(path: Path, overwrite: bool, what: str = "file") -> None:
    """Raise UsageError for a folder, a file in a missing folder or, unless ``overwrite``, a file that exists.

    ``what`` is what the user named, and can name otherwise: the file, or the folder that it is to be written into.
    """
    with raise_output_error(path):  # a name that is too long, a folder that may not be entered
        if path.is_dir():
            raise UsageError(f"{path} is a folder.", choose_other_file("Name a file in it."), where=path)
        check_parent(path)
        if path.exists() and not overwrite:
            raise UsageError(f"{path} exists already.", allow_overwrite(what), where=path)


def check_parent(path: Path) -> None:
    """Raise UsageError if the folder that ``path`` is in does not exist."""
    if not path.parent.is_dir():
        raise UsageError(f"There is no folder {path.parent}.", MAKE_FOLDER, where=path.parent)
