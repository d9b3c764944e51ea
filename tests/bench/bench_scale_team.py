"""Benchmark of a team's library: one server, many people who search, one writer. A part of ``make bench-scale``.

    python -m bench.bench_scale_team [--people 20 50 100 200] [--seconds 30] [--writers 1 2 4] [--report]

People search the library of 130,000 passages of ``bench.scale_library`` through ``airquote serve``, each a query a
second, and meanwhile what workers have heard is saved in it, ever more of both, until more than one answer in twenty
takes a second. Then several processes save as fast as they can, each a file of its own: SQLite lets one write at a
time. Results are kept in .cache/bench by the state of the code.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from bench.bench_web import WEB_CODE, search_path
from bench.kept_results import RESULTS, bench_environment, code_version, keep
from bench.materials import ROOT
from bench.processor import describe_processor
from bench.scale_library import grow_library, library_folder
from bench.web_load import LoadTimes, ask_for_minutes, ask_in_a_row, percentiles, plan_queries
from bench.web_queries import load_queries
from bench.web_server_process import served

from index.storage.store import Store
from index.transcript import Episode, Word
from pipeline.engines.base import WindowText
from pipeline.transcription.plan import Group

PASSAGES = 130_000
PEOPLE, SECONDS, WRITERS = (20, 50, 100, 200), 30, (1, 2, 4)
QUERIES = 1500
SLOW = 1000.0
"""Milliseconds that more than one answer in twenty takes where a server is at its end."""
GROUPS_A_SECOND = (0, 5, 50)
"""That are saved while people search: five keep up with some 1,500 hours of sound an hour."""
GROUP_WINDOWS, WINDOW_WORDS = 12, 70
COLUMNS = "| people | groups saved a second | p50, p95, p99, ms | given up | server's processors |"


def make_group(number: int) -> Group:
    """Make the group of windows that a worker hears in some five minutes of speech."""
    chance = random.Random(number)
    words = tuple(
        Word(f" {chance.choice(('ferry', 'harbour', 'winter', 'signal'))}", 0.35 * n, 0.35 * n + 0.3, 0.9)
        for n in range(WINDOW_WORDS)
    )
    text = WindowText(words, "en", -0.2, 1.5, 0.01, 0.0)
    return Group(number, (text,) * GROUP_WINDOWS, 300.0 * (number + 1))


def write_groups(library: Path, seconds: float, rate: float) -> None:
    """Save groups in a draft, at a rate or as fast as possible, and print how many and the milliseconds of each."""
    with Store.open(library) as store:
        name = f"writer-{time.time_ns()}"
        episode = store.add_episode(Episode(name, None, name, None, f"{name}.wav", "registered"))
        draft = store.start_draft(episode.id, "bench", "{}").number
        print("ready", flush=True)
        took: list[float] = []
        began = time.perf_counter()
        while (now := time.perf_counter()) < began + seconds:
            due = began + len(took) / rate if rate else now
            time.sleep(max(0.0, due - now))
            group = make_group(len(took))
            start = time.perf_counter()
            store.save_draft_parts(draft, [(group.number, group.to_json())])
            took.append(1000 * (time.perf_counter() - start))
    print(json.dumps(took), flush=True)


@contextmanager
def writing(library: Path, seconds: float, rate: float) -> Iterator[subprocess.Popen[str]]:
    """Save groups in a process of its own while the context lasts; what it prints is for the caller."""
    command = [sys.executable, "-m", "bench.bench_scale_team", "--write", str(library), str(seconds), str(rate)]
    with subprocess.Popen(command, env=bench_environment(), cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process


def search_beside(library: Path, queries: Sequence[str], people: int, seconds: int, rate: float) -> dict[str, Any]:
    """Let people search while groups are saved; return their milliseconds and the processors that the server used."""
    planned = plan_queries(queries, people, seconds, random.Random(people))
    with served(library) as server, ExitStack() as stack:
        ask_in_a_row(server.port, map(search_path, queries[-20:]), 20)
        if rate:
            stack.enter_context(writing(library, seconds, rate))
        before = server.processor_seconds()
        taken: LoadTimes = ask_for_minutes(server.port, planned, with_counts=False)
        used = server.processor_seconds() - before
    found = [*taken.search, *taken.repeated]
    return {"times": percentiles(found), "failed": taken.failed, "processors": used / seconds}


def write_at_once(library: Path, writers: int, seconds: int) -> dict[str, Any]:
    """Let several processes save as fast as they can; return the groups a second of all, and the milliseconds."""
    with ExitStack() as stack:
        processes = [stack.enter_context(writing(library, seconds, 0.0)) for _ in range(writers)]
        printed = [process.communicate()[0] for process in processes]
    took = [milliseconds for one in printed for milliseconds in json.loads(one)]
    return {"rate": len(took) / seconds, "times": percentiles(took)}


def measure(kept: Path, people: Sequence[int], seconds: int, writers: Sequence[int]) -> None:
    """Measure what is not kept yet, on a copy of the library, which is not needed any more after that."""
    if not grow_library(PASSAGES, "tantivy"):
        raise SystemExit("The library is not complete.")
    source = library_folder(PASSAGES, "tantivy") / "library"
    queries = load_queries(source, kept / "queries.json", QUERIES)
    with tempfile.TemporaryDirectory(dir=kept) as folder:
        library = Path(folder) / "library"
        shutil.copytree(source, library)
        for rate in GROUPS_A_SECOND:
            for number in people:
                file = kept / f"people-{number}-{rate}.json"
                if not file.exists():
                    keep(file, search_beside(library, queries, number, seconds, rate))
                if json.loads(file.read_text())["times"][1] > SLOW:
                    break
        for number in writers:
            file = kept / f"writers-{number}.json"
            if not file.exists():
                keep(file, write_at_once(library, number, seconds))


def print_tables(kept: Path, people: Sequence[int], writers: Sequence[int]) -> None:
    """Print the tables of docs/scale.md."""
    print(f"processor: {describe_processor()}\n\n{COLUMNS}\n{'| --- ' * 5}|")
    for rate in GROUPS_A_SECOND:
        for number in people:
            file = kept / f"people-{number}-{rate}.json"
            if file.exists():
                found = json.loads(file.read_text())
                times = ", ".join(f"{one:.0f}" for one in found["times"])
                print(f"| {number} | {rate} | {times} | {found['failed']} | {found['processors']:.2f} |")
    print("\n| processes that save at once | groups a second, all | p50, p95, p99, ms |\n| --- | --- | --- |")
    for number in writers:
        file = kept / f"writers-{number}.json"
        if file.exists():
            found = json.loads(file.read_text())
            print(f"| {number} | {found['rate']:.0f} | {', '.join(f'{one:.0f}' for one in found['times'])} |")


def main() -> None:
    """Measure what is missing and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, nargs="+", default=PEOPLE)
    parser.add_argument("--seconds", type=int, default=SECONDS)
    parser.add_argument("--writers", type=int, nargs="+", default=WRITERS)
    parser.add_argument("--report", action="store_true")
    parser.add_argument("--write", nargs=3, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.write:
        library, seconds, rate = asked.write
        write_groups(Path(library), float(seconds), float(rate))
        return
    kept = RESULTS / code_version(WEB_CODE) / "team"
    if not asked.report:
        kept.mkdir(parents=True, exist_ok=True)
        measure(kept, asked.people, asked.seconds, asked.writers)
    print_tables(kept, asked.people, asked.writers)


if __name__ == "__main__":
    main()
