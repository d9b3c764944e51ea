"""The part of a download that is there so far: kept beside its target, tied to what it is a part of.

Three hidden files stand beside the target: the part, a note of what it is a part of, and a lock. Their names follow
from that of the target, so the next download of it finds them, and none can be taken for the target.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from filelock import FileLock, Timeout

from audio.atomic_write import raise_output_error
from audio.errors import InputError, choose_other_file, try_again

LONGEST_KEPT = 30 * 24 * 3600.0
"""Seconds for which a part that nobody continues is kept."""


@dataclass(frozen=True, slots=True)
class PartNote:
    """What a part is a part of: the SHA-256 of its address, which may hold secrets, and the ``validator`` with which a
    server tells that it is still the same: an entity tag or the date of the last change; None if it gave neither.
    """

    address_hash: str
    validator: str | None


def note_for(address: str, validator: str | None) -> PartNote:
    """Return the note for a part of what is at ``address``."""
    return PartNote(sha256(address.encode("utf-8", "surrogatepass")).hexdigest(), validator)


class PartFile:
    """The part of the file ``target``; only inside ``lock_part``."""

    def __init__(self, target: Path) -> None:
        name = f".airquote-{sha256(os.fsencode(target.name)).hexdigest()[:24]}"
        self.target = target
        self.path = target.with_name(f"{name}.part")
        self._note = target.with_name(f"{name}.json")

    @property
    def size(self) -> int:
        """The bytes that are there; 0 without a part."""
        try:
            return self.path.stat().st_size
        except OSError:
            return 0

    def validator_for(self, address: str) -> str | None:
        """Return the validator with which the part can be continued from ``address``; None if it cannot be."""
        try:
            kept = json.loads(self._note.read_text("utf-8"))
            note = PartNote(kept["address_hash"], kept["validator"])
        except (OSError, ValueError, TypeError, KeyError):
            return None
        fits = isinstance(note.validator, str) and note.validator.isprintable() and note.validator.isascii()
        return note.validator if fits and self.size and note == note_for(address, note.validator) else None

    @contextmanager
    def open(self, append: bool) -> Iterator[BinaryIO]:
        """Context manager: the part, to be continued or begun; on the disk at the end. Raises OutputError."""
        with raise_output_error(self.target), self.path.open("ab" if append else "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())

    def begin(self, note: PartNote) -> None:
        """Drop what is there, and note what is to be there. Raises OutputError."""
        self.discard()
        with raise_output_error(self.target):
            self._note.write_text(json.dumps(asdict(note)), "utf-8")

    def discard(self) -> None:
        """Delete the part, what yt-dlp makes it from, and its note."""
        for path in (self._note, *self.path.parent.glob(f"{self.path.name}*")):
            with suppress(OSError):
                path.unlink()

    def keep_as(self, path: Path) -> None:
        """Give the part, which is whole, its name in the same folder. Raises InputError if that is taken."""
        with raise_output_error(path):
            try:
                _rename_to_new(self.path, path)
            except FileExistsError:
                raise taken(path) from None
            _sync_folder(path.parent)
        self.discard()


@contextmanager
def lock_part(target: Path) -> Iterator[PartFile]:
    """Context manager: the part of ``target``, while no other process has it. Raises InputError if one has.

    Parts in its folder that were given up long ago are deleted.
    """
    part = PartFile(target)
    lock = part.path.with_suffix(".lock")
    with raise_output_error(target):
        lock.touch()
        _drop_old_parts(target.parent)
    try:
        with FileLock(lock, timeout=0):
            try:
                yield part
            finally:
                # While it is held: another process that has opened it notices that it is gone, and fails to take it.
                with suppress(OSError):
                    lock.unlink()
    except Timeout:
        raise InputError(
            f"{target} is being downloaded already.", try_again("Wait until that is done."), where=target
        ) from None


def _drop_old_parts(folder: Path) -> None:
    for path in folder.glob(".airquote-*.*"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > LONGEST_KEPT:
                path.unlink()


def taken(path: Path) -> InputError:
    """Return the error for a file that is in the way."""
    return InputError(
        f"{path} exists already.", choose_other_file("Name another file, or remove that one."), where=path
    )


def _rename_to_new(part: Path, path: Path) -> None:
    """Rename a file. Raises FileExistsError rather than replace another."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if os.path.lexists(path):
            raise FileExistsError from None
        part.rename(path)


def _sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
