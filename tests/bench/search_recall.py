"""Measure recall on misremembered statements."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from bench.search_planted import Planted

from index.fulltext.maintenance import OpenIndex
from index.query.parser import parse_query
from index.query.rewriting import widen
from index.search.searcher import search
from index.search.writings import write_query

LOOKED_AT = 10


@dataclass(frozen=True, slots=True)
class Recall:
    """The rank of a statement, from 1; None if it was not among the best ten. ``show`` is where it was drawn from."""

    change: str
    said: str
    asked: str
    rank: int | None
    seconds: float
    show: str = ""


def recall_statements(statements: Sequence[Planted], opened: OpenIndex) -> list[Recall]:
    """Search for each changed statement as ``airquote search`` does."""
    recalled = []
    for planted in statements:
        asked = " ".join(planted.asked)
        began = time.perf_counter()
        query = parse_query(asked)
        written, _ = write_query(widen(query) if planted.fuzzy else query, (), opened.lexicon)
        hits = search(written, opened, limit=LOOKED_AT).hits
        seconds = time.perf_counter() - began
        rank = next(
            (rank for rank, hit in enumerate(hits, 1) if is_there(planted, hit.episode.id, hit.first, hit.last)), None
        )
        recalled.append(Recall(planted.change, " ".join(planted.said), asked, rank, seconds, planted.show))
    return recalled


def is_there(planted: Planted, episode: str, first: int, last: int) -> bool:
    """Whether a hit overlaps a place where the statement is spoken."""
    return any(episode == where and first <= end and last >= begin for where, begin, end in planted.places)
