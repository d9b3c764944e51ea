"""An open library directory: its store, its index, and how to open and close them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from index.errors import LibraryError
from index.storage.store import STORE_NAME, Store
from pipeline.answers import Place
from pipeline.last_search import save_places
from pipeline.progress import IndexAdvanced, IndexReplaced, ProgressCallback, RepeatsAdvanced, ignore_progress
from pipeline.settings import full_path, load_settings

if TYPE_CHECKING:
    from index.fulltext.index_kinds import IndexReport
    from index.fulltext.maintenance import IndexSession, OpenIndex

T = TypeVar("T")
_log = logging.getLogger("airquote.library")


class OpenLibrary:
    """Opening and closing."""

    def __init__(self, directory: Path, *, create: bool, progress: ProgressCallback, numbers: bool = True) -> None:
        self.directory = directory
        self.progress = progress
        self._saves_numbers = numbers
        self._create, self._closed = create, False
        if not create:
            self._store  # noqa: B018 - opened now, to raise now

    @classmethod
    def open(
        cls,
        directory: str | Path | None = None,
        *,
        create: bool = False,
        progress: ProgressCallback = ignore_progress,
        numbers: bool = True,
    ) -> Self:
        """Open the library in ``directory``; None is that of environment, settings file or user data folder.

        With ``create`` a missing library is created by the first call that needs it, not by one with invalid arguments.
        Without ``numbers`` the places of a search are not saved for ``hit``: one person's numbers are not changed by
        what others ask.
        Raises UsageError if it does not exist and ``create`` is false, LibraryError if it is damaged, locked or newer.
        """
        where = load_settings({}).library if directory is None else full_path(directory)
        return cls(where, create=create, progress=progress, numbers=numbers)

    def close(self) -> None:
        """Close the files of the library, which cannot be used after it."""
        self._closed = True
        self._let_go()

    def _let_go(self) -> None:
        """Close the files, which are opened again when they are needed."""
        for opened in ("_index", "_store"):
            if opened in self.__dict__:
                self.__dict__.pop(opened).close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: object, trace: TracebackType | None) -> None:
        self.close()

    @cached_property
    def _store(self) -> Store:
        if self._closed:
            raise ValueError(f"the library {self.directory} is closed")
        _log.debug("opening %s", self.directory)
        store = Store.open(self.directory, create=self._create)
        store.vectors_wanted = load_settings({}).voice_profiles == "on"
        return store

    @property
    def _exists(self) -> bool:
        """Whether there is a library already, which is then opened and not created."""
        return not self._create or (self.directory / STORE_NAME).exists()

    @cached_property
    def _index(self) -> IndexSession:
        from index.fulltext.maintenance import IndexSession

        return IndexSession(self._store)

    def _ask(self, question: Callable[[OpenIndex], T]) -> T:
        return self._index.ask(question, self._report_index)

    def _save_places(self, places: Sequence[Place], first: int = 1) -> bool:
        """Save places for ``hit``, numbered from ``first``. Return whether that was wanted and possible."""
        return self._saves_numbers and save_places(self.directory, places, first)

    def _finish_removals(self) -> None:
        from pipeline.batch.removal import finish_removals

        finish_removals(self._store, self._report_index)

    def _update_derived(self) -> None:
        """Bring the index and the marks of passages that recur up to date with the transcripts."""
        from index.fulltext.maintenance import update_index
        from index.repeats.repeat_updates import update_repeats

        update_index(self._store, self._report_index)
        update_repeats(self._store, self._report_repeats)

    def _replace_outgrown_index(self) -> None:
        """Rebuild an index that the library has outgrown, once a batch is done, which keeps the one that there is."""
        from index.fulltext.maintenance import replace_outgrown_index

        replace_outgrown_index(self._store, self._report_index)

    def _mark_repeats(self) -> None:
        """Mark what recurs where that was not done yet, as in a library of an earlier version, if it can be written."""
        from index.repeats.repeat_updates import update_repeats

        try:
            update_repeats(self._store, self._report_repeats)
        except LibraryError as error:
            _log.warning("repeats are those that were found earlier: %s", error)

    def _report_repeats(self, done: int, total: int) -> None:
        self.progress(RepeatsAdvanced(done, total))

    @property
    def _report_index(self) -> IndexReport:
        from index.fulltext.index_kinds import IndexReport

        return IndexReport(
            lambda done, total: self.progress(IndexAdvanced(done, total)),
            lambda kind, reason: self.progress(IndexReplaced(kind, reason)),
        )
