"""Compare all places that queries find with the reference implementation."""

from __future__ import annotations

from dataclasses import dataclass

from bench.search_corpus import Corpus
from bench.search_queries import Asked
from bench.search_truth import Place, Truth

from index.fulltext.maintenance import OpenIndex
from index.query.parser import parse_query
from index.query.tree import Phrase
from index.search.searcher import search


@dataclass(frozen=True, slots=True)
class Answers:
    """How the places found by a query differ from the reference; ``example`` is one that differs."""

    kind: str
    text: str
    places: int
    missing: int
    surplus: int
    example: str | None

    @property
    def same(self) -> bool:
        """Whether both sets are equal."""
        return not self.missing and not self.surplus


class Examiner:
    """Compares search in a library with the reference."""

    def __init__(self, corpus: Corpus, opened: OpenIndex) -> None:
        self._truth = Truth(corpus)
        self._opened = opened

    def check(self, asked: Asked) -> Answers:
        """Compare all places of a query with the reference."""
        tree = parse_query(asked.text)
        hits = search(tree, self._opened, limit=None).hits
        found = {(hit.episode.id, hit.first, hit.last) for hit in hits}
        # Phrases of words are checked by a string scan, everything else by the reference implementation.
        scanned = isinstance(tree, Phrase) and tree.parts == asked.tokens
        return _compare(asked, found, self._truth.scan(asked.tokens) if scanned else self._truth.places(tree))


def _compare(asked: Asked, found: set[Place], true: set[Place]) -> Answers:
    missing, surplus = true - found, found - true
    example = next(iter(sorted(missing)[:1] + sorted(surplus)[:1]), None)
    return Answers(
        asked.kind, asked.text, len(true), len(missing), len(surplus), None if example is None else str(example)
    )
