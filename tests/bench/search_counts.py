"""Compare the number of hits that a search tells with the exact one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bench.search_queries import Asked

from index.fulltext.maintenance import OpenIndex
from index.query.parser import parse_query
from index.search.searcher import search


@dataclass(frozen=True, slots=True)
class Counted:
    """The hits of a query, and how many a search for ten of them tells: exactly, or with the error that it states."""

    kind: str
    text: str
    hits: int
    told: int
    exact: bool
    stated: float

    @property
    def error(self) -> float:
        """How far the number that is told is off, as a share of the right one."""
        return abs(self.told - self.hits) / max(1, self.hits)


def compare_counts(queries: Iterable[Asked], opened: OpenIndex) -> list[Counted]:
    """Search for each query as ``airquote search`` does, and count its hits as with ``--count``."""
    counted = []
    for asked in queries:
        query = parse_query(asked.text)
        told, hits = search(query, opened), search(query, opened, limit=0, count=True).total
        counted.append(Counted(asked.kind, asked.text, hits, told.total, told.exact, told.error))
    return counted
