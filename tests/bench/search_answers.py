"""Every query's places, all of them, against the truth."""

from __future__ import annotations

from dataclasses import dataclass

from bench.search_corpus import Corpus
from bench.search_queries import Asked
from bench.search_truth import Place, Truth

from index.fulltext.maintenance import OpenIndex
from index.query.parser import parse_query
from index.search.searcher import search


@dataclass(frozen=True, slots=True)
class Answers:
    """How the places that a query found differ from those at which it is true; ``example`` is one that differs."""

    kind: str
    text: str
    places: int
    missing: int
    surplus: int
    example: str | None

    @property
    def same(self) -> bool:
        """Whether they are the same set."""
        return not self.missing and not self.surplus


class Examiner:
    """Asks a library for all the places of a query."""

    def __init__(self, corpus: Corpus, opened: OpenIndex) -> None:
        self._truth = Truth(corpus)
        self._opened = opened

    def check(self, asked: Asked) -> Answers:
        """The query's places against those at which it is true."""
        tree = parse_query(asked.text)
        hits = search(tree, self._opened, limit=None).hits
        found = {(hit.episode.id, hit.first, hit.last) for hit in hits}
        # A phrase is looked for letter by letter; what else a tree can hold is stated again in plain Python.
        return _compare(asked, found, self._truth.scan(asked.tokens) if asked.is_phrase else self._truth.places(tree))


def _compare(asked: Asked, found: set[Place], true: set[Place]) -> Answers:
    missing, surplus = true - found, found - true
    example = next(iter(sorted(missing)[:1] + sorted(surplus)[:1]), None)
    return Answers(
        asked.kind, asked.text, len(true), len(missing), len(surplus), None if example is None else str(example)
    )
