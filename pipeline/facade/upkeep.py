"""The upkeep of a library."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipeline.answers import (
    Finding,
)
from pipeline.facade.open_library import OpenLibrary

if TYPE_CHECKING:
    pass

# Each method imports what it needs when it is called: a timestamp lookup loads neither Whoosh nor an engine.


class MaintainingLibrary(OpenLibrary):
    """Maintenance."""

    def reindex(self) -> int:
        """Rebuild the index from the transcripts, and return how many it holds."""
        from index.fulltext.maintenance import rebuild_index

        self._finish_removals()
        rebuild_index(self._store, self._report_index)
        return len(self._store.transcripts())

    def doctor(self, *, repair: bool = True) -> Iterator[Finding]:
        """Check engine, weights, decoder, encoder, player, library, index and recordings, and yield what was found.

        The library may be damaged, or missing if it was opened with ``create``; it is not created. With ``repair``
        interrupted removals are finished, and empty episodes and second copies of earlier versions are removed.
        """
        from pipeline.doctor import examine

        return examine(self.directory, repair=repair)
