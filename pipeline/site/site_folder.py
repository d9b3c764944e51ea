"""The folder of a site: only one that airquote made, or an empty one; its files are replaced and removed.

A list in it names every file that was made. A name is added before its file is written, so that a run that was killed
leaves no file that the next one does not know. What is not in the list is never touched.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Literal

from audio.atomic_write import check_parent, raise_output_error, write_atomically
from audio.errors import UsageError, choose_other_file
from index.storage.store import Store
from pipeline.hearing.recordings import check_target, real_path
from pipeline.site.site_files import SiteFile
from pipeline.site.site_names import FOLDERS, ROOT_FILES

LIST = ".airquote-site"
HEADING = "A site by airquote, which replaces and removes these files:"
_FILE = re.compile(r"[^/\\\0.][^/\\\0]*")
_UNFINISHED = ".airquote-*.part"


class SiteFolder:
    """A folder into which a site is written, or compared with it if nothing is to be written."""

    def __init__(self, folder: Path, listed: frozenset[str], dry_run: bool) -> None:
        self.folder = folder
        self._listed, self._dry_run = listed, dry_run
        self._made: set[str] = set()
        self._list: IO[str] | None = None

    def put(self, name: str, content: bytes, episode: str | None = None) -> SiteFile:
        """Write a file unless it is there with this content already; return what was done.

        Raises OutputError if it cannot be written.
        """
        status = self._compare(name, content)
        self._made.add(name)
        if status != "unchanged" and not self._dry_run:
            self._write(name, content)
        return SiteFile(name, status, len(content), episode)

    def remove_others(self) -> Iterator[SiteFile]:
        """Remove the files of an earlier site that this one has not. Raises OutputError."""
        for name in sorted(self._listed - self._made):
            place = self.folder / name
            if not os.path.lexists(place):
                continue
            if not self._dry_run:
                with raise_output_error(place):
                    place.unlink()
            yield SiteFile(name, "removed", None)

    def _compare(self, name: str, content: bytes) -> Literal["new", "changed", "unchanged"]:
        place = self.folder / name
        with raise_output_error(place):
            if not os.path.lexists(place):
                return "new"
            is_same = not place.is_symlink() and place.is_file() and place.stat().st_size == len(content)
            return "unchanged" if is_same and place.read_bytes() == content else "changed"

    def _write(self, name: str, content: bytes) -> None:
        place = self.folder / name
        if self._list is not None and name not in self._listed:
            self._list.write(f"{name}\n")
            self._list.flush()
        with raise_output_error(place):
            place.parent.mkdir(parents=True, exist_ok=True)
            with write_atomically(place) as unfinished:
                unfinished.write_bytes(content)

    @contextmanager
    def keep_list(self) -> Iterator[None]:
        """Context manager: keep a list of what is made; at the end it is exactly that."""
        place = self.folder / LIST
        with raise_output_error(place):
            self.folder.mkdir(exist_ok=True)
            if not place.exists():
                place.write_text(f"{HEADING}\n", encoding="utf-8", newline="\n")
            self._list = place.open("a", encoding="utf-8", newline="\n")
        with self._list:
            yield
        with raise_output_error(place), write_atomically(place) as unfinished:
            lines = [HEADING, *sorted(self._made)]
            unfinished.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")

    def remove_unfinished(self) -> None:
        """Remove what a killed run left half written, and folders without a file."""
        for folder in ("", *FOLDERS[::-1]):
            for part in (self.folder / folder).glob(_UNFINISHED):
                with suppress(OSError):
                    part.unlink()
            if folder:
                with suppress(OSError):
                    (self.folder / folder).rmdir()  # only if it is empty


@contextmanager
def open_site(store: Store, folder: Path, *, dry_run: bool) -> Iterator[SiteFolder]:
    """Context manager: the folder of a site, which is created if it is missing, but not in a ``dry_run``.

    Raises UsageError, with nothing written, for a folder that airquote did not make, that lies in the library or holds
    it, or in which a symbolic link leads elsewhere; OutputError if it cannot be written.
    """
    check_target(store, folder)
    with raise_output_error(folder):
        _check_place(store, folder)
        listed = _read_list(folder)
    site = SiteFolder(folder, listed, dry_run)
    if dry_run:
        yield site
        return
    with site.keep_list():
        yield site
        site.remove_unfinished()


def _check_place(store: Store, folder: Path) -> None:
    other = choose_other_file("Name an empty folder, or one that does not exist yet.")
    if os.path.lexists(folder) and not folder.is_dir():
        raise UsageError(f"{folder} is not a folder.", other, where=folder)
    check_parent(folder)
    place, library = real_path(folder), real_path(store.directory)
    if place is not None and library is not None and library.is_relative_to(place):
        raise UsageError(f"{folder} holds the library, which would be published.", other, where=folder)
    for inside in (*FOLDERS, LIST):
        if (folder / inside).is_symlink():
            raise UsageError(
                f"{folder / inside} is a symbolic link, through which files elsewhere would be replaced.",
                choose_other_file("Remove the link, or name another folder."),
                where=folder,
            )


def _read_list(folder: Path) -> frozenset[str]:
    """Return the files that airquote made in a folder. Raises UsageError for a folder with files of others alone."""
    place = folder / LIST
    if not os.path.lexists(place):
        if folder.exists() and any(folder.iterdir()):
            raise UsageError(
                f"{folder} was not made by airquote, so its files are not touched.",
                choose_other_file("Name an empty folder, or one that does not exist yet."),
                where=folder,
            )
        return frozenset()
    lines = (
        place.read_text(encoding="utf-8", errors="replace").split("\n") if stat.S_ISREG(place.lstat().st_mode) else []
    )
    if lines[:1] != [HEADING]:
        raise UsageError(
            f"{place} is no list of the files of a site.",
            choose_other_file("Name an empty folder, or one that does not exist yet."),
            where=folder,
        )
    return frozenset(filter(_can_be_made, lines[1:]))


def _can_be_made(name: str) -> bool:
    """Whether a file of this name is one of a site: a list may have been written by somebody else."""
    folder, _, file = name.rpartition("/")
    return name in ROOT_FILES or (folder in FOLDERS and _FILE.fullmatch(file) is not None)
