"""What the store knows of the library itself: the model that it is made with."""

from __future__ import annotations

from index.storage.hand_edits import HandEdits
from index.storage.schema import DEFAULTS_TABLE
from index.storage.untrusted import check_types


class LibraryFacts(HandEdits):
    """The part of a store that is about the library."""

    def default_model(self) -> str | None:
        """Return the model that the library is made with, None if nothing was transcribed yet."""
        if self._version() < DEFAULTS_TABLE:
            return None  # a library of an earlier version, opened read-only
        row = next(self._rows("SELECT value FROM defaults WHERE name = 'model'"), None)
        with self._damage_noticed("The model of the library"):
            check_types(row or (), str)
        return row[0] if row else None

    def save_default_model(self, model: str) -> None:
        """Store the model that the library is made with."""
        with self.transaction():
            self._connection.execute("INSERT OR REPLACE INTO defaults VALUES ('model', ?)", (model,))
