"""Time searches, warm in one process and as a whole process, and the indexing of an added hour."""

from __future__ import annotations

import gc
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.kept_results import bench_environment
from bench.materials import ROOT
from bench.search_competitors import BEST, Competitor
from bench.search_materials import import_turns, spare_episode
from bench.search_queries import Asked

from index.fulltext.maintenance import OpenIndex, open_index, update_index
from index.query.parser import parse_query
from index.search.searcher import search
from index.search.writings import write_query
from index.storage.store import Store

AIRQUOTE = "airquote"
PROCESS_RUNS = 5


@dataclass(frozen=True, slots=True)
class Timed:
    """A query and its time in seconds."""

    kind: str
    text: str
    seconds: float


class AirquoteSearch:
    """airquote's search, called as by its library."""

    def __init__(self, opened: OpenIndex) -> None:
        self._opened = opened

    def ask(self, asked: Asked) -> int | None:
        """See Competitor: the ten best hits, each with its words and their times."""
        query, _ = write_query(parse_query(asked.text), (), self._opened.lexicon)
        hits = search(query, self._opened, limit=BEST).hits
        for hit in hits:
            facts = self._opened.store.facts(hit.episode.id)
            assert facts is not None
            assert self._opened.store.words(facts.number, hit.first, hit.last)
        return len(hits)


def time_queries(systems: Mapping[str, Competitor], queries: Sequence[Asked], rounds: int) -> dict[str, list[Timed]]:
    """Return for each system the median seconds of each query over these rounds, after a warm-up round.

    Queries that a system does not support are omitted. The systems alternate at every query, in rotating order. The
    benchmark's own objects are frozen, so that garbage collection does not traverse them during the measurement.
    """
    taken: dict[str, dict[Asked, list[float]]] = {name: defaultdict(list) for name in systems}
    names = list(systems)
    gc.collect()
    gc.freeze()
    for number in range(rounds + 1):
        for place, asked in enumerate(queries):
            turn = (place + number) % len(names)
            for name in names[turn:] + names[:turn]:
                began = time.perf_counter()
                answered = systems[name].ask(asked)
                seconds = time.perf_counter() - began
                if answered is not None and number:
                    taken[name][asked].append(seconds)
    gc.unfreeze()
    return {name: _medians(runs) for name, runs in taken.items()}


def _medians(runs: Mapping[Asked, Sequence[float]]) -> list[Timed]:
    return [Timed(asked.kind, asked.text, statistics.median(seconds)) for asked, seconds in runs.items()]


def time_processes(library: Path, queries: Sequence[Asked]) -> list[Timed]:
    """Return the median seconds of ``airquote search`` as a command, from start to exit."""
    command = [sys.executable, "-m", "pipeline.cli.main", "search", "--library", str(library), "--"]
    times: dict[Asked, list[float]] = defaultdict(list)
    for _ in range(PROCESS_RUNS):
        for asked in queries:
            began = time.perf_counter()
            done = subprocess.run(
                [*command, asked.text], env=bench_environment(), cwd=ROOT, capture_output=True, check=False
            )
            times[asked].append(time.perf_counter() - began)
            if done.returncode not in (0, 1):
                raise RuntimeError(f"airquote search {asked.text!r} failed: {done.stderr.decode()}")
    return _medians(times)


@dataclass(frozen=True, slots=True)
class AddedHour:
    """Seconds to add an hour of speech to a library: to import its transcript, and to index it."""

    import_seconds: float
    index_seconds: float

    @property
    def seconds(self) -> float:
        """The time until it is searchable."""
        return self.import_seconds + self.index_seconds


def add_hour(library: Path) -> AddedHour:
    """Add an hour to a copy of the library; return the median of three copies."""
    added = sorted((_add_hour(library) for _ in range(3)), key=lambda hour: hour.seconds)
    return added[1]


def _add_hour(library: Path) -> AddedHour:
    episode = spare_episode()
    with tempfile.TemporaryDirectory(dir=library.parent) as folder:
        copy = Path(folder, "library")
        shutil.copytree(library, copy)
        with Store.open(copy) as store:
            open_index(store).close()
            began = time.perf_counter()
            import_turns(store, episode)
            imported = time.perf_counter()
            update_index(store)
            return AddedHour(imported - began, time.perf_counter() - imported)
