"""The files of a Whoosh index: schema, columns read as arrays, storage, and classification of errors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from whoosh.columns import NumericColumn
from whoosh.fields import COLUMN, ID, TEXT, Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.formats import Frequency

from index.errors import REINDEX, IndexDamagedError, LibraryError
from index.storage.access import explain_unwritten_index

INDEX_NAME = "MAIN"
"""The index name in Whoosh's file names."""


class _ArrayColumn(NumericColumn):  # type: ignore[misc]
    """A numeric column that is read in one piece; Whoosh's own creates a Python object for each number."""

    class Reader(NumericColumn.Reader):  # type: ignore[misc]
        """The reader class that Whoosh instantiates for the column."""

        def load(self) -> NDArray[Any]:
            """Return all numbers: shape (documents,). Trailing default values are not in the file."""
            numbers = np.full(self._doccount, self._default, dtype=self._typecode)
            written = self._dbfile.get(self._basepos, self._count * self._fixedlen)
            numbers[: self._count] = np.frombuffer(written, dtype=f">{self._typecode}")
            return numbers


class WhooshStorage(FileStorage):  # type: ignore[misc]
    """A context manager that closes all files opened in a folder: Whoosh leaves files open when reading fails."""

    def __init__(self, folder: Path) -> None:
        # With memory mapping Whoosh copies every file: 240 MB more for 30,000 passages.
        super().__init__(str(folder), supports_mmap=False)
        self._opened: list[Any] = []

    def open_file(self, name: str, **options: Any) -> Any:
        """See FileStorage."""
        self._opened.append(super().open_file(name, **options))
        return self._opened[-1]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for opened in self._opened:
            opened.file.close()


COLUMNS = {"transcript": "q", "first": "i", "last": "i", "tokens": "i"}
"""The stored columns of a passage, with their type codes."""


def make_schema() -> Schema:
    """Return the schema: the indexed fields of a passage and its columns."""

    def counted() -> TEXT:
        field = TEXT(phrase=False, stored=False)
        field.format = Frequency()
        return field

    columns = {name: COLUMN(_ArrayColumn(kind)) for name, kind in COLUMNS.items()}
    return Schema(number=ID(), language=ID(), stems=counted(), grams=counted(), **columns)


@contextmanager
def damage_noticed(folder: Path, *, writing: bool = False) -> Iterator[None]:
    """Convert what Whoosh raises to IndexDamagedError, and failed writes (full disk, no permission) to LibraryError."""
    try:
        yield
    except LibraryError:
        raise
    except Exception as error:
        # Any exception: Whoosh unpickles parts of its files, and raises a plain Exception for a damaged block.
        if writing and isinstance(error, OSError) and not isinstance(error, FileNotFoundError):
            raise explain_unwritten_index(folder, error) from error
        raise IndexDamagedError(f"The index in {folder} is damaged: {error!r}.", REINDEX, where=folder) from error
