"""Whoosh's codec without pickles: a library may come from a stranger, and reading a pickle can run any code.

Whoosh pickles postings, the directories of its files, schema and segments. Here postings are two arrays, everything
else that is read is JSON, and the schema is made by airquote and never read (index/fulltext/whoosh_files.py).
"""

from __future__ import annotations

import json
import struct
import zlib
from array import array
from collections.abc import Iterator
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.base import PostingsWriter
from whoosh.codec.whoosh3 import W3Codec, W3PerDocReader, W3TermInfo, W3TermsReader
from whoosh.filedb.compound import SubFile
from whoosh.filedb.structfile import StructFile
from whoosh.matching import ListMatcher
from whoosh.reading import TermNotFound

_HEADER = struct.Struct("<II")
"""Before the postings of a term: their number, and the size of the compressed arrays in bytes."""
_COMPRESSION = 3
"""Whoosh's own level of zlib for postings."""
_KEY_BYTES = 8
"""The least that a term takes in its file: two lengths."""


class JsonFile(StructFile):  # type: ignore[misc]
    """A file of Whoosh in which the objects that Whoosh would pickle are JSON."""

    def write_pickle(self, obj: Any, protocol: int = -1) -> None:  # noqa: ARG002 - Whoosh's signature
        """Write an object as JSON, with its length."""
        self.write_string4(json.dumps(obj).encode())

    def read_pickle(self) -> Any:
        """Read what ``write_pickle`` wrote."""
        return json.loads(self.read_string4())

    def subset(self, offset: int, length: int, name: str | None = None) -> JsonFile:
        """Return a part of the file, which is a file too."""
        return JsonFile(SubFile(self.file, offset, length), name=name)


class PassageCodec(W3Codec):  # type: ignore[misc]
    """Whoosh's codec with postings of document numbers and weights alone."""

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> PostingsWriter:  # noqa: ARG002 - Whoosh's signature
        """See Codec."""
        return _PostingsWriter(dbfile)

    def terms_reader(self, storage: Any, segment: Any) -> W3TermsReader:
        """See Codec."""
        name = segment.make_filename(self.TERMS_EXT)
        terms, postings = storage.open_file(name), segment.open_file(storage, self.POSTS_EXT)
        return _TermsReader(self, terms, storage.file_length(name), postings, segment.doc_count_all())

    def per_document_reader(self, storage: Any, segment: Any) -> W3PerDocReader:
        """See Codec."""
        return _PerDocumentReader(storage, segment)


class _PostingsWriter(PostingsWriter):  # type: ignore[misc]
    def __init__(self, file: Any) -> None:
        self._file = file

    def start_postings(self, format_: Any, terminfo: Any) -> None:  # noqa: ARG002 - Whoosh's signature
        self._info, self._numbers, self._weights = terminfo, array("I"), array("f")

    def add_posting(self, id_: int, weight: float, vbytes: bytes, length: int | None = None) -> None:  # noqa: ARG002
        self._numbers.append(id_)
        self._weights.append(weight)
        self._info.add_posting(id_, weight, length)

    def finish_postings(self) -> Any:
        steps = np.diff(self._numbers, prepend=np.uint32(0)).astype("<u4")
        packed = zlib.compress(steps.tobytes() + np.asarray(self._weights, "<f4").tobytes(), _COMPRESSION)
        start = self._file.tell()
        self._file.write(_HEADER.pack(len(steps), len(packed)) + packed)
        self._info.set_extent(start, self._file.tell() - start)
        return self._info


class ArrayMatcher(ListMatcher):  # type: ignore[misc]
    """Postings of a term in a segment, as arrays besides: passages int64 and weights float32, (postings,)."""

    def __init__(self, numbers: NDArray[np.int64], weights: NDArray[np.float32], *arguments: Any, **options: Any):
        super().__init__(numbers.tolist(), weights.tolist(), *arguments, **options)
        self.numbers, self.weights = numbers, weights


class _TermsReader(W3TermsReader):  # type: ignore[misc]
    def __init__(self, codec: PassageCodec, terms: Any, length: int, postings: Any, documents: int) -> None:
        super().__init__(codec, terms, length, postings)
        self._most_terms, self._postings, self._documents = length // _KEY_BYTES, postings, documents

    def terms(self) -> Iterator[tuple[str, bytes]]:
        for number, term in enumerate(super().terms()):
            if number > self._most_terms:
                raise ValueError("the terms of a segment go round in a circle")
            yield term

    def matcher(self, fieldname: str, tbytes: bytes, format_: Any, scorer: Any = None) -> ArrayMatcher:
        info = self.term_info(fieldname, tbytes)
        start, _ = info.extent()
        count, size = _HEADER.unpack(self._postings.get(start, _HEADER.size))
        if not 0 < count <= self._documents:
            raise ValueError("a term has no postings, or more than its segment has documents")
        # Bounded, because a few bytes can be compressed from many.
        arrays = zlib.decompressobj().decompress(self._postings.get(start + _HEADER.size, size), 8 * count)
        numbers = np.cumsum(np.frombuffer(arrays, "<u4", count), dtype=np.int64)
        weights = np.frombuffer(arrays, "<f4", count, offset=4 * count)
        if numbers[-1] >= self._documents or not np.isfinite(weights).all():
            raise ValueError("a posting is of a document that its segment does not have, or its weight is not a number")
        return ArrayMatcher(numbers, weights, [b""] * count, format_, scorer, term=(fieldname, tbytes), terminfo=info)

    def term_info(self, fieldname: str, tbytes: bytes) -> W3TermInfo:
        try:
            packed = self._tindex[self._keycoder(fieldname, tbytes)]
        except KeyError:
            raise TermNotFound(f"{fieldname}:{tbytes!r}") from None
        if packed[:1] != b"\0":
            raise ValueError("a term has pickled postings")
        return W3TermInfo.from_bytes(packed)

    def _refuse(self, *_: object) -> NoReturn:
        raise NotImplementedError

    cursor = items = items_from = _refuse
    """They read the information on terms without checking it."""


class _PerDocumentReader(W3PerDocReader):  # type: ignore[misc]
    def stored_fields(self, docnum: int) -> dict[str, Any]:  # noqa: ARG002 - Whoosh's signature
        """Return no fields: none is stored, and Whoosh would unpickle them."""
        return {}
