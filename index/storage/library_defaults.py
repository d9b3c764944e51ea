"""What a library is made with where nothing else is said: the model, and the kind of index."""

from __future__ import annotations

from typing import Literal, get_args

from index.storage.schema import DEFAULTS_TABLE
from index.storage.transcript_reader import TranscriptReader
from index.storage.untrusted import check_types

IndexKind = Literal["whoosh", "tantivy"]
"""The kinds of full-text index."""


class LibraryDefaults(TranscriptReader):
    """The part of a store that keeps its defaults."""

    def default_model(self) -> str | None:
        """Return the model that the library is made with, None if nothing was transcribed yet."""
        return self._default("model")

    def save_default_model(self, model: str) -> None:
        """Store the model that the library is made with."""
        self._save_default("model", model)

    def index_kind(self) -> IndexKind | None:
        """Return the kind of index that was asked for, None if none was."""
        found = self._default("index")
        return next((kind for kind in get_args(IndexKind) if kind == found), None)

    def save_index_kind(self, kind: IndexKind) -> None:
        """Store the kind of index that was asked for."""
        self._save_default("index", kind)

    def _default(self, name: str) -> str | None:
        if self._version() < DEFAULTS_TABLE:
            return None  # a library of an earlier version, opened read-only
        row = next(self._rows("SELECT value FROM defaults WHERE name = ?", name), None)
        with self._damage_noticed(f"The {name} of the library"):
            check_types(row or (), str)
        return row[0] if row else None

    def _save_default(self, name: str, value: str) -> None:
        with self.transaction():
            self._connection.execute("INSERT OR REPLACE INTO defaults VALUES (?, ?)", (name, value))
