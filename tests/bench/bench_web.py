"""Benchmark of the page and its server. Run by ``make bench-web``.

    python -m bench.bench_web [--seconds 300] [--people 20] [--requests 10000] [--only PART ...] [--fresh] [--report]

20 people search the library of ``bench-search`` for five minutes, without and with the counts that a page asks after
its hits; ten thousand requests; a three-hour transcript in Chromium; sizes; the start of the server; ``bench_site`` and
``bench_web_sound``. The server is ``airquote serve`` in a process of its own. Results are kept in .cache/bench by part
and state of the code; ``--fresh`` deletes those of this state, ``--only`` measures some parts, ``--report`` only
prints. Fails if a bar is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from bench.bench_search import SEARCH_CODE
from bench.kept_results import RESULTS, bench_environment, code_version, keep
from bench.materials import ROOT
from bench.search_materials import library_name, load_library
from bench.web_load import SEARCH, ask_for_minutes, ask_in_a_row, each_in_turn, plan_queries
from bench.web_queries import load_queries
from bench.web_reading import EPISODE, chromium, make_long_library, scroll_through, time_opening, time_sound
from bench.web_report import WebReport
from bench.web_server_process import served
from bench.web_sizes import measure_pages, size_of

from index.fulltext.maintenance import open_index
from index.storage.store import Store
from pipeline.web import urls

STARTS, OPENINGS, CLICKS = 5, 5, 20
EARLY = 1000
"""Requests after which memory is measured first."""
WEB_CODE = ("index/**/*.py", "audio/**/*.py", "pipeline/**/*.py", "pipeline/web/static/**/*.*", "constraints.txt")
"""What the measurements come from: by it results are kept."""
WARMING = ("a", "the ferry", '"once more"', "stor*")


class WebBench:
    """The parts of the benchmark; each returns JSON values."""

    def __init__(self, kept: Path, seconds: int, people: int, requests: int) -> None:
        self._kept = kept
        self._searched = RESULTS / code_version(SEARCH_CODE) / library_name(full=False)
        self._seconds, self._people, self._requests = seconds, people, requests
        self.parts: dict[str, Callable[[], Any]] = {
            "start": self.start,
            "search": lambda: self.load(with_counts=False),
            "counts": lambda: self.load(with_counts=True),
            "memory": self.memory,
            "reading": self.reading,
            "site": lambda: _run_part("bench.bench_site"),
            "sound": lambda: _run_part("bench.bench_web_sound"),
        }

    def measure(self, part: str) -> None:
        """Measure a part and save its result, if there is none yet."""
        if self.result(part) is None:
            print(f"bench-web: {part}", file=sys.stderr, flush=True)
            load = os.getloadavg()[0]
            keep(self._kept / f"{part}.json", {"load_before": load, **self.parts[part]()})

    def result(self, part: str) -> Any:
        """Return the saved result of a part, None if there is none."""
        file = self._kept / f"{part}.json"
        return json.loads(file.read_text(encoding="utf-8")) if file.exists() else None

    @cached_property
    def _library(self) -> Path:
        """The library of the search benchmark, with its index."""
        library = Path(load_library(full=False).folder)
        with Store.open(library) as store:
            open_index(store).close()
        return library

    def _queries(self) -> list[str]:
        number = max(self._requests, self._seconds * self._people)
        return load_queries(self._library, self._searched / f"web-queries-{number}.json", number)

    def start(self) -> dict[str, Any]:
        """Start servers, and ask each the first question at once."""
        starts, firsts = [], []
        for _ in range(STARTS):
            with served(self._library) as server:
                starts.append(server.start_seconds)
                taken = ask_for_minutes(server.port, plan_queries(["ferry"], 1, 1, random.Random(1)), with_counts=False)
                firsts += taken.search
        return {"starts": starts, "firsts": firsts}

    def load(self, *, with_counts: bool) -> dict[str, Any]:
        """Let people search, each a query a second."""
        queries = plan_queries(self._queries(), self._people, self._seconds, random.Random(17))
        with served(self._library) as server:
            ask_in_a_row(server.port, map(search_path, WARMING * 5), len(WARMING) * 5)
            before = server.processor_seconds()
            taken = asdict(ask_for_minutes(server.port, queries, with_counts=with_counts))
            return {**taken, "server_seconds": server.processor_seconds() - before}

    def memory(self) -> dict[str, Any]:
        """Ask for pages, hits, counts and transcripts in turn, and see how much memory the server holds."""
        with served(self._library) as server:
            listed = json.loads(server.fetch(f"{urls.API}/episodes"))["episodes"]
            episodes = [quote(one["episode"]) for one in listed]
            paths = each_in_turn(
                [search_path(text) for text in self._queries()],
                [f"/e/{name}" for name in episodes],
                [f"{urls.API}/episodes/{name}/transcript" for name in episodes],
                ["/", "/static/search.js", "/check", "/static/base.css", "/library", "/static/player.js"],
            )
            ask_in_a_row(server.port, paths, min(EARLY, self._requests))
            early = server.memory()
            ask_in_a_row(server.port, paths, max(0, self._requests - EARLY))
            return {"early": early, "late": server.memory(), "requests": self._requests}

    def reading(self) -> dict[str, Any]:
        """Open, scroll and hear a transcript of three hours, and weigh all pages."""
        with tempfile.TemporaryDirectory() as name:
            library = make_long_library(Path(name))
            with served(library) as server, chromium() as browser:
                address = f"{server.address}e/{EPISODE}"
                size_of(server, f"{urls.API}/episodes/{EPISODE}/transcript")
                return {
                    "opened": time_opening(browser, address, OPENINGS),
                    "scrolled": scroll_through(browser, address),
                    "sound": time_sound(browser, address, CLICKS, random.Random(1)),
                    "pages": measure_pages(browser, server, EPISODE),
                    "transcript": size_of(server, f"{urls.API}/episodes/{EPISODE}/transcript"),
                }


def search_path(text: str) -> str:
    return f"{urls.API}/search?{urlencode({'q': text, **SEARCH})}"


def _run_part(module: str) -> dict[str, Any]:
    """Run another benchmark; return what it printed and whether it met its bars."""
    done = subprocess.run(
        [sys.executable, "-m", module],
        env=bench_environment(), cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    return {"printed": done.stdout, "met": done.returncode == 0}


def main() -> None:
    """Measure what is missing, print the tables and the bars."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--only", nargs="*")
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--report", action="store_true")
    asked = parser.parse_args()
    kept = RESULTS / code_version(WEB_CODE) / f"web-{asked.people}-{asked.seconds}-{asked.requests}"
    if asked.fresh:
        shutil.rmtree(kept, ignore_errors=True)
    bench = WebBench(kept, asked.seconds, asked.people, asked.requests)
    for part in bench.parts:
        if not asked.report and (asked.only is None or part in asked.only):
            bench.measure(part)
    report = WebReport({part: found for part in bench.parts if (found := bench.result(part))})
    sys.exit(0 if report.print() else 1)


if __name__ == "__main__":
    main()
