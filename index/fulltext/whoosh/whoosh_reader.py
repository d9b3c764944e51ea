"""Reader of the Whoosh index: it finds postings only, since Whoosh's collectors rank passage by passage in Python."""

from __future__ import annotations

from contextlib import AbstractContextManager, ExitStack, suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.matching import FilterMatcher
from whoosh.reading import TermNotFound

from index.fulltext.query_terms import IndexField
from index.fulltext.ranking import Postings
from index.fulltext.reader import FullText, PassageColumns
from index.fulltext.whoosh.whoosh_files import COLUMNS, PassageIndex, WhooshStorage, damage_noticed


class WhooshFullText(FullText):
    """A Whoosh index, open for reading."""

    def __init__(self, folder: Path) -> None:
        """Open the index in a folder. Raises IndexDamagedError."""
        super().__init__()
        self._folder = folder
        with damage_noticed(folder), ExitStack() as opened:
            self._storage = opened.enter_context(WhooshStorage(folder))
            self._reader = PassageIndex(self._storage).reader()
            self._leaves = list(self._reader.leaf_readers())
            read = {name: self._read_column(name, kind) for name, kind in COLUMNS.items()}
            self._columns = PassageColumns(read["transcript"], read["first"], read["last"], read["tokens"])
            opened.pop_all()

    def close(self) -> None:
        """See FullText."""
        self._storage.__exit__()

    def passages(self) -> int:
        """See FullText."""
        count: int = self._reader.doc_count()
        return count

    def frequency(self, field: IndexField, key: str) -> int:
        """See FullText."""
        with self._damage_noticed():
            count: int = self._reader.doc_frequency(field, key)
            return count

    def _deleted(self) -> NDArray[np.int64]:
        deleted = [
            offset + number
            for leaf, offset in self._leaves
            if leaf.has_deletions()
            for number in leaf.segment().deleted_docs()
        ]
        return np.array(deleted, dtype=np.int64)

    def _damage_noticed(self) -> AbstractContextManager[None]:
        return damage_noticed(self._folder)

    def _read_postings(self, field: str, text: str) -> Postings:
        passages, counts = [np.empty(0, np.int64)], [np.empty(0, np.float32)]
        for leaf, offset in self._leaves:
            with suppress(TermNotFound):
                matcher = leaf.postings(field, text)
                found = (matcher.child if isinstance(matcher, FilterMatcher) else matcher).postings
                deleted = list(leaf.segment().deleted_docs())
                kept = ~np.isin(found.passages, deleted) if deleted else slice(None)
                passages.append(offset + found.passages[kept])
                counts.append(found.counts[kept].astype(np.float32))
        return Postings(np.concatenate(passages), np.concatenate(counts))

    def _read_column(self, name: str, kind: str) -> NDArray[Any]:
        parts = [np.empty(0, dtype=kind)]
        parts += [leaf.column_reader(name, translate=False).load() for leaf, _ in self._leaves if leaf.doc_count_all()]
        return np.concatenate(parts)
