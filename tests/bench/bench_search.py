"""Benchmark of search against SQLite FTS5 and Whoosh with positions. Run by ``make bench-search``.

    python -m bench.bench_search [--full] [--fresh] [--rounds N] [--only PART ...] [--each N] [--report]

Measures correctness, speed and size. The library and the competitors' indexes are made once under .cache/bench;
airquote's index and the results are kept there by part, so that a stopped run resumes. ``--fresh`` deletes the results
of this version of the code, ``--only`` measures some parts, ``--each`` takes so many statements of each kind of changed
writing (``--only recall --each 100`` is a matter of a minute), ``--report`` only prints existing results.
Fails if a bar is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Any

from bench.kept_results import RESULTS, code_version, keep
from bench.search_answers import Answers, Examiner
from bench.search_build import build_library
from bench.search_competitors import load_competitors
from bench.search_corpus import Corpus, load_corpus
from bench.search_counts import Counted, compare_counts
from bench.search_materials import library_name, load_library
from bench.search_planted import plant_statements
from bench.search_queries import choose_others, choose_queries
from bench.search_recall import Recall, recall_statements
from bench.search_report import SearchReport
from bench.search_speed import AIRQUOTE, AddedHour, AirquoteSearch, Timed, add_hour, time_processes, time_queries
from bench.search_writings import plant_writings

from index.fulltext.maintenance import OpenIndex, open_index
from index.storage.store import Store


class SearchBench:
    """The parts of the benchmark on one library; each returns a JSON value."""

    def __init__(self, library: Path, kept: Path, rounds: int, each: int) -> None:
        self._library = library
        self._kept = kept
        self._rounds = rounds
        self._each = each
        self.parts: dict[str, Callable[[], Any]] = {
            "speed": self.speed,
            "answers": self.answers,
            "planted": self.planted,
            f"recall-{each}": self.recall,
            "counts": self.counts,
            "process": self.process,
            "hour": lambda: asdict(add_hour(library)),
        }

    def measure(self, part: str) -> None:
        """Measure a part and save its result, if there is none yet."""
        if self.result(part) is None:
            report_progress(part)
            keep(self._kept / f"{part}.json", self.parts[part]())

    def result(self, part: str) -> Any:
        """Return the saved result of a part, None if there is none."""
        file = self._kept / f"{part}.json"
        return json.loads(file.read_text(encoding="utf-8")) if file.exists() else None

    def speed(self) -> dict[str, list[dict[str, Any]]]:
        """Time the 300 queries on all systems."""
        competitors = load_competitors(self._library.parent, self._corpus)
        queries = choose_queries(self._corpus)
        with self._opened() as opened:
            systems = {AIRQUOTE: AirquoteSearch(opened), **competitors}
            times = time_queries(systems, queries, self._rounds)
        return {name: list(map(asdict, timed)) for name, timed in times.items()}

    def answers(self) -> list[dict[str, Any]]:
        """Compare all places of these and other queries with the reference; results are saved by kind."""
        queries = [*choose_queries(self._corpus), *choose_others(self._corpus)]
        answers: list[dict[str, Any]] = []
        with self._opened() as opened:
            examiner = Examiner(self._corpus, opened)
            for kind in dict.fromkeys(asked.kind for asked in queries):
                part = f"answers.{kind.replace(' ', '-')}"
                if self.result(part) is None:
                    report_progress(part)
                    checked = [asdict(examiner.check(asked)) for asked in queries if asked.kind == kind]
                    keep(self._kept / f"{part}.json", checked)
                answers += self.result(part)
        return answers

    def planted(self) -> list[dict[str, Any]]:
        """Search for misremembered statements."""
        with self._opened() as opened:
            return [asdict(one) for one in recall_statements(plant_statements(self._corpus), opened)]

    def recall(self) -> list[dict[str, Any]]:
        """Search for statements in a changed writing."""
        with self._opened() as opened:
            return list(map(asdict, recall_statements(plant_writings(self._corpus, self._each), opened)))

    def counts(self) -> list[dict[str, Any]]:
        """Compare the numbers of hits that searches tell with the exact ones."""
        queries = [*choose_queries(self._corpus), *choose_others(self._corpus)]
        with self._opened() as opened:
            return list(map(asdict, compare_counts(queries, opened)))

    def process(self) -> list[dict[str, Any]]:
        """Time one query of each kind as a command."""
        first = {query.kind: query for query in reversed(choose_queries(self._corpus))}
        return list(map(asdict, time_processes(self._library, list(first.values()))))

    @cached_property
    def _corpus(self) -> Corpus:
        return load_corpus(self._library)

    @contextmanager
    def _opened(self) -> Iterator[OpenIndex]:
        with Store.open(self._library) as store, open_index(store) as opened:
            yield opened


# What the answers come from: by it results are kept.
SEARCH_CODE = (
    "index/**/*.py", "pipeline/cli/*.py", "pipeline/import_export.py", "pipeline/facade/*.py", "pipeline/library.py",
    "pipeline/searching.py", "constraints.txt",
)  # fmt: skip


def main() -> None:
    """Make and measure what is missing, print the tables and the bars."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true", default=bool(os.environ.get("FULL")))
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--only", nargs="*")
    parser.add_argument("--each", type=int, default=1_000)
    parser.add_argument("--report", action="store_true")
    asked = parser.parse_args()
    kept = RESULTS / code_version(SEARCH_CODE) / library_name(asked.full)
    if asked.fresh:
        shutil.rmtree(kept, ignore_errors=True)
    report_progress("the library")
    imported = load_library(asked.full)
    library = Path(imported.folder)
    report_progress("its index")
    built = build_library(library, kept / "build.json")
    bench = SearchBench(library, kept, asked.rounds, asked.each)
    for part in bench.parts:
        if not asked.report and (asked.only is None or part.partition("-")[0] in asked.only):
            bench.measure(part)
    hour = bench.result("hour")
    report = SearchReport(
        f"code {code_version(SEARCH_CODE)}, {os.cpu_count()} threads",
        imported,
        built,
        {name: [Timed(**one) for one in times] for name, times in (bench.result("speed") or {}).items()},
        [Answers(**one) for one in bench.result("answers") or ()],
        [Recall(**one) for one in bench.result("planted") or ()],
        [Recall(**one) for one in bench.result(f"recall-{asked.each}") or ()],
        [Counted(**one) for one in bench.result("counts") or ()],
        [Timed(**one) for one in bench.result("process") or ()],
        AddedHour(**hour) if hour else None,
    )
    sys.exit(0 if report.print() else 1)


def report_progress(what: str) -> None:
    """Print progress to standard error."""
    print(f"bench-search: {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
