"""Measure a large library in this process.

python -m bench.scale_measuring LIBRARY RESULT.json ROUNDS
"""

from __future__ import annotations

import gc
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.kept_results import keep
from bench.quotes_judging import Asked as AskedQuotations
from bench.quotes_judging import verify
from bench.search_corpus import load_corpus
from bench.search_queries import Asked, choose_others, choose_queries
from bench.search_speed import AIRQUOTE, AirquoteSearch, time_queries

from index.fulltext.maintenance import OpenIndex, check_index, open_index, update_index
from index.query.parser import parse_query
from index.query.tree import Wildcard
from index.search.searcher import search
from index.search.writings import write_query
from index.storage.store import Store
from pipeline.answers import SearchOptions
from pipeline.library import Library

DRAWN_EPISODES = 120
"""Episodes that queries and quotations are drawn from: 10,000 passages, spread over the library."""
QUOTATIONS, QUOTED_WORDS, WARM_UP = 20, range(12, 41), 3
_SEED = 1_789
_SHOWN = 10


def main() -> None:
    """Measure, write the result."""
    library, result, rounds = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    corpus = load_corpus(library, DRAWN_EPISODES)
    queries, others = choose_queries(corpus), choose_others(corpus)
    quotations = draw_quotations(corpus.episodes)
    del corpus
    gc.collect()
    measured: dict[str, Any] = {}
    with Store.open(library) as store:
        began = time.perf_counter()
        opened = open_index(store)
        measured["open_seconds"] = time.perf_counter() - began
        measured["passages"] = opened.fulltext.passages()
        before = private_megabytes()
        timed = time_queries({AIRQUOTE: AirquoteSearch(opened)}, queries, rounds)[AIRQUOTE]
        measured["times"] = list(map(asdict, timed))
        measured["private_megabytes"] = private_megabytes()
        measured["private_megabytes_before"] = before
        verify(AskedQuotations(tuple((text, None) for text in quotations[:WARM_UP])), opened)
        began = time.perf_counter()
        verify(AskedQuotations(tuple((text, None) for text in quotations)), opened)
        measured["verify_seconds"] = time.perf_counter() - began
        measured["answers"] = {asked.text: answer(asked, opened) for asked in (*queries, *others)}
        opened.close()
    measured["growth"] = measure_growth(library)
    keep(result, measured)


def answer(asked: Asked, opened: OpenIndex) -> list[Any]:
    """Return the number of hits, whether it is exact, and the first ten with their scores."""
    query, _ = write_query(parse_query(asked.text), (), opened.lexicon)
    found = search(query, opened, limit=_SHOWN)
    hits = [[hit.episode.id, hit.first, hit.last, round(hit.score, 9)] for hit in found.hits]
    return [found.total, found.exact, hits]


def draw_quotations(episodes: Any) -> list[str]:
    """Draw runs of words from the episodes."""
    chance = random.Random(_SEED)
    drawn = []
    for _ in range(QUOTATIONS):
        texts = chance.choice(episodes).texts
        length = chance.choice(QUOTED_WORDS)
        first = chance.randrange(len(texts) - length)
        drawn.append("".join(texts[first : first + length]).strip())
    return drawn


def private_megabytes() -> float:
    """Return the memory that this process shares with no other and no file, in MB; 0 where that is not told."""
    with suppress(OSError):
        told = Path("/proc/self/smaps_rollup").read_text(encoding="ascii")
        return sum(int(size) for size in re.findall(r"Private_Dirty: +(\d+) kB", told)) * 1024 / 1e6
    return 0.0


def measure_growth(folder: Path) -> dict[str, float]:
    """Return the seconds of what may read all of a library, each by its name."""
    taken: dict[str, float] = {}

    def clock(what: str, call: Callable[[], object]) -> None:
        began = time.perf_counter()
        call()
        taken[what] = time.perf_counter() - began

    with Store.open(folder) as store:
        clock("an index that is up to date, checked", lambda: update_index(store))
        clock("the index opened", lambda: open_index(store).close())
        with open_index(store) as opened:
            clock("the first word in mind (`--fuzzy`, did you mean)", lambda: opened.lexicon.alike("ferries"))
            clock("the next", lambda: opened.lexicon.alike("harbours"))
            clock("a wildcard without a beginning", lambda: opened.lexicon.matching(Wildcard("*ight")))
        clock("doctor's checksums of the index", lambda: check_index(store))
    with Library.open(folder) as library:
        clock("a first search of a process", lambda: library.search("ferry harbour"))
        clock("a search", lambda: library.search("ferry storm"))
        clock("list", library.episodes)
        clock("counts by show", lambda: library.facets("people think", ("show",), SearchOptions()))
        with tempfile.TemporaryDirectory(dir=folder.parent) as kept:
            clock("a backup", lambda: library.backup(Path(kept, "library.backup")))
    return taken


if __name__ == "__main__":
    main()
