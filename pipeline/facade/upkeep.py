"""The upkeep of a library."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from audio.errors import UsageError
from pipeline.answers import Finding
from pipeline.backups.backup_values import Backup, Restored
from pipeline.errors import INSTALL_LARGE, NAME_INDEX
from pipeline.facade.open_library import OpenLibrary

# Each method imports what it needs when it is called: a timestamp lookup loads neither Whoosh nor an engine.


class MaintainingLibrary(OpenLibrary):
    """Maintenance."""

    def reindex(self, index: Literal["whoosh", "tantivy"] | None = None) -> int:
        """Rebuild the index from the transcripts, find anew what recurs in them, and return how many there are.

        ``index`` is the kind of index that the library has from now on; without it, it keeps its own. Raises UsageError
        if Tantivy is not installed.
        """
        from index.fulltext.index_kinds import is_installed
        from index.fulltext.maintenance import rebuild_index
        from index.repeats.repeat_updates import rebuild_repeats

        if index not in (None, "whoosh", "tantivy"):
            raise UsageError(f"There is no index {index!r}: it is whoosh or tantivy.", NAME_INDEX)
        if index is not None and not is_installed(index):
            raise UsageError("An index of Tantivy needs a package that is not installed.", INSTALL_LARGE)
        self._finish_removals()
        rebuild_index(self._store, self._report_index, index)
        rebuild_repeats(self._store, self._report_repeats)
        return len(self._store.transcripts())

    def backup(self, file: str | Path, *, overwrite: bool = False) -> Backup:
        """Write all of the library, as of one moment, to a ``file``; others may use and fill the library meanwhile.

        The copy is read and checked before it takes its name. The index is not in it, since ``restore`` makes it anew;
        recordings are not either. Raises UsageError for a file in the library, a recording, or one that exists
        (without ``overwrite``), LibraryError for a damaged library or a full disk, OutputError if writing fails.
        """
        from pipeline.backups.whole_library import write_backup

        return write_backup(self._store, Path(file), self.progress, overwrite=overwrite)

    def restore(self, file: str | Path, *, replace: bool = False) -> Restored:
        """Make this library what the backup in ``file`` holds, in one transaction, and its index with it.

        Without ``replace`` the library must be new, which opening with ``create`` makes possible, or without episodes.
        One that cannot be read is set aside. Raises UsageError for a library that is there and for a file that is not,
        LibraryError for a backup that is damaged or of a newer airquote, if another process fills the library, and for
        a full disk.
        """
        from pipeline.backups.whole_library import restore_library

        self._let_go()
        return restore_library(self.directory, Path(file), self.progress, replace=replace)

    def doctor(self, *, repair: bool = True) -> Iterator[Finding]:
        """Check engine, weights, tools, settings, library, index and recordings; yield what was found, and where.

        The library may be damaged, or missing if it was opened with ``create``; it is not created. With ``repair``
        interrupted removals are finished, and empty episodes and second copies of earlier versions are removed.
        """
        from pipeline.doctor import examine

        return examine(self.directory, repair=repair)
