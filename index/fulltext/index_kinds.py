"""The kinds of full-text index: which one a library has, opening it, and writing it.

Whoosh is always there. Tantivy is for large libraries, and an extra; its modules are imported only where it is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from index.fulltext.manifest import WHOOSH, numbered_folder, own_files, read_manifest
from index.fulltext.passages import STEP_TOKENS, CutPassage
from index.fulltext.reader import FullText
from index.fulltext.tantivy.numbered_folders import list_folders, next_folder, remove_others
from index.storage.library_defaults import IndexKind
from index.storage.store import Store

Reason = Literal["large", "not installed"]
"""Why an index is one of the other kind than before, if that was not asked for."""


class IndexReport:
    """What is called with the transcripts that are indexed so far, and all; and when an index becomes one of another
    kind."""

    def __init__(self, advanced: Callable[[int, int], None], replaced: Callable[[IndexKind, Reason], None]) -> None:
        self._advanced = advanced
        self.replaced = replaced

    def __call__(self, done: int, total: int) -> None:
        """Report progress."""
        self._advanced(done, total)


LARGE_PASSAGES = 100_000
"""Passages from which a library gets a Tantivy index by itself, if that is installed: Whoosh needs 8 minutes to build
the index of so many (4.6 ms a passage), Tantivy 4 (2.2 ms); at 130,000 a query takes 66 and 25 ms in the median."""


def is_installed(kind: IndexKind) -> bool:
    """Whether this kind of index can be used here."""
    return kind == "whoosh" or find_spec("tantivy") is not None


def choose_kind(store: Store, present: IndexKind | None) -> IndexKind:
    """Return the kind of index that a library is to have: what was asked for, else by its size, if it is installed."""
    wanted = store.index_kind() or present
    if wanted != "tantivy" and store.index_kind() is None and is_large(store):
        wanted = "tantivy"
    return "tantivy" if wanted == "tantivy" and is_installed("tantivy") else "whoosh"


def is_large(store: Store) -> bool:
    """Whether a library is one that Tantivy is for."""
    return sum(store.word_counts().values()) > LARGE_PASSAGES * STEP_TOKENS


def open_fulltext(folder: Path) -> FullText:
    """Open the full-text index in the folder of a library's index. Raises IndexDamagedError."""
    current = numbered_folder(folder, read_manifest(folder))
    if current is not None:
        from index.fulltext.tantivy.tantivy_reader import TantivyFullText

        return TantivyFullText(current)
    from index.fulltext.whoosh.whoosh_reader import WhooshFullText

    return WhooshFullText(folder / WHOOSH)


class FullTextWriter:
    """Writes to the full-text index in the folder of a library's index, as part of one change."""

    def __init__(self, folder: Path, kind: IndexKind, current: Path | None) -> None:
        """``current`` is the numbered folder of the index so far, if it has one."""
        self._folder = folder
        self._current = current
        self._kind = kind
        self._numbered: Path | None = None

    def change(self, removed: Iterable[int], added: Iterable[tuple[int, str | None, Iterable[CutPassage]]]) -> None:
        """Remove transcripts by number and add others (number, language, passages), in one commit.

        Creates the index if it does not exist. Raises IndexDamagedError, and LibraryError if it cannot be written.
        """
        if self._kind == "tantivy":
            from index.fulltext.tantivy.tantivy_writer import change_passages

            self._numbered = self._numbered or next_folder(self._folder, self._current)
            change_passages(self._numbered, removed, added)
        else:
            from index.fulltext.whoosh.writer import change_index

            change_index(self._folder / WHOOSH, removed, added)

    def erase(self) -> None:
        """Erase removed passages from the files of common terms of a Tantivy index. Raises as ``change`` does."""
        from index.fulltext.tantivy.tantivy_writer import erase_postings

        self._numbered = self._numbered or next_folder(self._folder, self._current)
        erase_postings(self._numbered)

    def superseded(self) -> list[Path]:
        """Return the files that the index no longer needs once the change is done."""
        if self._numbered is None:
            return []
        earlier = [folder for folder in list_folders(self._folder) if folder != self._numbered]
        return [file for file in own_files(self._folder) if file.parent in earlier]

    def clear(self) -> None:
        """Remove what is superseded."""
        if self._numbered is not None:
            remove_others(self._folder, self._numbered)


def transcripts_beside_removed(folder: Path) -> list[int] | None:
    """Return the transcripts in the segments of a Tantivy index that hold removed ones, None if no file holds any."""
    from index.fulltext.tantivy.tantivy_reader import TantivyFullText

    current = numbered_folder(folder, read_manifest(folder))
    return TantivyFullText(current).transcripts_beside_deleted() if current else None
