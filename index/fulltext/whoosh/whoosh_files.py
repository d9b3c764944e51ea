"""The files of a Whoosh index: schema, columns read as arrays, storage, table of contents, classification of errors."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import W3Segment
from whoosh.columns import NumericColumn
from whoosh.fields import COLUMN, ID, TEXT, Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.formats import Frequency
from whoosh.index import TOC, FileIndex

from audio.atomic_write import write_atomically
from index.errors import REINDEX, IndexDamagedError, LibraryError
from index.fulltext.whoosh.whoosh_codec import JsonFile, PassageCodec
from index.storage.files.access import explain_unwritten_index

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
        self._opened: list[JsonFile] = []

    def open_file(self, name: str, **options: Any) -> JsonFile:
        """See FileStorage."""
        self._opened.append(JsonFile(super().open_file(name, **options).file, name=name))
        return self._opened[-1]

    def create_file(self, name: str, **options: Any) -> JsonFile:
        """See FileStorage."""
        return JsonFile(super().create_file(name, **options).file, name=name)

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
        field.scorable = False  # else Whoosh stores lengths
        return field

    columns = {name: COLUMN(_ArrayColumn(kind)) for name, kind in COLUMNS.items()}
    return Schema(number=ID(), language=ID(), stems=counted(), grams=counted(), numbers=counted(), **columns)


class PassageIndex(FileIndex):  # type: ignore[misc]
    """A Whoosh index of passages, whose table of contents is JSON."""

    def __init__(self, storage: WhooshStorage) -> None:
        # Not that of the base, which reads Whoosh's table of contents.
        self.storage, self.indexname = storage, INDEX_NAME

    def _read_toc(self) -> TOC:
        return read_contents(self.storage)


_SEGMENT_ID = re.compile(r"[0-9a-z]{16}")
_PASSAGE_BYTES = 8
"""The least that a passage takes in the file of its segment: the number of its transcript."""


def read_contents(storage: WhooshStorage) -> TOC:
    """Return the segments of an index. Raises an error of any kind if its newest table of contents is not valid."""
    generation = PassageIndex(storage).latest_generation()
    with storage.open_file(contents_name(generation)) as file:
        return TOC(make_schema(), [_read_segment(storage, one) for one in json.load(file)], generation)


def _read_segment(storage: WhooshStorage, saved: dict[str, Any]) -> W3Segment:
    name, passages, deleted = saved["id"], saved["passages"], set(saved["deleted"])
    # Names of files follow from the id, and memory is reserved for the passages.
    if not _SEGMENT_ID.fullmatch(name):
        raise ValueError(f"{name!r} is not the id of a segment")
    segment = W3Segment(PassageCodec(), INDEX_NAME, passages, name, deleted or None)
    segment.compound = True
    most = storage.file_length(segment.make_filename(segment.COMPOUND_EXT)) // _PASSAGE_BYTES
    if not (0 <= passages <= most and deleted <= set(range(passages))):
        raise ValueError(f"the segment {name} does not hold {passages} passages")
    return segment


def write_contents(storage: WhooshStorage, segments: Sequence[W3Segment], generation: int) -> None:
    """Write a table of contents: the index then consists of these segments."""
    saved = [
        {"id": one.segid, "passages": one.doc_count_all(), "deleted": sorted(one.deleted_docs())} for one in segments
    ]
    with write_atomically(Path(storage.folder, contents_name(generation))) as unfinished:
        unfinished.write_text(json.dumps(saved), encoding="ascii")


def contents_name(generation: int) -> str:
    """Return the file name of a table of contents."""
    name: str = TOC._filename(INDEX_NAME, generation)
    return name


@contextmanager
def damage_noticed(folder: Path, *, writing: bool = False) -> Iterator[None]:
    """Convert what Whoosh raises to IndexDamagedError, and failed writes (full disk, no permission) to LibraryError."""
    try:
        yield
    except LibraryError:
        raise
    except Exception as error:
        # Any exception: Whoosh takes what its files say for true, and the files may be damaged or a stranger's.
        if writing and isinstance(error, OSError) and not isinstance(error, FileNotFoundError):
            raise explain_unwritten_index(folder, error) from error
        raise IndexDamagedError(f"The index in {folder} is damaged: {error!r}.", REINDEX, where=folder) from error
