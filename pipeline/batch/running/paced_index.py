"""Keep the index of a library up to date during a batch, without spending most of its time on that."""

from __future__ import annotations

import time
from collections.abc import Callable

from index.fulltext.maintenance import update_index
from index.repeats.repeat_updates import update_repeats
from index.storage.store import Store

SHARE = 0.2
"""The most of a batch's time that is spent on the index. With an update for each file a thousand simulated workers,
whose files end every tenth of a second, were slowed down to 41 groups a second; the store alone takes 216."""


class PacedIndex:
    """The index of a library, and its repeated passages. A search brings what it lacks up to date by itself."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.monotonic) -> None:
        """``clock`` returns seconds."""
        self._store, self._clock = store, clock
        self._not_before = clock()
        self._is_behind = False

    def note_change(self) -> bool:
        """Take note of a transcript that was saved, and index it unless the last update was too short a time ago.

        Returns whether it is indexed.
        """
        self._is_behind = True
        if self._clock() >= self._not_before:
            self.catch_up()
        return not self._is_behind

    def catch_up(self) -> None:
        """Index what is not indexed. Raises LibraryError if the index cannot be written."""
        if not self._is_behind:
            return
        began = self._clock()
        update_index(self._store)
        update_repeats(self._store)
        ended = self._clock()
        self._not_before = ended + (ended - began) * (1 / SHARE - 1)
        self._is_behind = False
