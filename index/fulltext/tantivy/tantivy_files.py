"""The files of a Tantivy index: schema, terms, the columns of its passages, classification of errors."""

from __future__ import annotations

import errno
import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from tantivy import Index, Schema, SchemaBuilder, TextAnalyzerBuilder, Tokenizer

from audio.atomic_write import write_atomically
from index.errors import REINDEX, IndexDamagedError, LibraryError
from index.fulltext.reader import PassageColumns
from index.fulltext.tantivy.numbered_folders import OWN_FILES
from index.storage.files.access import explain_unwritten_index

COLUMNS_NAME = "passages.bin"
_COLUMNS = {"transcripts": "<i8", "firsts": "<i4", "lasts": "<i4", "tokens": "<i4"}
"""The columns of the passages in their file, one after the other."""
DELETED = -1
"""Stands for the transcript of a passage that was removed."""
_TOKENIZER = "spaces"
_SPACE, _COUNTED = "\x1e", "\x1f"
"""What stands for the space in a bigram, and what a term has before the bits of its count: no token has either."""
COUNT_BITS = 8
"""Bits of the count of a term in a passage, less one: more than the 150 tokens of a passage need."""
_MARKS = [
    (_COUNTED, *(f"{_COUNTED}{bit}" for bit in range(COUNT_BITS) if more >> bit & 1)) for more in range(2**COUNT_BITS)
]
"""What is put behind a term, to tell how many ``more`` than one of it there are."""
_OS_ERROR = re.compile(r"(?:os error |code: )(\d+)")


def make_schema() -> Schema:
    """Return the schema: the terms of a passage, its transcript, its number, and its words (stored_words.py)."""
    builder = SchemaBuilder()
    for field in ("stems", "grams", "numbers", "language"):
        builder.add_text_field(field, tokenizer_name=_TOKENIZER, index_option="basic")
    builder.add_integer_field("transcript", indexed=True)
    builder.add_unsigned_field("passage", indexed=True, fast=True)
    builder.add_bytes_field("words", stored=True)
    return builder.build()


def open_files(folder: Path) -> Index:
    """Open the index in a numbered folder, or create it there."""
    index = Index.open(str(folder)) if (folder / "meta.json").exists() else Index(make_schema(), str(folder))
    index.register_tokenizer(_TOKENIZER, TextAnalyzerBuilder(Tokenizer.whitespace()).build())
    return index


@contextmanager
def opened_for_reading(folder: Path) -> Iterator[Index]:
    """Open the index in a numbered folder without writing to it; what is not read inside is not read any more.

    Tantivy makes a lock file where it opens an index, so it opens links to the files in a folder of its own.
    """
    with ExitStack() as kept:
        try:
            linked = Path(kept.enter_context(TemporaryDirectory(prefix="airquote-", ignore_cleanup_errors=True)))
            for file in folder.iterdir():
                if OWN_FILES.fullmatch(file.name) and not file.name.endswith(".lock"):
                    (linked / file.name).symlink_to(file.absolute())
        except (OSError, NotImplementedError):
            linked = folder
        index = open_files(linked)
        index.config_reader("manual")
        index.reload()
        yield index


def segment_sizes(folder: Path) -> list[tuple[int, int]]:
    """Return the passages of each segment, and how many of them are deleted."""
    told = json.loads((folder / "meta.json").read_text(encoding="utf-8"))["segments"]
    return [(one["max_doc"], (one["deletes"] or {"num_deleted_docs": 0})["num_deleted_docs"]) for one in told]


def write_term(text: str) -> str:
    """Return a term as it is in the index."""
    return text.replace(" ", _SPACE)


def repeated_term(text: str) -> str:
    """Return the term of the passages that hold a term twice or more."""
    return write_term(text) + _COUNTED


def bit_terms(text: str) -> list[str]:
    """Return the terms of the passages in whose count of a term, less one, each bit is set; the lowest bit first.

    So counts can be read without Tantivy's scores.
    """
    return [f"{write_term(text)}{_COUNTED}{bit}" for bit in range(COUNT_BITS)]


def count_terms(terms: Iterable[str]) -> str:
    """Return the text of a field, a term a line: each term once, and its count where that is above one."""
    counts = Counter(terms)
    words = list(counts)
    for term, count in counts.items():
        if count > 1:
            words += [term + mark for mark in _MARKS[min(count - 1, len(_MARKS) - 1)]]
    return "\n".join(words).replace(" ", _SPACE)


def read_columns(folder: Path) -> PassageColumns:
    """Read the passages of the index in a folder; none if there is no file. Raises ValueError for a damaged one."""
    file = folder / COLUMNS_NAME
    content = file.read_bytes() if file.exists() else b""
    sizes = [np.dtype(kind).itemsize for kind in _COLUMNS.values()]
    passages, rest = divmod(len(content), sum(sizes))
    if rest:
        raise ValueError(f"{file} is cut off")
    begin, columns = 0, []
    for kind, size in zip(_COLUMNS.values(), sizes, strict=True):
        columns.append(np.frombuffer(content, kind, passages, begin))
        begin += size * passages
    return PassageColumns(*columns)


def write_columns(folder: Path, columns: PassageColumns) -> None:
    """Write the passages of an index."""
    with write_atomically(folder / COLUMNS_NAME) as unfinished, unfinished.open("wb") as file:
        for name, kind in _COLUMNS.items():
            file.write(getattr(columns, name).astype(kind).tobytes())


@contextmanager
def damage_noticed(folder: Path, *, writing: bool = False) -> Iterator[None]:
    """Convert what Tantivy raises to IndexDamagedError, and failed writes (such as a full disk) to LibraryError."""
    try:
        yield
    except LibraryError:
        raise
    except BaseException as error:
        # A panic of Tantivy, which takes what its files say for true, is no Exception.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        cause = _os_error(error)
        if writing and cause is not None and cause.errno != errno.ENOENT:
            raise explain_unwritten_index(folder, cause) from error
        raise IndexDamagedError(f"The index in {folder} is damaged: {error!r}.", REINDEX, where=folder) from error


def _os_error(error: BaseException) -> OSError | None:
    """Return the error of the operating system that Tantivy tells in its message."""
    if isinstance(error, OSError) and error.errno is not None:
        return error
    told = _OS_ERROR.search(str(error))
    return OSError(int(told[1]), os.strerror(int(told[1]))) if told else None
