"""Whoosh's codec without pickles: a library may come from a stranger, and reading a pickle can run any code.

Whoosh pickles postings, the directories of its files, schema and segments. Here terms and postings are in a file of
airquote's own (term_file.py), everything else that is read is JSON, and the schema is made by airquote and never read
(whoosh_files.py).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from whoosh.codec.base import FieldWriter, TermsReader
from whoosh.codec.whoosh3 import W3Codec, W3PerDocReader
from whoosh.filedb.compound import SubFile
from whoosh.filedb.structfile import StructFile
from whoosh.matching import ListMatcher
from whoosh.reading import TermInfo, TermNotFound

from index.fulltext.whoosh.term_file import TermPostings, TermReader, TermWriter

_Posting = tuple[str, bytes, int, float, bytes]
"""As Whoosh sorts them: field, term, passage, count, and a value that no field has."""


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
    """Whoosh's codec with postings of document numbers and counts alone."""

    length_stats = False
    """Lengths of fields are not asked for: passages have a column for theirs."""

    def field_writer(self, storage: Any, segment: Any) -> FieldWriter:
        """See Codec."""
        return _FieldWriter(segment.create_file(storage, self.TERMS_EXT))

    def terms_reader(self, storage: Any, segment: Any) -> TermsReader:
        """See Codec."""
        name = segment.make_filename(self.TERMS_EXT)
        return _TermsReader(storage.open_file(name), storage.file_length(name), segment.doc_count_all())

    def per_document_reader(self, storage: Any, segment: Any) -> W3PerDocReader:
        """See Codec."""
        return _PerDocumentReader(storage, segment)


class _FieldWriter(FieldWriter):  # type: ignore[misc]
    def __init__(self, file: Any) -> None:
        self._terms = TermWriter(file)
        self.is_closed = False

    def add_postings(self, schema: Any, lengths: Any, items: Iterable[_Posting]) -> None:  # noqa: ARG002 - Whoosh's signature
        for (field, text), postings in groupby(items, itemgetter(0, 1)):
            _, _, passages, counts, _ = zip(*postings, strict=True)
            self._terms.add(_key(field, text), passages, counts)

    def close(self) -> None:
        self._terms.close()
        self.is_closed = True


class ArrayMatcher(ListMatcher):  # type: ignore[misc]
    """Postings of a term in a segment, as arrays besides."""

    def __init__(self, postings: TermPostings, *arguments: Any, **options: Any) -> None:
        passages = postings.passages.tolist()
        super().__init__(passages, postings.counts.tolist(), [b""] * len(passages), *arguments, **options)
        self.postings = postings


class _TermsReader(TermsReader):  # type: ignore[misc]
    def __init__(self, file: Any, length: int, passages: int) -> None:
        self._terms = TermReader(file, length, passages)

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return self._terms.frequency(_key(*term)) > 0

    def terms(self) -> Iterator[tuple[str, bytes]]:
        for key in self._terms:
            field, _, text = key.partition(b"\0")
            yield field.decode(), text

    def indexed_field_names(self) -> list[str]:
        """Return no names: Whoosh adds those of the schema."""
        return []

    def doc_frequency(self, fieldname: str, tbytes: bytes) -> int:
        return self._terms.frequency(_key(fieldname, tbytes))

    def term_info(self, fieldname: str, tbytes: bytes) -> TermInfo:
        """Return what Whoosh asks for when it looks for passages to delete."""
        counts = self._find(fieldname, tbytes).counts
        return TermInfo(weight=int(counts.sum()), df=len(counts), maxweight=int(counts.max()))

    def matcher(self, fieldname: str, tbytes: bytes, format_: Any, scorer: Any = None) -> ArrayMatcher:
        return ArrayMatcher(self._find(fieldname, tbytes), format_, scorer, term=(fieldname, tbytes))

    def close(self) -> None:
        self._terms.close()

    def _find(self, field: str, text: bytes) -> TermPostings:
        postings = self._terms.postings(_key(field, text))
        if postings is None:
            raise TermNotFound(f"{field}:{text!r}")
        return postings


def _key(field: str, text: bytes) -> bytes:
    """Return what stands for a term in the file: keys sort like fields and their terms."""
    return field.encode() + b"\0" + text


class _PerDocumentReader(W3PerDocReader):  # type: ignore[misc]
    def stored_fields(self, docnum: int) -> dict[str, Any]:  # noqa: ARG002 - Whoosh's signature
        """Return no fields: none is stored, and Whoosh would unpickle them."""
        return {}

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:  # noqa: ARG002
        """Return the default: no lengths of fields are stored, and Whoosh would look for a file of them."""
        return default
